"""The map between offsets in the readable text and offsets in the raw text."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any


class Alignment:
    """Piecewise map of half-open character spans, readable to raw and back.

    The readable text is cut into runs. Run *i* starts at `clean[i]` in the
    readable text and comes from the `sizes[i]` characters at `raw[i]` in the
    raw text. Where a run is as long as its source it maps character by
    character; where it is not (a ligature, a collapsed run of space) it maps
    as a whole.

    Parameters
    ----------
    clean, raw, sizes
        Starts of the runs in the readable text, their starts in the raw text,
        and the lengths of their sources. All of one length, `clean` ascending.
    length
        Length of the readable text.
    """

    __slots__ = ("clean", "length", "raw", "sizes")

    def __init__(self, clean: list[int], raw: list[int], sizes: list[int], length: int) -> None:
        self.clean = clean
        self.raw = raw
        self.sizes = sizes
        self.length = length

    @classmethod
    def identity(cls, length: int) -> Alignment:
        """Return the alignment of a text with itself."""
        return cls([0], [0], [length], length)

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Give the raw span of the readable span `[start, end)`.

        Raises
        ------
        ValueError
            If the span lies outside the readable text or runs backwards.
        """
        if not 0 <= start <= end <= self.length:
            raise ValueError(
                f"span [{start}, {end}) lies outside the readable text of {self.length} characters"
            )
        first = self._raw_span(start) if start < self.length else None
        if start == end:
            place = first[0] if first else self._raw_end()
            return place, place
        assert first is not None
        return first[0], self._raw_span(end - 1)[1]

    def to_clean(self, start: int, end: int) -> tuple[int, int]:
        """Give the smallest readable span that comes from the raw span.

        What the readable text does not hold (a page footer, extra space) maps
        to an empty span at the next character that it does hold.
        """
        clean_start = self._first_clean_at_or_after(start)
        clean_end = self._first_clean_at_or_after(end)
        return clean_start, max(clean_start, clean_end)

    def _raw_span(self, offset: int) -> tuple[int, int]:
        run = bisect_right(self.clean, offset) - 1
        inside = offset - self.clean[run]
        if self._clean_size(run) == self.sizes[run]:
            place = self.raw[run] + inside
            return place, place + 1
        return self.raw[run], self.raw[run] + self.sizes[run]

    def _clean_size(self, run: int) -> int:
        following = self.clean[run + 1] if run + 1 < len(self.clean) else self.length
        return following - self.clean[run]

    def _raw_end(self) -> int:
        return self.raw[-1] + self.sizes[-1] if self.raw else 0

    def _first_clean_at_or_after(self, offset: int) -> int:
        run = bisect_right(self.raw, offset) - 1
        if run < 0:
            return 0
        inside = offset - self.raw[run]
        size = self._clean_size(run)
        if inside == 0:
            return self.clean[run]
        if inside >= self.sizes[run]:
            return self.clean[run] + size
        return self.clean[run] + (inside if size == self.sizes[run] else size)

    def to_dict(self) -> dict[str, Any]:
        """Give plain lists and integers, fit for msgpack and JSON."""
        return {
            "clean": self.clean,
            "raw_starts": self.raw,
            "sizes": self.sizes,
            "length": self.length,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Alignment:
        """Rebuild what `to_dict` gave."""
        return cls(data["clean"], data["raw_starts"], data["sizes"], data["length"])


class AlignmentBuilder:
    """Collects pieces of readable text with their sources, in order."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._clean: list[int] = []
        self._raw: list[int] = []
        self._sizes: list[int] = []
        self._length = 0
        self._verbatim = False

    def add(self, text: str, raw_start: int, raw_size: int) -> None:
        """Add `text`, which comes from `raw_size` characters at `raw_start`."""
        if not text:
            return
        size = len(text)
        verbatim = size == raw_size
        if (
            verbatim
            and self._verbatim
            and self._sizes
            and self._raw[-1] + self._sizes[-1] == raw_start
        ):
            self._sizes[-1] += size
        else:
            self._clean.append(self._length)
            self._raw.append(raw_start)
            self._sizes.append(raw_size)
            self._verbatim = verbatim
        self._parts.append(text)
        self._length += size

    def build(self) -> tuple[str, Alignment]:
        """Return the readable text and its alignment."""
        alignment = Alignment(self._clean, self._raw, self._sizes, self._length)
        return "".join(self._parts), alignment

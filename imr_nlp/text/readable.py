"""Raw text of a letter to the text that a reader sees.

Lines that were only wrapped are joined, hyphens at line ends are mended, runs
of space collapse, page furniture goes, paragraphs stay. Text that is clean
already comes back as it is, and `readable(readable(x)) == readable(x)`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from imr_nlp.text.alignment import Alignment, AlignmentBuilder
from imr_nlp.text.labels import STARTS_WITH_LABEL
from imr_nlp.text.lines import Line, drop_page_furniture, split_lines

# Lines longer than this were never wrapped: the longest line of a letter page
# is about 110 characters.
_WIDEST_WRAP = 160
_NARROWEST_WRAP = 20
# Proportional type: the fullest lines of a page differ by about a sixth.
_FULL = 0.82

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
# A hyphen after which a line break left a space. The word before it must be a
# prefix; otherwise "Tramadol- for pain" would be closed up too.
_PREFIXES = (
    "anti|non|pre|post|self|multi|semi|sub|inter|intra|extra|peri|para|over|under|re|co|ex|"
    "electro|neuro|psycho|hyper|hypo|immuno|cardio|musculo|cervico|thoraco|lumbo|well|follow|"
    "low|high|short|long|full|half|first|second|third|evidence|range|work|home|x|mid|off|on|in"
)
_SUSPENDED = r"(?:and|or|to|nor|versus|vs|through|as|but|for|with|in|the|of|at|on|is|was)(?=\s|\Z)"
_CONJUNCTION = re.compile(r"(?:and|or|to|nor|versus|vs|through)(?=\s)")
_FIX = re.compile(
    f"(?P<hyphen>\\b(?:{_PREFIXES})-)(?P<gap>[^\\S\\r\\n]+)(?=[a-z])(?!{_SUSPENDED})"
    "|(?P<space>[\\s\u200b\u2060\ufeff\xad]{2,}|[^\\S ]|[\u200b\u2060\ufeff\xad])"
    "|(?P<ligature>[\ufb00-\ufb06])",
    re.IGNORECASE,
)
_NO_WIDTH = "\u200b\u2060\ufeff"
_NEEDS_FIX = re.compile("[^\\S ]|  |- |[\ufb00-\ufb06\xad\u200b\u2060\ufeff]")
_ENUMERATED = re.compile(r"(\d{1,2})[.)]\s+[A-Z]")
_LONGEST_LIST_ITEM = 40
_SENTENCE_END = frozenset(".!?:;")
_SIMPLE = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*\Z")


class Readable(NamedTuple):
    """Readable text and its alignment to the raw text."""

    text: str
    alignment: Alignment


def readable(raw: str) -> str:
    """Give the readable text of a raw letter, or of a part of one."""
    return make_readable(raw).text


def make_readable(raw: str) -> Readable:
    """Give the readable text of a raw letter, and where each character came from.

    Parameters
    ----------
    raw
        Text as it was read from a file: any line ends, any wrapping.

    Returns
    -------
    Readable
        `text`, and `alignment` from offsets in it to offsets in `raw`.
    """
    if "- " not in raw and _SIMPLE.match(raw):
        return Readable(raw, Alignment.identity(len(raw)))
    lines = drop_page_furniture(raw, split_lines(raw))
    wrap = _Wrap.of(raw, lines)
    builder = AlignmentBuilder()
    previous: Line | None = None
    for line in lines:
        if previous is not None:
            separator = wrap.separator(raw, previous, line)
            builder.add(separator, previous.end, line.start - previous.end)
        _add_line(builder, raw, line)
        previous = line
    return Readable(*builder.build())


class _Wrap(NamedTuple):
    """How a letter was wrapped.

    `width` is the length of its full lines, 0 where it was not wrapped;
    `spacing` the line ends between two lines of one paragraph; `listed` the
    starts of the lines that are items of a numbered list.
    """

    width: float
    spacing: int
    listed: frozenset[int] = frozenset()

    @classmethod
    def of(cls, raw: str, lines: list[Line]) -> _Wrap:
        if len(lines) < 2:
            return cls(0, 1)
        lengths = sorted(line.end - line.start for line in lines)
        width = lengths[min(len(lengths) - 1, int(len(lengths) * 0.95))]
        running = [
            following.breaks
            for line, following in pairwise(lines)
            if _runs_on(raw, line, following)
        ]
        wrapped = (
            len(running) >= max(2, 0.1 * len(lines)) and _NARROWEST_WRAP <= width <= _WIDEST_WRAP
        )
        if not wrapped:
            return cls(0, 1)
        double = sum(breaks >= 2 for breaks in running) > len(running) / 2
        return cls(width, 2 if double else 1, _list_items(raw, lines))

    def separator(self, raw: str, line: Line, following: Line) -> str:
        """Say what stands between two lines in the readable text."""
        if _hyphenated(raw, line, following):
            return ""
        if self._joins(raw, line, following):
            return " "
        if following.breaks <= self.spacing:
            return "\n"
        return "\n\n"

    def _joins(self, raw: str, line: Line, following: Line) -> bool:
        if STARTS_WITH_LABEL.match(raw, following.start):
            return False
        if following.start in self.listed:
            return False
        if _runs_on(raw, line, following):
            return True
        if not self.width or STARTS_WITH_LABEL.fullmatch(raw, line.start, line.end):
            return False
        if following.breaks > self.spacing and not (
            (following.page or following.breaks > self.spacing + 2)
            and raw[line.end - 1] not in _SENTENCE_END
        ):
            return False
        word_end = raw.find(" ", following.start, following.end)
        word = (word_end if word_end >= 0 else following.end) - following.start
        return line.end - line.start + 1 + word > _FULL * self.width


def _list_items(raw: str, lines: list[Line]) -> frozenset[int]:
    """Find the lines that number a list: 1, 2, 3, ... in order and near each other.

    A sentence can wrap before its last word as well: "rated at 5 out of", "10. He".
    """
    starts: set[int] = set()
    last, place = 0, 0
    for number, line in enumerate(lines):
        match = _ENUMERATED.match(raw, line.start, line.end)
        if match is None:
            continue
        counted = int(match[1])
        if counted == 1 or (counted == last + 1 and number - place <= _LONGEST_LIST_ITEM):
            starts.add(line.start)
            last, place = counted, number
    return frozenset(starts)


def _runs_on(raw: str, line: Line, following: Line) -> bool:
    """Tell whether the second line plainly goes on with the first one's sentence."""
    return (
        line.end - line.start <= _WIDEST_WRAP
        and raw[line.end - 1] not in _SENTENCE_END
        and raw[following.start].islower()
    )


def _hyphenated(raw: str, line: Line, following: Line) -> bool:
    """Tell whether the line end fell on a hyphen inside a word or a number."""
    # Characters without width are taken out later: they must not decide.
    shown = raw[line.start : line.end].rstrip(_NO_WIDTH)
    if len(shown) < 2 or shown[-1] not in "-\u2010\xad":
        return False
    if shown[-1] == "\xad":
        return True
    before = shown[:-1].rstrip(_NO_WIDTH + "\xad")[-1:]
    rest = raw[following.start : following.end]
    after = rest.lstrip(_NO_WIDTH + "\xad")
    if before.isalpha() and after[:1].isalpha():
        return not _CONJUNCTION.match(raw, following.start + len(rest) - len(after))
    return before.isalnum() and after[:1].isalnum()


def _add_line(builder: AlignmentBuilder, raw: str, line: Line) -> None:
    start, end, *_ = line
    if _NEEDS_FIX.search(raw, start, end) is None:
        builder.add(raw[start:end], start, end - start)
        return
    place = start
    for match in _FIX.finditer(raw, start, end):
        builder.add(raw[place : match.start()], place, match.start() - place)
        place = match.end()
        kind = match.lastgroup
        if kind == "gap":
            hyphen_end = match.end("hyphen")
            builder.add(match["hyphen"], match.start(), hyphen_end - match.start())
        elif kind == "space" and match.group().strip("\u200b\u2060\ufeff\xad"):
            builder.add(" ", match.start(), match.end() - match.start())
        elif kind == "ligature":
            builder.add(_LIGATURES[match.group()], match.start(), 1)
    builder.add(raw[place:end], place, end - place)

"""Half-open character spans of the readable text."""

from __future__ import annotations

from typing import NamedTuple

_SPACE = " \n\t"


class Span(NamedTuple):
    """A half-open character span."""

    start: int
    end: int


def stripped(text: str, start: int, end: int, *, also: str = "", before: str = "") -> Span:
    """Leave out the space at both ends of a span.

    Parameters
    ----------
    also
        Characters that go at both ends, beside space.
    before
        Characters that go at the start only.
    """
    part = text[start:end]
    left = len(part) - len(part.lstrip(_SPACE + also + before))
    right = len(part.rstrip(_SPACE + also))
    return Span(start + left, start + max(left, right))

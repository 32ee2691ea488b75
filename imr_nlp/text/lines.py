"""The lines of a raw letter, and which of them belong to the page, not to the letter."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

# From the first visible character of a line to the line's end. Zero-width
# characters count as blank: some PDF writers leave them on empty lines.
_LINE = re.compile(
    "[^\\s\u200b\u2060\ufeff\xad][^\r\n\f\v\x1c-\x1e\x85\u2028\u2029]*",
)
_BLANK = (
    " \xad\t\xa0\x1f\u200b\u2060\ufeff\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u202f\u205f\u3000"
)
_NUMBER_LINE = re.compile(r"[-\u2013\s]*\d{1,3}[-\u2013\s]*\Z")
# Furniture wherever it stands: it says by itself what it is.
_PAGE_LINE = re.compile(
    r"Page:?\s*\d{1,3}\s*(?:of|/)\s*\d{1,3}\s*\Z"
    r"|Final (?:Determination Letter|Letter of Determination)\b.{0,100}\d\s*\Z"
    r"|\s*-\s*\d{1,3}\s*-\s*\Z",
    re.IGNORECASE,
)
# At a page's edge only: a sentence can end with "... Table 13-3, page 338".
_EDGE_LINE = re.compile(
    r"page:?\s*\d{1,3}\s*\Z"
    r"|.{0,80}\b(?:CM\d\d-?\d+|form effective|determination|IMR|claim number)\b.{0,60}\bpage"
    r"\s*\d{1,3}"
    r"(?:\s*of\s*\d{1,3})?\s*\Z",
    re.IGNORECASE,
)
_LONGEST_FOOTER = 120
# A line that repeats at page edges is furniture only if it speaks of the page
# or the letter: guideline lines of sibling issues repeat there as well.
_SPEAKS_OF_LETTER = re.compile(
    r"(?!.*guideline)(?=.*\b(?:page|case|claim|imr|letter|determination|cm\d\d)\b)", re.IGNORECASE
)


class Line(NamedTuple):
    """A line that is not blank, without the space around it.

    `start` and `end` are offsets into the raw text; `breaks` counts the line
    ends between the line before and this one; `page` is true where a form
    feed is among them.
    """

    start: int
    end: int
    breaks: int
    page: bool


def split_lines(raw: str) -> list[Line]:
    """Cut a text into its lines that are not blank."""
    lines: list[Line] = []
    previous = 0
    for match in _LINE.finditer(raw):
        start, end = match.span()
        if raw[end - 1] in _BLANK:
            end = start + len(match.group().rstrip(_BLANK))
            if raw[end] == "\xad":  # a word broken at the line end
                end += 1
        gap = raw[previous:start]
        lines.append(Line(start, end, count_breaks(gap), "\f" in gap))
        previous = end
    return lines


def count_breaks(gap: str) -> int:
    """Count the line ends in a stretch of blank text; CR LF is one."""
    if gap == "\n":
        return 1
    return len(gap.replace("\r\n", "\n").splitlines()) if gap.strip(" \t") else 0


def drop_page_furniture(raw: str, lines: list[Line]) -> list[Line]:
    """Leave out page numbers, running headers and running footers.

    A line counts as such where it says so by itself ("Page 3 of 7"), or where
    it stands at a page's edge and is a bare number or comes back, numbers
    aside, at the same edge of another page.
    """
    paged = any(line.page for line in lines)
    repeated = _repeated_at_edges(raw, lines) if paged else frozenset()
    kept: list[Line] = []
    breaks, page = 0, False
    for number, line in enumerate(lines):
        breaks += line.breaks
        page = page or line.page
        if number in repeated or _is_furniture(raw, lines, number, paged=paged):
            continue
        kept.append(Line(line.start, line.end, breaks, page))
        breaks, page = 0, False
    return kept


def _is_furniture(raw: str, lines: list[Line], number: int, *, paged: bool) -> bool:
    line = lines[number]
    if line.end - line.start > _LONGEST_FOOTER:
        return False
    # The last page's foot is the text's end, in a text that has pages.
    at_foot = lines[number + 1].page if number + 1 < len(lines) else paged
    at_edge = line.page or at_foot
    if not number or (not at_edge and raw[line.end - 1] not in "0123456789-"):
        return False
    if _PAGE_LINE.match(raw, line.start, line.end):
        return True
    if not at_edge:
        return False
    return bool(
        _NUMBER_LINE.match(raw, line.start, line.end) or _EDGE_LINE.match(raw, line.start, line.end)
    )


def _repeated_at_edges(raw: str, lines: list[Line]) -> frozenset[int]:
    edges: list[tuple[int, str, str]] = []
    for number, line in enumerate(lines):
        if not line.page and not (number + 1 < len(lines) and lines[number + 1].page):
            continue
        text = raw[line.start : line.end]
        if len(text) > _LONGEST_FOOTER or not _SPEAKS_OF_LETTER.match(text):
            continue
        shape = re.sub(r"\d+", "0", text)
        if line.page:
            edges.append((number, "first", shape))
        if number + 1 < len(lines) and lines[number + 1].page:
            edges.append((number, "last", shape))
    counts = Counter((edge, shape) for _, edge, shape in edges)
    return frozenset(number for number, edge, shape in edges if counts[edge, shape] > 1)

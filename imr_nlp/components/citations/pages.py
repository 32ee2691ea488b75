"""Page numbers of a citation, found and normalised."""

from __future__ import annotations

import re

_NUMBER = r"(?!(?:19|20)\d\d\b)\d{1,4}(?![\d/%]|\.\d)(?: ?(?:-|\bto\b|\bthrough\b) ?\d{1,4}\b)?"
_LABEL = r"(?:pages?|pgs?|pp?)\b\.? ?(?:\(s\)|\bs\b)?\.?:?"
_OF = r"(?: of \d{1,4}\b)?"
# A table among the pages, overwritten before.
_TABLE = r"\x1f{5,150} ?(?:,|;|and\b|&) ?"
# "page 303 and page 98 of the ...": the second page belongs to what follows.
_NOT_OF = r"(?![ \d-]{0,9}of [a-z])"
PAGES = re.compile(
    rf"\(?\b{_LABEL} ?#? ?(?:{_TABLE})?{_NUMBER}{_OF}"
    rf"(?: ?(?:,|;|and|&){{1,2}} ?(?:{_TABLE})?(?:{_LABEL} ?)?{_NUMBER}{_OF}{_NOT_OF})*\)?"
)
_BARE_LABEL = re.compile(r"\bpages? ?\(s\)\.?:?|\b(?:pages?|pgs?)[.:]? ?(?=\x1f)")
_OF_TOTAL = re.compile(r" of \d+")
_RANGE = re.compile(r"(\d+)(?: ?(?:-|to|through) ?(\d+))?")


def find_pages(
    folded: str, page_mark: str, hole_mark: str
) -> tuple[str, list[tuple[int, int, str]]]:
    """Find the page numbers of a line and overwrite them.

    Parameters
    ----------
    folded
        The line in lower case, with plain hyphens.
    page_mark, hole_mark
        Characters that overwrite page numbers, and labels without a number.

    Returns
    -------
    tuple
        The line of the same length with pages overwritten, and for each place
        its start, end and normalised pages ("98-99, 124").
    """
    found: list[tuple[int, int, str]] = []

    def replace(match: re.Match[str]) -> str:
        found.append((match.start(), match.end(), normalise_pages(match.group())))
        return page_mark * len(match.group())

    masked = PAGES.sub(replace, folded)
    if "page" in masked or "pg" in masked:
        masked = _BARE_LABEL.sub(lambda match: hole_mark * len(match.group()), masked)
    return masked, found


def normalise_pages(text: str) -> str:
    """Write pages as "23, 100-102, 124".

    Parameters
    ----------
    text
        Pages as printed, in lower case: "page(s): 23; pages 100 to 102".
    """
    parts = []
    for first, last in _RANGE.findall(_OF_TOTAL.sub("", text)):
        parts.append(f"{first}-{last}" if last else first)
    return ", ".join(parts)

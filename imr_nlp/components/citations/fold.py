"""One guideline line in three versions of the same length.

`printed` is the line with runs of space collapsed, `folded` its lower-case copy
with typographic dashes and quotes made plain, `masked` the folded copy in which
whatever is neither title nor topic (edition, date of update, web address, year,
pages, regulation number) is overwritten with control characters. Because all
three have the same length, a place found in one is a place in the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from imr_nlp.components.citations.pages import find_pages

URL = "\x1c"
PAGE = "\x1d"
YEAR = "\x1e"
HOLE = "\x1f"

_PLAIN = str.maketrans(
    "\u2010\u2011\u2012\u2013\u2014\u2212\u2018\u2019\u201c\u201d\u00a0\x1c\x1d\x1e\x1f",
    "------''\"\"     ",
)
_UNEVEN_SPACE = re.compile(r"[^\S ]|[\x1c-\x1f]|  |^ | $")
_CONTROL = dict.fromkeys(range(0x1C, 0x20), " ")
_RUN = re.compile(r"\S+")
_PAGE_LABELS = ("page", "pg", " p.", " p ", " pp", "(p", ",p", ";p", ".p", "p.", "p1")
_LONGEST_DATE = 32
_CAPITALS = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = (
    rf"(?:\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}}|\d{{1,2}}/\d{{2,4}}"
    rf"|{_MONTH} ?(?:\d{{1,2}}(?:st|nd|rd|th)?,? ?)?\d{{4}}|\d{{4}}(?:-\d\d-\d\d)?)"
)
_URL = re.compile(r"(?:https?: ?//? ?|www\. ?)[^\s,;()<>]*[^\s,;()<>.:'\"]")
_DOMAIN = re.compile(
    r"(?<![a-z0-9./@-])[a-z0-9-]{2,40}(?:\.[a-z0-9-]{1,40}){0,3}\.(?:com|org|gov|edu|net)\b"
    r"(?:/[^\s,;()<>]*[^\s,;()<>.:'\"])?"
)
_BRACKETED_VERSION = re.compile(
    r"\((?:(?:last|most|recently|date) ){0,2}(?:updated?|accessed|revised|reviewed|as of|online"
    r"|on-line|web|internet|electronic|current)\b[^()]{0,80}\)"
)
_UPDATED = re.compile(
    rf"(?:(?:last|most|recently|date) ){{0,2}}(?:updated?|accessed|revised|reviewed|as of)"
    rf"(?: on| through)?:? ?{_DATE}"
)
_VERSION = re.compile(
    r"\b(?:online|on-line|web[ -]based|web|internet|electronic|current) ?(?:version|edition)s?\b"
    r"(?: of)?"
)
_EDITION = re.compile(
    r"\(?\b(?:\d{1,2} ?(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|annual)"
    r"(?: annual| revised)? ?(?:edition\b|ed\b\.?)\)?(?: ?\((?:web|online)\))?"
)
_PLAIN_DATE = re.compile(r"\(?\b\d{1,2}[/-]\d{1,2}[/-](?:20)?\d\d\b\)?")
_DATE_SHAPE = re.compile(r"\d[/-]\d{1,2}[/-]\d")
_BEFORE_YEAR = re.compile(
    rf"\(?(?:effective:? ?)?\b{_MONTH},? ?(?:\d{{1,2}},? ?)?$|\(?effective:? ?$"
)
_REGULATION = re.compile(
    r"(?:(?:title )?8,? ?(?:c\.? ?c\.? ?r\.?|california code of regulations),? ?)?"
    r"(?:(?:\u00a7{1,2} ?|sections? )?\b9792\.\d{1,3}(?:\.\d{1,3}){0,3}"
    r"(?:\([a-z0-9]{1,3}\))?(?: ?(?:-|to) ?)?){1,6}"
)
_CODE = re.compile(r"(?:title )?8,? ?c\.? ?c\.? ?r\b\.?")
_TABLE = re.compile(
    r"\(?\b(?:tables?|figures?|figs?\.?)(?: ?\(s\))?:? ?#?"
    r"(?P<chapter>\d{1,2})(?:[-.]\d{1,2})?[a-z]?\b"
    r"(?:(?: ?,| ?&| and)(?: and)? ?(?:(?:tables?|figures?) ?)?(?P=chapter)[-.]\d{1,2}[a-z]?\b)*"
    r"(?: ?[:,-]? ?(?:summary of (?:recommendations|evidence)|methods of symptom control)"
    r"[^,;.()]{0,60})?\)?"
)
_YEAR = re.compile(r"\(?(?<![\d/.$-])\b(?:19[89]\d|20[0-4]\d)\b(?![/-]\d|\.\d|\d)\)?")


@dataclass(slots=True)
class Line:
    """One guideline line, folded and masked."""

    printed: str
    folded: str
    masked: str
    pages: list[tuple[int, int, str]] = field(default_factory=list)
    years: list[tuple[int, int, int]] = field(default_factory=list)
    places: list[int] | None = None
    """For each character its place in the text as given; None where they are the same."""

    remarks: list[tuple[int, int]] = field(default_factory=list)
    """Remarks of a sentence, overwritten after folding, in print order."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the text as given."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1

    def hide(self, start: int, end: int) -> None:
        """Overwrite a stretch that belongs to no citation."""
        self.masked = self.masked[:start] + HOLE * (end - start) + self.masked[end:]


def fold(text: str) -> Line:
    """Collapse, lower and mask one guideline line."""
    places: list[int] | None = None
    if _UNEVEN_SPACE.search(text):
        text, places = _collapse(text)
    plain = text.translate(_PLAIN) if not text.isascii() else text
    folded = plain.lower()
    if len(folded) != len(plain):
        folded = plain.translate(_CAPITALS)
    line = Line(text, folded, folded, places=places)
    _mask(line)
    return line


def _collapse(text: str) -> tuple[str, list[int]]:
    parts: list[str] = []
    places: list[int] = []
    for match in _RUN.finditer(text.translate(_CONTROL)):
        if parts:
            parts.append(" ")
            places.append(match.start() - 1)
        parts.append(match.group())
        places.extend(range(match.start(), match.end()))
    return "".join(parts), places


def _holes(match: re.Match[str]) -> str:
    return HOLE * len(match.group())


def _addresses(match: re.Match[str]) -> str:
    return URL * len(match.group())


def _mask_years(line: Line, masked: str) -> str:
    parts: list[str] = []
    done = 0
    for match in _YEAR.finditer(masked):
        start, end = match.span()
        month = _BEFORE_YEAR.search(masked, max(done, start - _LONGEST_DATE), start)
        first = month.start() if month else start
        line.years.append((start, end, int(match.group().strip("()"))))
        parts += (masked[done:first], HOLE * (start - first), YEAR * (end - start))
        done = end
    parts.append(masked[done:])
    return "".join(parts)


def _mask(line: Line) -> None:
    masked = line.folded
    if "http" in masked or "www." in masked:
        masked = _URL.sub(_addresses, masked)
    if any(ending in masked for ending in (".com", ".org", ".gov", ".edu", ".net")):
        masked = _DOMAIN.sub(_addresses, masked)
    if "(" in masked:
        masked = _BRACKETED_VERSION.sub(_holes, masked)
    if any(word in masked for word in ("update", "access", "revis", "review", "as of")):
        masked = _UPDATED.sub(_holes, masked)
    if "version" in masked or "edition" in masked:
        masked = _VERSION.sub(_holes, masked)
    if " ed" in masked:
        masked = _EDITION.sub(_holes, masked)
    if ("/" in masked or "-" in masked) and _DATE_SHAPE.search(masked):
        masked = _PLAIN_DATE.sub(_holes, masked)
    if "9792" in masked:
        masked = _REGULATION.sub(_holes, masked)
    if "8 c" in masked or "8, c" in masked:
        masked = _CODE.sub(_holes, masked)
    if "table" in masked or "fig" in masked:
        masked = _TABLE.sub(_holes, masked)
    if any(label in masked for label in _PAGE_LABELS):
        masked, line.pages = find_pages(masked, PAGE, HOLE)
    if "20" in masked or "19" in masked:
        masked = _mask_years(line, masked)
    line.masked = masked

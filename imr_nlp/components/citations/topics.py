"""The topics that are printed after a title: "Opioids, dosing, Weaning of Medications"."""

from __future__ import annotations

import re
from functools import cache

from imr_nlp.components.citations.fold import Line
from imr_nlp.resources import read_csv

_SPLITTER = re.compile(r"[()\[\],;.\x1c-\x1f]")
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,5}\.? [a-z]")
_LEAD = re.compile(
    r"(?:[\s,;:./\x1c-\x1f-]+|(?:and|&|on|the|see|also|regarding|under)(?= )"
    r"|sections? ?\(s\) ?:?|sections?(?: on)?:|sections?(?: on)? (?=\S)|topics?:? (?=\S)|topics?:"
    r"|chapters?:|chapter(?= ))"
)
_TAIL_MARKS = " ,;:./-\x1c\x1d\x1e\x1f"
_TAIL_WORD = re.compile(r" (?:and|on|the|of|in|see|pages?|under|sections?|topics?|chapters?)$")
_TAIL_JOINING = re.compile(r" (?:and|on|the|of|in|see|pages?|under)$")
_LONGEST_TAIL_WORD = 10
_LONGEST_HEAD = 80
_EMPTY = re.compile(
    r"(?:guidelines?|mtus|ca|california|recommendations|citations?|sections?|topics?|chapters?"
    r"|references?|pages?|acoem|odg|twc|and|the|on|of)$"
)
_ABBREVIATIONS = ("vs", "e.g", "i.e", "etc", "dr", "no", "st", "inc", "approx", "incl", "u.s")
_CONTINUED = re.compile(r"(?:including|with|without|such as|e\.g\.|i\.e\.|or|and/or)\b")
_PART = re.compile(r"[ ,:-]*part (?:\d|[ivx]{1,3})$")
_QUALIFIERS = re.compile(
    r"(?:general|topical|oral|intrathecal|percutaneous|therapeutic|diagnostic|injections?|compounded"
    r"|cervical|lumbar|thoracic|knee|ankle|hip|shoulder|wrist|elbow|spinal|chiropractic|outpatient"
    r"|inpatient|continued|postoperative|preoperative|criteria|dosing|maintenance|treatment)"
    r"(?: ?[,;.(\x1c-\x1f]|$| (?:and|&) )"
)


@cache
def _headings() -> frozenset[str]:
    """Every known heading in lower case."""
    return frozenset(_normal(row["heading"]) for row in read_csv("guideline_topics.csv"))


@cache
def _comma_headings() -> dict[str, tuple[str, ...]]:
    """What may follow a comma inside a heading, for each text before the comma."""
    tails: dict[str, list[str]] = {}
    for heading in _headings():
        depth = 0
        for index, char in enumerate(heading):
            depth += (char == "(") - (char == ")")
            if char == "," and depth == 0:
                tails.setdefault(heading[:index], []).append(heading[index + 1 :].strip())
    return {head: tuple(sorted(found, key=len, reverse=True)) for head, found in tails.items()}


def _normal(text: str) -> str:
    return text.lower().replace(" & ", " and ")


def split_topics(
    line: Line, start: int, end: int, *, as_printed: bool = False
) -> list[tuple[int, int]]:
    """Split what follows a title into topics.

    Parameters
    ----------
    line
        The folded line.
    start, end
        Where the topics stand in it.
    as_printed
        Whether "section", "topic" or "chapter" behind a topic belongs to it.

    Returns
    -------
    list of tuple
        Half-open places of the topics, in print order.
    """
    topics: list[tuple[int, int]] = []
    tail = _TAIL_JOINING if as_printed else _TAIL_WORD
    for first, last in _pieces(line, start, end, tail):
        topics.extend(_split_at_and(line, first, last))
    return topics


def _pieces(line: Line, start: int, end: int, tail: re.Pattern[str]) -> list[tuple[int, int]]:
    masked = line.masked
    start, _ = _trim(line, start, end)
    nested = masked.count("(", start, end) == masked.count(")", start, end)
    numbered = _NUMBERED.match(masked, start, end) is not None
    pieces: list[tuple[int, int]] = []
    first, depth = start, 0
    for match in _SPLITTER.finditer(masked, start, end):
        char, pos = match.group(), match.start()
        if char in "([":
            depth += nested
        elif char in ")]":
            depth = max(0, depth - nested)
        elif depth == 0 and _divides(line, first, pos, end, numbered=numbered):
            _add(line, pieces, first, pos, tail)
            first = pos + 1
    _add(line, pieces, first, end, tail)
    return pieces


def _divides(line: Line, first: int, pos: int, end: int, *, numbered: bool) -> bool:
    """Tell whether the mark at `pos` ends the topic that began at `first`."""
    char = line.masked[pos]
    if char == ",":
        return _comma_divides(line, first, pos, end, numbered=numbered)
    if char == ".":
        rest = line.printed[pos + 1 : pos + 3]
        if len(rest) < 2 or rest[0] != " " or not rest[1].isupper():
            return False
        before = line.masked[max(first, pos - 8) : pos].split(" ")[-1]
        return len(before) > 1 and not before[-1].isdigit() and before not in _ABBREVIATIONS
    return True


def _comma_divides(line: Line, first: int, pos: int, end: int, *, numbered: bool) -> bool:
    masked = line.masked
    after = pos + 2 if masked[pos + 1 : pos + 2] == " " else pos + 1
    if masked.startswith("and ", after):
        after += 4
    if after >= end or masked[after] in "\x1c\x1d\x1e\x1f":
        return True
    if _CONTINUED.match(masked, after, end) or _PART.match(masked, first, pos):
        return False
    if numbered:
        return _NUMBERED.match(masked, after, end) is not None
    if pos - first < _LONGEST_HEAD:
        first, _ = _trim(line, first, pos)
        rest = _normal(masked[after : after + 90])
        for tail in _comma_headings().get(_normal(masked[first:pos]), ()):
            follow = rest[len(tail) : len(tail) + 1]
            if rest.startswith(tail) and not follow.isalpha():
                return False
    letter = line.printed[after]
    if letter.isupper() or letter.isdigit() or letter in "\"'":
        return True
    if _begins_heading(masked, after, end):
        return True
    head = line.printed[first : min(pos, first + _LONGEST_HEAD)]
    lower_style = head[:1].islower() or head.isupper()
    return lower_style and not _QUALIFIERS.match(masked, after, end)


def _begins_heading(masked: str, start: int, end: int) -> bool:
    stop = min(end, start + 80)
    for match in _SPLITTER.finditer(masked, start, stop):
        if match.group() not in "()[]":
            stop = match.start()
            break
    return _normal(masked[start:stop].rstrip(" .")) in _headings()


def _split_at_and(line: Line, start: int, end: int) -> list[tuple[int, int]]:
    """Split "A and B" where B is a heading that the guidelines are known to have."""
    pos = line.masked.find(" and ", max(start, end - 2 * _LONGEST_HEAD), end)
    while pos >= 0:
        if _normal(line.masked[pos + 5 : end]) in _headings():
            whole = _normal(line.masked[start:end])
            if whole not in _headings():
                left = _trim(line, start, pos)
                return [*([left] if left[0] < left[1] else []), (pos + 5, end)]
        pos = line.masked.find(" and ", pos + 5, end)
    return [(start, end)]


def _add(
    line: Line, pieces: list[tuple[int, int]], start: int, end: int, tail: re.Pattern[str]
) -> None:
    start, end = _trim(line, start, end, tail)
    text = line.masked[start:end]
    if text.startswith("(") and text.endswith(")") and wrapped(text):
        start, end = _trim(line, start + 1, end - 1, tail)
        text = line.masked[start:end]
    if not _EMPTY.match(text) and any(char.isalpha() for char in text):
        pieces.append((start, end))


def wrapped(text: str) -> bool:
    """Tell whether the first bracket is closed by the last one."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return index == len(text) - 1
    return False


def _trim(line: Line, start: int, end: int, tail: re.Pattern[str] = _TAIL_WORD) -> tuple[int, int]:
    """Leave out labels, punctuation and joining words at both ends."""
    masked = line.masked
    while start < end and (match := _LEAD.match(masked, start, end)):
        start = match.end()
    while start < end:
        if masked[end - 1] in _TAIL_MARKS:
            end -= 1
        elif word := tail.search(masked, max(start, end - _LONGEST_TAIL_WORD), end):
            end = word.start()
        else:
            break
    if start < end and masked[end - 1] == ")":
        surplus = masked.count(")", start, end) - masked.count("(", start, end)
        while surplus > 0 and end > start and masked[end - 1] == ")":
            end -= 1
            surplus -= 1
    if start < end and masked[start] == "(" and ")" not in masked[start:end]:
        start += 1
    return start, end

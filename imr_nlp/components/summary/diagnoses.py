"""The diagnoses that the case summary states."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imr_nlp.components.summary.diagnosis_cues import find_anchors, read_cue
from imr_nlp.components.summary.diagnosis_ends import Cue, list_end
from imr_nlp.components.summary.diagnosis_lists import find_marks, split_list
from imr_nlp.components.summary.diagnosis_statements import find_sentences, find_statements
from imr_nlp.components.summary.diagnosis_words import (
    Words,
    is_complaint,
    look_at,
    opens_clause,
)
from imr_nlp.components.summary.place import Place

_CODE = (
    r"(?:ICD[-\s]?(?:9|10)(?:[-\s]?CM)?(?:\scodes?)?:?\s?)?"
    r"(?:[A-Z]\d[\dA-Z]\.[\dA-Z]{1,4}|[A-BD-KM-RU-Z]\d\d|\d{3}\.\d{1,2})(?![\w.])"
)
_CODE_FIRST = re.compile(rf"[(\[]?{_CODE}[)\]]?\s?[-\u2013:,]?\s?")
_CODE_LAST = re.compile(rf"\s?[-\u2013,:]?\s?[(\[]?{_CODE}(?:[,;/\s]{{1,2}}{_CODE}){{0,5}}[)\]]?\Z")
_DIGIT = re.compile(r"\d")
_LEADING = re.compile(
    r"(?:[\s,;:.\u2022*\"'\u201c\u201d\u2013=&/-]|(?:an?|the|also|and|or|including|includes?|included|with"
    r"|of|for|known|his|her|their|diagnos[ie]s\sof|axis\s[iv]{1,3}\s?[:-])\s)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:\s(?:and|or|with|per|of|the|a|an|for|in|on|at|his|her|also|too|as\swell|as|by|from|to)"
    r"|[\s,;:.\"'\u201c\u201d\u2013/&-])\Z",
    re.IGNORECASE,
)
_LONGEST_TAIL = 160
_NO_ITEM = re.compile(
    r"(?:no|not|none|unknown|unclear|n/?a|nil|never|follow(?:ing|[-\s]?up)|evaluation|complaints?"
    r"|uncertain|ruled|added|being|at|in|on|by|from|made|to)\b",
    re.IGNORECASE,
)
_RETRACTED = re.compile(
    r"(?:was|were|is|are|has\sbeen|have\sbeen)\s(?:\w+\s){0,3}?(?:ruled\sout|excluded|not\b|never"
    r"|questioned|doubted|unlikely|rejected|disputed)",
    re.IGNORECASE,
)
_IS = re.compile(r"\s(?:is|are|was|were|has|have|had)\b", re.IGNORECASE)
_WITH = re.compile(r"\swith\s", re.IGNORECASE)
# A code of the ICD (Z79): words that name no disease, but a diagnosis in a list of them.
_LONG_TERM_USE = re.compile(
    r"(?:long[-\s]?term|chronic)\s(?:\(current\)\s|current\s)?"
    r"(?:(?:\w+\s)?use\sof\s|(?:opioid|opiate|narcotic|medication)\suse\b)",
    re.IGNORECASE,
)
_MOST_WORDS = 24
_MOST_UNKNOWN_WORDS = 6


def find_diagnoses(text: str, start: int, end: int) -> list[Place[str]]:
    """Find the worker's diagnoses in the case summary `text[start:end]`.

    Only what is called a diagnosis, or is said to be what the worker is
    treated for, counts: no complaints, findings or claims. Where nothing is,
    the longest list counts that a record states or the worker has ("the note
    gives A and B", "he has A and B"). Codes of the ICD and articles in front
    are left out.

    Returns
    -------
    list of Place of str
        In print order, each one once (case aside); the value is
        `text[start:end]` of its place with runs of space collapsed.
    """
    found: dict[str, Place[str]] = {}
    place = start
    for anchor in find_anchors(text, start, end):
        if anchor.start() < place or (cue := read_cue(text, anchor, start, end)) is None:
            continue
        if cue.added and not found:
            continue
        stop, items = _read(text, cue, end)
        for item in items:
            found.setdefault(item.value.lower(), item)
        place = max(stop, cue.retry) if items else cue.retry
    if not found:
        for item in _stated(text, start, end):
            found.setdefault(item.value.lower(), item)
    return sorted(found.values(), key=lambda item: item.start)


def _stated(text: str, start: int, end: int) -> list[Place[str]]:
    """Find the longest list that is stated, but not called diagnoses."""
    stated: list[Place[str]] = []
    for cue in find_statements(text, start, end):
        _, items = _read(text, cue, end)
        if len(items) <= len(stated) or opens_clause(items[0].value):
            continue
        # What stands before the first one would say that it is something else.
        if items[0].start == _trim(text, cue.start, items[0].end)[0]:
            stated = items
    for sentence in () if stated else find_sentences(text, start, end):
        if list_end(text, *sentence, colon=False).place < sentence[1]:
            continue
        cue = Cue(*sentence, weak=True, only_disease=True)
        pieces = split_list(text, *sentence)
        listed = [_item(text, *piece, cue, company=False) for piece in pieces]
        if len(listed) > 1 and None not in listed:
            return [item for item in listed if item is not None]
    return stated


def _read(text: str, cue: Cue, end: int) -> tuple[int, list[Place[str]]]:
    if cue.end is not None:
        return cue.retry, list(_items(text, cue.start, cue.end, cue, clause=False))
    marks = find_marks(text, cue.start, min(end, cue.start + 2000))
    if not marks:
        stop, clause = cue.stop or list_end(text, cue.start, end, colon=cue.colon)
        if clause and _RETRACTED.match(text, stop, end):
            return stop, []
        if clause and (semicolon := text.rfind(";", cue.start, stop)) >= 0:
            # "A; B and C are treated elsewhere": what follows is another sentence.
            stop = semicolon if _IS.match(text, stop, end) else stop
        return stop, list(_items(text, cue.start, stop, cue, clause=clause))
    items: list[Place[str]] = []
    stop = cue.start
    for position, mark in enumerate(marks):
        last = position + 1 == len(marks)
        limit = end if last else marks[position + 1].start()
        stop = list_end(text, mark.end(), limit, colon=False).place
        item = _item(text, mark.end(), stop, cue, company=True)
        if item is not None:
            items.append(item)
    return stop, items


def _items(text: str, start: int, end: int, cue: Cue, *, clause: bool) -> Iterator[Place[str]]:
    """Yield the members of a list; words that no list holds need company.

    What stands last before a new clause can be that clause's subject ("... and her
    surgeon has"), so it must have a head noun.
    """
    company = False
    pieces = split_list(text, start, end)
    subject = text.rfind(", and ", start, end)
    for position, piece in enumerate(pieces):
        last = position + 1 == len(pieces) or piece[0] > subject >= 0
        strict = clause and company and last and not text[start:end].rstrip().endswith((",", ";"))
        reader = cue._replace(direct=False) if strict else cue
        item = _item(text, *piece, reader, company=company and not strict)
        if item is not None:
            company = True
            yield item


def _item(text: str, start: int, end: int, cue: Cue, *, company: bool) -> Place[str] | None:
    start, end = _trim(text, start, end)
    if (match := _WITH.search(text, start, end)) and not _complement(text[match.end() : end]):
        start, end = _trim(text, start, match.start())
    if start >= end or _NO_ITEM.match(text, start, end):
        return None
    words = look_at(text[start:end])
    if not words.kinds or len(words.kinds) > _MOST_WORDS or words.closed:
        return None
    named = (cue.direct or company or not cue.weak) and _LONG_TERM_USE.match(
        text, start, end
    ) is not None
    if not named and not _is_diagnosis(words, cue, company=company):
        return None
    if cue.only_disease and not company and is_complaint(text[start:end]):
        return None
    return Place(" ".join(text[start:end].split()), start, end)


def _is_diagnosis(words: Words, cue: Cue, *, company: bool) -> bool:
    if words.headed:
        return words.specific or not cue.weak
    if cue.weak:
        return company and words.site and len(words.kinds) <= _MOST_UNKNOWN_WORDS // 2
    return (cue.direct or company) and len(words.kinds) <= _MOST_UNKNOWN_WORDS


def _complement(piece: str) -> bool:
    """Tell whether what follows "with" can belong to a diagnosis."""
    words = look_at(piece)
    if words.headed or not words.kinds:
        return words.headed
    return words.kinds[0] != "" or words.kinds[-1] == "qualifier"


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Take off space, punctuation, articles, codes, and brackets that hold it all."""
    while True:
        before = (start, end)
        if match := _LEADING.match(text, start, end):
            start = match.end()
        if _DIGIT.search(text, start, end):
            start, end = _without_codes(text, start, end)
        while end > start and (match := _TRAILING.search(text, max(start, end - 9), end)):
            end = match.start()
        start, end = _unwrap(text, start, end)
        if (start, end) == before:
            return start, end


def _without_codes(text: str, start: int, end: int) -> tuple[int, int]:
    if match := _CODE_FIRST.match(text, start, end):
        start = match.end()
    if match := _CODE_LAST.search(text, max(start, end - _LONGEST_TAIL), end):
        end = match.start()
    return start, end


def _unwrap(text: str, start: int, end: int) -> tuple[int, int]:
    if end - start < 2:
        return start, end
    opened, closed = text.count("(", start, end), text.count(")", start, end)
    if text[start] == "(" and (opened > closed or (text[end - 1] == ")" and opened == 1)):
        return start + 1, end - (opened == closed)
    if text[end - 1] == ")" and closed > opened:
        return start, end - 1
    if text[end - 1] == "(":
        return start, end - 1
    return start, end

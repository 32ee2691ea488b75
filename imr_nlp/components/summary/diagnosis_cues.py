"""The words that announce diagnoses."""

from __future__ import annotations

import re

from imr_nlp.components.summary.diagnosis_ends import (
    CLAUSE,
    LONGEST_LIST,
    Cue,
    compile_cues,
    list_end,
)
from imr_nlp.components.summary.diagnosis_lists import find_marks
from imr_nlp.components.summary.diagnosis_statements import read_addition, read_care, read_said
from imr_nlp.components.summary.diagnosis_words import has_head, opens_clause, opens_diagnosis

_REACH = 90
_LONGEST_SUBJECT = 400
_ANCHOR = re.compile(
    r"\b(?:(?P<noun>diagnos[ei]s|diagnostic\s(?:impression|assessment)|impression|assessment"
    r"|dx(?![\w'])|problem\slist|(?P<complaint>conditions?|problems?))"
    r"|(?P<verb>diagnosed|dx'?e?d\b)"
    r"|(?P<care>treat(?:ed|ments?|ing)|care|managed|followed|seen)\s"
    r"(?:(?:outside\s(?:of\s)?|(?:by|with|(?<=care\s)of)\s(?:dr\.|an?|the|his|her)\s)(?:[\w-]+\s){1,3}?for"
    r"|(?:\w+\s){0,2}?(?:for|of)):?\s"
    r"|(?P<said>suffer(?:s|ed|ing)?\sfrom|(?:said|believed|thought|considered|felt|known)\sto\shave"
    r"|lists:?|listed:?|carr(?:y|ies|ied)\s(?:(?:him|her|(?:the|this)\s\w+)\s)?(?:under|with|as)"
    r"|(?:assessed|labell?ed|classified|coded)\s(?:as|with)(?:\shaving)?|accepted\s(?:for|as))\s"
    r"|(?P<addition>added|adds|there\sis\salso|also\s(?:has|(?:given|listed|carried|stated):))\s)",
    re.IGNORECASE,
)
_STEMS = (
    *("diagnos", "dx", "impression", "assessment", "treat", "care", "managed", "followed"),
    *("suffer", "lists", "listed", "condition", "problem", "carr", "seen", "adds", "added", "also"),
    *("said to", "believed to", "thought to", "considered to", "felt to", "known to", "there is"),
    *("assessed", "label", "classified", "coded", "accepted"),
)
"""How the anchors begin, in lower case: finding these first is many times faster."""
_NOUN = compile_cues(
    r"(?:<noun>|<listing>)(?:\s?\(e?s\)|/es)?s?(?:\s?/\s?\w+)?(?:\s(?:codes?|list)\b)?"
)
# "Conditions" and "problems" are complaints, unless they are accepted, listed or the like.
_ACCEPTED = compile_cues(r"\b<accepted>(?:\s(?:and|or)\s\w+)?\s\Z")
_STEP = r"(?:[\s,]{1,2}(?:dr\.|[^\s.;:]{1,30}))"
_OPENERS = r"(?:\s(?:<participle>|<opener>)\b){0,5}(?:\s?[:\u2013-])?"
_TO_LIST = (
    r"(?P<direct>\s?[:=]\s?|\s?[-\u2013]\s|\s(?:of|as(?!\sof\b))\b(?:\sthe\sfollowing\b)?:?)"
    r"|(?P<bracket>\s\()(?!ICD|e?s\))"
)
_AFTER_NOUN = compile_cues(_TO_LIST)
_TO_VERB = rf"(?:,?\s<link>\b{_OPENERS}|\s?:)"
_AFTER_STEPS = compile_cues(rf"{_STEP}{{0,14}}?{_TO_VERB}")
# "The impression from the MRI was": other nouns must keep closer to their verb or colon.
_AFTER_FEW_STEPS = compile_cues(
    rf"(?:\s(?!from\b|by\b)[^\s.;:]{{1,30}}){{0,2}}?{_TO_VERB}"
    r"|(?:[\s,]{1,2}(?!(?:from|by|<imaging>)\b)[^\s.;:]{1,30}){3,9}?\s?:"
)
_AFTER_DIAGNOSED = compile_cues(
    r"\s?:|(?:\s(?:him|her|them|(?:the|this|her|his)\s(?:\w+\s)?\w+))?"
    r"\s(?:with|as\s(?:having|suffering\sfrom)|as|to\shave|having)\b(?:\sthe\sfollowing)?:?"
    r"|\s(?:on|in|by|at|initially|clinically|recently|formally|previously|subsequently)\b"
    rf"{_STEP}{{0,6}}?\s(?:with|as\shaving|as)\b:?"
)
_CONDITIONS = compile_cues(
    rf"\s(?:\w+\s)?(?:conditions?|problems?|injur(?:y|ies)|disorders?){_TO_VERB}"
)
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|be)\s(?:\w+\s)?\Z", re.IGNORECASE)
# "A and B are the accepted diagnoses": the list stands in front.
_COPULA = compile_cues(
    r"\s(?:is|are|was|were|remain(?:s|ed)?)\s(?:<participle>\s)?(?:as\s)?(?:among\s)?"
    r"(?:the|his|her)?\s?(?:[\w'-]{1,20}\s){0,3}\Z"
)
_SENTENCE_START = re.compile(r"[.!?][\"\u201d)]?\s{1,2}(?=[A-Z\"\u201c])|[;:\n]")
_BLOCKED = compile_cues(r"\b(?:<negative>\b[^.;:]{0,25}|<kin>\b[^.;]{0,25})\Z")
_NOT_CLINICAL = compile_cues(r"\b<imaging>\b[^.;]{0,60}\Z")


def find_anchors(text: str, start: int, end: int) -> list[re.Match[str]]:
    """Find the words that cues are built on, in order."""
    lowered = text[start:end].lower()
    if len(lowered) != end - start:
        return list(_ANCHOR.finditer(text, start, end))
    places: set[int] = set()
    for stem in _STEMS:
        place = lowered.find(stem)
        while place >= 0:
            places.add(place)
            place = lowered.find(stem, place + 1)
    matches = (_ANCHOR.match(text, start + place, end) for place in sorted(places))
    return [match for match in matches if match is not None]


def read_cue(text: str, anchor: re.Match[str], start: int, end: int) -> Cue | None:
    """Read the cue at an anchor in the summary `text[start:end]`, if it is one."""
    before = text[max(start, anchor.start() - _REACH) : anchor.start()]
    if anchor["complaint"] and not _ACCEPTED.search(before):
        return None
    if _BLOCKED.search(before):
        return None
    kind = anchor.lastgroup or ""
    if kind == "noun":
        return _read_noun(text, anchor, before, start, end)
    if anchor["addition"] == "added" and (passive := _PASSIVE.search(before)):
        # "Neck strain was added in May"; what a drug is added for comes behind the drug.
        cue = _list_in_front(text, anchor.start() - len(before) + passive.start(), anchor, start)
        front = cue is not None and not opens_clause(text[cue.start : cue.end].strip())
        return cue._replace(added=True) if cue and front else None
    return _READERS[kind](text, anchor, before, end)


def _read_noun(text: str, anchor: re.Match[str], before: str, start: int, end: int) -> Cue | None:
    noun = _NOUN.match(text, anchor.start(), end)
    if noun is None:
        return None
    word = anchor["noun"].lower()
    clinical = word.startswith(("diag", "dx"))
    if not clinical and _NOT_CLINICAL.search(before):
        return None
    direct: Cue | None = None
    after = _AFTER_NOUN.match(text, noun.end(), end)
    if after and after["bracket"]:
        close = text.find(")", after.end(), min(end, after.end() + LONGEST_LIST))
        if clinical and close >= 0:
            return Cue(after.end(), close, end=_close(text, after.end(), end), direct=True)
    elif after and (clinical or ":" in after.group() or word == "impression"):
        colon = ":" in after.group()
        direct = Cue(after.end(), after.end(), weak=not clinical, direct=True, colon=colon)
        if colon:
            return direct
        if (promising := _promising(text, direct, end)) is not None:
            return promising
    place = noun.end()
    for _ in range(3):
        steps = (_AFTER_STEPS if clinical else _AFTER_FEW_STEPS).match(text, place, end)
        if steps is None:
            break
        colon = steps.group().endswith(":")
        cue = Cue(steps.end(), steps.end(), weak=not clinical, colon=colon)
        if (promising := _promising(text, cue, end)) is not None:
            return promising
        place = steps.end()
    front: Cue | None = None
    if copula := _COPULA.search(before):
        front = _list_in_front(text, anchor.start() - len(before) + copula.start(), anchor, start)
    return front or direct or _beside(text, noun.end(), end)


def _list_in_front(text: str, stop: int, anchor: re.Match[str], start: int) -> Cue | None:
    first = max(start, stop - _LONGEST_SUBJECT)
    for match in _SENTENCE_START.finditer(text, first, stop):
        first = match.end()
    if not has_head(text[first:stop]):
        return None
    return Cue(first, anchor.end(), end=stop, weak=True)


def _beside(text: str, place: int, end: int) -> Cue | None:
    """Read a list that nothing but a space or a comma parts from its noun."""
    place += text.startswith(",", place)
    if not text.startswith(" ", place) or not opens_diagnosis(text[place : min(end, place + 40)]):
        return None
    return _promising(text, Cue(place, place, weak=True), end)


def _close(text: str, start: int, end: int) -> int:
    """Find the bracket that closes the one before `start`."""
    depth = 1
    for match in re.finditer(r"[()]", text[start : min(end, start + LONGEST_LIST)]):
        depth += 1 if match.group() == "(" else -1
        if depth == 0:
            return start + match.start()
    return start


def _promising(text: str, cue: Cue, end: int) -> Cue | None:
    """Give the cue back if a diagnosis follows before the clause ends."""
    if find_marks(text, cue.start, min(end, cue.start + LONGEST_LIST)):
        return cue
    stop = list_end(text, cue.start, end, colon=cue.colon)
    return cue._replace(stop=stop) if has_head(text[cue.start : stop.place]) else None


def _read_verb(text: str, anchor: re.Match[str], before: str, end: int) -> Cue | None:
    stop = anchor.end()
    if match := _AFTER_DIAGNOSED.match(text, stop, end):
        return Cue(match.end(), match.end(), direct=True, colon=match.group().endswith(":"))
    if match := _CONDITIONS.match(text, stop, end):
        return Cue(match.end(), match.end(), direct=True)
    if passive := _PASSIVE.search(before):
        clause = _clause_start(before[: passive.start()])
        first = anchor.start() - len(before) + clause
        return Cue(first, stop, end=anchor.start() - len(before) + passive.start(), weak=True)
    return Cue(stop, stop, weak=True)


def _clause_start(before: str) -> int:
    """Where the clause begins that ends the given text."""
    start = 0
    for match in re.finditer(r"[.;:]\s|,\sand\s(?:\w+ly\s|later\s|then\s)?", before):
        start = match.end()
    for match in CLAUSE.finditer(before, start):
        start = match.end()
    return start


_READERS = {
    "verb": _read_verb,
    "care": read_care,
    "said": read_said,
    "addition": read_addition,
}

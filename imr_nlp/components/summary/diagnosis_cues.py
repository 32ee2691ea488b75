"""The words that announce diagnoses."""

from __future__ import annotations

import re
from typing import NamedTuple

from imr_nlp.components.summary.diagnosis_ends import (
    CLAUSE,
    LONGEST_LIST,
    ListEnd,
    compile_cues,
    list_end,
)
from imr_nlp.components.summary.diagnosis_lists import find_marks
from imr_nlp.components.summary.diagnosis_words import has_head


class Cue(NamedTuple):
    """A place where diagnoses are announced.

    Attributes
    ----------
    start
        Where the list begins.
    end
        Where it ends, if the form tells ("current diagnoses (A and B)").
    retry
        Where to look for the next cue.
    weak
        Whether a member must have a head noun that says enough.
    direct
        Whether the list follows so closely that unknown words are taken.
    colon
        Whether a colon opens the list, so that sentences can be members.
    stop
        What `list_end` gives, where it is known already.
    only_disease
        Whether pain and the like are complaints here.
    aside
        Whether it tells of the past ("he is status post ..."), which is no
        diagnosis beside a list of them.
    """

    start: int
    retry: int
    end: int | None = None
    weak: bool = False
    direct: bool = False
    colon: bool = False
    stop: ListEnd | None = None
    only_disease: bool = False
    aside: bool = False


_REACH = 90
_ANCHOR = re.compile(
    r"\b(?:(?P<noun>diagnos[ei]s|diagnostic\s(?:impression|assessment)|impression|assessment"
    r"|dx(?![\w']))"
    r"|(?P<verb>diagnosed|dx'?e?d\b)"
    r"|(?P<care>treat(?:ed|ments?|ing)|care|managed|followed)\s(?:\w+\s){0,2}?(?:for|of)\s"
    r"|(?P<status>status[-\s]post|s/p)\s"
    r"|(?P<said>suffer(?:s|ed|ing)?\sfrom|(?:said|believed|thought|considered|felt|known)\sto\shave"
    r"|lists:?|listed:?)\s)",
    re.IGNORECASE,
)
_STEMS = (
    *("diagnos", "dx", "impression", "assessment", "treat", "care", "managed", "followed"),
    *("status", "s/p", "suffer", "lists", "listed"),
    *("said to", "believed to", "thought to", "considered to", "felt to", "known to"),
)
"""How the anchors begin, in lower case: finding these first is many times faster."""
_NOUN = compile_cues(r"<noun>(?:\s?\(e?s\)|/es)?s?(?:\s?/\s?\w+)?(?:\s(?:codes?|list)\b)?")
_STEP = r"(?:[\s,]{1,2}(?:dr\.|[^\s.;:]{1,30}))"
_OPENERS = r"(?:\s(?:<participle>|<opener>)\b){0,5}(?:\s?[:\u2013-])?"
_TO_LIST = (
    r"(?P<direct>\s?[:=]\s?|\s?[-\u2013]\s|\s(?:of|as)\b(?:\sthe\sfollowing\b)?:?)"
    r"|(?P<bracket>\s\()(?!ICD|e?s\))"
)
_AFTER_NOUN = compile_cues(_TO_LIST)
_TO_VERB = rf"(?:\s<link>\b{_OPENERS}|\s?:)"
_AFTER_STEPS = compile_cues(rf"{_STEP}{{0,14}}?{_TO_VERB}")
# "The impression from the MRI was": other nouns must keep closer to their verb.
_AFTER_FEW_STEPS = compile_cues(rf"(?:\s(?!from\b|by\b)[^\s.;:]{{1,30}}){{0,2}}?{_TO_VERB}")
_AFTER_DIAGNOSED = compile_cues(
    r"\s?:|(?:\s(?:him|her|them|(?:the|this|her|his)\s(?:\w+\s)?\w+))?"
    r"\s(?:with|as\s(?:having|suffering\sfrom)|as|to\shave|having)\b(?:\sthe\sfollowing)?:?"
    r"|\s(?:on|in|by|at|initially|clinically|recently|formally|previously|subsequently)\b"
    rf"{_STEP}{{0,6}}?\s(?:with|as\shaving|as)\b:?"
)
_CONDITIONS = compile_cues(
    rf"\s(?:\w+\s)?(?:conditions?|problems?|injur(?:y|ies)|disorders?)\s<link>\b{_OPENERS}"
)
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|be)\s(?:\w+\s)?\Z", re.IGNORECASE)
_CARE_LEAD = compile_cues(r"\b<care_lead>\s(?:\w+\s){0,3}\Z")
_TREATED_LEAD = compile_cues(r"\b<treated_lead>\s(?:\w+\s){0,2}\Z")
_STATUS_LEAD = re.compile(r"\b(?:is|was|remains|now)\s(?:\w+\s){0,2}\Z", re.IGNORECASE)
_NAMES_CUE = compile_cues(r"(?:\w+\s){0,3}?<noun>\b")
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
    if _BLOCKED.search(before):
        return None
    return _READERS[anchor.lastgroup or ""](text, anchor, before, end)


def _read_noun(text: str, anchor: re.Match[str], before: str, end: int) -> Cue | None:
    noun = _NOUN.match(text, anchor.start(), end)
    if noun is None:
        return None
    clinical = anchor["noun"].lower().startswith(("diag", "dx"))
    if not clinical and _NOT_CLINICAL.search(before):
        return None
    direct: Cue | None = None
    after = _AFTER_NOUN.match(text, noun.end(), end)
    if after and after["bracket"]:
        close = text.find(")", after.end(), min(end, after.end() + LONGEST_LIST))
        if clinical and close >= 0:
            return Cue(after.end(), close, end=_close(text, after.end(), end), direct=True)
    elif after and (clinical or ":" in after.group() or anchor["noun"].lower() == "impression"):
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
    return direct


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


def _read_care(text: str, anchor: re.Match[str], before: str, end: int) -> Cue | None:
    word = anchor["care"].lower()
    lead = _TREATED_LEAD if word in {"treated", "managed", "followed", "treating"} else _CARE_LEAD
    if lead.search(before) is None:
        return None
    return Cue(anchor.end(), anchor.end(), weak=True)


def _read_status(text: str, anchor: re.Match[str], before: str, end: int) -> Cue | None:
    if _STATUS_LEAD.search(before) is None:
        return None
    return Cue(anchor.start(), anchor.end(), weak=True, aside=True)


def _read_said(text: str, anchor: re.Match[str], before: str, end: int) -> Cue | None:
    if _NAMES_CUE.match(text, anchor.end(), end):
        return None
    return Cue(anchor.end(), anchor.end(), weak=True, only_disease=True)


_READERS = {
    "noun": _read_noun,
    "verb": _read_verb,
    "care": _read_care,
    "status": _read_status,
    "said": _read_said,
}

"""Statements that announce diagnoses without the word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imr_nlp.components.summary.diagnosis_ends import Cue, compile_cues

_REACH = 90
_CARE_LEAD = compile_cues(r"\b<care_lead>\s(?:\w+\s){0,3}\Z")
_TREATED_LEAD = compile_cues(r"\b<treated_lead>\s(?:\w+\s){0,2}\Z")
# "Was seen for neck pain" tells of one visit and of a complaint.
_SEEN_LEAD = re.compile(r"\bbeing\s(?:\w+\s)?\Z", re.IGNORECASE)
_TREATED = frozenset(["treated", "managed", "followed", "treating"])
_NAMES_CUE = compile_cues(r"(?:\w+\s){0,3}?<noun>\b")
# "Medications listed: metformin for diabetes".
_MEDICATIONS = re.compile(r"\b(?:medications?|meds|drugs|allergies|treatments?)\s\Z", re.IGNORECASE)
_STATEMENT = compile_cues(
    r"\b(?:(?P<status>status[-\s]post|s/p)|(?P<has>has|have|had)|(?P<with>with)|<states>)\s"
    r"(?!(?:an?\s|the\s)?(?:\w+\s){0,2}?history\b)"
    r"(?:(?:<participle>|<opener>)\b\s?){0,4}:?"
)
_STATUS_LEAD = re.compile(r"\b(?:is|was|remains|now)\s(?:\w+\s){0,2}\Z", re.IGNORECASE)
_HOLDER_LEAD = compile_cues(r"\b<holder>\b[^.;:]{0,40}\Z")
_WORKER_LEAD = compile_cues(r"\b<worker>\b[^.;:]{0,25}\Z")
_PERSON_LEAD = compile_cues(r"\b<person>\s\Z")
_NOT_CLINICAL = compile_cues(r"\b(?:<imaging>|<negative>|<kin>)\b[^.;]{0,60}\Z")
_SENTENCE = re.compile(r"(?:\A|(?<=[.)]\s))[A-Z][^.:?!\n]{20,300}(?=\.(?:\s|\Z))")
_EARLY = 600


def read_care(text: str, anchor: re.Match[str], before: str, end: int) -> Cue | None:
    """Read what the worker is treated for."""
    word = anchor["care"].lower()
    lead = _SEEN_LEAD if word == "seen" else _TREATED_LEAD if word in _TREATED else _CARE_LEAD
    if lead.search(before) is None:
        return None
    return Cue(anchor.end(), anchor.end(), weak=True)


def read_said(text: str, anchor: re.Match[str], before: str, end: int) -> Cue | None:
    """Read what the worker suffers from, or is said to have."""
    if _NAMES_CUE.match(text, anchor.end(), end) or _MEDICATIONS.search(before):
        return None
    return Cue(anchor.end(), anchor.end(), weak=True, only_disease=True)


def read_addition(text: str, anchor: re.Match[str], before: str, end: int) -> Cue | None:
    """Read what is added to a list: "his physician adds neck pain"."""
    only_disease = anchor.group().lower().startswith(("there", "also has"))
    return Cue(anchor.end(), anchor.end(), weak=True, only_disease=only_disease, added=True)


def find_statements(text: str, start: int, end: int) -> Iterator[Cue]:
    """Find the places where a record or its author states something, or the worker has it.

    Too weak beside anything that is called a diagnosis: complaints and findings
    are stated in the same words.
    """
    for match in _STATEMENT.finditer(text, start, end):
        before = text[max(start, match.start() - _REACH) : match.start()]
        if match["status"] is not None:
            if _STATUS_LEAD.search(before):
                yield Cue(match.start(), match.end(), weak=True)
        elif _is_lead(match, before):
            calls = match.group().lower().startswith("call")
            yield Cue(match.end(), match.end(), weak=True, only_disease=not calls)


def _is_lead(match: re.Match[str], before: str) -> bool:
    """Tell whether the words before a statement make it one about the worker's illness."""
    if match["with"] is not None:
        return _PERSON_LEAD.search(before) is not None
    if _NOT_CLINICAL.search(before):
        return False
    if match["has"] is not None and _WORKER_LEAD.search(before):
        return True
    return _HOLDER_LEAD.search(before) is not None


def find_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Find the early sentences that may be nothing but a list of diagnoses."""
    for match in _SENTENCE.finditer(text[start : min(end, start + _EARLY)]):
        yield start + match.start(), start + match.end()

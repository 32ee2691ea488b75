"""Sections of the form and the layout of the letter, from the printed labels."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.findings import (
    SECTIONS,
    SectionFinding,
    set_span_group,
    start_findings,
    warn,
)
from imr_nlp.text.labels import FormLabel, find_labels
from imr_nlp.text.layer import text_of

_MARKS_2013 = re.compile(
    r"MAXIMUS Federal Services,? Inc\.? has determined"
    r"|Regarding the request for|INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE"
    r"|Medical Qualifications of the Expert Reviewer",
    re.IGNORECASE,
)
_MARKS_F2 = re.compile(r"MEDICAL PROFESSIONAL REVIEW|PROFESSIONAL REVIEWER AND WHY")
_HEADING_F3 = re.compile(r"IMR DECISION\(S\) AND RATIONALE\(S\)")
_MARKS_F3 = re.compile(r"Physician Reviewer(?:'s|\u2019s)? (?:decision|based)")
# The editions adopted into the MTUS since December 2017 carry ACOEM's titles.
_MARKS_F5 = re.compile(
    r"MTUS[^.\n]{0,60}?(?:Disorders|Chronic Pain|Opioids|Initial Approaches to Treatment"
    r"|Antiemetics|Traumatic Brain Injury|Cornerstones of Disability|COVID-19"
    r"|Drug Formulary)\s*(?:\(?20(?:1[1-9]|2\d)\)?)|MTUS[^.\n]{0,40}formulary",
    re.IGNORECASE,
)
_CASE_LABEL = re.compile(r"\bCase Number:?\s{0,3}(CM\d\d-\d{7})\b", re.IGNORECASE)
_STANDALONE_CREDENTIALS = frozenset({"licensure", "specialty"})


class LetterSections:
    """Cuts a letter into the parts of the form.

    Sets `doc.spans["sections"]` and, in the findings, labels, sections and
    layout. A section runs from the end of its printed label to the next label.
    The layouts are those of the Division's letters: F1 and F2 (2013), F3 (late
    2013 to early 2014), F4a (2014 to early 2015), F4b (2015 to 2017), F5 (2018 on).
    """

    def __call__(self, doc: Doc) -> Doc:
        """Find the sections of one letter."""
        text = text_of(doc)
        labels = find_labels(text)
        state = start_findings(doc)
        state["labels"] = [list(label) for label in labels]
        state["sections"] = list(_sections(text, labels))
        state["layout"] = find_layout(text, labels)
        set_span_group(
            doc,
            SECTIONS,
            [(s["label_start"], s["end"], s["label"]) for s in state["sections"]],
        )
        _check(doc, text, labels)
        if state["layout"] == "unknown":
            warn(
                doc,
                "unknown_layout",
                "The letter has none of the known forms; only what stands under known labels "
                "was read. Check that the text is complete and is an IMR final determination.",
            )
        return doc


def _sections(text: str, labels: list[FormLabel]) -> list[SectionFinding]:
    starts = [*(label.start for label in labels[1:]), len(text)][: len(labels)]
    sections = [
        SectionFinding(
            label=label.kind,
            label_start=label.start,
            start=_trim_start(text, label.end, end),
            end=_trim_end(text, label.end, end),
        )
        for label, end in zip(labels, starts, strict=True)
    ]
    first = labels[0].start if labels else 0
    if text[:first].strip():
        sections.insert(
            0,
            SectionFinding(label="preamble", label_start=0, start=0, end=_trim_end(text, 0, first)),
        )
    return sections


def _check(doc: Doc, text: str, labels: list[FormLabel]) -> None:
    """Warn of what a letter lacks, or has twice."""
    kinds = {label.kind for label in labels}
    if kinds and "case_summary" not in kinds:
        warn(
            doc,
            "missing_summary",
            "The letter has no case summary: age, diagnoses and injury date were not sought.",
        )
    cases: set[str] = set()
    if text.count("ase Number") > 1:
        cases = {match.group(1).upper() for match in _CASE_LABEL.finditer(text)}
    if len(cases) > 1:
        warn(
            doc,
            "several_letters",
            f"The text names {len(cases)} case numbers ({', '.join(sorted(cases))}): give the "
            "letters one by one.",
        )


def _trim_start(text: str, start: int, end: int) -> int:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()) if part.strip() else start


def _trim_end(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def find_layout(text: str, labels: list[FormLabel]) -> str:
    """Name the layout (`schema.Layout`) of a letter."""
    kinds = {label.kind for label in labels}
    if _MARKS_F2.search(text) or "issue_at_dispute" in kinds:
        return "F2"
    if _HEADING_F3.search(text):
        return "F3"
    if "claims_guideline" in kinds or ("reviewer_guideline" in kinds and "rationale" in kinds):
        if kinds & _STANDALONE_CREDENTIALS:
            return "F5" if _cites_later_editions(text, labels) else "F4b"
        return "F5" if _cites_later_editions(text, labels) else "F4a"
    if _MARKS_F3.search(text):
        return "F3"
    if _MARKS_2013.search(text):
        return "F1"
    if "rationale" in kinds and "decisions" in kinds:
        return "F4b" if kinds & _STANDALONE_CREDENTIALS else "F4a"
    return "unknown"


def _cites_later_editions(text: str, labels: list[FormLabel]) -> bool:
    for position, label in enumerate(labels):
        if label.kind in {"claims_guideline", "reviewer_guideline"}:
            end = labels[position + 1].start if position + 1 < len(labels) else len(text)
            if _MARKS_F5.search(text, label.end, end):
                return True
    return False


@Language.factory("imr_sections", assigns=["doc.spans"])
def make_sections(nlp: Language, name: str) -> LetterSections:
    """Make the `imr_sections` component."""
    return LetterSections()

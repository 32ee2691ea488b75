"""What the components found in one letter: plain data on the Doc.

Every component adds to one dictionary of strings, numbers, lists and
dictionaries (`doc.user_data`), so that it survives pickling between processes,
`Doc.to_bytes` and DocBin with user data. Offsets in it are half-open and refer
to `doc.text`; `imr_determination` turns them into offsets into the raw text.
"""

from __future__ import annotations

from typing import Any, TypedDict, cast

from spacy.tokens import Doc

_KEY = "imr_nlp.findings"

SECTIONS = "sections"
ITEMS = "items"
RATIONALES = "rationales"
CITATIONS = "citations"
ISSUES = "issues"
PROPOSALS = "ner"
"""Keys of the span groups in `doc.spans`; the last holds what a trained recogniser proposed."""


class Found(TypedDict):
    """A value with the places that it was read from."""

    value: Any
    spans: list[list[int]]


class SectionFinding(TypedDict):
    """A part of the form: `label_start` is where its printed label begins."""

    label: str
    label_start: int
    start: int
    end: int


class ReasonFinding(TypedDict):
    """A reason with the probability that the issue has it, and the places of its sentences."""

    label: str
    score: float
    sentences: list[list[int]]


class _IssueFinding(TypedDict):
    fields: dict[str, Found]
    item: list[int]
    rationale: list[int] | None
    guidelines: dict[str, list[list[int]]]
    citations: dict[str, list[dict[str, Any]]]


class Probabilities(TypedDict, total=False):
    """Calibrated probabilities of one issue, of all labels; only what was measured.

    `decision` is that of the decision being right.
    """

    reasons: dict[str, float]
    category: dict[str, float]
    decision: float


class IssueFinding(_IssueFinding, total=False):
    """One disputed item. `fields` has the names of `schema.Issue`.

    The rest is there where a trained component has seen the issue.
    """

    reasons: list[ReasonFinding]
    primary_reason: str | None
    probabilities: Probabilities


class WarningFinding(TypedDict):
    """A doubt about the result."""

    code: str
    message: str
    span: list[int] | None


class Findings(TypedDict):
    """Everything found in one letter so far."""

    ruled: list[list[int]]
    """Tokens of the entities that rulers set before the letter was read."""
    layout: str
    labels: list[list[Any]]
    sections: list[SectionFinding]
    fields: dict[str, Found]
    issues: list[IssueFinding]
    medications: list[dict[str, Any]]
    entities: list[list[Any]]
    warnings: list[WarningFinding]


def findings(doc: Doc) -> Findings:
    """Give the findings of a Doc; they are empty before the first component ran."""
    stored = doc.user_data.get(_KEY)
    return cast(Findings, stored) if stored is not None else start_findings(doc)


def start_findings(doc: Doc) -> Findings:
    """Give a Doc empty findings, also where a pipeline ran on it before."""
    stored = Findings(
        ruled=[[entity.start, entity.end] for entity in doc.ents],
        layout="unknown",
        labels=[],
        sections=[],
        fields={},
        issues=[],
        medications=[],
        entities=[],
        warnings=[],
    )
    doc.user_data[_KEY] = stored
    return stored


def found(value: Any, *spans: tuple[int, int]) -> Found:
    """Pack a value with its places."""
    return Found(value=value, spans=[[start, end] for start, end in spans])


def value_of(issue: IssueFinding, name: str) -> str | None:
    """Give the value of a field in words; None where it was not found."""
    field = issue["fields"].get(name)
    return str(field["value"]) if field and field["value"] is not None else None


def probabilities_of(issue: IssueFinding) -> Probabilities:
    """Give the probabilities of an issue, to read or to add to."""
    return issue.setdefault("probabilities", Probabilities())


def warn(doc: Doc, code: str, message: str, span: tuple[int, int] | None = None) -> None:
    """Put a warning on the result."""
    findings(doc)["warnings"].append(
        WarningFinding(code=code, message=message, span=list(span) if span else None)
    )


def section_text_spans(doc: Doc, label: str) -> list[tuple[int, int]]:
    """Give the text spans of all sections with a label, in order."""
    return [
        (section["start"], section["end"])
        for section in findings(doc)["sections"]
        if section["label"] == label
    ]


def set_span_group(doc: Doc, key: str, spans: list[tuple[int, int, str]]) -> None:
    """Fill `doc.spans[key]` from character spans, widened to whole tokens."""
    group = [
        doc.char_span(start, end, label=label, alignment_mode="expand")
        for start, end, label in spans
        if end > start
    ]
    doc.spans[key] = [span for span in group if span is not None]

"""The fields of a letter as a pipeline found them."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from spacy.tokens import Doc

from imr_nlp.corpus.letter import Evidence, LetterFields, Part
from imr_nlp.corpus.predicted_parts import Drop
from imr_nlp.schema import Citation, Determination, Issue
from imr_nlp.text.layer import alignment_of

_ISSUE_FIELDS = (
    "decision", "category", "sessions", "retrospective", "date_of_service", "conclusion",
)  # fmt: skip
_NOT_OF_THE_RESULT = {"author", "issues"}
_NOWHERE = (0, 0)


def find_fields(
    doc: Doc,
    determination: Determination,
    parts: list[Part],
    evidence: list[Evidence],
    drop: Drop,
) -> LetterFields:
    """Give the fields of the letter and of its issues."""
    names = LetterFields.model_fields.keys() - _NOT_OF_THE_RESULT
    data: dict[str, Any] = {name: getattr(determination, name) for name in names}
    data["issues"] = [
        {
            **{name: getattr(issue, name) for name in _ISSUE_FIELDS},
            "primary": _primary(issue, evidence, drop),
            "claims": _cited(doc, issue, issue.claims_citations, "CLAIMS", parts, drop),
            "reviewer": _cited(doc, issue, issue.reviewer_citations, "REVIEWER", parts, drop),
        }
        for issue in determination.issues
    ]
    try:
        return LetterFields.model_validate(data)
    except ValidationError as error:
        for details in error.errors():
            _remove(data, details["loc"], details["msg"], drop)
    return LetterFields.model_validate(data)


def _primary(issue: Issue, evidence: list[Evidence], drop: Drop) -> str | None:
    stated = {label for e in evidence if issue.index in e.issues for label in e.labels}
    if issue.primary_reason is None or issue.primary_reason in stated:
        return issue.primary_reason
    drop(f"issues.{issue.index}.primary", _NOWHERE, "has no evidence", issue.primary_reason)
    return None


def _cited(
    doc: Doc, issue: Issue, citations: list[Citation], label: str, parts: list[Part], drop: Drop
) -> list[dict[str, Any]]:
    """Give the citations of one side; their words must stand in its guideline line."""
    to_clean = alignment_of(doc).to_clean
    lines = [p for p in parts if p.label == label and issue.index in p.issues]
    text = " ".join(
        " ".join(doc.text[slice(*to_clean(part.start, part.end))].split()) for part in lines
    )

    def stands(name: str, value: str) -> bool:
        if value in text:
            return True
        field = f"issues.{issue.index}.{label.lower()}.{name}"
        drop(field, _NOWHERE, "does not stand in the guideline line in these words", value)
        return False

    return [
        {
            "source": citation.source,
            "title": citation.title
            if citation.title is not None and stands("title", citation.title)
            else None,
            "year": citation.year,
            "sections": [section for section in citation.sections if stands("sections", section)],
            "pages": citation.pages,
        }
        for citation in citations
    ]


def _remove(data: Any, location: tuple[int | str, ...], why: str, drop: Drop) -> None:
    *path, last = location
    for step in path:
        data = data[step]
    drop(".".join(map(str, location)), _NOWHERE, why, str(data.pop(last)))

"""An annotated letter as the determination that a perfect pipeline would give."""

from __future__ import annotations

from typing import Any, cast

from imr_nlp.corpus.labels import ATTRIBUTES
from imr_nlp.corpus.letter import AnnotatedLetter, CitedGuideline, Part, part_at
from imr_nlp.schema import (
    Citation,
    Conclusion,
    Determination,
    Issue,
    Medication,
    Outcome,
    Reason,
    ReasonLabel,
    TextSpan,
)

_SECTIONS = {"SUMMARY": "summary", "RATIONALE": "rationale"}
_LETTER_FIELDS = (
    "layout", "case_number", "date_assigned", "date_of_injury", "decision_date", "ur_denial_date",
    "application_received", "priority", "licensure", "specialties", "age", "sex",
    "summary_injury_date",
)  # fmt: skip
_AGAINST: dict[str, Conclusion] = {"upheld": "necessary", "overturned": "not_necessary"}


def to_determination(letter: AnnotatedLetter) -> Determination:
    """Give what was annotated as a `Determination`; offsets refer to `letter.text`.

    What is derived from the text by rules (normalised amounts, names, links) and
    what is not annotated (warnings, places of header fields) is left empty.
    """
    medications = _medications(letter)
    issues = [_issue(letter, index, medications) for index in range(len(letter.fields.issues))]
    diagnoses = [
        _span(letter, entity.start, entity.end)
        for entity in letter.entities
        if entity.label == "DIAGNOSIS"
    ]
    return Determination(
        id=letter.id,
        outcome=_outcome(issues),
        issues=issues,
        medications=medications,
        diagnoses=[span.text for span in diagnoses],
        spans={"diagnoses": diagnoses} if diagnoses else {},
        **{name: getattr(letter.fields, name) for name in _LETTER_FIELDS},
    )


def _span(letter: AnnotatedLetter, start: int, end: int) -> TextSpan:
    return TextSpan(start=start, end=end, text=letter.snippet(start, end))


def _outcome(issues: list[Issue]) -> Outcome | None:
    decisions = {issue.decision for issue in issues}
    return "partially_overturned" if len(decisions) > 1 else next(iter(decisions), None)


def _medications(letter: AnnotatedLetter) -> list[Medication]:
    medications = []
    for position, entity in enumerate(letter.entities):
        if entity.label != "DRUG":
            continue
        spans = {"drug": _span(letter, entity.start, entity.end)}
        for other in letter.entities:
            if other.drug == position and other.label in ATTRIBUTES:
                spans[other.label.lower()] = _span(letter, other.start, other.end)
        home = part_at(letter.parts, entity.start, entity.end)
        section = _SECTIONS.get(home.label, "item") if home else "other"
        values: dict[str, Any] = {name: span.text for name, span in spans.items()}
        medications.append(
            Medication(
                spans=spans,
                section=cast("Any", section),
                issue=home.issues[0] if home and home.issues else None,
                **values,
            )
        )
    return medications


def _issue(letter: AnnotatedLetter, index: int, medications: list[Medication]) -> Issue:
    fields = letter.fields.issues[index]
    places = {
        name: [_span(letter, p.start, p.end) for p in letter.parts_of(label, index)]
        for name, label in (
            ("item", "ITEM"),
            ("requested", "REQUESTED"),
            ("authorized", "AUTHORIZED"),
            ("rationale", "RATIONALE"),
        )
    }
    item = letter.parts_of("ITEM", index)
    body_parts = [
        _span(letter, entity.start, entity.end)
        for entity in letter.entities
        if entity.label == "BODY_PART" and any(_holds(part, entity.start) for part in item)
    ]
    first = {name: spans[0].text if spans else None for name, spans in places.items()}
    return Issue(
        index=index,
        item=first["item"] or "",
        decision=fields.decision,
        requested=first["requested"],
        authorized=first["authorized"],
        rationale=first["rationale"],
        retrospective=fields.retrospective,
        date_of_service=fields.date_of_service,
        category=fields.category,
        drugs=[
            medication
            for medication in medications
            if any(_holds(part, medication.spans["drug"].start) for part in item)
        ],
        sessions=fields.sessions,
        body_parts=[span.text for span in body_parts],
        claims_citations=[_citation(citation) for citation in fields.claims],
        reviewer_citations=[_citation(citation) for citation in fields.reviewer],
        conclusion=fields.conclusion,
        contradiction=fields.conclusion == _AGAINST[fields.decision],
        reasons=_reasons(letter, index),
        primary_reason=fields.primary,
        spans={
            name: spans for name, spans in {**places, "body_parts": body_parts}.items() if spans
        },
    )


def _holds(part: Part, place: int) -> bool:
    return part.start <= place < part.end


def _citation(citation: CitedGuideline) -> Citation:
    return Citation(**citation.model_dump())


def _reasons(letter: AnnotatedLetter, index: int) -> list[Reason]:
    """Give the reasons of an issue in the order in which they are first stated."""
    sentences: dict[ReasonLabel, list[TextSpan]] = {}
    for evidence in letter.evidence:
        if index in evidence.issues:
            for label in evidence.labels:
                sentences.setdefault(label, []).append(_span(letter, evidence.start, evidence.end))
    return [Reason(label=label, sentences=spans) for label, spans in sentences.items()]

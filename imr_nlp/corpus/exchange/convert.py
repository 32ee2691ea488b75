"""Annotated letters as records of annotation tools, and back."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from imr_nlp.corpus.docs import Misaligned
from imr_nlp.corpus.exchange.place import parse
from imr_nlp.corpus.exchange.record import PREDICTED_BY, Record
from imr_nlp.corpus.labels import ATTRIBUTES, ENTITIES, PARTS, REASONS
from imr_nlp.corpus.letter import (
    AnnotatedLetter,
    Entity,
    Evidence,
    LetterFields,
    Part,
    default_drug,
)
from imr_nlp.corpus.problems import CorpusError
from imr_nlp.corpus.resolve import default_issues
from imr_nlp.corpus.tokens import token_span, tokenize


class _Meta(BaseModel):
    model_config = ConfigDict(extra="forbid")

    fields: LetterFields = Field(default_factory=lambda: LetterFields(layout="unknown"))
    issues: list[tuple[int, int, str, tuple[int, ...]]] = Field(default_factory=list)
    predicted_by: str | None = None


def to_record(letter: AnnotatedLetter, *, predicted_by: str | None = None) -> Record:
    """Give a letter as a record; evidence with two labels becomes two spans.

    Parameters
    ----------
    letter
        The letter.
    predicted_by
        The pipeline that made its marks, where no person did.
    """
    spans: list[tuple[int, int, str]] = [(p.start, p.end, p.label) for p in letter.parts]
    issues: list[list[Any]] = [
        [p.start, p.end, p.label, list(p.issues)]
        for p in letter.parts
        if p.issues != default_issues(letter.parts, p)
    ]
    for evidence in letter.evidence:
        spans += [(evidence.start, evidence.end, label) for label in evidence.labels]
        issues += [
            [evidence.start, evidence.end, label, list(evidence.issues)]
            for label in evidence.labels
            if evidence.issues != _home_issues(letter.parts, evidence.start, evidence.end)
        ]
    offset = len(spans)
    spans += [(e.start, e.end, e.label) for e in letter.entities]
    links = [
        (offset + position, offset + entity.drug)
        for position, entity in enumerate(letter.entities)
        if entity.drug is not None
    ]
    meta: dict[str, Any] = {"fields": letter.fields.model_dump(mode="json", exclude_defaults=True)}
    if issues:
        meta["issues"] = issues
    if predicted_by:
        meta[PREDICTED_BY] = predicted_by
    return Record(letter.id, letter.text, spans, links, meta)


def from_record(record: Record) -> AnnotatedLetter:
    """Read a letter from a record.

    Spans of one place that are reasons become one evidence. An attribute
    without a link goes to the last drug before it in its part. A letter that
    no fields came with has the layout `unknown` and no issues' fields.

    Raises
    ------
    CorpusError
        If a label is unknown, a span lies outside the text, a link does not
        join an attribute and a drug, or the fields are not as they were written.
    """
    _check_spans(record)
    meta = parse(_Meta, record.meta, record.where, "imr")
    told = {(start, end, label): own for start, end, label, own in meta.issues}
    bare = [
        Part.model_validate({"start": s, "end": e, "label": label})
        for s, e, label in sorted(record.spans, key=_outer_first)
        if label in PARTS
    ]
    parts = [
        part.model_copy(
            update={
                "issues": told.get((part.start, part.end, part.label), default_issues(bare, part))
            }
        )
        for part in bare
    ]
    return AnnotatedLetter(
        id=record.id,
        text=record.text,
        fields=meta.fields,
        parts=parts,
        entities=_entities(record, parts),
        evidence=_evidence(record, parts, told),
    )


def _outer_first(span: tuple[int, int, str]) -> tuple[int, int]:
    return span[0], -span[1]


def _check_spans(record: Record) -> None:
    problems = []
    for number, (start, end, label) in enumerate(record.spans):
        line = record.span_lines[number] if record.span_lines else 0
        if label not in PARTS + ENTITIES + REASONS:
            message = f"{label}: no such label at [{start}, {end})"
        elif not 0 <= start < end <= len(record.text):
            message = f"{label} at [{start}, {end}) lies outside the text"
        else:
            continue
        problems.append(record.where.problem(message, line))
    if problems:
        raise CorpusError(problems)


def _drugs(record: Record) -> dict[int, int]:
    """Give the drug of each linked attribute, as positions in `spans`.

    The labels tell which end is which: people draw relations in both directions.
    """
    drugs: dict[int, int] = {}
    problems = []
    for number, ends in enumerate(record.links):
        line = record.link_lines[number] if record.link_lines else 0
        ends = ends if record.spans[ends[0]][2] != "DRUG" else (ends[1], ends[0])
        (start, end, label), (*_, other) = (record.spans[position] for position in ends)
        shown = f"{label} '{' '.join(record.text[start:end].split())[:40]}'"
        if label not in ATTRIBUTES or other != "DRUG":
            message = f"a relation joins {shown} and {other}; it joins an attribute and its DRUG"
        elif drugs.setdefault(ends[0], ends[1]) != ends[1]:
            message = f"relations give {shown} to two drugs"
        else:
            continue
        problems.append(record.where.problem(message, line))
    if problems:
        raise CorpusError(problems)
    return drugs


def _entities(record: Record, parts: list[Part]) -> list[Entity]:
    order = sorted(
        (place for place, span in enumerate(record.spans) if span[2] in ENTITIES),
        key=lambda place: _outer_first(record.spans[place]),
    )
    position = {place: number for number, place in enumerate(order)}
    entities = [
        Entity.model_validate(dict(zip(("start", "end", "label"), record.spans[p], strict=True)))
        for p in order
    ]
    links = {position[attribute]: position[drug] for attribute, drug in _drugs(record).items()}
    for number, entity in enumerate(entities):
        if entity.label in ATTRIBUTES:
            drug = links.get(number, default_drug(entities, number, parts))
            entities[number] = entity.model_copy(update={"drug": drug})
    return entities


def _evidence(
    record: Record, parts: list[Part], told: dict[tuple[int, int, str], tuple[int, ...]]
) -> list[Evidence]:
    merged: dict[tuple[int, int, tuple[int, ...]], list[str]] = {}
    for start, end, label in sorted(record.spans, key=_outer_first):
        if label in REASONS:
            issues = told.get((start, end, label), _home_issues(parts, start, end))
            merged.setdefault((start, end, issues), []).append(label)
    return [
        Evidence.model_validate({"start": s, "end": e, "labels": tuple(labels), "issues": issues})
        for (s, e, issues), labels in merged.items()
    ]


def _home_issues(parts: list[Part], start: int, end: int) -> tuple[int, ...]:
    homes = [p for p in parts if p.label == "RATIONALE" and p.start <= start and end <= p.end]
    return homes[0].issues if homes else ()


def misaligned_spans(record: Record) -> list[Misaligned]:
    """Give the spans of a record that cut a token."""
    doc = tokenize(record.text)
    return [
        Misaligned(record.id, label, start, end, " ".join(record.text[start:end].split()))
        for start, end, label in record.spans
        if token_span(doc, start, end) is None
    ]

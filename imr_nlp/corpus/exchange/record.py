"""What annotation tools share: a text, labelled spans and links between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from imr_nlp.corpus.docs import Misaligned
from imr_nlp.corpus.labels import ATTRIBUTES, ENTITIES, PARTS, REASONS
from imr_nlp.corpus.letter import (
    AnnotatedLetter,
    Entity,
    Evidence,
    LetterFields,
    Part,
    default_drug,
)
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.corpus.resolve import default_issues
from imr_nlp.corpus.tokens import token_span, tokenize

LINK = "drug"
"""Name of the relation from an attribute to its drug."""


@dataclass
class Record:
    """One letter as a tool shows it.

    Parameters
    ----------
    id, text
        The letter.
    spans
        `(start, end, label)`, half-open characters of `text`.
    links
        Pairs of positions in `spans`: an attribute and its drug.
    meta
        The fields, and what issues spans belong to; plain data that the tool
        passes through. Empty for a letter that was not exported from here.
    """

    id: str
    text: str
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)
    meta: dict[str, Any] = field(default_factory=dict)


def to_record(letter: AnnotatedLetter) -> Record:
    """Give a letter as a record; evidence with two labels becomes two spans."""
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
    return Record(letter.id, letter.text, spans, links, meta)


def from_record(record: Record) -> AnnotatedLetter:
    """Read a letter from a record.

    Spans of one place that are reasons become one evidence. An attribute
    without a link goes to the last drug before it in its part. A letter that
    no fields came with has the layout `unknown` and no issues' fields.

    Raises
    ------
    CorpusError
        If a label is unknown or a span lies outside the text.
    """
    _check(record)
    told = {(start, end, label): tuple(own) for start, end, label, own in _told(record)}
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
    fields = record.meta.get("fields", {"layout": "unknown"})
    return AnnotatedLetter(
        id=record.id,
        text=record.text,
        fields=LetterFields.model_validate(fields),
        parts=parts,
        entities=_entities(record, parts),
        evidence=_evidence(record, parts, told),
    )


def _told(record: Record) -> list[Any]:
    return list(record.meta.get("issues", []))


def _outer_first(span: tuple[int, int, str]) -> tuple[int, int]:
    return span[0], -span[1]


def _check(record: Record) -> None:
    problems = []
    for start, end, label in record.spans:
        if label not in PARTS + ENTITIES + REASONS:
            problems.append(Problem(record.id, 0, f"{label}: no such label at [{start}, {end})"))
        elif not 0 <= start < end <= len(record.text):
            message = f"{label} at [{start}, {end}) lies outside the text"
            problems.append(Problem(record.id, 0, message))
    if problems:
        raise CorpusError(problems)


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
    links = {position[a]: position[d] for a, d in record.links if a in position and d in position}
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

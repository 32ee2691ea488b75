"""What annotation tools share: a text, labelled spans and links between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from imr_nlp.corpus.docs import Misaligned
from imr_nlp.corpus.exchange.place import Place, parse
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

LINK = "drug"
"""Name of the relation from an attribute to its drug."""
# Label Studio writes a line break within a region as a backslash and an n.
_SPACE = re.compile(r"\\n|\s")


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
    place
        Where it stands in the tool's file.
    span_lines, link_lines
        The lines of the spans and links, where each has its own.
    """

    id: str
    text: str
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)
    meta: dict[str, Any] = field(default_factory=dict)
    place: Place | None = None
    span_lines: list[int] = field(default_factory=list)
    link_lines: list[int] = field(default_factory=list)

    @property
    def where(self) -> Place:
        """Its place in the tool's file; without one, its name."""
        return self.place or Place(self.id)


class _Meta(BaseModel):
    model_config = ConfigDict(extra="forbid")

    fields: LetterFields = Field(default_factory=lambda: LetterFields(layout="unknown"))
    issues: list[tuple[int, int, str, tuple[int, ...]]] = Field(default_factory=list)


def stands_at(text: str, pieces: list[tuple[int, int]], given: str) -> bool:
    """Tell whether a tool's copy of a marked text is the letter's; space does not count."""
    found = "".join(text[start:end] for start, end in pieces)
    return _SPACE.sub("", found) == _SPACE.sub("", given)


def check_relation(label: str | None, place: Place) -> None:
    """Refuse relations of other names; without a name it is the one that there is.

    Raises
    ------
    CorpusError
        If it has another name.
    """
    if label and label != LINK:
        problem = f"relation {label}: there is only '{LINK}', from an attribute to its DRUG"
        raise place.error(problem)


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

"""An annotated letter: its text, its fields, and marks on the text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from imr_nlp.corpus.labels import EntityLabel, PartLabel
from imr_nlp.schema import Category, CitationSource, Conclusion, Decision, Layout, ReasonLabel
from imr_nlp.text import Readable, make_readable


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CitedGuideline(_Model):
    """One guideline document of a guideline line; `schema.Citation` without its place."""

    source: CitationSource
    title: str | None = None
    year: int | None = None
    sections: list[str] = Field(default_factory=list)
    pages: str | None = None


class IssueFields(_Model):
    """What is annotated of one issue beside the marks on the text.

    Item, drugs, body parts, reasons and the texts of a partial authorisation
    are marks; the fields here are values.
    """

    decision: Decision
    category: Category
    sessions: int | None = Field(default=None, ge=0)
    retrospective: bool = False
    date_of_service: date | None = None
    conclusion: Conclusion | None = None
    primary: ReasonLabel | None = None
    claims: list[CitedGuideline] = Field(default_factory=list)
    reviewer: list[CitedGuideline] = Field(default_factory=list)


class LetterFields(_Model):
    """What is annotated of the letter beside the marks on the text."""

    layout: Layout
    author: str | None = None
    """Who wrote the letter (written letters) or annotated it (posted ones)."""
    case_number: str | None = None
    date_assigned: date | None = None
    date_of_injury: date | None = None
    decision_date: date | None = None
    ur_denial_date: date | None = None
    application_received: date | None = None
    priority: Literal["Standard", "Expedited"] | None = None
    licensure: list[str] = Field(default_factory=list)
    specialties: list[str] = Field(default_factory=list)
    age: int | None = Field(default=None, ge=0, le=120)
    sex: Literal["female", "male"] | None = None
    summary_injury_date: date | None = None
    issues: list[IssueFields] = Field(default_factory=list)


class Part(_Model):
    """A part of the letter; `start` and `end` are half-open offsets into `text`.

    `issues` holds the positions of the issues that it belongs to, from 0; it is
    empty for the summary.
    """

    start: int
    end: int
    label: PartLabel
    issues: tuple[int, ...] = ()


class Entity(_Model):
    """A named entity. An attribute of a drug names its drug by position in `entities`."""

    start: int
    end: int
    label: EntityLabel
    drug: int | None = None


class Evidence(_Model):
    """The sentences that state one or several reasons, and for which issues."""

    start: int
    end: int
    labels: tuple[ReasonLabel, ...]
    issues: tuple[int, ...]


_M = TypeVar("_M", Part, Entity, Evidence)


class AnnotatedLetter(_Model):
    """A letter with everything that a person found in it.

    Parameters
    ----------
    id
        Name of the letter, unique in its corpus.
    text
        The letter as it would be given to a pipeline; all offsets refer to it.
    fields
        Values of the letter and of its issues.
    parts, entities, evidence
        Marks on the text, each in the order of the text.
    """

    id: str
    text: str
    fields: LetterFields
    parts: list[Part] = Field(default_factory=list)
    entities: list[Entity] = Field(default_factory=list)
    evidence: list[Evidence] = Field(default_factory=list)

    def parts_of(self, label: str, issue: int | None = None) -> list[Part]:
        """Give the parts of one label, of one issue where that is given."""
        return [
            part
            for part in self.parts
            if part.label == label and (issue is None or issue in part.issues)
        ]

    @cached_property
    def readable(self) -> Readable:
        """The readable text of the letter with its alignment."""
        return make_readable(self.text)

    def snippet(self, start: int, end: int) -> str:
        """Give a stretch of the text as results report it.

        Space is collapsed, broken hyphens are mended and page footers left out.
        """
        clean = self.readable.alignment.to_clean(start, end)
        return " ".join(self.readable.text[slice(*clean)].split())

    def to_readable(self) -> AnnotatedLetter:
        """Give the same letter on its readable text, every mark moved along."""
        to_clean = self.readable.alignment.to_clean

        def moved(marks: list[_M]) -> list[_M]:
            places = [to_clean(mark.start, mark.end) for mark in marks]
            return [
                mark.model_copy(update={"start": start, "end": end})
                for mark, (start, end) in zip(marks, places, strict=True)
            ]

        return AnnotatedLetter(
            id=self.id,
            text=self.readable.text,
            fields=self.fields,
            parts=moved(self.parts),
            entities=moved(self.entities),
            evidence=moved(self.evidence),
        )


def part_at(parts: Sequence[Part], start: int, end: int) -> Part | None:
    """Give the innermost part that holds a span."""
    holding = [part for part in parts if part.start <= start and end <= part.end]
    return min(holding, key=lambda part: part.end - part.start, default=None)


def default_drug(entities: Sequence[Entity], position: int, parts: Sequence[Part]) -> int | None:
    """Give the drug that an attribute belongs to where nothing else is said.

    It is the last drug before the attribute in the same part.
    """
    place = entities[position]
    home = part_at(parts, place.start, place.end)
    for earlier in range(position - 1, -1, -1):
        entity = entities[earlier]
        if home is None or entity.start < home.start:
            return None
        if entity.label == "DRUG" and part_at(parts, entity.start, entity.end) == home:
            return earlier
    return None

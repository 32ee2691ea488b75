"""doccano's JSON lines for sequence labelling, with and without relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, Field

from imr_nlp.corpus.exchange.lines import read_json_lines, write_json_lines
from imr_nlp.corpus.exchange.place import Place, parse
from imr_nlp.corpus.exchange.record import LINK, Record, check_relation


class _Entity(BaseModel):
    id: int | str
    label: str
    start_offset: int
    end_offset: int


class _Relation(BaseModel):
    from_id: int | str
    to_id: int | str
    type: str | None = None


class _Line(BaseModel):
    # Versions before 1.6 say "data" and "labels". What an example lacks and
    # another of the project has is null.
    text: str = Field(validation_alias=AliasChoices("text", "data"))
    entities: list[_Entity] | None = None
    relations: list[_Relation] | None = None
    label: list[tuple[int, int, str]] | None = Field(
        default=None, validation_alias=AliasChoices("label", "labels")
    )
    id: int | str | None = None
    letter: int | str | None = None
    imr: dict[str, Any] | None = None


def write(records: Iterable[Record], path: Path) -> None:
    """Write records for doccano's import format "JSONL (relation)"."""
    write_json_lines((_line(record) for record in records), path)


def _line(record: Record) -> dict[str, Any]:
    entities = [
        {"id": number, "label": label, "start_offset": start, "end_offset": end}
        for number, (start, end, label) in enumerate(record.spans)
    ]
    relations = [
        {"id": number, "from_id": attribute, "to_id": drug, "type": LINK}
        for number, (attribute, drug) in enumerate(record.links)
    ]
    return {
        "text": record.text,
        "entities": entities,
        "relations": relations,
        "Comments": [],
        "letter": record.id,
        "imr": record.meta,
    }


def read(path: Path) -> Iterator[Record]:
    """Read an export of doccano: `entities` and `relations`, or `label` with triples.

    Raises
    ------
    CorpusError
        If a line holds neither, or a relation points to no entity.
    """
    for place, data in read_json_lines(path):
        line = parse(_Line, data, place) if {"text", "data"} & data.keys() else None
        if line is None or (line.entities is None and line.label is None):
            raise place.error("no doccano line: it needs 'text' and 'entities' or 'label'")
        name = next((n for n in (line.letter, line.id) if n is not None), None)
        record = Record(
            f"{path.stem}-{place.line}" if name is None else str(name),
            line.text,
            list(line.label or []),
            meta=line.imr or {},
            place=place,
        )
        if line.entities is not None:
            record.spans = [(e.start_offset, e.end_offset, e.label) for e in line.entities]
            record.links = list(_links(line, place))
        yield record


def _links(line: _Line, place: Place) -> Iterator[tuple[int, int]]:
    positions = {entity.id: position for position, entity in enumerate(line.entities or [])}
    for relation in line.relations or []:
        check_relation(relation.type, place)
        ends = (relation.from_id, relation.to_id)
        if any(end not in positions for end in ends):
            raise place.error(f"a relation points to an entity that is not there: {ends}")
        yield positions[ends[0]], positions[ends[1]]

"""doccano's JSON lines for sequence labelling, with and without relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from imr_nlp.corpus.exchange.lines import read_json_lines, write_json_lines
from imr_nlp.corpus.exchange.record import LINK, Record
from imr_nlp.corpus.problems import CorpusError, Problem


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
    for number, line in read_json_lines(path):
        spans: list[tuple[int, int, str]]
        if "text" not in line or not {"entities", "label"} & line.keys():
            problem = "no doccano line: it needs 'text' and 'entities' or 'label'"
            raise CorpusError([Problem(str(path), number, problem)])
        links = []
        if "entities" in line:
            entities = line["entities"]
            spans = [(e["start_offset"], e["end_offset"], e["label"]) for e in entities]
            places = {entity["id"]: position for position, entity in enumerate(entities)}
            for relation in line.get("relations", []):
                ends = (relation["from_id"], relation["to_id"])
                if any(end not in places for end in ends):
                    problem = f"a relation points to an entity that is not there: {ends}"
                    raise CorpusError([Problem(str(path), number, problem)])
                links.append((places[ends[0]], places[ends[1]]))
        else:
            spans = [(start, end, label) for start, end, label in line["label"]]
        name = str(line.get("letter") or line.get("id") or f"{path.stem}-{number}")
        yield Record(name, line["text"], spans, links, line.get("imr", {}))

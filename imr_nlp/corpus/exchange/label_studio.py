"""Label Studio's JSON: tasks with annotations on the text `text` by the labels `label`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from imr_nlp.corpus.exchange.lines import read_json
from imr_nlp.corpus.exchange.place import Place, parse
from imr_nlp.corpus.exchange.record import LINK, Record, check_relation, stands_at
from imr_nlp.corpus.labels import ENTITIES, PARTS, REASONS

LABELING_CONFIG = (
    '<View>\n  <Relations>\n    <Relation value="{link}"/>\n  </Relations>\n'
    '  <Labels name="label" toName="text">\n{labels}\n  </Labels>\n'
    '  <Text name="text" value="$text" granularity="word"/>\n</View>\n'
).format(
    link=LINK,
    labels="\n".join(f'    <Label value="{label}"/>' for label in PARTS + ENTITIES + REASONS),
)
"""The labelling interface that the exported tasks need."""
UNDECIDED = "no finished annotation"


class _Value(BaseModel):
    start: int
    end: int
    labels: list[str]
    text: str | None = None


class _Region(BaseModel):
    id: str
    value: _Value


class _Relation(BaseModel):
    from_id: str
    to_id: str
    labels: list[str] | None = None


class _Annotation(BaseModel):
    result: list[dict[str, Any]] | None = None
    was_cancelled: bool = False
    ground_truth: bool = False
    updated_at: str | None = None


class _Data(BaseModel):
    text: str
    letter: int | str | None = None
    imr: dict[str, Any] | None = None


class _Task(BaseModel):
    id: int | str | None = None
    data: _Data
    annotations: list[_Annotation]


def write(records: Iterable[Record], path: Path) -> None:
    """Write records as tasks, and beside them the labelling interface that they need.

    What a person annotated is a finished annotation; what a pipeline found is a
    prediction, which Label Studio shows and which becomes an annotation when a
    person submits it. An interface that is there already is left as it is.
    """
    tasks = [_task(record) for record in records]
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    config = config_path(path)
    # Nothing is beside a pipe or a device.
    if path.is_file() and not config.exists():
        config.write_text(LABELING_CONFIG, encoding="utf-8")


def config_path(path: Path) -> Path:
    """Give the place of the labelling interface of a file of tasks."""
    return path.with_name(f"{path.stem}.config.xml")


def _task(record: Record) -> dict[str, Any]:
    result: list[dict[str, Any]] = [
        {
            "id": f"s{number}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": start,
                "end": end,
                "text": record.text[start:end],
                "labels": [label],
            },
        }
        for number, (start, end, label) in enumerate(record.spans)
    ]
    result += [
        {
            "type": "relation",
            "from_id": f"s{attribute}",
            "to_id": f"s{drug}",
            "direction": "right",
            "labels": [LINK],
        }
        for attribute, drug in record.links
    ]
    data = {"text": record.text, "letter": record.id, "imr": record.meta}
    if record.predicted_by:
        prediction = {"model_version": record.predicted_by, "result": result}
        return {"data": data, "annotations": [], "predictions": [prediction]}
    return {"data": data, "annotations": [{"result": result, "was_cancelled": False}]}


def read(path: Path) -> Iterator[Record]:
    """Read a JSON export of Label Studio.

    Of several annotations of a task the one marked as ground truth counts,
    without one the last that was changed. Annotations that were cancelled,
    drafts and predictions never count. A task that has none is undecided; one whose
    annotations were all cancelled was skipped by a person, and is left out.

    Raises
    ------
    CorpusError
        If the file is no such export; task and reason are named.
    """
    tasks = read_json(path)
    if not isinstance(tasks, list):
        problem = "no export of Label Studio: a list of tasks is expected; export as JSON"
        raise Place(str(path)).error(problem)
    for number, data in enumerate(tasks, start=1):
        place = Place(str(path), within=f"task {number}")
        if not isinstance(data, dict) or not {"data", "annotations"} <= data.keys():
            raise place.error("needs data and annotations (export as JSON, not JSON-MIN)")
        task = parse(_Task, data, place)
        standing = [a for a in task.annotations if not a.was_cancelled]
        if standing or not task.annotations:
            name = next((n for n in (task.data.letter, task.id) if n is not None), None)
            record = Record(
                f"{path.stem}-{number}" if name is None else str(name),
                task.data.text,
                meta=task.data.imr or {},
                place=place,
            )
            if standing:
                # Of equals the last counts.
                _fill(record, max(reversed(standing), key=_weight).result or [], place)
            else:
                record.undecided = UNDECIDED
            yield record


def _weight(annotation: _Annotation) -> tuple[bool, str]:
    return annotation.ground_truth, annotation.updated_at or ""


def _fill(record: Record, results: list[dict[str, Any]], place: Place) -> None:
    positions: dict[str, int] = {}
    relations = []
    for number, result in enumerate(results):
        name = f"result.{number}"
        kind = result.get("type")
        if kind == "relation":
            relations.append(parse(_Relation, result, place, name))
        elif kind == "labels":
            region = parse(_Region, result, place, name)
            value = region.value
            given = value.text
            if given is not None and not stands_at(record.text, [(value.start, value.end)], given):
                shown = " ".join(given.split())[:60]
                raise place.error(f"'{shown}' does not stand at its place in the text")
            for label in value.labels:
                # A relation of a region with several labels is one of its entity.
                if label in ENTITIES or region.id not in positions:
                    positions[region.id] = len(record.spans)
                record.spans.append((value.start, value.end, label))
        elif str(kind).endswith("labels"):
            raise place.error(f"{name} is {kind}; marks are <Labels> on a <Text>")
    for relation in relations:
        for label in relation.labels or []:
            check_relation(label, place)
        ends = (relation.from_id, relation.to_id)
        if any(end not in positions for end in ends):
            raise place.error(f"a relation points to a region that is not there: {ends}")
        record.links.append((positions[ends[0]], positions[ends[1]]))

"""Label Studio's JSON: tasks with annotations on the text `text` by the labels `label`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from imr_nlp.corpus.exchange.record import LINK, Record
from imr_nlp.corpus.form import read_text
from imr_nlp.corpus.labels import ENTITIES, PARTS, REASONS
from imr_nlp.corpus.problems import CorpusError, Problem

LABELING_CONFIG = (
    '<View>\n  <Relations>\n    <Relation value="{link}"/>\n  </Relations>\n'
    '  <Labels name="label" toName="text">\n{labels}\n  </Labels>\n'
    '  <Text name="text" value="$text" granularity="word"/>\n</View>\n'
).format(
    link=LINK,
    labels="\n".join(f'    <Label value="{label}"/>' for label in PARTS + ENTITIES + REASONS),
)
"""The labelling interface that the exported tasks need."""


def write(records: Iterable[Record], path: Path) -> None:
    """Write records as tasks with one finished annotation each."""
    tasks = [_task(record) for record in records]
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


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
    return {"data": data, "annotations": [{"result": result, "was_cancelled": False}]}


def read(path: Path) -> Iterator[Record]:
    """Read a JSON export of Label Studio; the last annotation of a task that stands counts.

    Raises
    ------
    CorpusError
        If the file is no such export; task and reason are named.
    """
    try:
        tasks = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise CorpusError([Problem(str(path), error.lineno, f"no JSON: {error.msg}")]) from error
    if not isinstance(tasks, list):
        problem = "no export of Label Studio: a list of tasks is expected; export as JSON"
        raise CorpusError([Problem(str(path), 0, problem)])
    for number, task in enumerate(tasks, start=1):
        yield _record(task, path, number)


def _record(task: dict[str, Any], path: Path, number: int) -> Record:
    data = task.get("data", {})
    if "text" not in data or "annotations" not in task:
        problem = f"task {number}: needs data.text and annotations (export as JSON, not JSON-MIN)"
        raise CorpusError([Problem(str(path), 0, problem)])
    text = data["text"]
    standing = [a for a in task["annotations"] if not a.get("was_cancelled")]
    results = standing[-1]["result"] if standing else []
    spans: list[tuple[int, int, str]] = []
    places: dict[str, int] = {}
    for result in results:
        if result.get("type") != "labels":
            continue
        value = result["value"]
        for label in value["labels"]:
            places.setdefault(result["id"], len(spans))
            spans.append((value["start"], value["end"], label))
        if "text" in value and text[value["start"] : value["end"]] != value["text"]:
            problem = f"task {number}: '{value['text']}' does not stand at its place in the text"
            raise CorpusError([Problem(str(path), 0, problem)])
    links = []
    for result in results:
        if result.get("type") != "relation":
            continue
        ends = (result["from_id"], result["to_id"])
        if any(end not in places for end in ends):
            problem = f"task {number}: a relation points to a region that is not there"
            raise CorpusError([Problem(str(path), 0, problem)])
        links.append((places[ends[0]], places[ends[1]]))
    name = str(data.get("letter") or task.get("id") or f"{path.stem}-{number}")
    return Record(name, text, spans, links, data.get("imr", {}))

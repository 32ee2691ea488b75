"""Prodigy's JSON lines: spans and relations (`spans.manual`, `ner.manual`, `rel.manual`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from imr_nlp.corpus.exchange.lines import parse_json, read_json_lines, write_json_lines
from imr_nlp.corpus.exchange.place import Place, parse
from imr_nlp.corpus.exchange.record import LINK, Record, check_relation, stands_at
from imr_nlp.corpus.tokens import token_span, tokenize
from imr_nlp.text.layer import alignment_of

ACCEPTED = "accept"
"""The answer of a task that a person takes for right."""
UNDECIDED = "no answer"


class _Span(BaseModel):
    start: int
    end: int
    label: str
    text: str | None = None


class _End(BaseModel):
    start: int
    end: int
    label: str | None = None


class _Relation(BaseModel):
    head_span: _End
    child_span: _End
    label: str | None = None


class _Meta(BaseModel):
    id: int | str | None = None
    imr: str | None = None


class _Task(BaseModel):
    text: str
    # Left out, or null, where nobody marked anything.
    spans: list[_Span] | None = None
    relations: list[_Relation] | None = None
    meta: _Meta | None = None
    input_hash: int | None = Field(default=None, validation_alias="_input_hash")


def write_spans(records: Iterable[Record], path: Path) -> None:
    """Write records as tasks for Prodigy's span and relation recipes.

    What a person annotated is accepted; what a pipeline found has no answer, which
    Prodigy adds when a person decides.
    """
    write_json_lines((_task(record) for record in records), path)


def _task(record: Record) -> dict[str, Any]:
    doc = tokenize(record.text)
    alignment = alignment_of(doc)
    tokens = []
    for token in doc:
        start, end = alignment.to_raw(token.idx, token.idx + len(token))
        ws = bool(token.whitespace_)
        tokens.append({"text": token.text, "start": start, "end": end, "id": token.i, "ws": ws})
    spans: list[dict[str, Any]] = []
    for start, end, label in record.spans:
        task_span = {"start": start, "end": end, "label": label}
        if (span := token_span(doc, start, end)) is not None:
            task_span.update(token_start=span.start, token_end=span.end - 1)
        spans.append(task_span)
    task: dict[str, Any] = {"text": record.text, "tokens": tokens, "spans": spans}
    if record.links:
        task["relations"] = [
            {
                "head": spans[attribute].get("token_end"),
                "child": spans[drug].get("token_end"),
                "head_span": spans[attribute],
                "child_span": spans[drug],
                "label": LINK,
            }
            for attribute, drug in record.links
        ]
    task["meta"] = {"id": record.id, "imr": json.dumps(record.meta, ensure_ascii=False)}
    if not record.predicted_by:
        task["answer"] = ACCEPTED
    return task


def read_spans(path: Path) -> Iterator[Record]:
    """Read what `prodigy db-out` gives; tasks that were rejected or ignored are left out.

    Tasks without an answer, as they go into Prodigy, are undecided.

    Raises
    ------
    CorpusError
        If a line is no task, or a relation points to no span.
    """
    for place, data in read_json_lines(path):
        if data.get("answer", ACCEPTED) != ACCEPTED:
            continue
        if "options" in data and "spans" not in data:
            raise place.error(
                "a choice and no task with spans; imr_nlp.corpus.exchange.choices reads it"
            )
        task = parse(_Task, data, place)
        meta = task.meta or _Meta()
        name = next((n for n in (meta.id, task.input_hash) if n is not None), None)
        known = parse_json(meta.imr, place, "meta.imr") if meta.imr else {}
        if not isinstance(known, dict):
            raise place.error("meta.imr: no JSON object")
        spans = [(span.start, span.end, span.label) for span in task.spans or []]
        for span in task.spans or []:
            if span.text is not None and not stands_at(
                task.text, [(span.start, span.end)], span.text
            ):
                raise place.error(f"'{span.text[:60]}' does not stand at its place in the text")
        yield Record(
            f"{path.stem}-{place.line}" if name is None else str(name),
            task.text,
            spans,
            list(_links(task, spans, place)),
            known,
            place,
            undecided="" if "answer" in data else UNDECIDED,
        )


def _links(
    task: _Task, spans: list[tuple[int, int, str]], place: Place
) -> Iterator[tuple[int, int]]:
    positions = {span: position for position, span in enumerate(spans)}
    for relation in task.relations or []:
        check_relation(relation.label, place)
        ends = [
            positions.get((end.start, end.end, end.label or ""))
            for end in (relation.head_span, relation.child_span)
        ]
        if ends[0] is None or ends[1] is None:
            at = relation.head_span if ends[0] is None else relation.child_span
            problem = f"{at.label} at [{at.start}, {at.end})"
            raise place.error(f"a relation points to a span that is not in 'spans': {problem}")
        yield ends[0], ends[1]

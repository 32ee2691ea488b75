"""Prodigy's JSON lines: spans (`spans.manual`, `ner.manual`, `rel.manual`) and choices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from imr_nlp.corpus.exchange.lines import parse_json, read_json_lines, write_json_lines
from imr_nlp.corpus.exchange.place import Place, parse
from imr_nlp.corpus.exchange.record import LINK, Record, check_relation, stands_at
from imr_nlp.corpus.labels import REASONS
from imr_nlp.corpus.letter import AnnotatedLetter, Evidence
from imr_nlp.corpus.tokens import token_span, tokenize
from imr_nlp.schema import ReasonLabel
from imr_nlp.text.layer import alignment_of
from imr_nlp.text.sentences import sentence_spans


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


class _Sentence(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: int | str
    issues: tuple[int, ...]
    start: int
    end: int


class _Choice(BaseModel):
    text: str
    meta: _Sentence
    accept: list[ReasonLabel] | None = None


def write_spans(records: Iterable[Record], path: Path) -> None:
    """Write records as tasks for Prodigy's span and relation recipes."""
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
    task["answer"] = "accept"
    return task


def read_spans(path: Path) -> Iterator[Record]:
    """Read what `prodigy db-out` gives; tasks that were rejected or ignored are left out.

    Raises
    ------
    CorpusError
        If a line is no task, or a relation points to no span.
    """
    for place, data in _accepted(path):
        if "options" in data and "spans" not in data:
            raise place.error("a choice and no task with spans; read_choices reads it")
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
        )


def _accepted(path: Path) -> Iterator[tuple[Place, dict[str, Any]]]:
    for place, task in read_json_lines(path):
        if task.get("answer", "accept") == "accept":
            yield place, task


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


def write_choices(letters: Iterable[AnnotatedLetter], path: Path) -> int:
    """Write every sentence of every rationale as a multiple choice of reasons.

    Gives the number of pieces of evidence that are not one sentence: their
    labels stand on every sentence that they touch, so that they come back as
    several.
    """
    uneven = 0

    def tasks() -> Iterator[dict[str, Any]]:
        nonlocal uneven
        for letter in letters:
            for part in letter.parts_of("RATIONALE"):
                inside = [e for e in letter.evidence if part.start <= e.start < part.end]
                spans = list(_sentences(letter, part.start, part.end))
                uneven += sum((e.start, e.end) not in spans for e in inside)
                for start, end in spans:
                    yield _choice(letter, part.issues, start, end, inside)

    write_json_lines(tasks(), path)
    return uneven


def _sentences(letter: AnnotatedLetter, start: int, end: int) -> Iterator[tuple[int, int]]:
    readable = letter.readable
    clean_start, clean_end = readable.alignment.to_clean(start, end)
    for span in sentence_spans(readable.text, clean_start, clean_end):
        yield readable.alignment.to_raw(*span)


def _choice(
    letter: AnnotatedLetter,
    issues: tuple[int, ...],
    start: int,
    end: int,
    evidence: list[Evidence],
) -> dict[str, Any]:
    touching = [e for e in evidence if e.start < end and start < e.end]
    return {
        "text": letter.snippet(start, end),
        "options": [{"id": label, "text": label.replace("_", " ")} for label in REASONS],
        "accept": list(dict.fromkeys(label for e in touching for label in e.labels)),
        "meta": {"id": letter.id, "issues": list(issues), "start": start, "end": end},
        "config": {"choice_style": "multiple"},
        "answer": "accept",
    }


def read_choices(path: Path, letters: Iterable[AnnotatedLetter]) -> list[AnnotatedLetter]:
    """Put the answers of multiple choices into letters.

    The evidence of every sentence that was accepted is replaced, with its
    issues where the label already stood there; sentences that were rejected,
    ignored or not asked for stay as they are. A primary reason that has no
    evidence any more is taken out.

    Raises
    ------
    CorpusError
        If a task belongs to no letter, its text is not the letter's, a label is
        no reason, or a sentence was answered twice.
    """
    known = {letter.id: letter for letter in letters}
    answers: dict[str, dict[_Sentence, list[ReasonLabel]]] = {}
    lines: dict[tuple[str, _Sentence], int] = {}
    for place, data in _accepted(path):
        task = parse(_Choice, data, place)
        meta = task.meta
        letter = known.get(str(meta.id))
        if letter is None:
            raise place.error(f"{meta.id}: there is no letter of this name")
        if letter.snippet(meta.start, meta.end) != task.text:
            at = f"{letter.id} at [{meta.start}, {meta.end})"
            raise place.error(f"this sentence does not stand in {at}")
        if not any(
            part.issues == meta.issues and part.start <= meta.start and meta.end <= part.end
            for part in letter.parts_of("RATIONALE")
        ):
            shown = ", ".join(str(issue + 1) for issue in meta.issues)
            raise place.error(f"this sentence is in no RATIONALE of issue {shown} in {letter.id}")
        own = answers.setdefault(letter.id, {})
        if meta in own:
            earlier = lines[letter.id, meta]
            raise place.error(f"line {earlier} answers this sentence too; keep one of them")
        own[meta] = list(dict.fromkeys(task.accept or []))
        lines[letter.id, meta] = place.line
    return [
        _with_answers(letter, answers[letter.id]) if letter.id in answers else letter
        for letter in known.values()
    ]


def _with_answers(
    letter: AnnotatedLetter, answers: dict[_Sentence, list[ReasonLabel]]
) -> AnnotatedLetter:
    evidence = [e for e in letter.evidence if not any(_touches(s, e) for s in answers)]
    for sentence, labels in answers.items():
        before = {
            label: e.issues for e in letter.evidence if _touches(sentence, e) for label in e.labels
        }
        grouped: dict[tuple[int, ...], list[ReasonLabel]] = {}
        for label in labels:
            grouped.setdefault(before.get(label, sentence.issues), []).append(label)
        evidence += [
            Evidence(start=sentence.start, end=sentence.end, labels=tuple(own), issues=issues)
            for issues, own in grouped.items()
        ]
    evidence.sort(key=lambda e: (e.start, -e.end))
    issues = []
    for number, issue in enumerate(letter.fields.issues):
        stated = {label for e in evidence if number in e.issues for label in e.labels}
        gone = issue.primary is not None and issue.primary not in stated
        issues.append(issue.model_copy(update={"primary": None}) if gone else issue)
    fields = letter.fields.model_copy(update={"issues": issues})
    return letter.model_copy(update={"evidence": evidence, "fields": fields})


def _touches(sentence: _Sentence, evidence: Evidence) -> bool:
    inside = set(evidence.issues) <= set(sentence.issues)
    return inside and evidence.start < sentence.end and sentence.start < evidence.end

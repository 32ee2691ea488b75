"""Prodigy's JSON lines: spans (`spans.manual`, `ner.manual`, `rel.manual`) and choices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from imr_nlp.corpus.exchange.lines import read_json_lines, write_json_lines
from imr_nlp.corpus.exchange.record import LINK, Record
from imr_nlp.corpus.labels import REASONS
from imr_nlp.corpus.letter import AnnotatedLetter, Evidence
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.corpus.tokens import token_span, tokenize
from imr_nlp.text.layer import alignment_of
from imr_nlp.text.sentences import sentence_spans


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
    for number, task in read_json_lines(path):
        if task.get("answer", "accept") != "accept":
            continue
        if "text" not in task:
            raise CorpusError([Problem(str(path), number, "no Prodigy task: 'text' is missing")])
        meta = task.get("meta", {})
        spans = [(s["start"], s["end"], s["label"]) for s in task.get("spans", [])]
        # Recipes of old write the span's place only, not what they were given.
        places = {span: position for position, span in enumerate(spans)}
        links = []
        for relation in task.get("relations", []):
            ends = [_place(relation[side]) for side in ("head_span", "child_span")]
            if any(end not in places for end in ends):
                problem = "a relation points to a span that is not in 'spans'"
                raise CorpusError([Problem(str(path), number, problem)])
            links.append((places[ends[0]], places[ends[1]]))
        known = json.loads(meta["imr"]) if "imr" in meta else {}
        name = str(meta.get("id") or task.get("_input_hash") or f"{path.stem}-{number}")
        yield Record(name, task["text"], spans, links, known)


def _place(span: dict[str, Any]) -> tuple[int, int, str]:
    return span["start"], span["end"], span["label"]


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

    The evidence of every rationale that a task speaks of is replaced; other
    letters and rationales stay as they are. A primary reason that has no
    evidence any more is taken out.

    Raises
    ------
    CorpusError
        If a task belongs to no letter, or its text is not the letter's.
    """
    known = {letter.id: letter for letter in letters}
    fresh: dict[str, list[Evidence]] = {}
    covered: dict[str, set[tuple[int, ...]]] = {}
    for number, task in read_json_lines(path):
        if task.get("answer", "accept") != "accept":
            continue
        meta = task.get("meta", {})
        letter = known.get(str(meta.get("id")))
        if letter is None:
            problem = f"{meta.get('id')}: there is no letter of this name"
            raise CorpusError([Problem(str(path), number, problem)])
        start, end, issues = meta["start"], meta["end"], tuple(meta["issues"])
        if letter.snippet(start, end) != task["text"]:
            problem = f"this sentence does not stand in {letter.id} at [{start}, {end})"
            raise CorpusError([Problem(str(path), number, problem)])
        covered.setdefault(letter.id, set()).add(issues)
        if task.get("accept"):
            evidence = {"start": start, "end": end, "labels": task["accept"], "issues": issues}
            fresh.setdefault(letter.id, []).append(Evidence.model_validate(evidence))
    return [
        _with_evidence(letter, fresh.get(letter.id, []), covered[letter.id])
        if letter.id in covered
        else letter
        for letter in known.values()
    ]


def _with_evidence(
    letter: AnnotatedLetter, fresh: list[Evidence], covered: set[tuple[int, ...]]
) -> AnnotatedLetter:
    kept = [e for e in letter.evidence if not any(set(e.issues) <= set(own) for own in covered)]
    evidence = sorted([*kept, *fresh], key=lambda e: (e.start, -e.end))
    issues = []
    for number, issue in enumerate(letter.fields.issues):
        stated = {label for e in evidence if number in e.issues for label in e.labels}
        gone = issue.primary is not None and issue.primary not in stated
        issues.append(issue.model_copy(update={"primary": None}) if gone else issue)
    fields = letter.fields.model_copy(update={"issues": issues})
    return letter.model_copy(update={"evidence": evidence, "fields": fields})

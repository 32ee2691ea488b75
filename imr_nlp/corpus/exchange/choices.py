"""Prodigy's multiple choices: the reasons of every sentence of a rationale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from imr_nlp.corpus.exchange.lines import read_json_lines, write_json_lines
from imr_nlp.corpus.exchange.place import parse
from imr_nlp.corpus.exchange.prodigy import ACCEPTED
from imr_nlp.corpus.labels import REASONS
from imr_nlp.corpus.letter import AnnotatedLetter, Evidence
from imr_nlp.schema import ReasonLabel
from imr_nlp.text.sentences import sentence_spans


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
        "answer": ACCEPTED,
    }


def read_choices(path: Path, letters: Iterable[AnnotatedLetter]) -> list[AnnotatedLetter]:
    """Put the answers of multiple choices into letters.

    The evidence of every sentence that was accepted is replaced, with its
    issues where the label already stood there; sentences that were rejected,
    ignored, not answered or not asked for stay as they are. A primary reason that has no
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
    for place, data in read_json_lines(path):
        if data.get("answer") != ACCEPTED:
            continue
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

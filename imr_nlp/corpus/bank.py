"""The bank of reason sentences: single sentences with the reasons that they state, if any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from imr_nlp.corpus.form import read_text
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.schema import ReasonLabel

Kind = Literal["reason", "recital", "history", "argument", "conclusion", "other"]


class BankSentence(BaseModel):
    """One sentence as a reviewer might write it in a rationale."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(min_length=1)
    labels: tuple[ReasonLabel, ...] = ()
    """The reasons that it states, the main one first; none for a sentence that is no reason."""
    kind: Kind = "reason"
    """`reason`, or why it is none: guideline recital, history, argument of the treating
    physician, bare conclusion, other."""

    @model_validator(mode="after")
    def _agree(self) -> BankSentence:
        if (self.kind == "reason") != bool(self.labels):
            raise ValueError("a sentence of kind 'reason' has labels, any other has none")
        if len(set(self.labels)) < len(self.labels):
            raise ValueError("the same label twice")
        return self


def read_bank(folder: str | Path) -> list[BankSentence]:
    """Read all sentences of a folder of JSON lines.

    Raises
    ------
    CorpusError
        If a line is wrong or a sentence stands there twice; file and line are named.
    """
    sentences, problems = check_bank(folder)
    if problems:
        raise CorpusError(problems)
    return sentences


def check_bank(folder: str | Path) -> tuple[list[BankSentence], list[Problem]]:
    """Read a bank and give what is wrong with it."""
    sentences: list[BankSentence] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for path, number, line in _lines(Path(folder)):
        try:
            sentence = BankSentence.model_validate_json(line)
        except ValidationError as error:
            problems += [
                Problem(str(path), number, f"{'.'.join(map(str, e['loc']))}: {e['msg']}")
                for e in error.errors()
            ]
            continue
        key = " ".join(sentence.text.lower().split())
        if key in seen:
            problems.append(Problem(str(path), number, f"this sentence stands also in {seen[key]}"))
        seen[key] = f"{path}:{number}"
        sentences.append(sentence)
    return sentences, problems


def _lines(folder: Path) -> Iterator[tuple[Path, int, str]]:
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(read_text(path).split("\n"), start=1):
            if line.strip():
                yield path, number, line


def count_labels(sentences: list[BankSentence]) -> Counter[str]:
    """Count sentences for each label, and for each kind that is no reason."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        counts.update(sentence.labels or [sentence.kind])
    return counts

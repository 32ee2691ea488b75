"""The bank: single sentences and whole rationales with the reasons that they state, if any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from imr_nlp.corpus.form import read_text
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.schema import Category, Decision, ReasonLabel

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


class RationaleSentence(BaseModel):
    """One sentence of a rationale, with the reasons that it states."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(min_length=1)
    labels: tuple[ReasonLabel, ...] = ()


class BankRationale(BaseModel):
    """One rationale without its letter: recital, history and reasons in their order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str
    decision: Decision
    category: Category
    sentences: tuple[RationaleSentence, ...]
    primary: ReasonLabel | None = None

    @model_validator(mode="after")
    def _agree(self) -> BankRationale:
        stated = {label for sentence in self.sentences for label in sentence.labels}
        if (self.primary is None) != (not stated) or (self.primary and self.primary not in stated):
            raise ValueError("the primary reason must be one that a sentence states")
        return self


_Model = TypeVar("_Model", BankSentence, BankRationale)


def read_bank(folder: str | Path) -> list[BankSentence]:
    """Read all sentences of a folder of JSON lines.

    Raises
    ------
    CorpusError
        If a line is wrong or a sentence stands there twice; file and line are named.
    """
    return _sound(*check_bank(folder))


def read_rationales(folder: str | Path) -> list[BankRationale]:
    """Read all rationales of a folder of JSON lines.

    Raises
    ------
    CorpusError
        If a line is wrong or a rationale stands there twice; file and line are named.
    """
    return _sound(*check_rationales(folder))


def check_bank(folder: str | Path) -> tuple[list[BankSentence], list[Problem]]:
    """Read the sentences of a bank and give what is wrong with them."""
    return _check(folder, BankSentence, lambda sentence: sentence.text)


def check_rationales(folder: str | Path) -> tuple[list[BankRationale], list[Problem]]:
    """Read the rationales of a bank and give what is wrong with them."""
    return _check(
        folder, BankRationale, lambda rationale: " ".join(s.text for s in rationale.sentences)
    )


def _sound(found: list[_Model], problems: list[Problem]) -> list[_Model]:
    if problems:
        raise CorpusError(problems)
    return found


def _check(
    folder: str | Path, model: type[_Model], text_of: Callable[[_Model], str]
) -> tuple[list[_Model], list[Problem]]:
    found: list[_Model] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for path, number, line in _lines(Path(folder)):
        try:
            record = model.model_validate_json(line)
        except ValidationError as error:
            problems += [
                Problem(str(path), number, f"{'.'.join(map(str, e['loc']))}: {e['msg']}")
                for e in error.errors()
            ]
            continue
        key = " ".join(text_of(record).lower().split())
        if key in seen:
            problems.append(Problem(str(path), number, f"the same text stands in {seen[key]}"))
        seen[key] = f"{path}:{number}"
        found.append(record)
    return found, problems


def _lines(folder: Path) -> Iterator[tuple[Path, int, str]]:
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(read_text(path).split("\n"), start=1):
            if line.strip():
                yield path, number, line


def count_labels(sentences: Iterable[BankSentence | RationaleSentence]) -> Counter[str]:
    """Count sentences for each label, and for each kind that is no reason.

    Sentences of rationales that are no reason have no kind; they count as "none".
    """
    counts: Counter[str] = Counter()
    for sentence in sentences:
        counts.update(sentence.labels or [getattr(sentence, "kind", "none")])
    return counts

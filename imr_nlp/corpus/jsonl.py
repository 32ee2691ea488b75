"""Annotated letters as JSON lines, one letter a line, under the names of `AnnotatedLetter`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from imr_nlp.corpus.form import read_text
from imr_nlp.corpus.letter import AnnotatedLetter
from imr_nlp.corpus.problems import CorpusError, Problem


def write_jsonl(letters: Iterable[AnnotatedLetter], path: str | Path) -> None:
    """Write letters as JSON lines (UTF-8)."""
    with Path(path).open("w", encoding="utf-8", newline="\n") as file:
        for letter in letters:
            file.write(letter.model_dump_json(exclude_defaults=True) + "\n")


def read_jsonl(path: str | Path) -> Iterator[AnnotatedLetter]:
    """Read letters from JSON lines.

    Raises
    ------
    CorpusError
        If a line is no annotated letter; file and line are named.
    """
    path = Path(path)
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield AnnotatedLetter.model_validate_json(line)
        except ValidationError as error:
            raise CorpusError(
                [Problem(str(path), number, message) for message in messages_of(error)]
            ) from error


def messages_of(error: ValidationError) -> list[str]:
    """Say in words what is wrong with the data of a letter."""
    return [_message(details) for details in error.errors()]


def _message(details: Any) -> str:
    path = ".".join(map(str, details["loc"]))
    if details["type"] == "literal_error" and {"label", "labels"} & set(details["loc"]):
        return f"{path}: {details['input']}: no such label; change it where the file was made"
    return f"{path}: {details['msg']}"

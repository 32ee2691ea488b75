"""What is wrong in an annotated letter, with its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from imr_nlp.errors import ImrError

_SHOWN = 20


class Problem(NamedTuple):
    """Something wrong in a file of the corpus; line 0 is the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class LabelledText(NamedTuple):
    """A label on a place of a letter; offsets refer to the letter's text."""

    letter: str
    label: str
    start: int
    end: int
    text: str

    def __str__(self) -> str:
        return f"{self.letter}: {self.label} '{self.text}' at [{self.start}, {self.end})"


class CorpusError(ImrError):
    """Annotated letters cannot be read, joined or written.

    Parameters
    ----------
    problems
        What is wrong, each with file and line.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        lines = [str(problem) for problem in problems[:_SHOWN]]
        if len(problems) > _SHOWN:
            lines.append(f"... and {len(problems) - _SHOWN} more")
        super().__init__("\n".join(lines))
        self.problems = list(problems)

    def __reduce__(self) -> tuple[type[CorpusError], tuple[list[Problem]]]:
        """Rebuild from the problems, so that worker processes can send it."""
        return type(self), (self.problems,)

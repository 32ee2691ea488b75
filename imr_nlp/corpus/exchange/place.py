"""Where something stands in a tool's file, and data checked with that place in every message."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from imr_nlp.corpus.problems import CorpusError, Problem

_Model = TypeVar("_Model", bound=BaseModel)


class Place(NamedTuple):
    """Where something stands in a tool's file.

    Parameters
    ----------
    file
        The file.
    line
        Its line, 0 where the file has none that mean anything.
    within
        What names the place instead: "task 3".
    """

    file: str
    line: int = 0
    within: str = ""

    def problem(self, message: str, line: int = 0) -> Problem:
        """Give a problem at this place, or at another line of the file."""
        said = f"{self.within}: {message}" if self.within else message
        return Problem(self.file, line or self.line, said)

    def error(self, *messages: str) -> CorpusError:
        """Give the exception for what is wrong at this place."""
        return CorpusError([self.problem(message) for message in messages])


def parse(model: type[_Model], data: Any, place: Place, name: str = "") -> _Model:
    """Read data from outside into a model; `name` is where it lies in the data.

    Raises
    ------
    CorpusError
        If a value is missing or is not what it should be.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise place.error(*(_message(details, name) for details in error.errors())) from error


def _message(details: Any, name: str) -> str:
    path = ".".join(str(part) for part in (*([name] if name else []), *details["loc"]))
    if details["type"] == "missing":
        return f"{path} is missing"
    given = details.get("input")
    shown = f", not {given!r}" if isinstance(given, str | int | float | None) else ""
    return f"{path or 'this'}: {details['msg']}{shown}"

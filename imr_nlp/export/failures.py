"""The letters that failed, as a CSV beside the output."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from imr_nlp.export.sheet import Sheet
from imr_nlp.export.target import cannot_write, check_target, replacing

# Failures that are named in the summary; a file lists them all.
_NAMED = 10


class FailedLetter(NamedTuple):
    """A letter that gave no result.

    Parameters
    ----------
    id, source
        The letter's name, and where it came from.
    error
        Class of the error.
    reason
        What went wrong, in words.
    """

    id: str
    source: str
    error: str
    reason: str


class FailureFile:
    """Collects the failures of a run; a context manager.

    When the block is left without an error, the file is there if and only if
    a letter failed: one of an earlier run is replaced or removed. After an
    error it is left as it was.

    Parameters
    ----------
    path
        The file; None for no file.

    Raises
    ------
    ExportError
        If the file cannot be written; where that can be known, when the block
        is entered.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.count = 0
        self._first: list[FailedLetter] = []
        self._stack = ExitStack()
        self._sheet: Sheet | None = None

    @classmethod
    def beside(cls, output: str) -> FailureFile:
        """Give the file for an output: its name with `.failures.csv`; none for `-`."""
        return cls(None if output == "-" else Path(f"{output}.failures.csv"))

    def add(self, failure: FailedLetter) -> None:
        """Take one failure."""
        self.count += 1
        if self.path is None or self.count <= _NAMED:
            self._first.append(failure)
        if self.path is None:
            return
        if self._sheet is None:
            self._sheet = self._open(self.path)
        self._sheet.write(failure._asdict())

    def summary(self) -> str:
        """Name the first few failures, a line each, and the file that lists all of them."""
        lines = [f"{failed.source}: {failed.error}: {failed.reason}" for failed in self._first]
        if self.count > len(lines):
            lines.append(f"... and {self.count - len(lines)} more")
        if self._sheet is not None:
            lines.append(f"All failures: {self.path}")
        return "".join(f"{' '.join(line.split())}\n" for line in lines)

    def __enter__(self) -> FailureFile:
        # A folder that is missing is the output's error, not this file's.
        if self.path is not None and self.path.exists():
            check_target(self.path)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, traceback)
        if kind is None and self._sheet is None and self.path is not None:
            try:
                self.path.unlink(missing_ok=True)
            except OSError as problem:
                raise cannot_write(self.path, problem) from problem

    def _open(self, path: Path) -> Sheet:
        temporary = self._stack.enter_context(replacing(path))
        file = temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="")
        self._stack.enter_context(file)
        return Sheet(file, FailedLetter._fields, escape_formulas=True)

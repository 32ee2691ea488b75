"""Determinations to files, one by one; the file's ending says in which format."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path

from imr_nlp.errors import ExportError
from imr_nlp.export.columns import TableName
from imr_nlp.export.extras import require
from imr_nlp.export.formats import Csv, JsonLines, Parquet, Writer
from imr_nlp.export.rows import check_table
from imr_nlp.export.target import cannot_write, replacing
from imr_nlp.schema import Determination

ENDINGS = (".csv", ".jsonl", ".parquet")
STANDARD_OUTPUT = "-"


@contextmanager
def open_writer(
    path: str | PathLike[str], *, table: TableName | None = None, escape_formulas: bool = True
) -> Iterator[Writer]:
    """Open a file for determinations.

    `.csv` and `.parquet` hold the rows of one table, `.jsonl` one whole
    determination in each line; `-` is JSON lines on standard output. The file
    appears under its name when the block is left without an error. Until then,
    and after an error, what was there before stays.

    Parameters
    ----------
    path
        The file, or `-`.
    table
        The table of a `.csv` or `.parquet`; by default `issues`.
    escape_formulas
        For `.csv`: text that a spreadsheet would run as a formula gets a
        leading apostrophe, see `imr_nlp.export.sheet`.

    Raises
    ------
    ExportError
        If the ending is unknown, the place cannot be written to or a library
        is missing: when the block is entered. If writing fails: later.

    Examples
    --------
    >>> with open_writer("letters.csv") as writer:  # doctest: +SKIP
    ...     for determination in determinations:
    ...         writer.write(determination)
    """
    name = str(path)
    ending = ".jsonl" if name == STANDARD_OUTPUT else Path(path).suffix.lower()
    _check(name, ending, table)
    if name == STANDARD_OUTPUT:
        with _closing(_standard_output(), name) as writer:
            yield writer
        return
    with replacing(Path(path)) as temporary:
        made = _make(temporary, ending, table or "issues", escape_formulas)
        with _closing(made, name) as writer:
            yield writer


def write(
    determinations: Iterable[Determination],
    path: str | PathLike[str],
    *,
    table: TableName | None = None,
    escape_formulas: bool = True,
) -> int:
    """Write determinations to a file and give their number; see `open_writer`."""
    count = 0
    with open_writer(path, table=table, escape_formulas=escape_formulas) as writer:
        for determination in determinations:
            writer.write(determination)
            count += 1
    return count


class _Named:
    """Names the file in the errors of a writer."""

    def __init__(self, writer: Writer, name: str) -> None:
        self._writer = writer
        self._name = name

    def write(self, determination: Determination) -> None:
        with _naming(self._name):
            self._writer.write(determination)

    def close(self) -> None:
        with _naming(self._name):
            self._writer.close()


@contextmanager
def _naming(name: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:  # whoever reads standard output has had enough
        raise
    except OSError as error:
        raise cannot_write(name, error) from error
    except ExportError as error:
        raise ExportError(f"{name}: {error}") from error


@contextmanager
def _closing(made: Writer, name: str) -> Iterator[Writer]:
    writer = _Named(made, name)
    try:
        yield writer
    except BaseException:
        with suppress(Exception):  # the first error is the one to report
            made.close()
        raise
    writer.close()


def _check(name: str, ending: str, table: TableName | None) -> None:
    if ending not in ENDINGS:
        raise ExportError(
            f"{name}: the ending says no format. Use a name that ends in {', '.join(ENDINGS)}, "
            "or - for JSON lines on standard output."
        )
    if ending == ".jsonl" and table is not None:
        raise ExportError(
            f"{name}: JSON lines hold whole determinations, not the table {table!r}. "
            "Leave the table out, or use a name that ends in .csv or .parquet."
        )
    if table is not None:
        check_table(table)
    if ending == ".parquet":
        require("pyarrow.parquet", extra="parquet")


def _make(path: Path, ending: str, table: TableName, escape_formulas: bool) -> Writer:
    if ending == ".jsonl":
        return JsonLines(path.open("wb"))
    if ending == ".csv":
        return Csv(path, table, escape_formulas=escape_formulas)
    return Parquet(path, table)


def _standard_output() -> JsonLines:
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        raise ExportError("-: there is no standard output here. Give the name of a file.")
    return JsonLines(buffer, close=False)

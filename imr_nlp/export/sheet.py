"""CSV that spreadsheets open without running what a letter says.

Letters come from strangers, and a spreadsheet takes a cell that begins with
`=`, `+`, `-`, `@`, a tab or a line break for a formula that it may run. Such
text gets a leading apostrophe; so does text that begins with apostrophes and
one of these, so that `unescape` gives back exactly what was there. Numbers and
dates are written as they are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from typing import TextIO

# A sign alone is harmless: standard input has the id "-".
# The full-width forms are formulas too where the language of the spreadsheet is Japanese.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20].", re.DOTALL)


def escape(value: object) -> object:
    """Put an apostrophe before text that a spreadsheet would run.

    Examples
    --------
    >>> escape("=1+1")
    "'=1+1"
    >>> escape("Norco 10/325mg"), escape(-1)
    ('Norco 10/325mg', -1)
    """
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value


def unescape(value: str) -> str:
    """Take away the apostrophe that `escape` has put there.

    Examples
    --------
    >>> unescape("'=1+1"), unescape("=1+1")
    ('=1+1', '=1+1')
    """
    return value[1:] if value.startswith("'") and _FORMULA.match(value) else value


class Sheet:
    """Writes rows of named values as CSV.

    Lines end in CR LF, as RFC 4180 and spreadsheets want it, so `file` must be
    opened with `newline=""`; null is an empty cell, truth values are `true`
    and `false`.

    Parameters
    ----------
    file
        Text file to write to.
    columns
        Names for the first line, in order.
    escape_formulas
        Whether text goes through `escape`.
    """

    def __init__(self, file: TextIO, columns: Iterable[str], *, escape_formulas: bool) -> None:
        self._columns = tuple(columns)
        self._escape = escape_formulas
        self._writer = csv.writer(file, lineterminator="\r\n")
        self._writer.writerow(self._columns)

    def write(self, row: Mapping[str, object]) -> None:
        """Write one row."""
        self._writer.writerow([self._cell(row[name]) for name in self._columns])

    def _cell(self, value: object) -> object:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str) and "\0" in value:
            # The csv module of Python 3.10 neither writes nor reads it.
            value = value.replace("\0", "\ufffd")
        return escape(value) if self._escape else value

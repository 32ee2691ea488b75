"""One class for each file format: takes determinations, keeps little of them in memory."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Protocol

from imr_nlp.errors import ExportError
from imr_nlp.export.columns import SCHEMAS, TableName
from imr_nlp.export.extras import require
from imr_nlp.export.frames import arrow_schema
from imr_nlp.export.rows import JOIN, Row, table_rows
from imr_nlp.export.sheet import Sheet
from imr_nlp.schema import Determination

# Rows in a row group: some megabytes, rationales included.
_GROUP = 2048


class Writer(Protocol):
    """Takes determinations one by one."""

    def write(self, determination: Determination) -> None:
        """Write one letter."""

    def close(self) -> None:
        """Write what is still held back, and close the file."""


class JsonLines:
    """One determination in each line, as JSON in UTF-8; nothing is left out."""

    def __init__(self, file: BinaryIO, *, close: bool = True) -> None:
        self._file = file
        self._close = close

    def write(self, determination: Determination) -> None:
        """Write one letter."""
        self._file.write(determination.model_dump_json().encode() + b"\n")

    def close(self) -> None:
        """Flush, and close the file unless it is somebody else's."""
        self._file.flush()
        if self._close:
            self._file.close()


class Csv:
    """The rows of one table as CSV in UTF-8, lists joined with "; "."""

    def __init__(self, path: Path, table: TableName, *, escape_formulas: bool) -> None:
        self._table = table
        # Half a surrogate pair, which broken PDFs can give, has no place in UTF-8.
        self._file = path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
        self._sheet = Sheet(self._file, SCHEMAS[table], escape_formulas=escape_formulas)

    def write(self, determination: Determination) -> None:
        """Write the rows of one letter."""
        for row in table_rows([determination], self._table, join=JOIN):
            self._sheet.write(row)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Parquet:
    """The rows of one table as parquet, with the types of `arrow_schema`."""

    def __init__(self, path: Path, table: TableName) -> None:
        self._arrow = require("pyarrow", extra="parquet")
        parquet = require("pyarrow.parquet", extra="parquet")
        self._table = table
        self._schema = arrow_schema(table)
        self._writer = parquet.ParquetWriter(str(path), self._schema)
        self._rows: list[Row] = []

    def write(self, determination: Determination) -> None:
        """Write the rows of one letter, or hold them back until a row group is full."""
        self._rows.extend(table_rows([determination], self._table))
        if len(self._rows) >= _GROUP:
            self._flush()

    def close(self) -> None:
        """Write the rows held back and the footer."""
        try:
            if self._rows:
                self._flush()
        finally:
            self._writer.close()

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        try:
            batch = self._arrow.RecordBatch.from_pylist(rows, schema=self._schema)
        except (ValueError, TypeError, OverflowError) as error:
            letters = {str(row["id"]) for row in rows}
            first, last = rows[0]["id"], rows[-1]["id"]
            raise ExportError(
                f"a value among the {len(letters)} letters from {first} to {last} does not fit "
                f"its column ({error}). Write .jsonl instead."
            ) from error
        self._writer.write_batch(batch)

"""Determinations to rows, data frames and files.

Importing this loads none of the optional libraries; each is imported by the
function that needs it.
"""

from __future__ import annotations

from imr_nlp.export.citations import citation_text
from imr_nlp.export.columns import (
    CITATION_COLUMNS,
    ISSUE_COLUMNS,
    MEDICATION_COLUMNS,
    REASON_COLUMNS,
    TABLES,
    TableName,
)
from imr_nlp.export.extras import MissingExtraError
from imr_nlp.export.failures import FailedLetter, FailureFile
from imr_nlp.export.frames import (
    arrow_schema,
    spark_schema,
    to_arrow,
    to_dataset,
    to_pandas,
    to_polars,
    to_spark,
)
from imr_nlp.export.rows import (
    citation_rows,
    issue_rows,
    medication_rows,
    reason_rows,
    table_rows,
)
from imr_nlp.export.sheet import unescape
from imr_nlp.export.writers import open_writer, write

__all__ = [
    "CITATION_COLUMNS",
    "ISSUE_COLUMNS",
    "MEDICATION_COLUMNS",
    "REASON_COLUMNS",
    "TABLES",
    "FailedLetter",
    "FailureFile",
    "MissingExtraError",
    "TableName",
    "arrow_schema",
    "citation_rows",
    "citation_text",
    "issue_rows",
    "medication_rows",
    "open_writer",
    "reason_rows",
    "spark_schema",
    "table_rows",
    "to_arrow",
    "to_dataset",
    "to_pandas",
    "to_polars",
    "to_spark",
    "unescape",
    "write",
]

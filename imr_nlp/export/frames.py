"""Determinations to data frames; each library is imported when its function is called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from imr_nlp.export.columns import SCHEMAS, Kind, TableName
from imr_nlp.export.extras import require
from imr_nlp.export.rows import check_table, table_rows
from imr_nlp.schema import Determination

if TYPE_CHECKING:
    import datasets  # type: ignore[import-not-found, import-untyped, unused-ignore]
    import pandas  # type: ignore[import-not-found, import-untyped, unused-ignore]
    import polars
    import pyarrow  # type: ignore[import-not-found, import-untyped, unused-ignore]
    import pyspark.sql  # type: ignore[import-not-found, import-untyped, unused-ignore]

# Kinds to pandas: nullable, so that an integer column with gaps stays integer; seconds
# reach every year that a letter can print, nanoseconds do not.
_PANDAS: dict[Kind, str] = {
    "text": "string",
    "int": "Int64",
    "float": "Float64",
    "bool": "boolean",
    "date": "datetime64[s]",
    "texts": "object",
    "floats": "object",
}
_BATCH = 4096


def arrow_schema(table: TableName = "issues") -> pyarrow.Schema:
    """Give the arrow schema of a table; it does not depend on the values.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed.
    """
    check_table(table)
    arrow = require("pyarrow", extra="parquet")
    types = {
        "text": arrow.string(),
        "int": arrow.int64(),
        "float": arrow.float64(),
        "bool": arrow.bool_(),
        "date": arrow.date32(),
        "texts": arrow.list_(arrow.string()),
        "floats": arrow.list_(arrow.float64()),
    }
    return arrow.schema([(name, types[kind]) for name, kind in SCHEMAS[table].items()])


def to_arrow(determinations: Iterable[Determination], table: TableName = "issues") -> pyarrow.Table:
    """Give a typed `pyarrow.Table`; needs the extra `parquet`.

    Parameters
    ----------
    determinations
        Letters, taken one by one.
    table
        What a row stands for: `issues`, `medications`, `citations`, `reasons`.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed.
    """
    schema = arrow_schema(table)
    arrow = require("pyarrow", extra="parquet")
    batches, rows = [], []
    for row in table_rows(determinations, table):
        rows.append(row)
        if len(rows) == _BATCH:
            batches.append(arrow.RecordBatch.from_pylist(rows, schema=schema))
            rows = []
    batches.append(arrow.RecordBatch.from_pylist(rows, schema=schema))
    return arrow.Table.from_batches(batches, schema=schema)


def to_pandas(
    determinations: Iterable[Determination], table: TableName = "issues"
) -> pandas.DataFrame:
    """Give a typed `pandas.DataFrame`; needs the extra `pandas`.

    Types are pandas' nullable ones (`Int64`, `boolean`, `string`), dates are
    `datetime64[s]`, lists stay Python lists. Parameters and errors as in
    `to_arrow`.
    """
    check_table(table)
    pandas = require("pandas", extra="pandas")
    rows = list(table_rows(determinations, table))
    return pandas.DataFrame(
        {
            name: pandas.Series([row[name] for row in rows], dtype=_PANDAS[kind])
            for name, kind in SCHEMAS[table].items()
        }
    )


def to_polars(
    determinations: Iterable[Determination], table: TableName = "issues"
) -> polars.DataFrame:
    """Give a typed `polars.DataFrame`; needs the extra `polars`.

    Parameters and errors as in `to_arrow`.
    """
    check_table(table)
    library = require("polars", extra="polars")
    types = {
        "text": library.String,
        "int": library.Int64,
        "float": library.Float64,
        "bool": library.Boolean,
        "date": library.Date,
        "texts": library.List(library.String),
        "floats": library.List(library.Float64),
    }
    schema = {name: types[kind] for name, kind in SCHEMAS[table].items()}
    rows = list(table_rows(determinations, table))
    frame: polars.DataFrame = library.DataFrame(
        {name: [row[name] for row in rows] for name in schema}, schema=schema
    )
    return frame


def to_dataset(
    determinations: Iterable[Determination], table: TableName = "issues"
) -> datasets.Dataset:
    """Give a Hugging Face `datasets.Dataset`; needs the extra `datasets`.

    Parameters and errors as in `to_arrow`.
    """
    library = require("datasets", extra="datasets")
    return library.Dataset(to_arrow(determinations, table))


def spark_schema(table: TableName = "issues") -> pyspark.sql.types.StructType:
    """Give the schema of a table for Spark; needs the extra `spark`.

    Raises
    ------
    MissingExtraError
        If pyspark is not installed.
    """
    check_table(table)
    spark = require("pyspark.sql.types", extra="spark")
    types = {
        "text": spark.StringType(),
        "int": spark.LongType(),
        "float": spark.DoubleType(),
        "bool": spark.BooleanType(),
        "date": spark.DateType(),
        "texts": spark.ArrayType(spark.StringType()),
        "floats": spark.ArrayType(spark.DoubleType()),
    }
    return spark.StructType(
        [spark.StructField(name, types[kind]) for name, kind in SCHEMAS[table].items()]
    )


def to_spark(
    spark: pyspark.sql.SparkSession,
    determinations: Iterable[Determination],
    table: TableName = "issues",
) -> pyspark.sql.DataFrame:
    """Give a Spark `DataFrame` in the session `spark`; needs the extra `spark`.

    All rows pass through the driver. Parameters and errors as in `to_arrow`.
    """
    schema = spark_schema(table)
    rows = [tuple(row.values()) for row in table_rows(determinations, table)]
    return spark.createDataFrame(rows, schema)

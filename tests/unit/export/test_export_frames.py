from __future__ import annotations

import subprocess
import sys
from datetime import date

import pandas
import polars
import pyarrow
import pytest

from imr_nlp.errors import ExportError, ImrError
from imr_nlp.export import (
    ISSUE_COLUMNS,
    TABLES,
    MissingExtraError,
    arrow_schema,
    issue_rows,
    spark_schema,
    table_rows,
    to_arrow,
    to_dataset,
    to_pandas,
    to_polars,
    to_spark,
)

EXTRAS = [
    (to_pandas, "pandas", "pandas"),
    (to_polars, "polars", "polars"),
    (to_arrow, "pyarrow", "parquet"),
    (to_dataset, "datasets", "datasets"),
    (lambda letters: to_spark(None, letters), "pyspark.sql.types", "spark"),
]


@pytest.mark.parametrize("table", TABLES)
def test_arrow_holds_exactly_the_rows(full, bare, hostile, table):
    letters = [full, bare, hostile]
    frame = to_arrow(iter(letters), table)
    assert frame.schema == arrow_schema(table)
    assert frame.to_pylist() == list(table_rows(letters, table))


@pytest.mark.parametrize("letters", [[], ["bare"]])
def test_arrow_types_do_not_depend_on_the_values(letters, bare):
    frame = to_arrow([bare for _ in letters])
    assert frame.schema.field("decision_date").type == pyarrow.date32()
    assert frame.schema.field("age").type == pyarrow.int64()
    assert frame.schema.field("retrospective").type == pyarrow.bool_()
    assert frame.schema.field("primary_reason_score").type == pyarrow.float64()
    assert frame.schema.field("body_parts").type == pyarrow.list_(pyarrow.string())
    assert frame.schema.names == list(ISSUE_COLUMNS)


def test_arrow_in_several_batches(full, monkeypatch):
    monkeypatch.setattr("imr_nlp.export.frames._BATCH", 2)
    assert to_arrow([full, full]).to_pylist() == issue_rows(full) * 2


def test_pandas_types(full, bare):
    frame = to_pandas([full, bare])
    assert list(frame.columns) == list(ISSUE_COLUMNS)
    assert len(frame) == 4
    assert frame["sessions"].dtype == "Int64"
    assert frame["sessions"].tolist() == [pandas.NA, pandas.NA, 6, pandas.NA]
    assert frame["contradiction"].dtype == "boolean"
    assert frame["date_of_injury"].dtype == "datetime64[s]"
    assert frame["date_of_injury"][0] == pandas.Timestamp(2011, 4, 8)
    assert frame["date_of_injury"].isna().tolist() == [False, False, False, True]
    assert frame["licensure"][0] == ["Texas", "California"]
    assert (frame["decision"] == "upheld").sum() == 2


def test_pandas_takes_a_year_that_a_slip_of_the_pen_gives(bare):
    bare.decision_date = date(216, 12, 1)
    assert to_pandas([bare])["decision_date"][0].year == 216


@pytest.mark.parametrize("table", TABLES)
def test_polars_and_pandas_hold_the_rows_of_arrow(full, bare, table):
    letters = [full, bare]
    rows = to_arrow(letters, table).to_pylist()
    assert to_polars(letters, table).to_dicts() == rows
    assert len(to_pandas(letters, table)) == len(rows)


def test_polars_types_of_an_empty_table():
    frame = to_polars([])
    assert frame.shape == (0, len(ISSUE_COLUMNS))
    assert frame.schema["decision_date"] == polars.Date
    assert frame.schema["licensure"] == polars.List(polars.String)


@pytest.mark.parametrize(("convert", "module", "extra"), EXTRAS)
def test_a_missing_library_names_its_extra(convert, module, extra, bare, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"imr_nlp\[{extra}\]") as caught:
        convert([bare])
    assert isinstance(caught.value, ImportError)
    assert isinstance(caught.value, ImrError)


@pytest.mark.parametrize("convert", [to_arrow, to_pandas, to_polars])
def test_an_unknown_table_is_refused(convert):
    with pytest.raises(ExportError, match="no such table"):
        convert([], "letters")


def test_importing_the_package_loads_no_optional_library():
    code = (
        "import sys, imr_nlp.export; "
        "print({'pandas', 'polars', 'pyarrow', 'datasets', 'pyspark', 'spacy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_hugging_face_dataset(full):
    pytest.importorskip("datasets")
    assert to_dataset([full]).to_list() == to_arrow([full]).to_pylist()


def test_spark_schema():
    types = pytest.importorskip("pyspark.sql.types")
    schema = spark_schema("citations")
    assert schema["year"].dataType == types.LongType()
    assert schema["sections"].dataType == types.ArrayType(types.StringType())

from __future__ import annotations

import csv
import json
import sys
from datetime import date
from pathlib import Path

import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_nlp.errors import ExportError
from imr_nlp.export import (
    ISSUE_COLUMNS,
    TABLES,
    MissingExtraError,
    arrow_schema,
    issue_rows,
    open_writer,
    table_rows,
    unescape,
    write,
)
from imr_nlp.export.sheet import escape
from imr_nlp.schema import Determination

FORMATS = ["out.csv", "out.jsonl", "out.parquet"]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def as_cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("table", TABLES)
def test_csv_holds_every_value(full, bare, hostile, table, tmp_path):
    letters = [full, bare, hostile]
    assert write(iter(letters), tmp_path / "out.csv", table=table) == 3
    found = [
        {name: unescape(cell) for name, cell in row.items()}
        for row in read_csv(tmp_path / "out.csv")
    ]
    expected = [
        {name: as_cell(value) for name, value in row.items()}
        for row in table_rows(letters, table, join="; ")
    ]
    assert found == expected


def test_csv_has_one_header_and_line_ends_for_spreadsheets(full, tmp_path):
    write([full, full], tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_bytes().split(b"\r\n")
    assert lines[0].decode() == ",".join(ISSUE_COLUMNS)
    assert len(lines) == 1 + 6 + 1
    assert lines[-1] == b""


def test_csv_text_is_not_run_as_a_formula(hostile, tmp_path):
    write([hostile], tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert '\'=HYPERLINK("http://x","y")' in cells
    assert "''+1" in cells
    assert "'tis plain" in cells


def test_csv_verbatim_on_request(hostile, tmp_path):
    write([hostile], tmp_path / "out.csv", escape_formulas=False)
    assert read_csv(tmp_path / "out.csv")[1]["item"] == "@SUM(A1)"


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\nab ＝"), max_size=6))
def test_escaping_can_be_undone(text):
    escaped = escape(text)
    assert isinstance(escaped, str)
    assert unescape(escaped) == text
    assert len(escaped) < 2 or escaped[0] not in "=+-@\t\r\n＝"


def test_jsonl_is_the_whole_determination(full, bare, hostile, tmp_path):
    letters = [full, bare, hostile]
    write(letters, tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_bytes().decode().split("\n")
    assert lines.pop() == ""
    assert [Determination.model_validate_json(line) for line in lines] == letters
    assert json.loads(lines[0])["decision_date"] == "2017-01-06"


@pytest.mark.parametrize("table", TABLES)
def test_parquet_keeps_types_and_values(full, bare, hostile, table, tmp_path):
    letters = [full, bare, hostile]
    write(letters, tmp_path / "out.parquet", table=table)
    found = pyarrow.parquet.read_table(tmp_path / "out.parquet")
    assert found.schema == arrow_schema(table)
    assert found.to_pylist() == list(table_rows(letters, table))


def test_parquet_in_several_row_groups(full, tmp_path, monkeypatch):
    monkeypatch.setattr("imr_nlp.export.formats._GROUP", 4)
    write([full] * 5, tmp_path / "out.parquet")
    file = pyarrow.parquet.ParquetFile(tmp_path / "out.parquet")
    assert file.num_row_groups > 1
    assert file.read().to_pylist() == issue_rows(full) * 5


@pytest.mark.parametrize("name", FORMATS)
def test_no_letters_give_a_valid_file(name, tmp_path):
    assert write([], tmp_path / name) == 0
    content = (tmp_path / name).read_bytes()
    if name == "out.csv":
        assert content.decode() == ",".join(ISSUE_COLUMNS) + "\r\n"
    elif name == "out.parquet":
        assert pyarrow.parquet.read_table(tmp_path / name).schema == arrow_schema()
    else:
        assert content == b""


def test_the_ending_may_be_in_capitals(bare, tmp_path):
    write([bare], tmp_path / "OUT.CSV")
    assert read_csv(tmp_path / "OUT.CSV")[0]["id"] == "b.txt"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("error", [RuntimeError("broken"), KeyboardInterrupt()])
@pytest.mark.parametrize("old", [b"what was there", None])
def test_an_error_in_mid_stream_changes_nothing(name, error, old, full, tmp_path):
    def letters():
        yield full
        raise error

    if old is not None:
        (tmp_path / name).write_bytes(old)
    with pytest.raises(type(error)):
        write(letters(), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ([name] if old else [])
    if old is not None:
        assert (tmp_path / name).read_bytes() == old


@pytest.mark.parametrize("name", FORMATS)
def test_the_file_appears_only_when_it_is_whole(name, full, tmp_path):
    (tmp_path / name).write_bytes(b"old")
    with open_writer(tmp_path / name) as writer:
        writer.write(full)
        assert (tmp_path / name).read_bytes() == b"old"
    assert (tmp_path / name).read_bytes() != b"old"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_mode_of_a_replaced_file_stays(bare, tmp_path):
    out = tmp_path / "out.jsonl"
    out.touch(mode=0o640)
    write([bare], out)
    assert out.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(bare, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "out.jsonl").symlink_to(tmp_path / "real" / "data.jsonl")
    write([bare], tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").is_symlink()
    assert (tmp_path / "real" / "data.jsonl").exists()


def never():
    raise AssertionError("a letter was asked for")
    yield


@pytest.mark.parametrize(
    ("name", "table", "message"),
    [
        ("out.xlsx", None, r"out\.xlsx: the ending says no format.*\.csv, \.jsonl, \.parquet"),
        ("out", None, "the ending says no format"),
        ("missing/out.csv", None, "folder .*missing does not exist. Create it"),
        ("file/out.csv", None, "folder .*file does not exist"),
        ("folder.csv", None, "is a folder. Give the name of a file"),
        ("out.csv", "drugs", "drugs: there is no such table"),
        ("out.jsonl", "issues", "hold whole determinations"),
        ("-", "issues", "hold whole determinations"),
    ],
)
def test_what_cannot_be_written_is_refused_before_any_letter(name, table, message, tmp_path):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match=message):
        write(never(), name if name == "-" else tmp_path / name, table=table)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.csv"]


def test_parquet_without_its_library_is_refused_before_any_letter(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(MissingExtraError, match=r"imr_nlp\[parquet\]"):
        write(never(), tmp_path / "out.parquet")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_refuses_files_is_named(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(ExportError, match=r"out\.csv: cannot be written \(Permission denied\)"):
        write(never(), tmp_path / "out.csv")


@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_is_an_export_error(name, full, tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with (
        pytest.raises(ExportError, match=rf"{name}: cannot be written \(No space left"),
        open_writer(tmp_path / name) as writer,
    ):
        monkeypatch.setattr(type(writer._writer), "write", fail)
        writer.write(full)
    assert not list(tmp_path.iterdir())


def test_a_value_that_does_not_fit_its_column_is_named(bare, tmp_path):
    bare.age = 10**30
    with pytest.raises(ExportError, match=r"out\.parquet: .*b\.txt.*Write \.jsonl"):
        write([bare], tmp_path / "out.parquet")
    assert not list(tmp_path.iterdir())


def test_half_a_surrogate_pair_does_not_end_a_csv(bare, tmp_path):
    bare.priority = "broken \ud83d"
    bare.decision_date = date(2017, 1, 6)
    write([bare], tmp_path / "out.csv")
    assert read_csv(tmp_path / "out.csv")[0]["priority"] == "broken \\ud83d"


def test_jsonl_on_standard_output(full, bare, capsysbinary):
    write([full, bare], "-")
    lines = capsysbinary.readouterr().out.splitlines()
    assert [Determination.model_validate_json(line) for line in lines] == [full, bare]

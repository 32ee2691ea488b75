from __future__ import annotations

import csv

import pytest

from imr_nlp.errors import ExportError
from imr_nlp.export import FailedLetter, FailureFile

FAILED = FailedLetter("a.pdf", "in/a.pdf", "NoTextLayerError", 'says "no",\nand =1')


def test_failures_are_listed_beside_the_output(tmp_path):
    with FailureFile.beside(str(tmp_path / "out.csv")) as failures:
        failures.add(FAILED)
        failures.add(FAILED._replace(id="=evil.pdf"))
    with (tmp_path / "out.csv.failures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["id", "source", "error", "reason"],
        ["a.pdf", "in/a.pdf", "NoTextLayerError", 'says "no",\nand =1'],
        ["'=evil.pdf", "in/a.pdf", "NoTextLayerError", 'says "no",\nand =1'],
    ]
    assert failures.count == 2


@pytest.mark.parametrize("stale", [True, False])
def test_no_failures_no_file(stale, tmp_path):
    file = tmp_path / "out.csv.failures.csv"
    if stale:
        file.write_text("stale")
    with FailureFile.beside(str(tmp_path / "out.csv")) as failures:
        pass
    assert not list(tmp_path.iterdir())
    assert failures.summary() == ""


def test_an_error_leaves_the_list_of_the_earlier_run(tmp_path):
    file = tmp_path / "out.csv.failures.csv"
    file.write_text("earlier")
    with pytest.raises(RuntimeError), FailureFile.beside(str(tmp_path / "out.csv")) as failures:
        failures.add(FAILED)
        raise RuntimeError
    assert file.read_text() == "earlier"
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_the_summary_names_the_first_and_counts_the_rest(tmp_path):
    with FailureFile.beside(str(tmp_path / "out.csv")) as failures:
        for _ in range(12):
            failures.add(FAILED)
    lines = failures.summary().splitlines()
    assert lines[0] == 'in/a.pdf: NoTextLayerError: says "no", and =1'
    assert lines[10:] == ["... and 2 more", f"All failures: {tmp_path / 'out.csv.failures.csv'}"]


def test_without_a_file_the_summary_names_all():
    with FailureFile.beside("-") as failures:
        for _ in range(12):
            failures.add(FAILED)
    assert len(failures.summary().splitlines()) == 12


def test_a_place_that_cannot_be_written_is_known_at_once(tmp_path):
    (tmp_path / "out.csv.failures.csv").mkdir()
    with (
        pytest.raises(ExportError, match="is a folder"),
        FailureFile.beside(str(tmp_path / "out.csv")),
    ):
        raise AssertionError("the run has begun")

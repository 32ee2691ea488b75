"""The command as users meet it, with a stub for a pipeline and with the real one."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet
import pytest
from typer.testing import CliRunner

import imr_nlp
from imr_nlp.cli import app
from imr_nlp.errors import PipelineError
from imr_nlp.schema import Determination, Issue, Note

EXAMPLES = Path(__file__).parents[2] / "examples" / "letters"
DRIVER = """
import sys
sys.path[:0] = {folders!r}
import imr_nlp
from test_cli import load_stub
imr_nlp.load = load_stub
if __name__ == "__main__":
    from imr_nlp.cli import app
    app()
"""
posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")


def load_stub(name):
    """Each line of a letter is an issue; some words do what letters can do to a pipeline."""
    if name != "sm":
        raise PipelineError(f"{name}: no pipeline of this name. Use 'sm'.")
    return read_stub


def read_stub(text):
    if "RAISE" in text:
        raise ValueError("a letter, like\nno other")
    if "CRASH" in text:
        os._exit(9)
    if "SLEEP" in text:
        time.sleep(60)
    lines = [line for line in text.splitlines() if line.strip()]
    found = Determination(
        issues=[
            Issue(index=number, item=line, decision="upheld") for number, line in enumerate(lines)
        ],
        warnings=[Note(code="short", message="Only one line.")] if len(lines) == 1 else [],
    )
    return SimpleNamespace(_=SimpleNamespace(determination=found))


@pytest.fixture
def run(monkeypatch):
    """Run the command in this process, with the stub."""
    monkeypatch.setattr(imr_nlp, "load", load_stub)
    return lambda *args, **kwargs: CliRunner().invoke(app, [str(arg) for arg in args], **kwargs)


@pytest.fixture
def driver(tmp_path):
    """Give the command line of another process, whose own workers have the stub too."""
    script = tmp_path / "driver.py"
    package = Path(imr_nlp.__file__).parents[1]
    script.write_text(DRIVER.format(folders=[str(Path(__file__).parent), str(package)]))
    return [sys.executable, str(script)]


@pytest.fixture
def letters(tmp_path):
    folder = tmp_path / "letters"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:02}.txt").write_text(f"Item {number}\nAnother, =1+1\n")
    return folder


def rows(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def start(command, *args, **kwargs):
    return subprocess.run(
        [*command, *map(str, args)], capture_output=True, text=True, timeout=120, **kwargs
    )


# Extracting


def test_a_folder_to_csv(run, letters, tmp_path):
    result = run("extract", letters, "-o", tmp_path / "out.csv")
    assert result.exit_code == 0
    found = rows(tmp_path / "out.csv")
    assert [row["id"] for row in found] == [f"{n:02}.txt" for n in range(30) for _ in range(2)]
    assert found[0]["item"] == "Item 0"
    assert result.stderr == "30 letters read, 60 issues, 0 warnings, 0 failures\n"
    assert result.stdout == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters", "out.csv"]


def test_the_formats_agree(run, letters, tmp_path):
    for name in ("out.csv", "out.jsonl", "out.parquet"):
        assert run("extract", letters, "-o", tmp_path / name).exit_code == 0
    items = [row["item"] for row in rows(tmp_path / "out.csv")]
    assert pyarrow.parquet.read_table(tmp_path / "out.parquet")["item"].to_pylist() == items
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    found = [Determination.model_validate_json(line) for line in lines]
    assert [issue.item for letter in found for issue in letter.issues] == items
    assert found[0].id == "00.txt"


@pytest.mark.parametrize("table", ["issues", "medications", "citations", "reasons"])
def test_tables(run, letters, table, tmp_path):
    out = tmp_path / "out.csv"
    assert run("extract", letters, "-o", out, "--table", table).exit_code == 0
    assert len(rows(out)) == (60 if table == "issues" else 0)


def test_files_archives_and_patterns_together(run, letters, tmp_path):
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("x/zipped.txt", "Zipped item")
    out = tmp_path / "out.csv"
    result = run(
        "extract", letters / "03.txt", tmp_path / "more.zip", letters / "0[12].txt", "-o", out
    )
    assert result.exit_code == 0
    names = ["03.txt", "03.txt", "more.zip!/x/zipped.txt", "01.txt", "01.txt", "02.txt", "02.txt"]
    assert [row["id"] for row in rows(out)] == names
    assert "1 warnings" in result.stderr


def test_failures_are_listed_and_the_rest_is_written(run, letters, tmp_path):
    (letters / "05.txt").write_text("RAISE")
    (letters / "06.pdf").write_bytes(b"%PDF-1.7 cut off")
    out = tmp_path / "out.csv"
    result = run("extract", letters, tmp_path / "nowhere.txt", "-o", out)
    assert result.exit_code == 1
    assert len(rows(out)) == 58
    failed = {row["id"]: row for row in rows(tmp_path / "out.csv.failures.csv")}
    assert sorted(failed) == ["05.txt", "06.pdf", "nowhere.txt"]
    assert failed["05.txt"]["error"] == "ValueError"
    assert failed["05.txt"]["reason"] == "a letter, like\nno other"
    assert failed["05.txt"]["source"] == str(letters / "05.txt")
    assert failed["06.pdf"]["error"] == "DamagedFileError"
    assert failed["nowhere.txt"]["error"] == "LetterNotFoundError"
    assert result.stderr.endswith("29 letters read, 58 issues, 0 warnings, 3 failures\n")
    assert "ValueError: a letter, like no other" in result.stderr
    assert "out.csv.failures.csv" in result.stderr


def test_a_stale_list_of_failures_goes(run, letters, tmp_path):
    (letters / "05.txt").write_text("RAISE")
    run("extract", letters, "-o", tmp_path / "out.csv")
    (letters / "05.txt").write_text("Repaired")
    assert run("extract", letters, "-o", tmp_path / "out.csv").exit_code == 0
    assert not (tmp_path / "out.csv.failures.csv").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-o", "out.xlsx"], "the ending says no format"),
        (["-o", "missing/out.csv"], "missing/out.csv: the folder missing does not exist"),
        (["-o", "out.jsonl", "--table", "issues"], "whole determinations"),
        (["-o", "out.csv", "--table", "letters"], "there is no such table"),
        (["-o", "out.csv", "--pipeline", "nothing"], "nothing: no pipeline"),
        (["-o", "out.csv", "--workers", "0"], "--workers"),
        ([], "--output"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_read(run, args, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("extract", "-", *args, input=None)
    assert result.exit_code == 2
    assert message in re.sub(r"\x1b\[[0-9;]*m", "", result.stderr)
    assert not list(tmp_path.iterdir())


def test_json_lines_on_standard_output(run, letters):
    (letters / "07.txt").write_text("RAISE")
    result = run("extract", letters, "-o", "-")
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()][:2] == [
        "00.txt",
        "01.txt",
    ]
    assert "07.txt: ValueError" in result.stderr
    assert "29 letters read" in result.stderr


def test_a_letter_from_standard_input(run, tmp_path):
    result = run("extract", "-", "-o", tmp_path / "out.csv", input="Typed item\n")
    assert result.exit_code == 0
    assert [(row["id"], row["item"]) for row in rows(tmp_path / "out.csv")] == [("-", "Typed item")]


def test_a_letter_from_standard_input_to_workers(driver, tmp_path):
    done = start(driver, "extract", "-", "-o", tmp_path / "out.csv", "-w", 2, input="Typed item\n")
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "out.csv")[0]["item"] == "Typed item"


@posix
def test_a_file_name_that_is_not_utf_8(run, tmp_path):
    (tmp_path / "caf\udce9.txt").write_text("Item")
    for name in ("out.csv", "out.jsonl", "out.parquet"):
        result = run("extract", tmp_path / "caf\udce9.txt", "-o", tmp_path / name)
        assert result.exit_code == 0, result.stderr
    assert rows(tmp_path / "out.csv")[0]["id"] == "caf\\udce9.txt"


# Workers


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet"])
def test_two_workers_give_the_same_bytes_as_one(run, driver, letters, name, tmp_path):
    (letters / "11.txt").write_text("RAISE")
    (letters / "12.pdf").write_bytes(b"%PDF-1.7 cut off")
    files = [name, f"{name}.failures.csv"]
    alone = run("extract", letters, "-o", tmp_path / name)
    one = [(tmp_path / file).read_bytes() for file in files]
    done = start(driver, "extract", letters, "-o", tmp_path / name, "--workers", 2)
    assert done.returncode == alone.exit_code == 1
    assert done.stderr == alone.stderr
    assert [(tmp_path / file).read_bytes() for file in files] == one


def test_the_death_of_a_worker_costs_its_letter_only(driver, letters, tmp_path):
    for number in (5, 6, 17):
        (letters / f"{number:02}.txt").write_text("CRASH")
    out = tmp_path / "out.csv"
    done = start(driver, "extract", letters, "-o", out, "--workers", 2)
    assert done.returncode == 1, done.stderr
    expected = [f"{number:02}.txt" for number in range(30) if number not in (5, 6, 17)]
    assert [row["id"] for row in rows(out)][::2] == expected
    failed = rows(tmp_path / "out.csv.failures.csv")
    assert [row["id"] for row in failed] == ["05.txt", "06.txt", "17.txt"]
    assert all("ended abruptly" in row["reason"] for row in failed)


def test_workers_that_cannot_load_the_pipeline_say_so(driver, letters, tmp_path):
    args = ("extract", letters, "-o", tmp_path / "out.csv", "-w", 2, "--pipeline", "nothing")
    done = start(driver, *args)
    assert done.returncode == 2
    assert done.stderr == "Error: nothing: no pipeline of this name. Use 'sm'.\n"
    assert not (tmp_path / "out.csv").exists()


@posix
@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_leaves_the_old_output(driver, letters, workers, tmp_path):
    (letters / "29.txt").write_text("SLEEP")
    folder = tmp_path / "output"
    folder.mkdir()
    (folder / "out.csv").write_text("old")
    process = subprocess.Popen(
        [*driver, "extract", str(letters), "-o", str(folder / "out.csv"), "-w", str(workers)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while len(list(folder.iterdir())) < 2 and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(1.5)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130, stderr
    assert [path.name for path in folder.iterdir()] == ["out.csv"]
    assert (folder / "out.csv").read_text() == "old"


# What the terminal shows


@posix
def test_progress_on_a_terminal_only(driver, letters, tmp_path):
    import fcntl
    import pty
    import struct
    import termios

    command = [*driver, "extract", str(letters), "-o", str(tmp_path / "out.csv")]
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with subprocess.Popen(command, stderr=slave, stdout=slave) as process:
        os.close(slave)
        shown = io.BytesIO()
        try:
            while chunk := os.read(master, 4096):
                shown.write(chunk)
        except OSError:  # Linux: the other end is closed
            pass
    os.close(master)
    assert process.returncode == 0
    assert b"30/30" in shown.getvalue()
    assert start(command).stderr == "30 letters read, 60 issues, 0 warnings, 0 failures\n"


def test_version(run):
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.strip() == f"imr-nlp {imr_nlp.__version__}"


def test_help_is_light():
    code = (
        "import sys; from imr_nlp.cli import app\n"
        "try: app(['extract', '--help'])\n"
        "except SystemExit: print({'spacy', 'pandas', 'pyarrow', 'numpy'} & set(sys.modules))"
    )
    done = start([sys.executable, "-c", code])
    assert done.stdout.splitlines()[-1] == "set()", done.stderr
    assert "failures.csv" in done.stdout


# Showing


def test_show_plain_text(run, tmp_path):
    (tmp_path / "a.txt").write_text("Knee brace\nNorco [red]#60[/red]\x1b[31m\n")
    result = run("show", tmp_path / "a.txt")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "Issue 2 of 2: UPHELD" in result.stdout
    assert "Norco [red]#60[/red]" in result.stdout
    assert "none cited" in result.stdout


def test_show_json(run, tmp_path):
    (tmp_path / "a.txt").write_text("Knee brace, 3 × 2 cm", encoding="utf-8")
    result = run("show", tmp_path / "a.txt", "--json")
    found = Determination.model_validate_json(result.stdout)
    assert found.id == "a.txt"
    assert found.issues[0].item == "Knee brace, 3 × 2 cm"


def test_show_standard_input(run):
    assert "Typed item" in run("show", "-", input="Typed item").stdout


def test_show_a_letter_that_fails(run, letters):
    (letters / "05.txt").write_text("RAISE")
    result = run("show", letters / "05.txt")
    assert result.exit_code == 1
    assert "05.txt: a letter, like" in result.stderr
    assert run("show", letters / "none.txt").exit_code == 1


def test_show_is_for_one_letter(run, letters):
    result = run("show", letters)
    assert result.exit_code == 2
    assert "several letters" in result.stderr
    assert run("show", letters / "01.txt", "--pipeline", "nothing").exit_code == 2


def test_show_where_the_terminal_cannot_write_every_character(driver, tmp_path):
    (tmp_path / "a.txt").write_text("Knee brace, 3 × 2 cm, 痛み", encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = start(driver, "show", tmp_path / "a.txt", env=environment)
    assert done.returncode == 0, done.stderr
    assert "Knee brace, 3 ? 2 cm" in done.stdout


# With the real pipeline


def test_the_examples_with_one_worker_and_with_two(tmp_path):
    command = [sys.executable, "-m", "imr_nlp.cli", "extract", EXAMPLES, "-o"]
    one = start([*map(str, command)], tmp_path / "one.jsonl")
    two = start([*map(str, command)], tmp_path / "two.jsonl", "--workers", 2)
    assert (one.returncode, two.returncode) == (0, 0), one.stderr + two.stderr
    assert one.stderr == two.stderr
    content = (tmp_path / "one.jsonl").read_bytes()
    assert content == (tmp_path / "two.jsonl").read_bytes()
    found = [Determination.model_validate_json(line) for line in content.splitlines()]
    assert [letter.id for letter in found] == sorted(path.name for path in EXAMPLES.glob("*.*"))
    assert all(letter.issues for letter in found)


def test_show_an_example():
    path = EXAMPLES / "f4b_shoulder_surgery.txt"
    result = CliRunner().invoke(app, ["show", str(path)])
    assert result.exit_code == 0, result.stderr
    found = imr_nlp.extract(path)
    assert str(found.case_number) in result.stdout
    assert f"Issue 1 of {len(found.issues)}" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_an_older_result_survives_a_mistyped_path(tmp_path: Path) -> None:
    output = tmp_path / "issues.csv"
    output.write_text("what was there", encoding="utf-8")
    result = CliRunner().invoke(app, ["extract", str(tmp_path / "lettrs"), "-o", str(output)])
    assert result.exit_code == 1
    assert output.read_text(encoding="utf-8") == "what was there"
    assert (tmp_path / "issues.csv.failures.csv").exists()
    assert [path.name for path in tmp_path.iterdir() if "tmp" in path.name] == []

"""Reading one letter, streaming many."""

from __future__ import annotations

import dataclasses
import io
import multiprocessing
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from imr_nlp import errors
from imr_nlp.errors import LetterError, LetterNotFoundError, UnsupportedFormatError
from imr_nlp.letters import Failure, Letter, Source, find, read, source, stream

MakePdf = Callable[..., bytes]
MakeZip = Callable[..., Path]


def test_path(letters: Path, pdf: bytes) -> None:
    letter = read(letters / "b.pdf")
    assert letter == read(str(letters / "b.pdf"))
    assert (letter.id, letter.source, letter.n_pages) == ("b.pdf", str(letters / "b.pdf"), 1)
    assert letter.text == read(pdf).text


def test_name_replaces_the_id(letters: Path) -> None:
    letter = read(letters / "a.TXT", name="case 7")
    assert (letter.id, letter.source) == ("case 7", str(letters / "a.TXT"))


def test_bytes() -> None:
    assert (read(b"Letter").id, read(b"Letter").source) == ("<bytes>", "<bytes>")
    assert read(bytearray(b"Letter"), name="a").text == "Letter"  # type: ignore[arg-type]


def test_streams(letters: Path) -> None:
    with (letters / "a.TXT").open("rb") as file:
        letter = read(file)
        assert not file.closed
    assert (letter.id, letter.source) == ("a.TXT", str(letters / "a.TXT"))
    assert read(io.BytesIO(b"Letter")).id == "<stream>"
    named = read(io.BytesIO(b"Letter"), name="a.txt")
    assert (named.id, named.source) == ("a.txt", "a.txt")


def test_text_streams_are_refused() -> None:
    with pytest.raises(TypeError, match="binary mode"):
        read(io.StringIO("Letter"))  # type: ignore[arg-type]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Letter")))
    letter = read("-")
    assert (letter.id, letter.source, letter.text) == ("-", "-", "Letter")


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(LetterNotFoundError, match=r"a\.pdf: there is no such file.*Check"):
        read(tmp_path / "a.pdf")


def test_folder(letters: Path) -> None:
    with pytest.raises(UnsupportedFormatError, match=r"is a folder.*stream\(\)"):
        read(letters)


def test_text_given_as_a_path() -> None:
    text = "Dear Reader,\n" + "the request is described below.\n" * 200
    with pytest.raises(LetterNotFoundError, match="looks like a letter's text") as caught:
        read(text)
    assert len(str(caught.value)) < 250


def test_unreadable_file(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(source.Path, "read_bytes", refuse)
    with pytest.raises(LetterError, match=r"a\.TXT: cannot be read \(Permission denied\)"):
        read(letters / "a.TXT")


def test_two_good_and_one_bad(make_pdf: MakePdf, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf("one"))
    (tmp_path / "b.pdf").write_bytes(make_pdf("two")[:300])
    (tmp_path / "c.txt").write_bytes(b"three")
    first, bad, last = stream(tmp_path, on_error="yield")
    assert isinstance(first, Letter)
    assert isinstance(last, Letter)
    assert [first.text, last.text] == ["one", "three"]
    assert isinstance(bad, Failure)
    assert (bad.id, bad.source) == ("b.pdf", str(tmp_path / "b.pdf"))
    assert isinstance(bad.error, errors.DamagedFileError)
    assert str(bad.error).startswith(str(tmp_path / "b.pdf"))

    letters = stream(tmp_path)
    assert next(letters).text == "one"
    with pytest.raises(errors.DamagedFileError):
        next(letters)


def test_nothing_stops_a_stream(letters: Path, make_zip: MakeZip) -> None:
    damaged = make_zip(("a.txt", b"Letter"))
    damaged.write_bytes(damaged.read_bytes()[:-5])
    given = ["missing.pdf", letters / "none" / "*.pdf", "", damaged, letters / "a.TXT"]
    results = list(stream(given, on_error="yield"))
    assert [type(result) for result in results] == [Failure] * 4 + [Letter]


def test_unforeseen_errors_do_not_stop_a_stream(
    letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(path: str) -> bytes:
        if path.endswith("a.TXT"):
            raise RecursionError("too deep")
        return b"Letter"

    monkeypatch.setattr(source, "read_file", break_down)
    bad, *good = stream(letters, on_error="yield")
    assert isinstance(bad, Failure)
    assert "reading it failed unexpectedly (RecursionError: too deep)" in str(bad.error)
    assert len(good) == 4
    with pytest.raises(RecursionError):
        list(stream(letters))


def test_wrong_setting_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="on_error is 'ignore'"):
        stream([], on_error="ignore")  # type: ignore[call-overload]


def test_streaming_is_lazy(letters: Path) -> None:
    results = stream([letters / "a.TXT", "missing.pdf"])
    assert next(results).text == "Letter a"


def test_letters_and_failures_are_frozen_and_picklable(letters: Path) -> None:
    letter, failure = stream([letters / "b.pdf", "missing.pdf"], on_error="yield")
    assert pickle.loads(pickle.dumps(letter)) == letter
    again = pickle.loads(pickle.dumps(failure))
    assert isinstance(failure, Failure)
    assert str(again.error) == str(failure.error)
    assert type(again.error) is LetterNotFoundError
    with pytest.raises(dataclasses.FrozenInstanceError):
        letter.id = "other"  # type: ignore[misc]
    assert not hasattr(letter, "__dict__")


def test_worker_processes_can_read(letters: Path, make_zip: MakeZip, pdf: bytes) -> None:
    archive = make_zip(*((f"{number}.pdf", pdf) for number in range(5)))
    sources = list(find([letters, archive]))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert list(pool.map(Source.read, sources)) == [found.read() for found in sources]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files cannot be counted")
def test_no_file_stays_open(letters: Path, make_zip: MakeZip) -> None:
    broken = make_zip(("a.txt", b"Letter"), name="broken.zip")
    broken.write_bytes(broken.read_bytes()[:-3])
    given = [letters, make_zip(("a.txt", b"Letter")), broken, "missing.pdf"]
    list(stream(given, on_error="yield"))
    before = sum(1 for _ in Path("/proc/self/fd").iterdir())
    for _ in range(5):
        list(stream(given, on_error="yield"))
    assert sum(1 for _ in Path("/proc/self/fd").iterdir()) == before


def test_importing_does_not_load_pdfium() -> None:
    code = "import sys, imr_nlp.letters; assert 'pypdfium2' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)

"""Zip archives."""

from __future__ import annotations

import pickle
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from imr_nlp.errors import (
    DamagedFileError,
    LetterError,
    LetterNotFoundError,
    PasswordProtectedError,
    UnsupportedFormatError,
)
from imr_nlp.letters import Failure, Letter, Source, archive, find, read, stream

MakeZip = Callable[..., Path]


def patch(path: Path, *changes: tuple[bytes, int, bytes]) -> None:
    """Overwrite bytes at a distance from the first place where a header starts."""
    data = bytearray(path.read_bytes())
    for header, distance, value in changes:
        place = data.index(header) + distance
        data[place : place + len(value)] = value
    path.write_bytes(data)


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def test_members(make_zip: MakeZip, pdf: bytes) -> None:
    path = make_zip(
        ("a/b.pdf", pdf),
        ("a/", b""),
        ("notes.docx", b"no letter"),
        ("__MACOSX/a/._b.pdf", b"fork"),
        (".hidden/x.txt", b"hidden"),
        ("A.TXT", b"Letter A"),
    )
    first, second = stream([path])
    assert (first.id, first.source) == ("batch.zip!/a/b.pdf", f"{path}!/a/b.pdf")
    assert (first.n_pages, second.id, second.text) == (1, "batch.zip!/A.TXT", "Letter A")


def test_archive_in_a_folder(make_zip: MakeZip) -> None:
    path = make_zip(("a.txt", b"Letter a"), name="batch.ZIP")
    (path.parent / "b.txt").write_bytes(b"Letter b")
    assert [letter.id for letter in stream(path.parent)] == ["b.txt", "batch.ZIP!/a.txt"]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_compression(make_zip: MakeZip, how: int, pdf: bytes) -> None:
    (letter,) = stream(make_zip(("a.pdf", pdf), how=how))
    assert letter.n_pages == 1


def test_nested_archive_is_reported(make_zip: MakeZip) -> None:
    path = make_zip(("inner.zip", b"PK\x05\x06" + bytes(18)), ("a.txt", b"Letter a"))
    nested, letter = stream(path, on_error="yield")
    assert isinstance(nested, Failure)
    assert isinstance(nested.error, UnsupportedFormatError)
    assert "inner.zip: archives inside archives are not opened. Unpack" in str(nested.error)
    assert isinstance(letter, Letter)


def test_encrypted_member(make_zip: MakeZip) -> None:
    path = make_zip(("a.txt", b"Letter a"), ("b.txt", b"Letter b"))
    patch(path, (LOCAL, 6, b"\x01"), (CENTRAL, 8, b"\x01"))
    failure, letter = stream(path, on_error="yield")
    assert isinstance(failure, Failure)
    assert isinstance(failure.error, PasswordProtectedError)
    assert failure.id == "batch.zip!/a.txt"
    assert isinstance(letter, Letter)


def test_unknown_compression(make_zip: MakeZip) -> None:
    path = make_zip(("a.txt", b"Letter a"))
    patch(path, (LOCAL, 8, b"\x63"), (CENTRAL, 10, b"\x63"))
    with pytest.raises(UnsupportedFormatError, match="cannot be unpacked"):
        list(stream(path))


def test_damaged_member(make_zip: MakeZip) -> None:
    path = make_zip(("a.txt", b"Letter a" * 50), ("b.txt", b"Letter b"))
    patch(path, (LOCAL, 30 + len("a.txt") + 2, b"\xff\xff\xff"))
    failure, letter = stream(path, on_error="yield")
    assert isinstance(failure, Failure)
    assert isinstance(failure.error, DamagedFileError)
    assert isinstance(letter, Letter)


def test_too_large_member(make_zip: MakeZip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_MEMBER", 2 * 1024**2)
    path = make_zip(("bomb.txt", b"a" * (2 * 1024**2 + 1)), ("a.txt", b"a" * (2 * 1024**2)))
    failure, letter = stream(path, on_error="yield")
    assert isinstance(failure, Failure)
    assert isinstance(failure.error, DamagedFileError)
    assert "bomb.txt: it unpacks to more than 2 MiB" in str(failure.error)
    assert isinstance(letter, Letter)


def test_member_that_lies_about_its_size(make_zip: MakeZip) -> None:
    path = make_zip(("bomb.txt", b"a" * 3_000_000))
    patch(path, (CENTRAL, 24, (1000).to_bytes(4, "little")))
    with pytest.raises(DamagedFileError, match=r"bomb\.txt"):
        list(stream(path))


def test_two_members_of_one_name(make_zip: MakeZip) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        path = make_zip(("a.txt", b"first"), ("a.txt", b"second"))
    failure, letter = stream(path, on_error="yield")
    assert isinstance(failure, Failure)
    assert "another member of the same name" in str(failure.error)
    assert isinstance(letter, Letter)
    assert letter.text == "second"


@pytest.mark.parametrize("cut", [1, 30, 100])
def test_damaged_archive(make_zip: MakeZip, cut: int) -> None:
    path = make_zip(("a.txt", b"Letter a" * 20), ("b.txt", b"Letter b"))
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(DamagedFileError, match="not a zip archive, or is a damaged one"):
        list(stream(path))


def test_text_called_zip(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"plain text")
    with pytest.raises(DamagedFileError, match=r"a\.zip"):
        list(stream(tmp_path / "a.zip"))


def test_missing_archive(tmp_path: Path) -> None:
    with pytest.raises(LetterNotFoundError, match=r"a\.zip: there is no such file"):
        list(stream(tmp_path / "a.zip"))


def test_archive_without_letters(make_zip: MakeZip) -> None:
    with pytest.raises(LetterNotFoundError, match=r"batch\.zip: the archive holds no letters"):
        list(stream(make_zip(("a.docx", b"x"))))


def test_member_that_is_gone(make_zip: MakeZip) -> None:
    (source,) = find(make_zip(("a.txt", b"Letter a")))
    make_zip(("other.txt", b"Letter b"))
    with pytest.raises(DamagedFileError, match=r"a\.txt: the archive has no such member"):
        source.read()


def test_archive_that_is_gone(make_zip: MakeZip) -> None:
    path = make_zip(("a.txt", b"Letter a"))
    (source,) = find(path)
    path.unlink()
    with pytest.raises(LetterNotFoundError):
        source.read()


def test_sources_are_small_and_picklable(make_zip: MakeZip) -> None:
    path = make_zip(("a/b.txt", b"Letter b" * 1000))
    (source,) = find(path)
    sent = pickle.dumps(source)
    assert len(sent) < 500
    assert source == Source("batch.zip!/a/b.txt", str(path), "a/b.txt")
    assert pickle.loads(sent).read() == source.read()


def test_archive_is_opened_once(make_zip: MakeZip, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_zip(*((f"{number}.txt", b"Letter") for number in range(30)))
    opened = []

    class Counting(zipfile.ZipFile):
        def __init__(self, path: str) -> None:
            opened.append(path)
            super().__init__(path)

    monkeypatch.setattr(zipfile, "ZipFile", Counting)
    assert len(list(stream(path))) == 30
    assert len(opened) == 1


def test_single_letter_wanted_archive_given(make_zip: MakeZip) -> None:
    with pytest.raises(UnsupportedFormatError, match="zip archive, not a single letter"):
        read(make_zip(("a.txt", b"Letter a")))


def test_errors_are_letter_errors(make_zip: MakeZip) -> None:
    path = make_zip(("a.txt", b"Letter a" * 20))
    whole = path.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        for result in stream(path, on_error="yield"):
            assert isinstance(result, (Letter, Failure))
            if isinstance(result, Failure):
                assert isinstance(result.error, LetterError)
                assert "unexpectedly" not in str(result.error)

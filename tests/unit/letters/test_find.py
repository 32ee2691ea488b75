"""Folders, patterns and paths to sources."""

from __future__ import annotations

import io
import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from imr_nlp.errors import DamagedFileError, LetterError, LetterNotFoundError
from imr_nlp.letters import Source, find, walk


def found(*sources: str | Path, below: Path) -> list[str]:
    return [Path(source.path).relative_to(below).as_posix() for source in find(sources)]


def test_folder_gives_files_then_folders_by_name(letters: Path) -> None:
    expected = ["a.TXT", "b.pdf", "sub/c.text", "sub/deeper/d.txt", "zoo/a.txt"]
    assert found(letters, below=letters) == expected


def test_order_of_the_sources_stays(letters: Path) -> None:
    given = [letters / "b.pdf", letters / "zoo", letters / "a.TXT"]
    assert found(*given, below=letters) == ["b.pdf", "zoo/a.txt", "a.TXT"]


def test_a_single_path_is_enough(letters: Path) -> None:
    assert len(list(find(letters))) == len(list(find(str(letters)))) == 5


def test_id_and_source(letters: Path) -> None:
    (source,) = find(letters / "sub" / "deeper")
    path = str(letters / "sub" / "deeper" / "d.txt")
    assert (source.id, source.source, source.path, source.member) == ("d.txt", path, path, None)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.pdf", ["b.pdf"]),
        ("*", ["a.TXT", "b.pdf", "sub/c.text", "sub/deeper/d.txt", "zoo/a.txt"]),
        ("*/*.t*", ["sub/c.text", "zoo/a.txt"]),
        ("**/*.txt", ["sub/deeper/d.txt", "zoo/a.txt"]),
        ("**", ["a.TXT", "b.pdf", "sub/c.text", "sub/deeper/d.txt", "zoo/a.txt"]),
        ("**/**/[cd].*", ["sub/c.text", "sub/deeper/d.txt"]),
        ("s?b/**/d.txt", ["sub/deeper/d.txt"]),
        ("s*/deeper", ["sub/deeper/d.txt"]),
        (".hid*", [".hidden.txt"]),
        (".g*/*.txt", [".git/e.txt"]),
    ],
)
def test_patterns(letters: Path, pattern: str, expected: list[str]) -> None:
    assert found(letters / pattern, below=letters) == expected


def test_pattern_in_the_current_folder(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(letters)
    assert [source.path for source in find("*.pdf")] == ["b.pdf"]
    assert [Path(source.path).as_posix() for source in find("*/a.txt")] == ["zoo/a.txt"]
    assert len(list(find("."))) == 5


@pytest.mark.parametrize("repeat", [1, 12])
def test_pattern_gives_each_letter_once(tmp_path: Path, repeat: int) -> None:
    folder = tmp_path.joinpath(*["x"] * repeat)
    folder.mkdir(parents=True)
    (folder / "x.txt").write_text("Letter")
    assert len(list(find(tmp_path / "**/x*/**/x*" if repeat > 1 else tmp_path / "**/*"))) == 1


def test_brackets_in_a_name_are_no_pattern(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text("Letter")
    (source,) = find(tmp_path / "a[1].txt")
    assert source.read().text == "Letter"


def test_a_named_file_may_have_any_ending(tmp_path: Path) -> None:
    (tmp_path / "letter.dat").write_text("Letter")
    (source,) = find(tmp_path / "letter.dat")
    assert source.read().text == "Letter"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.pdf", "there is no such file"),
        ("missing/", "there is no such file"),
        ("*.pdf", "no letter matches the pattern"),
        ("missing/**/*.pdf", "no letter matches the pattern"),
        ("empty", "the folder holds no letters"),
    ],
)
def test_nothing_there(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "empty" / "below").mkdir(parents=True)
    (tmp_path / "empty" / "a.docx").write_text("no letter")
    path = f"{tmp_path}/{name}"
    (source,) = find(path)
    with pytest.raises(LetterNotFoundError, match=message) as caught:
        source.read()
    assert str(caught.value).startswith(path)


def test_empty_path_is_not_the_current_folder() -> None:
    (source,) = find("")
    with pytest.raises(LetterNotFoundError, match=r"^'': there is no such file"):
        source.read()


@pytest.mark.parametrize("path", ["a\x00b", "x" * 5000])
def test_impossible_paths(path: str) -> None:
    (source,) = find(path)
    with pytest.raises(LetterError):
        source.read()


def test_finding_is_lazy(letters: Path) -> None:
    def endless() -> Iterator[str]:
        while True:
            yield str(letters / "a.TXT")

    sources = find(endless())
    assert [next(sources).id for _ in range(3)] == ["a.TXT"] * 3


def test_folders_are_listed_when_their_turn_comes(
    letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = []
    scandir = os.scandir

    def spy(path: str) -> object:
        listed.append(Path(path).name)
        return scandir(path)

    monkeypatch.setattr(walk.os, "scandir", spy)
    sources = find(letters)
    next(sources)
    assert listed == ["letters"]
    list(sources)
    assert listed == ["letters", "sub", "deeper", "zoo"]


def link(place: Path, target: Path) -> None:
    try:
        place.symlink_to(target, target_is_directory=target.is_dir())
    except OSError:
        pytest.skip("links cannot be made here")


def test_link_to_a_folder_above_ends(letters: Path) -> None:
    link(letters / "sub" / "up", letters)
    assert len(found(letters, below=letters)) == 5
    assert len(found(letters / "**" / "*.txt", below=letters)) == 2


def test_links_are_followed(letters: Path, tmp_path: Path) -> None:
    link(tmp_path / "other", letters / "zoo")
    assert [source.id for source in find(tmp_path / "other")] == ["a.txt"]


def test_broken_links_are_reported(tmp_path: Path) -> None:
    link(tmp_path / "a.txt", tmp_path / "gone.txt")
    link(tmp_path / "b.txt", tmp_path / "b.txt")
    broken, circular = find(tmp_path)
    with pytest.raises(LetterNotFoundError):
        broken.read()
    with pytest.raises(LetterError):
        circular.read()


def test_closed_folder_is_reported(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def closed(path: str) -> object:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(walk.os, "scandir", closed)
    sources = list(find(letters))
    assert [source.id for source in sources] == ["a.TXT", "b.pdf", "sub", "a.txt"]
    with pytest.raises(LetterError, match=r"sub: cannot be read \(Permission denied\)"):
        sources[2].read()
    with pytest.raises(LetterError, match="Permission denied"):
        next(find(letters / "**/*.txt")).read()


def give_standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input(monkeypatch: pytest.MonkeyPatch, pdf: bytes) -> None:
    give_standard_input(monkeypatch, pdf)
    (source,) = find("-")
    letter = pickle.loads(pickle.dumps(source)).read()
    assert (letter.id, letter.source, letter.n_pages) == ("-", "-", 1)


def test_empty_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    give_standard_input(monkeypatch, b"")
    (source,) = find(["-"])
    with pytest.raises(DamagedFileError, match=r"^-: the file is empty"):
        source.read()


def test_no_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    (source,) = find(["-"])
    with pytest.raises(LetterNotFoundError, match="there is no standard input"):
        source.read()


def test_error_of_a_source_survives_pickling() -> None:
    (source,) = find("missing.pdf/*.pdf")
    again = pickle.loads(pickle.dumps(source))
    assert isinstance(again, Source)
    for _ in range(2):
        with pytest.raises(LetterNotFoundError, match=r"missing\.pdf"):
            again.read()

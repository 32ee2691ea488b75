"""A retrained pipeline on disk: what it may replace, and what is left where that fails."""

from pathlib import Path

import pytest
import spacy
from typer.testing import CliRunner

import imr_nlp
from imr_nlp.cli import app
from imr_nlp.errors import ExportError
from imr_nlp.evaluation import Comparison
from imr_nlp.evaluation.comparison import Change
from imr_nlp.learning.retrained import Retrained, check_folder, write_retrained
from imr_nlp.pipeline import register


@spacy.Language.factory("unwritable")
class Unwritable:
    """Fails when the rest of its pipeline is written."""

    def __init__(self, nlp, name):
        pass

    def __call__(self, doc):
        return doc

    def to_disk(self, path, *, exclude=()):
        raise OSError("no space left")


def retrained(*names):
    register()
    nlp = spacy.blank("en")
    for name in names:
        nlp.add_pipe(name)
    change = Change(0.5, 0.6, 0, 0, 9, 9, "better")
    return Retrained(nlp, [Comparison({"reasons/micro": change}, 9, 9, "the test")], [], 1, 1)


@pytest.fixture
def old(tmp_path):
    write_retrained(retrained("imr_sections"), tmp_path / "old")
    return tmp_path / "old"


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_pipeline_is_replaced(old):
    write_retrained(retrained("imr_sections", "imr_header"), old, force=True)
    assert imr_nlp.load(old).pipe_names == ["imr_sections", "imr_header"]
    assert f"imr_nlp.load('{old.name}')" in (old / "README.md").read_text(encoding="utf-8")
    assert list(old.parent.iterdir()) == [old]
    assert old.stat().st_mode & 0o777 == (old / "vocab").stat().st_mode & 0o777


def test_what_cannot_be_written_costs_nothing(old):
    before = files(old)
    for folder in (old, old.parent / "new"):
        with pytest.raises(ExportError, match=f"{folder}: cannot be written .*no space left"):
            write_retrained(retrained("imr_sections", "unwritable"), folder, force=True)
    assert files(old) == before
    assert list(old.parent.iterdir()) == [old]


def test_what_cannot_be_put_in_place_is_kept(old, monkeypatch):
    before, rename = files(old), Path.rename

    def refuse(path, target):
        if path.name == "new":
            raise PermissionError("the folder is watched")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ExportError, match="the folder is watched") as caught:
        write_retrained(retrained("imr_header"), old, force=True)
    assert files(old) == before
    (new,) = old.parent.glob(".*/new")
    assert f"The new pipeline is in {new}" in str(caught.value)
    assert imr_nlp.load(new).pipe_names == ["imr_header"]


def test_a_link_is_refused(old, tmp_path):
    for target in ("old", "nowhere"):
        link = tmp_path / f"link to {target}"
        link.symlink_to(tmp_path / target)
        with pytest.raises(ExportError, match=f"{link}: is a link. Give the folder itself"):
            check_folder(link, force=True)


@pytest.mark.parametrize("config", [None, "my thesis", "[components]\nx = 1\n", "spacy"])
def test_what_is_no_pipeline_of_the_library_is_never_replaced(config, tmp_path):
    folder = tmp_path / "work"
    if config == "spacy":
        nlp = spacy.blank("en")
        nlp.add_pipe("sentencizer", name="imr_sections")
        nlp.to_disk(folder)
    else:
        folder.mkdir()
        (folder / "meta.json").write_text("{}")
        if config is not None:
            (folder / "config.cfg").write_text(config)
    (folder / "thesis.txt").write_text("of many years")
    with pytest.raises(ExportError, match=f"{folder}: holds no pipeline of imr_nlp"):
        write_retrained(retrained("imr_sections"), folder, force=True)
    assert (folder / "thesis.txt").exists()


def test_what_lies_beside_a_pipeline_is_not_deleted(old):
    (old / "thesis.txt").write_text("of many years")
    with pytest.raises(ExportError, match=rf"{old}: holds thesis\.txt, too.* Move"):
        write_retrained(retrained("imr_sections"), old, force=True)
    assert (old / "thesis.txt").exists()


def test_a_place_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match=r"nothing can be written in .*/file"):
        check_folder(tmp_path / "file" / "new")
    monkeypatch.chdir(tmp_path)
    for folder in (Path(), Path("..")):
        with pytest.raises(ExportError, match="is in use"):
            check_folder(folder, force=True)
    check_folder(Path("new") / "folders")


def test_the_command_refuses_before_it_reads_letters(old, tmp_path):
    (tmp_path / "link").symlink_to(old)
    done = CliRunner().invoke(
        app, ["train", str(tmp_path / "nowhere.jsonl"), "-o", str(tmp_path / "link"), "--force"]
    )
    assert (done.exit_code, "is a link" in done.stderr) == (2, True)

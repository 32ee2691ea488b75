"""`imr-nlp evaluate`: what trained a pipeline is told, and two pipelines are compared."""

import json
import shutil

import pytest
from typer.testing import CliRunner

import imr_nlp
from imr_nlp.cli import app
from imr_nlp.corpus import Splits, read_letter, write_splits
from imr_nlp.corpus.standoff import text_hash
from tests.conftest import ROOT

LETTERS = ROOT / "corpus" / "letters"
TRAIN, TEST, POSTED = ["w1-01", "w2-01"], ["w6-01"], ["w3-02", "w3-05"]


def run(*arguments):
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


@pytest.fixture
def corpus(tmp_path):
    """Three written letters, of which one tests, and two that stand for posted ones."""
    folder = tmp_path / "corpus"
    for part, names in (("letters", [*TRAIN, *TEST]), ("attached", POSTED)):
        (folder / part).mkdir(parents=True)
        for name in names:
            shutil.copy(LETTERS / f"{name}.imr", folder / part)
    write_splits(Splits(seed=0, test=TEST, train=TRAIN), folder / "splits.json")
    return folder


@pytest.fixture(scope="module")
def without_drugs():
    """The rules without the names of drugs."""
    return imr_nlp.load("rules", exclude=["drug_ruler"])


@pytest.fixture
def trained(nlp, monkeypatch):
    """The name of a pipeline that some of the letters trained."""
    names = [TRAIN[0], *POSTED]
    hashes = [text_hash(read_letter(LETTERS / f"{name}.imr").text) for name in names]
    monkeypatch.setitem(nlp.meta, "imr_trained_on", sorted(hashes))
    return loaded(monkeypatch, {"mine": nlp})


@pytest.fixture
def other(nlp, without_drugs, monkeypatch):
    """The name of a pipeline that finds no drugs and does not say what trained it."""
    return loaded(monkeypatch, {"other": without_drugs, "rules": nlp})


def loaded(monkeypatch, pipelines):
    """Have the command load what is at hand, and give the first name."""
    monkeypatch.setattr(imr_nlp, "load", pipelines.__getitem__)
    return next(iter(pipelines))


def told(n_letters, of, group, pipeline):
    return (
        f"{n_letters} of the {of} letters of '{group}' trained {pipeline}: these are no scores on "
        "unseen letters"
    )


def test_letters_that_trained_the_pipeline_are_told(corpus, trained, tmp_path):
    output = tmp_path / "scores.json"
    result = run(trained, "-c", corpus, "-o", output)
    assert result.exit_code == 0, result.output
    assert told(1, 3, "written", trained) in result.stdout
    assert told(2, 2, "posted", trained) in result.stdout
    reports = json.loads(output.read_text(encoding="utf-8"))["reports"]
    assert [(own["name"], own["trained_on"]) for own in reports] == [("written", 1), ("posted", 2)]


def test_a_split_is_scored_alone(corpus, trained, tmp_path):
    result = run(trained, "-c", corpus, "--split", "test")
    assert "| layer | written, test (1 letters" in result.stdout
    assert "posted" not in result.stdout
    assert "unseen" not in result.stdout
    both = run(trained, "-c", corpus, "--split", "train", "--posted")
    assert told(1, 2, "written, train", trained) in both.stdout
    assert told(2, 2, "posted", trained) in both.stdout
    shutil.rmtree(corpus / "attached")
    missing = run(trained, "-c", corpus, "--split", "test", "--posted")
    assert (missing.exit_code, "corpus attach" in missing.stderr) == (2, True)


def test_a_pipeline_that_does_not_say_what_trained_it(corpus, other, tmp_path):
    output = tmp_path / "scores.json"
    result = run(other, "-c", corpus, "--split", "test", "-o", output)
    assert f"{other} does not say which letters trained it" in result.stdout
    assert json.loads(output.read_text(encoding="utf-8"))["reports"][0]["trained_on"] is None
    assert "trained" not in run("rules", "-c", corpus, "--split", "test").stdout


@pytest.mark.parametrize("option", ["--output", "--errors"])
def test_a_place_that_cannot_be_written_is_told_before_anything_is_scored(corpus, option, tmp_path):
    # The pipeline is not there either: it would be the next thing to be told.
    path = tmp_path / "nowhere" / "out.json"
    result = run("none", "-c", corpus, option, path)
    assert result.exit_code == 2
    assert f"{path}: the folder {path.parent} does not exist" in result.stderr


def test_two_pipelines_are_compared_letter_by_letter(corpus, other, tmp_path):
    output = tmp_path / "scores.json"
    result = run("rules", "--against", other, "-c", corpus, "-o", output)
    assert result.exit_code == 0, result.output
    assert f"| layer | rules: written (3 letters, 11 issues) | {other}: written (" in result.stdout
    assert result.stdout.count(f"new: rules, old: {other}") == 2
    assert (
        "| written (3 letters, 11 issues) | old | new | new - old (95 % interval)" in result.stdout
    )
    assert "On posted (2 letters, " in result.stdout
    data = json.loads(output.read_text(encoding="utf-8"))
    assert (data["pipeline"], data["against"]) == ("rules", other)
    assert [own["name"] for own in data["comparisons"]] == ["written", "posted"]
    drugs = data["comparisons"][0]["changes"]["entities/strict"]
    assert drugs["new"] > drugs["old"]
    shown = [(own["pipeline"], own["name"]) for own in data["reports"]]
    assert shown[:2] == [("rules", "rules: written"), (other, f"{other}: written")]


@pytest.mark.parametrize(
    ("pipeline", "against"),
    [("sm", "sm"), ("rules", "rules"), ("sm", ROOT / "models" / "en_imr_sm"), ("a/../b", "b")],
)
def test_a_pipeline_is_not_compared_with_itself(corpus, pipeline, against):
    result = run(pipeline, "--against", against, "-c", corpus)
    assert result.exit_code == 2
    assert f"--against {against}: is the same pipeline; name another" in result.stderr


def test_without_another_there_is_no_comparison(corpus, other, tmp_path):
    output = tmp_path / "scores.json"
    result = run("rules", "-c", corpus, "--by-layout", "--full", "-o", output)
    assert result.exit_code == 0, result.output
    layouts = {read_letter(LETTERS / f"{name}.imr").fields.layout for name in [*TRAIN, *TEST]}
    assert all(f"written, {layout} (" in result.stdout for layout in layouts)
    assert "/hallucination" in result.stdout
    assert "new - old" not in result.stdout
    data = json.loads(output.read_text(encoding="utf-8"))
    assert (data["against"], data["comparisons"]) == (None, [])


def test_which_corpus_is_used(corpus, other, tmp_path, monkeypatch):
    arguments = ("rules", "--split", "no_such_split")
    monkeypatch.chdir(corpus.parent)
    assert "that of the package" not in run(*arguments).stderr
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    packaged = run(*arguments)
    assert f"corpus: that of the package, {ROOT / 'corpus'}" in packaged.stderr
    assert "no such split" in packaged.stderr
    asked = run(*arguments, "--corpus", "corpus")
    assert asked.exit_code == 2
    assert "--corpus corpus: there is no such folder" in asked.stderr
    assert "package" not in asked.stderr

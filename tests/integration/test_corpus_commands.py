"""`imr-nlp corpus` on a small corpus in a folder of its own."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from imr_nlp.cli import app
from imr_nlp.corpus import read_letter, read_letters, read_splits, to_standoff

CORPUS = Path(__file__).parents[2] / "corpus"
WRITTEN = ("w1-01", "w2-01", "w6-01")
POSTED = ("w3-02", "w3-05", "w4-03")


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def corpus(tmp_path):
    """Three written letters, and three that stand for posted ones, with their files."""
    folder = tmp_path / "corpus"
    inbox = tmp_path / "inbox"
    for part in ("letters", "real", "bank", "rationales"):
        (folder / part).mkdir(parents=True)
    inbox.mkdir()
    for name in WRITTEN:
        shutil.copy(CORPUS / "letters" / f"{name}.imr", folder / "letters")
    for name in POSTED:
        letter = read_letter(CORPUS / "letters" / f"{name}.imr").to_readable()
        standoff = json.dumps(to_standoff(letter))
        (folder / "real" / f"{name}.json").write_text(standoff, encoding="utf-8")
        (inbox / f"letter of {name}.txt").write_text(letter.text, encoding="utf-8")
    sentence = {"text": "It is too long.", "labels": ["prolonged_use"]}
    (folder / "bank" / "a.jsonl").write_text(json.dumps(sentence), encoding="utf-8")
    return folder


def test_a_sound_corpus(corpus):
    result = run("corpus", "check", "-c", corpus)
    assert result.exit_code == 0, result.stdout
    assert "3 written letters, 3 posted letters (0 attached), 1 sentences" in result.stderr


def test_every_problem_is_printed_with_its_place(corpus):
    path = corpus / "letters" / "w1-01.imr"
    path.write_text(path.read_text(encoding="utf-8").replace("{DRUG|", "{DRUGS|", 1), "utf-8")
    (corpus / "bank" / "a.jsonl").write_text("{}\n", encoding="utf-8")
    (corpus / "real" / "w3-02.json").write_text("{}", encoding="utf-8")
    result = run("corpus", "check", "-c", corpus)
    assert result.exit_code == 1
    assert "DRUGS: no such label" in result.stdout
    assert f"{corpus / 'bank' / 'a.jsonl'}:1: text" in result.stdout
    assert "no stand-off annotation" in result.stdout


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"fields": {"layout": "F9"}}, "layout"),
        ({"parts": [["WHAT", 0, 5]]}, "parts"),
        ({"parts": [["ITEM", 0, 5, 98]]}, "belongs to issue 99"),
        ({"entities": [["STRENGTH", 0, 5, 77]]}, "belongs to no DRUG"),
        ({"evidence": [["no_such_reason", 0, 5, 0]]}, "evidence"),
        ({"sha256": "12"}, "is no hash"),
        ({"id": "other"}, "is not called as its id"),
    ],
)
def test_annotations_without_their_letters_are_checked(corpus, change, says):
    path = corpus / "real" / "w3-02.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, **change}), encoding="utf-8")
    result = run("corpus", "check", "-c", corpus)
    assert result.exit_code == 1
    assert says in result.stdout


def test_splitting_needs_the_posted_letters_and_known_authors(corpus, tmp_path):
    result = run("corpus", "split", "-c", corpus)
    assert result.exit_code == 2
    assert "3 posted letters are not attached" in result.stderr
    run("corpus", "attach", tmp_path / "inbox", "-c", corpus)
    result = run("corpus", "split", "-c", corpus, "--n-folds", 3, "--test-author", "nobody")
    assert result.exit_code == 2
    assert "no letter is by nobody" in result.stderr
    assert not (corpus / "splits.json").exists()


def test_splits_that_name_other_letters_are_told(corpus):
    shutil.copy(CORPUS / "splits.json", corpus)
    result = run("evaluate", "-c", corpus, "--split", "test")
    assert result.exit_code == 2
    assert "names letters that are not there: w10-03" in result.stderr


def test_an_empty_folder_is_no_corpus(tmp_path):
    result = run("corpus", "check", "-c", tmp_path)
    assert result.exit_code == 1
    assert "holds no corpus" in result.stdout


def test_statistics_and_their_picture(corpus, tmp_path):
    result = run("corpus", "stats", "-c", corpus, "--picture", tmp_path / "stats.svg")
    assert result.exit_code == 0, result.stderr
    assert "| letters | 3 | 3 |" in result.stdout
    assert "| reason: `prolonged_use` | 1 | - |" in result.stdout
    assert (tmp_path / "stats.svg").stat().st_size > 1000


def test_attaching_splitting_and_evaluating(corpus, tmp_path):
    inbox = tmp_path / "inbox"
    (inbox / "other.txt").write_text("Another letter.", encoding="utf-8")
    attached = run("corpus", "attach", inbox, "-c", corpus)
    assert attached.exit_code == 0, attached.stderr
    assert "3 letters attached" in attached.stderr
    assert [letter.id for letter in read_letters(corpus / "attached")] == list(POSTED)

    split = run("corpus", "split", "-c", corpus, "--test-author", "w6", "--n-folds", 3)
    assert split.exit_code == 0, split.stderr
    splits = read_splits(corpus / "splits.json")
    assert splits.test == ["w6-01"]
    assert sorted(name for fold in splits.folds for name in fold) == list(POSTED)
    assert run("corpus", "check", "-c", corpus).exit_code == 0

    output, errors = tmp_path / "scores.json", tmp_path / "errors.tsv"
    result = run(
        "evaluate", "rules", "-c", corpus, "--split", "test", "--posted",
        "-o", output, "--errors", errors,
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert "written, test (1 letters" in result.stdout
    reports = json.loads(output.read_text(encoding="utf-8"))["reports"]
    assert [report["name"] for report in reports] == ["written, test", "posted"]
    assert errors.read_text(encoding="utf-8").count("\n") == sum(
        len(report["errors"]) for report in reports
    )


def test_a_changed_letter_is_refused(corpus, tmp_path):
    path = tmp_path / "inbox" / "w3-02.txt"
    (tmp_path / "inbox" / "letter of w3-02.txt").rename(path)
    path.write_text(path.read_text(encoding="utf-8") + "\nmore", encoding="utf-8")
    result = run("corpus", "attach", tmp_path / "inbox", "-c", corpus)
    assert result.exit_code == 1
    assert "refused: w3-02" in result.stderr
    assert "2 letters attached" in result.stderr


def test_converting_there_and_back(corpus, tmp_path):
    there = run("corpus", "convert", corpus / "letters", tmp_path / "a.jsonl", "--to", "doccano")
    assert there.exit_code == 0, there.stderr
    back = run(
        "corpus",
        "convert",
        tmp_path / "a.jsonl",
        tmp_path / "b",
        "--from",
        "doccano",
        "--to",
        "imr",
    )
    assert back.exit_code == 0, back.stderr
    assert read_letters(tmp_path / "b") == read_letters(corpus / "letters")


def test_spans_off_the_tokens_are_listed(corpus, tmp_path):
    out = tmp_path / "a.jsonl"
    run("corpus", "convert", corpus / "letters", out, "--to", "doccano")
    first, *rest = out.read_text(encoding="utf-8").splitlines()
    task = json.loads(first)
    drug = next(entity for entity in task["entities"] if entity["label"] == "DRUG")
    drug["end_offset"] -= 1
    out.write_text("\n".join([json.dumps(task), *rest]), encoding="utf-8")
    result = run("corpus", "convert", out, tmp_path / "c.jsonl", "--from", "doccano")
    assert result.exit_code == 1
    assert f"off the token boundaries: {task['letter']}: DRUG '" in result.stderr


def test_what_nobody_decided_on_is_counted(corpus, tmp_path):
    out = tmp_path / "a.jsonl"
    run("corpus", "convert", corpus / "letters", out, "--to", "prodigy")
    first, *rest = out.read_text(encoding="utf-8").splitlines()
    task = json.loads(first)
    del task["answer"]
    out.write_text("\n".join([json.dumps(task), *rest]), encoding="utf-8")
    result = run("corpus", "convert", out, tmp_path / "c.jsonl", "--from", "prodigy")
    assert result.exit_code == 0, result.stderr
    assert f"{out}: nobody decided on 1 of 3 letters, which are left out" in result.stderr
    assert f"(no answer): {task['meta']['id']}" in result.stderr
    assert "2 letters, 0 spans" in result.stderr


def test_the_advice_on_an_unknown_label_holds_for_every_command(corpus, tmp_path):
    out = tmp_path / "a.jsonl"
    run("corpus", "convert", corpus / "letters", out, "--to", "doccano")
    content = out.read_text(encoding="utf-8").replace('"label": "DRUG"', '"label": "MEDICINE"')
    out.write_text(content, encoding="utf-8")
    result = run("corpus", "convert", out, tmp_path / "c.jsonl", "--from", "doccano")
    assert result.exit_code == 2
    assert "imr-nlp train takes it for a label that there is with --rename" in result.stderr
    assert "For other commands rename it in the tool, or in the file." in result.stderr


def test_where_disagreements_cannot_be_listed(corpus, tmp_path):
    path = tmp_path / "nowhere" / "errors.tsv"
    result = run("corpus", "agreement", corpus / "letters", corpus / "letters", "--errors", path)
    assert result.exit_code == 2
    assert f"{path}: the folder {path.parent} does not exist" in result.stderr


def test_an_unknown_format(corpus, tmp_path):
    result = run("corpus", "convert", corpus / "letters", tmp_path / "a", "--to", "gate")
    assert result.exit_code == 2
    assert "there are imr, jsonl, docbin" in result.stderr


def test_two_annotations_of_the_same_letters(corpus, tmp_path):
    second = tmp_path / "second"
    shutil.copytree(corpus / "letters", second)
    (second / "w6-01.imr").unlink()
    path = second / "w1-01.imr"
    text = path.read_text(encoding="utf-8")
    assert "sex: male" in text
    path.write_text(text.replace("sex: male", "sex: female"), encoding="utf-8")
    result = run(
        "corpus", "agreement", corpus / "letters", second, "--errors", tmp_path / "errors.tsv"
    )
    assert result.exit_code == 0, result.stderr
    assert "2 letters in both, 1 in one only" in result.stderr
    assert "| letter/sex/accuracy | 0.500" in result.stdout
    errors = (tmp_path / "errors.tsv").read_text(encoding="utf-8")
    assert errors == "w1-01\tletter/sex\twrong\tmale\tfemale\n"

"""`imr-nlp suggest` on files."""

import shutil
import zipfile
from pathlib import Path

import pytest
from spacy.language import Language
from typer.testing import CliRunner

import imr_nlp
from imr_nlp.cli import app
from imr_nlp.corpus import check_letter, export_letters, import_letters, read_letter
from imr_nlp.schema import DETERMINATION_KEY, PROBABILITIES_KEY
from tests.annotating import accept_all
from tests.conftest import LETTERS

CORPUS = Path(__file__).parents[2] / "corpus"
NAMES = ["f3_compound_cream", "f4b_shoulder_surgery", "f5_lumbar_stenosis"]

PIPELINE = f"en_imr_rules-{imr_nlp.__version__}"


@Language.component("doubts_for_tests")
def doubt(doc):
    """Be unsure of the letters that speak of creams."""
    issues = doc.user_data[DETERMINATION_KEY]["issues"]
    decision = 0.5 if "cream" in doc.text else 0.99
    doc.user_data[PROBABILITIES_KEY] = [{"decision": decision} for _ in issues]
    return doc


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory):
    """The rules and a component that gives probabilities, saved."""
    nlp = imr_nlp.load("rules")
    nlp.add_pipe("doubts_for_tests")
    path = tmp_path_factory.mktemp("pipeline") / "saved"
    nlp.to_disk(path)
    return path


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(LETTERS / f"{name}.txt", folder)
    return folder


@pytest.fixture
def run(tmp_path, pipeline):
    def run(*arguments, to="jsonl", pipeline=pipeline):
        command = ["suggest", *arguments, "-o", tmp_path / "out", "--to", to, "-p", pipeline]
        return CliRunner().invoke(app, [str(argument) for argument in command])

    return run


def table(result):
    """Ranks and letters of the printed table."""
    return [line.split()[:2] for line in result.stdout.splitlines()[1:]]


@pytest.mark.parametrize("form", ["prodigy", "label-studio", "doccano", "imr", "jsonl"])
def test_every_form_reads_back(run, inbox, tmp_path, form):
    result = run(inbox, "-n", 2, to=form)
    assert result.exit_code == 0, result.output
    assert "3 letters read, 2 suggested, 0 failed" in result.stderr
    accept_all(tmp_path / "out", form)
    letters, misaligned = import_letters(tmp_path / "out", form)
    assert misaligned == []
    assert [check_letter(letter) for letter in letters] == [[], []]
    assert sorted(letter.id for letter in letters) == sorted(name for _, name in table(result))
    for letter in letters:
        assert letter.text == letter.readable.text
        assert len(letter.fields.issues) == len(letter.parts_of("ITEM")) > 0


def test_the_table_says_who_and_why(run, inbox):
    first = run(inbox)
    assert table(first)[0] == ["1", "f3_compound_cream"]
    assert "issue 1: decision right with 50%" in first.stdout.splitlines()[1]
    assert "50 letters were asked for, 3 are all there are" in first.stderr
    assert run(inbox, "--force").output == first.output


def test_what_cannot_be_read_is_told_and_the_others_are_written(run, inbox, tmp_path):
    (inbox / "broken.pdf").write_bytes(b"%PDF-1.4\nnothing")
    result = run(inbox, tmp_path / "nowhere.pdf")
    assert result.exit_code == 1
    assert "not read: broken.pdf: " in result.stderr
    assert "not read: nowhere.pdf: there is no such file" in result.stderr
    assert "3 letters read, 3 suggested, 2 failed" in result.stderr
    why = "(annotated already, or copies: 0; failed: broken.pdf, nowhere.pdf)"
    assert f"50 letters were asked for, 3 are all there are {why}" in result.stderr
    assert len(import_letters(tmp_path / "out", "jsonl").letters) == 3


def test_nothing_is_written_where_nothing_was_read(run, tmp_path):
    (tmp_path / "out").write_text("of an earlier run", encoding="utf-8")
    result = run(tmp_path / "nowhere.pdf", "--force")
    assert result.exit_code == 1
    assert "0 letters read, 0 suggested, 1 failed" in result.stderr
    assert result.stdout == ""
    assert (tmp_path / "out").read_text(encoding="utf-8") == "of an earlier run"


def test_archives_copies_and_files_of_one_name(run, inbox, tmp_path):
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.write(inbox / f"{NAMES[0]}.txt", "copies/other.txt")
        archive.write(LETTERS / "f4b_restoration_program.txt", f"others/{NAMES[1]}.txt")
    result = run(inbox, tmp_path / "more.zip", to="imr")
    assert result.exit_code == 0, result.output
    assert "5 letters read, 4 suggested" in result.stderr
    assert "(annotated already, or copies: 1)" in result.stderr
    assert sorted(name for _, name in table(result)) == sorted([*NAMES, f"{NAMES[1]}-2"])
    assert len(import_letters(tmp_path / "out", "imr").letters) == 4


def test_what_was_suggested_and_annotated_is_not_suggested_again(run, inbox, tmp_path):
    first = run(inbox, "-n", 1, to="prodigy")
    (tmp_path / "out").rename(tmp_path / "done")
    accept_all(tmp_path / "done", "prodigy")
    second = run(inbox, "--seen", tmp_path / "done")
    assert not {name for _, name in table(first)} & {name for _, name in table(second)}
    assert "3 letters read, 2 suggested" in second.stderr
    export_letters(
        [*import_letters(tmp_path / "done", "prodigy").letters,
         *import_letters(tmp_path / "out", "jsonl").letters],
        tmp_path / "all", "doccano",
    )  # fmt: skip
    (tmp_path / "out").unlink()
    nothing = run(inbox, "--seen", tmp_path / "all")
    assert nothing.exit_code == 1
    assert "(annotated already, or copies: 3)" in nothing.stderr
    assert not (tmp_path / "out").exists()


def test_a_corpus_folder_can_be_what_was_seen(run, inbox, tmp_path):
    letter = read_letter(CORPUS / "letters" / "w1-01.imr")
    (inbox / "same.txt").write_text(letter.text, encoding="utf-8")
    (tmp_path / "corpus" / "letters").mkdir(parents=True)
    shutil.copy(CORPUS / "letters" / "w1-01.imr", tmp_path / "corpus" / "letters")
    result = run(inbox, "--seen", tmp_path / "corpus")
    assert sorted(name for _, name in table(result)) == NAMES


def test_what_is_left_for_the_annotator_is_told(run, inbox, tmp_path):
    text = (inbox / f"{NAMES[1]}.txt").read_text(encoding="utf-8")
    (inbox / "other.txt").write_text(text.replace("CLINICAL CASE SUMMARY", "\n"), "utf-8")
    result = run(inbox / "other.txt")
    assert result.exit_code == 0, result.output
    assert "to be mended: other: 0 SUMMARY marks; a letter has one" in result.stderr
    assert "warning missing_summary" in result.stdout


def test_wrong_usage(run, inbox, tmp_path):
    assert "no such format; there are prodigy" in run(inbox, to="word").stderr
    assert run(inbox, to="word").exit_code == 2
    missing = run(inbox, "--seen", tmp_path / "nowhere")
    assert (missing.exit_code, "nowhere" in missing.stderr) == (2, True)
    (tmp_path / "out").mkdir()
    folder = run(inbox)
    assert (folder.exit_code, "is a folder" in folder.stderr) == (2, True)
    assert run(inbox, pipeline="none").exit_code == 2
    assert run(inbox, "-n", 0).exit_code == 2


@pytest.mark.parametrize(("form", "why"), [("prodigy", "no answer"),
                                          ("label-studio", "no finished annotation")])  # fmt: skip
def test_suggestions_are_no_annotations(run, inbox, tmp_path, form, why):
    result = run(inbox, "-n", 2, to=form)
    assert result.exit_code == 0, result.output
    marked = f'"model_version": "{PIPELINE}"' if form == "label-studio" else PIPELINE
    assert marked in (tmp_path / "out").read_text(encoding="utf-8")
    interface = f"labelling interface: {tmp_path / 'out.config.xml'}"
    assert (interface in result.stderr) == (form == "label-studio")
    (tmp_path / "out").rename(tmp_path / "next")
    refused = run(inbox, "--seen", tmp_path / "next")
    assert refused.exit_code == 2
    assert f"nobody decided on 2 of 2 letters, which are left out ({why}): " in refused.stderr
    converted = CliRunner().invoke(
        app, ["corpus", "convert", str(tmp_path / "next"), str(tmp_path / "x"), "--from", form]
    )
    assert (converted.exit_code, why in converted.stderr) == (2, True)


@pytest.mark.parametrize("form", ["imr", "jsonl"])
def test_corrected_work_is_not_written_over(run, tmp_path, form):
    path = tmp_path / "out" / "a.imr" if form == "imr" else tmp_path / "out"
    path.parent.mkdir(exist_ok=True)
    path.write_text("corrected by hand", encoding="utf-8")
    # Nothing is read: there are no such letters.
    refused = run(tmp_path / "nowhere", to=form)
    assert refused.exit_code == 2
    assert "out: the f" in refused.stderr
    assert "is not empty" in refused.stderr
    assert "give --force" in refused.stderr
    assert path.read_text(encoding="utf-8") == "corrected by hand"


def test_an_empty_folder_is_free_and_a_used_one_by_force(run, inbox, tmp_path):
    (tmp_path / "out").mkdir()
    assert run(inbox / f"{NAMES[0]}.txt", to="imr").exit_code == 0
    assert run(inbox / f"{NAMES[1]}.txt", "--force", to="imr").exit_code == 0
    written = [path.stem for path in sorted((tmp_path / "out").iterdir())]
    assert written == NAMES[:2]


def test_letters_cannot_be_written_into_a_file(run, tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    refused = run(tmp_path / "nowhere", "--force", to="imr")
    assert (refused.exit_code, "out: is a file" in refused.stderr) == (2, True)
    assert "not read" not in refused.stderr


def test_a_pipeline_must_give_determinations(run, inbox, tmp_path):
    imr_nlp.load("rules", exclude=["imr_determination"]).to_disk(tmp_path / "part")
    result = run(inbox, pipeline=tmp_path / "part")
    assert result.exit_code == 2
    assert "has no component 'imr_determination'" in result.stderr

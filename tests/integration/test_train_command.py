"""`imr-nlp train` on files: a pipeline that loads, and clear words where there is none."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import imr_nlp
from imr_nlp.cli import app
from imr_nlp.corpus import export_letters, import_letters
from tests.small_corpus import letter_of, make_corpus, names, new_letters


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return make_corpus(tmp_path_factory.mktemp("train") / "corpus")


def run(*arguments):
    return CliRunner().invoke(app, ["train", *map(str, arguments)])


@pytest.fixture(scope="module")
def trained(corpus, tmp_path_factory):
    """The result of the command, and the folder that it wrote."""
    folder = tmp_path_factory.mktemp("trained")
    first, *rest = new_letters()
    export_letters([first], folder / "one.json", "label-studio")
    export_letters([*rest, letter_of(names()[1][0])], folder / "two.jsonl", "prodigy")
    result = run(
        folder / "one.json", folder / "two.jsonl", "-o", folder / "out", "--corpus", corpus,
        "--base", "rules", "--steps", 3, "--hold-out", 0.3,
    )  # fmt: skip
    return result, folder / "out"


def test_a_pipeline_is_written_and_compared(trained):
    result, folder = trained
    assert result.exit_code == 0, result.output
    assert f"{names()[1][0]}: left out, it is {names()[1][0]} of the test split" in result.stderr
    assert "rules has no recogniser of entities to go on from" in result.stderr
    assert f"written: {folder}" in result.stderr
    for name in ("the frozen test split", "the new letters held out"):
        assert f"| {name} (" in result.stdout
    data = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert result.stdout.rstrip().endswith(data["verdict"])
    # The rules alone give no reasons at all: six letters show that as surely as can be.
    assert data["better"] is True
    assert data["comparisons"][0]["changes"]["reasons/micro"]["sure"] is True
    assert len(data["comparisons"]) == 2
    said = data["settings"]
    assert said["old pipeline"].startswith("rules ")
    assert (said["hold_out"], said["seed"], said["steps"]) == (0.3, 0, 3)
    assert said["recogniser"] == "anew"
    assert (
        data["trained_on"]["written letters"] == len(names()[0]) + data["trained_on"]["new letters"]
    )


def test_it_loads_and_reads(trained, letters):
    nlp = imr_nlp.load(trained[1])
    assert nlp.meta["name"] == "imr_retrained"
    assert nlp.meta["requirements"] == [f"imr_nlp>={imr_nlp.__version__}"]
    assert {"tok2vec", "ner", "imr_reasons", "imr_categories"} <= set(nlp.component_names)
    result = imr_nlp.extract("examples/letters/f5_lumbar_stenosis.txt", nlp=nlp)
    assert len(result.issues) == 5
    readme = (trained[1] / "README.md").read_text(encoding="utf-8")
    assert "imr_nlp.load('out')" in readme
    assert "python -m spacy package out" in readme


def test_a_folder_that_holds_something_is_not_written_over(trained, corpus, tmp_path):
    _, folder = trained
    new = folder.parent / "one.json"
    refused = run(new, "-o", folder, "--corpus", corpus)
    assert (refused.exit_code, "is not empty" in refused.stderr) == (2, True)
    (tmp_path / "letters.txt").touch()
    refused = run(new, "-o", tmp_path, "--corpus", corpus, "--force")
    assert (refused.exit_code, "holds no pipeline" in refused.stderr) == (2, True)
    assert (tmp_path / "letters.txt").exists()


@pytest.fixture
def odd(tmp_path):
    """Letters in which diagnoses are called PROBLEM, as Prodigy gives them."""
    path = tmp_path / "odd.jsonl"
    export_letters(new_letters(), path, "prodigy")
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace('"label": "DIAGNOSIS"', '"label": "PROBLEM"'), "utf-8")
    return path


def test_an_unknown_label_is_a_clear_message_and_a_choice(odd, corpus, tmp_path):
    right = new_letters()
    n_spans = sum(e.label == "DIAGNOSIS" for letter in right for e in letter.entities)
    result = run(odd, "-o", tmp_path / "out", "--corpus", corpus, "--base", "rules")
    assert result.exit_code == 1
    assert f"Unknown label PROBLEM: {n_spans} spans in " in result.stderr
    assert right[0].id in result.stderr
    assert "--rename PROBLEM=KNOWN" in result.stderr
    assert "--drop-label PROBLEM" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_label_is_renamed_or_left_out(odd):
    right = new_letters()
    assert import_letters(odd, "prodigy", relabel={"PROBLEM": "DIAGNOSIS"}).letters == right
    left_out = []
    letters = import_letters(odd, "prodigy", relabel={"PROBLEM": None}, left_out=left_out).letters
    diagnoses = [(x.id, e.start) for x in right for e in x.entities if e.label == "DIAGNOSIS"]
    assert [(span.letter, span.start) for span in left_out] == diagnoses
    assert {span.label for span in left_out} == {"PROBLEM"}
    assert not any(e.label == "DIAGNOSIS" for letter in letters for e in letter.entities)
    kept = [len(x.entities) for x in letters]
    assert sum(kept) + len(left_out) == sum(len(x.entities) for x in right)


def test_links_follow_their_spans(tmp_path):
    letter = next(x for x in new_letters() if any(e.drug is not None for e in x.entities))
    path = tmp_path / "odd.jsonl"
    export_letters([letter], path, "doccano")
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace('"label": "DRUG"', '"label": "MEDICINE"'), "utf-8")
    assert import_letters(path, "doccano", relabel={"MEDICINE": "DRUG"}).letters == [letter]
    (without,) = import_letters(path, "doccano", relabel={"MEDICINE": None}).letters
    assert all(e.drug is None for e in without.entities)


@pytest.mark.parametrize("form", ["jsonl", "docbin"])
def test_other_forms_name_an_unknown_label(form, tmp_path, corpus):
    path = tmp_path / f"odd.{form}"
    export_letters(new_letters(), path, form)
    if form == "jsonl":
        content = path.read_text(encoding="utf-8")
        path.write_text(content.replace('"DIAGNOSIS"', '"PROBLEM"'), "utf-8")
    else:
        from spacy.tokens import DocBin, Span
        from spacy.vocab import Vocab

        docs = list(DocBin().from_disk(path).get_docs(Vocab()))
        for doc in docs:
            doc.set_ents([Span(doc, e.start, e.end, label="PROBLEM") for e in doc.ents])
        DocBin(docs=docs, store_user_data=True).to_disk(path)
    result = run(path, "-o", tmp_path / "out", "--corpus", corpus)
    assert result.exit_code == 1
    assert "PROBLEM: no such label; change it where the file was made" in result.stderr


def test_wrong_usage(odd, corpus, tmp_path):
    def refused(*more, new=odd, folder=corpus):
        result = run(new, "-o", tmp_path / "out", "--corpus", folder, *more)
        assert result.exit_code == 2, result.output
        return result.stderr

    assert "PROBLEMS: no such label; there are SUMMARY" in refused("--rename", "PROBLEM=PROBLEMS")
    assert "write LABEL=KNOWN" in refused("--rename", "PROBLEM")
    assert "two choices" in refused("--rename", "A=DRUG", "--drop-label", "A")
    assert "no such format; there are imr" in refused("--from", "word")
    assert "there is no such file" in refused(new=tmp_path / "nowhere")
    assert "holds no splits.json" in refused(folder=tmp_path)
    assert "no pipeline of this name" in refused("--drop-label", "PROBLEM", "--base", "none")


def test_nothing_is_trained_where_a_letter_is_wrong(corpus, tmp_path):
    path = tmp_path / "new.jsonl"
    path.write_text('{"sentence": "x"}\n', encoding="utf-8")
    wrong = run(path, "-o", tmp_path / "out", "--corpus", corpus)
    assert (wrong.exit_code, "no doccano line" in wrong.stderr) == (1, True)
    assert f"{path}: read as doccano; --from FORMAT names another" in wrong.stderr
    letters = new_letters()
    letters[0] = letters[0].model_copy(update={"parts": []})
    export_letters(letters, path, "jsonl")
    result = run(path, "-o", tmp_path / "out", "--corpus", corpus, "--base", "rules")
    assert result.exit_code == 1
    assert f"{letters[0].id}:0: 0 SUMMARY marks" in result.stderr


@pytest.mark.slow
def test_it_is_packaged_as_a_wheel(trained, tmp_path):
    command = [sys.executable, "-m", "spacy", "package", str(trained[1]), str(tmp_path)]
    subprocess.run([*command, "--build", "wheel"], check=True, capture_output=True)
    (wheel,) = tmp_path.rglob("*.whl")
    assert wheel.name.startswith("en_imr_retrained-")

"""What a pipeline annotated is no annotation until a person decides on it."""

import json

import pytest

from imr_nlp.corpus import CorpusError, export_letters, import_letters, read_letter
from imr_nlp.corpus.exchange import Undecided
from imr_nlp.corpus.exchange.label_studio import LABELING_CONFIG
from tests.annotating import accept, tasks_of, write_tasks
from tests.conftest import ROOT

LETTERS = [
    read_letter(ROOT / "corpus" / "letters" / f"{name}.imr") for name in ("w1-01", "w2-01", "w6-01")
]
NAMES = [letter.id for letter in LETTERS]
WHY = {"prodigy": "no answer", "label-studio": "no finished annotation"}


@pytest.fixture
def suggested(tmp_path, request):
    """The letters as a pipeline's, in the form of a tool."""
    path = tmp_path / "next.json"
    export_letters(LETTERS, path, request.param, predicted_by="en_imr_sm-0.1.0")
    return path, request.param


both = pytest.mark.parametrize("suggested", WHY, indirect=True)


@both
def test_what_nobody_decided_on_is_no_letter(suggested):
    path, format = suggested
    with pytest.raises(CorpusError, match="holds no annotated letters") as raised:
        import_letters(path, format)
    said = f"nobody decided on 3 of 3 letters, which are left out ({WHY[format]}): "
    assert f"{said}{', '.join(NAMES)}" in str(raised.value)


@both
def test_what_a_person_decided_on_is_whole_and_the_rest_is_told(suggested):
    path, format = suggested
    tasks = tasks_of(path, format)
    accept(tasks[1], format)
    write_tasks(tasks, path, format)
    undecided = []
    assert import_letters(path, format, undecided=undecided).letters == [LETTERS[1]]
    assert undecided == [Undecided(name, WHY[format]) for name in (NAMES[0], NAMES[2])]
    with pytest.warns(UserWarning, match=f"2 of 3 letters.*: {NAMES[0]}, {NAMES[2]}"):
        import_letters(path, format)


@both
def test_a_letter_that_was_decided_on_elsewhere_in_the_file_counts(suggested):
    path, format = suggested
    tasks = tasks_of(path, format)
    again = json.loads(json.dumps(tasks[0]))
    accept(again, format)
    write_tasks([tasks[0], again], path, format)
    with pytest.warns(UserWarning, match="1 of 2 letters"):
        assert import_letters(path, format).letters == LETTERS[:1]


def test_label_studio_shows_predictions_and_who_made_them(tmp_path):
    path = tmp_path / "next.json"
    export_letters(LETTERS, path, "label-studio", predicted_by="rules")
    for task in tasks_of(path, "label-studio"):
        (prediction,) = task["predictions"]
        assert prediction["model_version"] == task["data"]["imr"]["predicted_by"] == "rules"
        assert task["annotations"] == []
        assert prediction["result"]


def test_prodigy_is_asked_and_told_who_made_the_marks(tmp_path):
    path = tmp_path / "next.jsonl"
    export_letters(LETTERS, path, "prodigy", predicted_by="rules")
    for task in tasks_of(path, "prodigy"):
        assert "answer" not in task
        assert json.loads(task["meta"]["imr"])["predicted_by"] == "rules"


@pytest.mark.parametrize("format", ["doccano", "brat", "jsonl", "imr"])
def test_other_forms_cannot_tell(format, tmp_path):
    export_letters(LETTERS, tmp_path / "out", format, predicted_by="rules")
    assert import_letters(tmp_path / "out", format).letters == LETTERS


@pytest.mark.parametrize("format", WHY)
def test_what_a_person_annotated_is_finished(format, tmp_path):
    path = tmp_path / "done.json"
    export_letters(LETTERS, path, format)
    assert "predicted_by" not in path.read_text(encoding="utf-8")
    assert import_letters(path, format).letters == LETTERS


def test_a_task_that_a_person_skipped_is_left_out_without_a_word(tmp_path):
    path = tmp_path / "done.json"
    export_letters(LETTERS, path, "label-studio")
    tasks = tasks_of(path, "label-studio")
    tasks[0]["annotations"][0]["was_cancelled"] = True
    write_tasks(tasks, path, "label-studio")
    assert import_letters(path, "label-studio").letters == LETTERS[1:]


def test_the_labelling_interface_lies_beside_the_tasks(tmp_path):
    export_letters(LETTERS, tmp_path / "next.json", "label-studio")
    config = tmp_path / "next.config.xml"
    assert config.read_text(encoding="utf-8") == LABELING_CONFIG
    config.write_text("<View/>", encoding="utf-8")
    export_letters(LETTERS, tmp_path / "next.json", "label-studio")
    assert config.read_text(encoding="utf-8") == "<View/>"

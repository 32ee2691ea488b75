"""The corpus that ships with the project: sound, split cleanly, and as large as it says."""

import re
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

import imr_nlp
from imr_nlp.cli import app
from imr_nlp.corpus import check_letter, check_splits, parse_form, read_bank, read_letters
from imr_nlp.corpus.bank import count_labels
from imr_nlp.corpus.labels import REASONS
from imr_nlp.corpus.splits import read_splits, reviewer
from imr_nlp.corpus.standoff import iter_standoff, without_text
from imr_nlp.corpus.stats import count

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"


def run(*arguments):
    return CliRunner().invoke(app, ["corpus", *map(str, arguments), "--corpus", str(CORPUS)])


@pytest.fixture(scope="module")
def written():
    return read_letters(CORPUS / "letters")


def test_nothing_is_wrong_in_it():
    result = run("check")
    assert result.exit_code == 0, result.stdout
    assert result.stdout == ""


def test_every_reason_is_there_often_enough(written):
    stats = count(written, name="written")
    assert stats.n_letters >= 120
    assert min(stats.counts["reason"][label] for label in REASONS) >= 25
    assert set(stats.counts["layout"]) == {"F1", "F2", "F3", "F4a", "F4b", "F5"}


def test_every_reason_has_its_sentences_in_the_bank():
    sentences = read_bank(CORPUS / "bank")
    counts = count_labels(sentences)
    assert min(counts[label] for label in REASONS) >= 40
    assert sum(not sentence.labels for sentence in sentences) >= 600


def test_the_splits_are_clean(written):
    splits = read_splits(CORPUS / "splits.json")
    known = {letter.id: letter for letter in written}
    assert check_splits(splits, known) == []
    posted = {annotation["id"] for annotation in iter_standoff(CORPUS / "real")}
    assert {name for fold in splits.folds for name in fold} == posted
    assert len(splits.folds) == 5


def test_no_reviewer_of_the_test_is_met_in_training(written):
    splits = read_splits(CORPUS / "splits.json")
    met = {reviewer(letter) for letter in written if letter.id in splits.train}
    assert not met & {reviewer(letter) for letter in written if letter.id in splits.test}


def test_every_posted_letter_is_annotated_in_full():
    letters = [without_text(annotation) for annotation in iter_standoff(CORPUS / "real")]
    assert len(letters) == 100
    for letter in letters:
        assert len(letter.parts_of("SUMMARY")) == 1, letter.id
        for number in range(len(letter.fields.issues)):
            assert len(letter.parts_of("ITEM", number)) == 1, letter.id
            assert len(letter.parts_of("RATIONALE", number)) == 1, letter.id


def test_the_example_letters_are_those_of_the_examples_folder(written):
    texts = {letter.id.removeprefix("we-"): letter for letter in written if letter.id[:3] == "we-"}
    assert len(texts) == 12
    for name, letter in texts.items():
        raw = imr_nlp.read(ROOT / "examples" / "letters" / f"{name}.txt").text
        assert letter.text.split() == raw.split()


def test_the_example_of_the_guidelines_is_sound():
    guidelines = (CORPUS / "GUIDELINES.md").read_text(encoding="utf-8")
    example = re.search(r"```\n(---\n.*?)```", guidelines, re.DOTALL)
    letter, faults, lines = parse_form(example.group(1), id="example")
    assert faults == []
    assert check_letter(letter, lines) == []


def test_the_data_card_prints_the_statistics():
    result = run("stats")
    assert result.exit_code == 0, result.stderr
    card = (CORPUS / "README.md").read_text(encoding="utf-8")
    assert result.stdout.strip() in card


def test_reason_sentences_are_not_all_of_one_wording():
    """No pattern of three words opens more than a small part of a label's sentences."""
    for label in REASONS:
        own = [s.text for s in read_bank(CORPUS / "bank") if label in s.labels]
        openings = Counter(" ".join(text.lower().split()[:3]) for text in own)
        assert max(openings.values()) <= len(own) / 5, label

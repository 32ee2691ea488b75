"""The parts of the classifier of reasons."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import imr_nlp
from imr_nlp.components.linear import SparseLinear
from imr_nlp.components.reasons.choice import choose_decisive, choose_evidence
from imr_nlp.components.reasons.component import LetterReasons
from imr_nlp.components.reasons.features import Sentence, sentences_of, weigh
from imr_nlp.components.reasons.model import ReasonModel
from imr_nlp.components.words import letter_groups, word_groups, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Norco 10/325 mg #60 was denied.", "_drug_ _number_ mg # _number_ was denied"),
        ("the left knee and right ankle", "the _body_ and _body_"),
        ("It doesn\u2019t exceed 2.", "it doesn't exceed _number_"),
        ("", ""),
    ],
)
def test_what_differs_from_case_to_case_is_one_word(text, words):
    assert words_of(text) == words.split()


def test_groups_of_words_and_letters():
    assert list(word_groups(["a", "b", "c"])) == ["a", "b", "c", "a b", "b c", "a b c", "a * c"]
    assert list(letter_groups(["ab"])) == [" ab", "ab ", " ab "]


@given(st.lists(st.text(alphabet="ab c."), max_size=5))
def test_each_block_of_features_has_its_length(texts):
    for sentence in sentences_of(texts, decision="upheld", category=None):
        features = weigh(sentence, lambda name: 1.0)
        for block, length in (("t", 1.0), ("l", 0.7)):
            values = [v for n, v in features.items() if n.startswith(f"{block}:")]
            if values:
                assert math.hypot(*values) == pytest.approx(length)


def test_sentences_know_their_neighbours_and_places():
    first, middle, last = sentences_of(["a", "b", "c"], decision="upheld", category="imaging")
    assert (first.before, first.after, first.place) == ("", "b", 0)
    assert (middle.before, middle.after, middle.place) == ("a", "c", 0.5)
    assert (last.before, last.after, last.place) == ("b", "", 1)


@pytest.fixture
def model():
    linear = SparseLinear(
        ("prolonged_use", "criteria_met"),
        {"t:long": 1.0, "t:shown": 1.0, "t:weightless": 1.0},
        ["t:long", "t:shown"],
        np.array([[4, -4], [-4, 4]], np.float32),
        np.array([-2, -2], np.float32),
    )
    return ReasonModel(linear)


def test_scores_are_weights_of_what_is_there(model):
    scores = model.scores([Sentence("too long"), Sentence("was shown"), Sentence("nothing")])
    assert scores.tolist() == [[2, -6], [-6, 2], [-2, -2]]
    assert (model.probabilities(scores) > 0.8).all()


def test_a_model_survives_bytes(model):
    again = ReasonModel.from_bytes(model.to_bytes())
    sentences = [Sentence("too long"), Sentence("was shown")]
    assert again.labels == model.labels
    assert again.linear.idf == model.linear.idf
    assert again.scores(sentences) == pytest.approx(model.scores(sentences), abs=1e-2)


@pytest.mark.parametrize(
    ("scores", "chosen"),
    [([-3.0, -2.0], [1]), ([2.0, 0.1, -0.4, -0.6], [0, 1, 2]), ([5.0, 1.9, 2.1], [0, 2])],
)
def test_evidence_is_the_best_sentence_and_what_is_nearly_as_sure(scores, chosen):
    assert choose_evidence(np.array(scores, np.float32)) == chosen


NAMES = ("prolonged_use", "safety_risk", "insufficient_documentation", "criteria_met")


@pytest.mark.parametrize(
    ("stated", "decision", "primary"),
    [
        # reason, number of its sentence, probability
        ([], "upheld", None),
        ([("safety_risk", 9, 0.04)], "upheld", None),
        ([("safety_risk", 9, 0.1)], "upheld", "safety_risk"),
        ([("safety_risk", 9, 0.9), ("prolonged_use", 3, 0.9)], "upheld", "prolonged_use"),
        ([("safety_risk", 9, 0.9), ("prolonged_use", 3, 0.3)], "upheld", "safety_risk"),
        ([("criteria_met", 0, 0.9), ("prolonged_use", 3, 0.4)], "upheld", "prolonged_use"),
        ([("criteria_met", 5, 0.4), ("prolonged_use", 3, 0.9)], "overturned", "criteria_met"),
        ([("criteria_met", 0, 0.9)], "upheld", "criteria_met"),
        ([("criteria_met", 5, 0.9), ("prolonged_use", 3, 0.9)], None, "prolonged_use"),
        ([(NAMES[2], 0, 0.9), ("safety_risk", 9, 0.9)], "upheld", "safety_risk"),
        ([(NAMES[2], 0, 0.9), ("safety_risk", 9, 0.2)], "upheld", "insufficient_documentation"),
        ([(NAMES[2], 0, 0.9)], "upheld", "insufficient_documentation"),
    ],
)
def test_the_primary_reason(stated, decision, primary):
    scores = np.full((10, len(NAMES)), -9, np.float32)
    chances = np.zeros(len(NAMES), np.float32)
    for name, place, chance in stated:
        scores[place, NAMES.index(name)] = 1
        chances[NAMES.index(name)] = chance
    column = choose_decisive(scores, chances, NAMES, decision)
    assert (None if column is None else NAMES[column]) == primary


def test_the_decisive_reason_is_given_below_its_threshold(model):
    model.thresholds = np.full_like(model.thresholds, 0.99)
    (issue,) = with_reasons(model)(LETTER)._.determination.issues
    assert [found.label for found in issue.reasons] == ["prolonged_use"]
    assert issue.primary_reason == "prolonged_use"
    assert issue.reasons[0].sentences[0].text == "He has taken it too long."


LETTER = """IMR ISSUES, DECISIONS AND RATIONALES
Soma 350mg #60: Upheld
Claims Administrator guideline: The Claims Administrator did not cite any medical evidence.
MAXIMUS guideline: The Expert Reviewer did not cite any medical evidence.
Decision rationale: It is for weeks. He has taken it too long. It is not medically necessary.
"""


def with_reasons(model):
    nlp = imr_nlp.load("rules")
    nlp.add_pipe("imr_reasons", before="imr_determination").model = model
    return nlp


def test_a_letter_gets_its_reasons_with_their_sentences(model):
    doc = with_reasons(model)(LETTER)
    (issue,) = doc._.determination.issues
    assert issue.primary_reason == "prolonged_use"
    (found,) = issue.reasons
    assert [sentence.text for sentence in found.sentences] == ["He has taken it too long."]
    assert LETTER[found.sentences[0].start :].startswith("He has")
    assert found.score == pytest.approx(1 / (1 + math.exp(-2)), abs=1e-3)
    assert [(span.text, span.label_) for span in doc.spans["reasons"]] == [
        ("He has taken it too long.", "prolonged_use")
    ]


def test_without_a_model_there_are_no_reasons():
    (issue,) = with_reasons(None)(LETTER)._.determination.issues
    assert (issue.reasons, issue.primary_reason) == ([], None)


def test_the_component_survives_the_disk(model, tmp_path):
    with_reasons(model).to_disk(tmp_path / "pipeline")
    nlp = imr_nlp.load(tmp_path / "pipeline")
    (issue,) = nlp(LETTER)._.determination.issues
    assert issue.primary_reason == "prolonged_use"
    assert LetterReasons().from_bytes(LetterReasons(model).to_bytes()).model is not None
    assert LetterReasons().from_bytes(LetterReasons().to_bytes()).model is None

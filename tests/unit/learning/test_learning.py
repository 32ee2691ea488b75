"""Training on few examples: what it learns, that it repeats, and that nothing leaks."""

import os
import subprocess
import sys

import numpy as np
import pytest

from imr_nlp.components.reasons.choice import choose_decisive
from imr_nlp.corpus import BankRationale, BankSentence, parse_form, read_letters
from imr_nlp.evaluation import calibrate_pairs
from imr_nlp.learning.calibrate import calibrate, choose_thresholds
from imr_nlp.learning.categories import ItemExample, fit_categories, leave_out
from imr_nlp.learning.examples import from_letter, from_rationale, from_sentence
from imr_nlp.learning.reasons import LABELS, fit, stated
from imr_nlp.learning.validation import TrainingSet, calibrate_folds, hold_out, train
from tests.conftest import ROOT

LONG, MET = LABELS.index("prolonged_use"), LABELS.index("criteria_met")


def rationale(number, label):
    text = {
        "prolonged_use": f"He has taken it for {number} years without end.",
        "criteria_met": f"Finding {number} fulfils what the chapter asks for.",
    }[label]
    return from_rationale(
        BankRationale.model_validate(
            {
                "item": "x",
                "decision": "overturned" if label == "criteria_met" else "upheld",
                "category": "imaging",
                "primary": label,
                "sentences": [
                    {"text": "The guideline speaks of weeks and of findings."},
                    {"text": text, "labels": [label]},
                    {"text": f"Remark number {number} says nothing."},
                ],
            }
        ),
        number,
    )


@pytest.fixture(scope="module")
def examples():
    return [rationale(n, label) for n in range(12) for label in ("prolonged_use", "criteria_met")]


def test_it_learns_what_sets_reasons_apart(examples):
    model = fit(examples)
    unseen = rationale(99, "prolonged_use")
    scores = model.scores(unseen.sentences)
    assert scores[:, LONG].argmax() == 1
    assert scores[1, LONG] > 0 > scores[1, MET]


def test_the_same_examples_give_the_same_weights(examples):
    assert fit(examples).to_bytes() == fit(list(examples)).to_bytes()


def test_a_label_without_examples_is_never_given(examples):
    model = fit(examples)
    scores = model.scores(examples[0].sentences)
    assert (scores[:, LABELS.index("adjunct_only")] < -5).all()


def test_sentences_of_a_letter_have_the_labels_of_their_evidence():
    letter, faults, _ = parse_form(
        "---\nlayout: F4b\nissues:\n- {decision: upheld, category: other, primary: safety_risk}\n"
        "---\n{SUMMARY|A man.} {ITEM|X}: Upheld\n{RATIONALE|It is for weeks. "
        "{safety_risk+prolonged_use|It may harm him, and it has lasted.} No.}\n",
        id="a",
    )
    assert not faults
    (example,) = from_letter(letter)
    assert [sorted(own) for own in example.labels] == [[], ["prolonged_use", "safety_risk"], []]
    assert example.stated == {"safety_risk", "prolonged_use"}
    assert (example.primary, example.decision) == ("safety_risk", "upheld")


def test_a_sentence_of_the_bank_is_an_example_of_its_own():
    example = from_sentence(BankSentence(text="Too long.", labels=("prolonged_use",)), 3)
    assert len(example.sentences) == 1
    assert example.sentences[0].decision is None


def test_a_held_out_fold_trains_nothing(examples):
    names = sorted({example.letter for example in examples})
    data = TrainingSet(letters=examples, folds=[names[::2], names[1::2]])
    for number, (train_side, held) in enumerate(data.sides()):
        assert {e.letter for e in held} == set(data.folds[number])
        assert not {e.letter for e in train_side} & {e.letter for e in held}
    models, held_out = hold_out(data)
    assert sorted(h.example.letter for h in held_out) == sorted(e.letter for e in examples)
    calibrate_folds(models, held_out)
    of_first = [h for h in held_out if h.fold == 1]
    alone = calibrate(np.array([h.best for h in of_first]), stated([h.example for h in of_first]))
    assert models[0].scale == pytest.approx(alone[0])
    assert models[0].shift == pytest.approx(alone[1])
    model = train(data, held_out)
    assert model.probabilities(model.scores(examples[0].sentences))[LONG] > 0.5


def test_without_reasons_nothing_is_calibrated():
    with pytest.raises(ValueError, match="the 3 held-out issues have no reasons"):
        calibrate(np.zeros((3, 2), np.float32), np.zeros((3, 2), bool))


def items(*categories):
    return [ItemExample("a", f"{c} item {n}", "other", c) for c in categories for n in range(4)]


def test_categories_are_learned_of_two_and_not_of_one():
    model = fit_categories(items("imaging", "acupuncture"))
    rows = model.scores([("imaging item", "other"), ("acupuncture item", "other")])
    assert [model.labels[int(row.argmax())] for row in rows] == ["imaging", "acupuncture"]
    with pytest.raises(ValueError, match="4 items that train are of fewer than two categories"):
        fit_categories(items("imaging"))


def test_items_worded_like_held_out_ones_do_not_train():
    first, second, *_ = items("imaging")
    same = first._replace(letter="b", text=first.text.upper() + "\n")
    assert leave_out([same, second], [first]) == [second]


def test_a_model_is_the_same_file_in_every_process(examples):
    code = (
        "from imr_nlp.learning.sparse import inverse_frequencies\n"
        "things = [{'t': ['b', 'a', 'c', 'd', 'e']}, {'t': ['e', 'f', 'g', 'a']}]\n"
        "print(list(inverse_frequencies(things, {'t': 1})))\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "012"
    }
    assert len(said) == 1


def test_calibration_turns_scores_into_shares():
    random = np.random.default_rng(0)
    scores = random.normal(-1, 3, (4000, 2)).astype(np.float32)
    truth = random.random((4000, 2)) < 1 / (1 + np.exp(-(0.5 * scores - 1)))
    scale, shift = calibrate(scores, truth)
    assert scale == pytest.approx([0.5, 0.5], abs=0.05)
    assert shift == pytest.approx([-1, -1], abs=0.2)
    raw = np.asarray(1 / (1 + np.exp(-scores)), np.float32)
    said = np.asarray(1 / (1 + np.exp(-(scale * scores + shift))), np.float32)
    before, after = (
        calibrate_pairs(zip(own.ravel(), truth.ravel(), strict=True)) for own in (raw, said)
    )
    assert after.error < 0.02 < before.error
    assert after.brier < before.brier
    assert after.n == 8000


def test_a_frequent_label_has_its_own_threshold_and_a_rare_one_the_common():
    probabilities = np.tile(np.linspace(0, 1, 400, dtype=np.float32), (2, 1)).T
    truth = np.zeros((400, 2), bool)
    truth[240:, 0] = True
    truth[390:392, 1] = True
    frequent, rare = choose_thresholds(probabilities, truth)
    assert frequent == pytest.approx(0.6, abs=0.05)
    assert abs(rare - 0.97) > 0.2


def test_stated_reasons_of_issues(examples):
    truth = stated(examples[:2])
    assert truth.shape == (2, len(LABELS))
    assert truth.sum() == 2


def test_with_peoples_reasons_the_decisive_one_is_theirs():
    """The rule itself, apart from the detection of reasons: its docstring quotes this."""
    letters = read_letters(ROOT / "corpus" / "letters")
    right = total = 0
    for example in (own for letter in letters for own in from_letter(letter)):
        if example.primary is None:
            continue
        scores = np.array([[9 * (n in own) - 5 for n in LABELS] for own in example.labels])
        chances = np.array([float(name in example.stated) for name in LABELS])
        column = choose_decisive(scores.astype(np.float32), chances, LABELS, example.decision)
        right += column is not None and LABELS[column] == example.primary
        total += 1
    assert total > 500
    assert right / total == pytest.approx(0.95, abs=0.01)

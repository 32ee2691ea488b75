"""Whether probabilities come true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import imr_nlp
from imr_nlp.corpus import parse_form, to_doc
from imr_nlp.evaluation import (
    calibrate_pairs,
    calibration_to_markdown,
    evaluate,
    score_letter,
    summarize,
)
from imr_nlp.schema import PROBABILITIES_KEY

FORM = """---
layout: F4b
issues:
- {decision: upheld, category: imaging, primary: prolonged_use}
---
{SUMMARY|CLINICAL CASE SUMMARY
A man.}
IMR ISSUES, DECISIONS AND RATIONALES
{ITEM|MRI of the knee}: Upheld
Decision rationale: {RATIONALE|{prolonged_use|It has lasted too long.} It is not necessary.}
"""


def test_probabilities_that_come_true_have_no_error():
    found = calibrate_pairs([(1.0, True)] * 3 + [(0.0, False)] * 2)
    assert (found.error, found.brier, found.n) == (0, 0, 5)
    assert [tuple(own) for own in found.bins] == [(0, 0, 2), (1, 1, 3)]


def test_the_error_is_the_gap_weighed_by_how_much_lies_in_it():
    found = calibrate_pairs([(0.75, True), (0.75, False), (0.25, False), (0.25, False)])
    assert found.error == pytest.approx((2 * 0.25 + 2 * 0.25) / 4)


def test_nothing_said_is_nothing_wrong():
    assert calibrate_pairs([]).to_dict() == {"error": 0, "brier": 0, "n": 0, "bins": []}


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_bins_hold_everything_and_errors_are_shares(pairs):
    found = calibrate_pairs(pairs)
    assert sum(own.n for own in found.bins) == found.n == len(pairs)
    assert 0 <= found.error <= 1
    assert 0 <= found.brier <= 1


@pytest.fixture
def letter():
    read, faults, _ = parse_form(FORM, id="a")
    assert not faults
    return to_doc(read)


def test_a_report_says_how_probabilities_came_true(letter):
    predicted = imr_nlp.load("rules")(letter._.raw_text)
    predicted.user_data[PROBABILITIES_KEY] = [
        {
            "reasons": {"prolonged_use": 0.9, "safety_risk": 0.2},
            "category": {"imaging": 0.8, "other": 0.2},
            "decision": 0.99,
        }
    ]
    report = summarize([score_letter(predicted, letter)])
    assert {name: own.n for name, own in report.calibration.items()} == {
        "category": 1, "decision": 1, "reasons": 2,
    }  # fmt: skip
    assert report.calibration["category"].bins[0] == pytest.approx((0.8, 1, 1))
    assert "| letters | reasons | 2 | 0.1500 |" in calibration_to_markdown([report])


def test_rules_say_no_probabilities(letter):
    report = evaluate(imr_nlp.load("rules"), [letter])
    assert report.calibration == {}
    assert calibration_to_markdown([report]) == ""

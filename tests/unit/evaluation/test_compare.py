"""Two pipelines on the same letters: a verdict where the letters show one, and not elsewhere."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import imr_nlp
from imr_nlp.corpus import to_doc
from imr_nlp.evaluation import compare, comparison_to_markdown, score_letter, summarize
from imr_nlp.evaluation.comparison import BY_CHANCE, FEWEST, HEADLINE
from imr_nlp.evaluation.tally import LetterScores, Tally

OPPOSITE = {"better": "worse", "worse": "better", "same": "same", "unclear": "unclear"}


def side(tallies):
    """Letters with these tallies of layers, one dictionary for each."""
    letters = []
    for number, own in enumerate(tallies):
        scores = LetterScores(str(number))
        for layer, tally in own.items():
            scores.add(layer, Tally(*tally))
        letters.append(scores)
    return letters


def labels(right, n=12):
    """Letters of one issue each; `right` says of each reason in how many letters it is found."""
    return side(
        [{f"reasons/{name}": (float(i < k), 1, 1) for name, k in right.items()} for i in range(n)]
    )


def test_labels_have_their_own_verdicts():
    old = labels({"gained": 1, "lost": 12, "kept": 7, "moved": 6})
    new = labels({"gained": 11, "lost": 2, "kept": 7, "moved": 7})
    result = compare(old, new)
    verdicts = {layer: change.verdict for layer, change in result.changes.items()}
    assert verdicts == {
        "reasons/gained": "better",
        "reasons/kept": "same",
        "reasons/lost": "worse",
        "reasons/macro": "unclear",
        "reasons/micro": "unclear",
        "reasons/moved": "unclear",
    }
    gained = result.changes["reasons/gained"]
    assert (gained.old, gained.new) == (pytest.approx(1 / 12), pytest.approx(11 / 12))
    assert gained.low < gained.difference < gained.high
    assert (gained.support, gained.n_letters) == (12, 10)
    assert not result.better
    summary = result.summary()
    assert "it is not shown that the new pipeline is better" in summary
    assert "Better: reasons/gained (+0.833)." in summary
    assert "Worse: reasons/lost (-0.833)." in summary
    assert "Cannot be told apart at 12 letters" in summary
    assert "reasons/moved (n 12)" in summary
    assert BY_CHANCE in summary


def test_it_is_better_where_what_decides_is_better_and_nothing_that_decides_is_worse():
    old, new = labels({"a": 2}), labels({"a": 11})
    result = compare(old, new)
    assert result.better
    assert "the new pipeline is better than the old one, by reasons/micro" in result.summary()
    for letters, right in ((old, 1.0), (new, 0.0)):
        for scores in letters:
            scores.add("primary_reason", Tally(right, 1, 1))
    result = compare(old, new)
    assert not result.better
    assert result.worse
    assert "worse than the old one in primary_reason" in result.summary()
    assert "pipeline is better" not in result.summary()


@pytest.mark.parametrize("n", [1, FEWEST - 1, FEWEST])
def test_a_few_letters_show_nothing_even_if_all_agree(n):
    result = compare(labels({"a": 0}, n=n), labels({"a": n}, n=n))
    assert result.changes["reasons/a"].difference == 1
    assert result.better is (n == FEWEST)
    assert result.changes["reasons/a"].verdict == ("better" if n == FEWEST else "unclear")


def test_letters_are_resampled_together():
    """What makes letters hard for both pipelines does not blur the difference."""
    hard = [{"reasons/a": (float(i % 2), 5, 5)} for i in range(40)]
    easy = [{"reasons/a": (own["reasons/a"][0] + 1, 5, 5)} for own in hard]
    change = compare(side(hard), side(easy)).changes["reasons/a"]
    assert change.low == change.high == pytest.approx(0.2)
    assert change.verdict == "better"


def test_what_does_not_occur_is_not_compared():
    old = side([{"reasons/a": (0, 1, 0), "reasons/b": (1, 1, 1)}])
    new = side([{"reasons/b": (1, 1, 1)}])
    assert "reasons/a" not in compare(old, new).changes
    nothing = compare([], [])
    assert (nothing.changes, nothing.better) == ({}, False)
    assert "nothing can be compared" in nothing.summary()


def test_the_letters_must_be_the_same():
    with pytest.raises(ValueError, match="not of the same letters"):
        compare(labels({"a": 1}, n=2), labels({"a": 1}, n=3))


def answers(right):
    return side([{"primary_reason": (float(n in right), 1, 1)} for n in range(29)])


def test_a_layer_that_95_percent_show_does_not_decide():
    """Five layers decide, any of them: each must be surer than one alone."""
    old = answers(range(9, 29))
    for right, verdict, sure in (
        ({*range(5), *range(9, 29)} - {20, 21}, "unclear", False),
        ({*range(7), *range(9, 29)} - {20}, "better", False),
        (range(29), "better", True),
    ):
        result = compare(old, answers(right))
        change = result.changes["primary_reason"]
        assert (change.verdict, change.sure, result.better) == (verdict, sure, sure)
        assert ("it is not shown that" in result.summary()) is not sure


def test_values_are_those_of_the_report(written_letters):
    docs = [to_doc(letter) for letter in written_letters[:12]]
    read = imr_nlp.load("rules").pipe(letter.text for letter in written_letters[:12])
    scores = [score_letter(guess, doc) for guess, doc in zip(read, docs, strict=True)]
    result, report = compare(scores, scores, name="written"), summarize(scores)
    assert any(0 < change.new < 1 for change in result.changes.values())
    assert (result.n_letters, result.n_issues) == (12, report.n_issues)
    assert set(HEADLINE) <= result.changes.keys()
    for layer, change in result.changes.items():
        assert change.old == change.new == pytest.approx(report.scores[layer].value)
        assert change.support == report.scores[layer].support
    assert result.of("same") == list(result.changes)
    assert "the two pipelines score the same" in result.summary()
    table = comparison_to_markdown(result)
    assert "| diagnoses | 1.000 | 1.000 | +0.000 (+0.000 to +0.000) |" in table
    assert BY_CHANCE in table
    assert json.loads(json.dumps(result.to_dict()))["better"] is False


LAYERS = ("reasons/a", "reasons/b", "primary_reason", "entities/strict", "medications/whole/item")
COUNTS = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)).map(
    lambda own: (min(own), own[1], own[2])
)
LETTERS = st.lists(st.dictionaries(st.sampled_from(LAYERS), COUNTS), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(LETTERS)
def test_a_pipeline_is_the_same_as_itself(tallies):
    result = compare(side(tallies), side(tallies))
    assert {change.verdict for change in result.changes.values()} <= {"same"}
    assert not result.better
    assert not result.worse


@settings(max_examples=40, deadline=None)
@given(LETTERS, st.randoms(use_true_random=False))
def test_the_other_way_round_signs_and_verdicts_turn_round(tallies, random):
    other = [
        {layer: (random.randint(0, min(p, g)), p, g) for layer, (_, p, g) in own.items()}
        for own in tallies
    ]
    there, back = compare(side(tallies), side(other)), compare(side(other), side(tallies))
    assert there.changes.keys() == back.changes.keys()
    for layer, change in there.changes.items():
        reverse = back.changes[layer]
        assert reverse.difference == -change.difference
        assert np.allclose([reverse.low, reverse.high], [-change.high, -change.low])
        assert reverse.verdict == OPPOSITE[change.verdict]
    assert not (there.better and back.better)

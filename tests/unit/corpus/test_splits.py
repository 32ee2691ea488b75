"""Splits: nobody sees both sides."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imr_nlp.corpus import (
    AnnotatedLetter,
    CorpusError,
    IssueFields,
    LetterFields,
    Part,
    Splits,
    check_splits,
    make_splits,
    read_splits,
    write_splits,
)
from imr_nlp.corpus.duplicates import near_duplicates
from imr_nlp.corpus.splits import group_letters, make_folds, reviewer

PARAGRAPHS = [
    "The guideline supports a short course of this drug after an acute strain of the low back.",
    "No imaging is needed in the first six weeks unless a red flag has been found on examination.",
    "A brace that rests the wrist at night is reasonable for an early carpal tunnel syndrome.",
    "Manipulation may be continued where the first six visits have brought an objective gain.",
]


def letter(name, rationale, states=("California",), boards=("Family Practice",), author=None):
    issue = IssueFields(decision="upheld", category="other")
    return AnnotatedLetter(
        id=name,
        text=rationale,
        fields=LetterFields(
            layout="F4b", author=author, licensure=states, specialties=boards, issues=[issue]
        ),
        parts=[Part(start=0, end=len(rationale), label="RATIONALE", issues=(0,))],
    )


def test_a_reviewer_is_licensure_and_specialties():
    one = letter("a", "x", states=["Texas", "California"], boards=["Neurology"])
    other = letter("b", "y", states=["California", "Texas"], boards=["Neurology"])
    assert reviewer(one) == reviewer(other) == "California, Texas; Neurology"
    assert reviewer(letter("c", "z", boards=())) is None


def test_near_duplicates_share_a_paragraph():
    texts = [
        PARAGRAPHS[0],
        f"{PARAGRAPHS[1]} {PARAGRAPHS[2]} {PARAGRAPHS[0].upper()}",
        PARAGRAPHS[3],
    ]
    assert [(a, b) for a, b, _ in near_duplicates(texts)] == [(0, 1)]


@given(st.lists(st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=3), max_size=8))
def test_near_duplicates_are_those_that_comparing_all_pairs_finds(choices):
    texts = [" ".join(choice) for choice in choices]
    found = {(a, b) for a, b, _ in near_duplicates(texts, threshold=0.99)}
    contained = {
        (a, b)
        for a, b in itertools.combinations(range(len(texts)), 2)
        if texts[a] in texts[b] or texts[b] in texts[a]
    }
    assert contained <= found


def test_letters_of_one_reviewer_or_one_wording_stay_together():
    letters = [
        letter("a", PARAGRAPHS[0], boards=["Neurology"]),
        letter("b", PARAGRAPHS[1], boards=["Neurology"]),
        letter("c", PARAGRAPHS[1] + " And more of it.", boards=["Psychiatry"]),
        letter("d", PARAGRAPHS[2], boards=["Urology"]),
    ]
    assert [[x.id for x in group] for group in group_letters(letters)] == [["a", "b", "c"], ["d"]]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 8), st.sampled_from(PARAGRAPHS)), min_size=10, max_size=20),
    st.integers(0, 5),
)
def test_folds_hold_every_letter_once_and_break_no_group(drawn, seed):
    letters = [
        letter(f"l{n}", f"{n} {text}", boards=[f"board {board}"])
        for n, (board, text) in enumerate(drawn)
    ]
    n_folds = min(3, len(group_letters(letters)))
    folds = make_folds(letters, n_folds, seed=seed)
    assert sorted(itertools.chain(*folds)) == sorted(x.id for x in letters)
    splits = Splits(seed=seed, folds=folds)
    assert check_splits(splits, {x.id: x for x in letters}) == []


def test_too_few_groups_for_the_folds():
    with pytest.raises(ValueError, match="1 groups of letters cannot fill 5 folds"):
        make_folds([letter("a", "x"), letter("b", "y")], 5)


def test_what_belongs_to_a_test_letter_follows_it(tmp_path):
    written = [
        letter("a", PARAGRAPHS[0], boards=["A"], author="t"),
        letter("b", PARAGRAPHS[1], boards=["A"]),
        letter("c", PARAGRAPHS[2], boards=["C"]),
    ]
    splits = make_splits(written, [], is_test=lambda x: x.fields.author == "t")
    assert (splits.test, splits.train) == (["a", "b"], ["c"])
    write_splits(splits, tmp_path / "splits.json")
    assert read_splits(tmp_path / "splits.json") == splits


def test_what_is_wrong_with_splits_is_said():
    letters = {
        name: letter(name, text, boards=[board])
        for name, text, board in [
            ("a", PARAGRAPHS[0], "A"),
            ("b", PARAGRAPHS[1], "A"),
            ("c", PARAGRAPHS[2], "C"),
            ("d", PARAGRAPHS[3], "D"),
        ]
    }
    splits = Splits(seed=0, test=["a", "d"], train=["b", "d"])
    assert check_splits(Splits(seed=0, train=["a", "typo", "b", "c", "d"]), letters) == [
        "typo: there is no written letter of this name"
    ]
    assert check_splits(splits, letters) == [
        "d stands in test and in train",
        "c stands in no split",
        "a, b belong together, but stand in test, train",
    ]


def test_a_file_that_holds_no_splits(tmp_path):
    (tmp_path / "s.json").write_text('{"tests": []}', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"s\.json"):
        read_splits(tmp_path / "s.json")

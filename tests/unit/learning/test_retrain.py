"""Retraining on few letters: what trains, what is held out, and what is said of the result."""

import numpy as np
import pytest

import imr_nlp
from imr_nlp.corpus import CorpusError, Entity
from imr_nlp.corpus.standoff import text_hash
from imr_nlp.evaluation import Comparison
from imr_nlp.evaluation.comparison import Change
from imr_nlp.learning.entities import train_entities
from imr_nlp.learning.material import read_material
from imr_nlp.learning.new_letters import check_new, deal, keep_unknown
from imr_nlp.learning.retrain import retrain
from imr_nlp.learning.retrained import Retrained, write_retrained
from imr_nlp.learning.small import RECOGNISER
from imr_nlp.learning.training import train_small
from imr_nlp.shipped import TRAINED_ON
from tests.small_corpus import letter_of, make_corpus, names, new_letters


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return make_corpus(tmp_path_factory.mktemp("retrain") / "corpus")


@pytest.fixture(scope="module")
def material(corpus):
    return read_material(corpus)


def called(letter, name):
    return letter.model_copy(update={"id": name})


def test_new_letters_are_kept_in_their_order(material):
    new = new_letters()
    assert keep_unknown(new, material) == (new, [])


def test_a_letter_of_the_test_split_is_left_out_whatever_it_is_called(material):
    of_test = letter_of(names()[1][0])
    new = [*new_letters(), called(of_test, "mine"), of_test]
    kept = keep_unknown(new, material)
    assert kept.letters == new[:-2]
    assert kept.notes == [
        f"{name}: left out, it is {of_test.id} of the test split" for name in ("mine", of_test.id)
    ]


def test_a_near_duplicate_of_a_test_letter_is_left_out(material):
    of_test = letter_of(names()[1][0])
    other = of_test.model_copy(update={"id": "other", "text": f"{of_test.text}\nAnother end.\n"})
    kept = keep_unknown([other], material)
    assert kept.letters == []
    assert (
        f"other: left out, a rationale shares 100% of its wording with {of_test.id}"
        in (kept.notes[0])
    )


def test_a_letter_counts_once(material):
    trained, (first, *_) = letter_of(names()[0][0]), new_letters()
    kept = keep_unknown([trained, first, called(first, "again")], material)
    assert kept.letters == [first]
    assert [note.split(",")[0] for note in kept.notes] == [
        f"{trained.id}: counted once",
        "again: counted once",
    ]


def test_two_letters_of_one_name_are_an_error(material):
    first, second, *_ = new_letters()
    for other in (called(first, names()[0][0]), called(first, second.id)):
        with pytest.raises(CorpusError, match=f"{other.id}:0: another letter has this name"):
            keep_unknown([second, other], material)


def test_what_is_wrong_in_new_letters_is_told_with_the_letter():
    first = new_letters()[0]
    start = first.parts_of("ITEM")[0].start
    wrong = Entity(start=start, end=start + 4, label="DIAGNOSIS")
    broken = first.model_copy(update={"entities": [wrong, *first.entities]})
    with pytest.raises(CorpusError, match=rf"{first.id}:0: DIAGNOSIS .* stands in ITEM"):
        check_new([broken])


def test_about_a_share_of_the_issues_is_held_out_by_reviewer():
    new = [letter_of(name) for name in read_material_names()]
    dealt = deal(new, 0.3, seed=1)
    issues = [sum(len(x.fields.issues) for x in side) for side in (dealt.held_out, new)]
    assert 0.15 < issues[0] / issues[1] < 0.45
    assert sorted(x.id for x in (*dealt.train, *dealt.held_out)) == sorted(x.id for x in new)
    assert deal(list(reversed(new)), 0.3, seed=1).held_out == dealt.held_out
    assert deal(new, 0.3, seed=2).held_out != dealt.held_out
    assert deal(new, 0).held_out == []


def read_material_names():
    train, _, new = names()
    return [*train, *new]


def test_letters_of_one_reviewer_are_not_divided():
    first = new_letters()[0]
    same = [called(first, name) for name in "abcdef"]
    dealt = deal(same, 0.3)
    assert (dealt.train, dealt.held_out) == (same, [])
    assert "the 6 others are 1 groups of one reviewer or wording" in dealt.notes[0]


def test_what_the_old_pipeline_was_trained_on_is_not_held_out():
    new = new_letters()
    dealt = deal(new, 0.8, trained_on={text_hash(letter.text) for letter in new[:3]})
    assert {letter.id for letter in new[:3]} <= {letter.id for letter in dealt.train}
    assert dealt.held_out
    assert dealt.notes[0].startswith("3 new letters train only: the old pipeline or the corpus")


def test_a_letter_near_to_one_that_trains_is_not_held_out(material):
    train = [letter_of(name) for name in names()[0]]
    copies = [
        x.model_copy(update={"id": f"copy {x.id}", "text": f"{x.text}\nOne more line.\n"})
        for x in train[:3]
    ]
    new = [*copies, *new_letters()]
    for seed in range(3):
        held = deal(new, 0.5, seed=seed, trained=material.letters).held_out
        assert held
        assert not {x.id for x in held} & {x.id for x in copies}


def test_letters_of_a_posted_letters_reviewer_train(material):
    first, *_ = new = new_letters()
    dealt = deal(new, 0.9, posted=[first])
    assert first in dealt.train
    assert dealt.held_out


def test_something_new_always_trains():
    for seed in range(4):
        dealt = deal(new_letters()[:2], 0.9, seed=seed)
        assert len(dealt.train) == 1
    assert deal(new_letters()[:1], 0.9).held_out == []


def weights(nlp):
    return [
        node.get_param(name)
        for pipe in RECOGNISER
        for node in nlp.get_pipe(pipe).model.walk()
        for name in node.param_names
    ]


def test_a_recogniser_begins_where_the_old_one_ended(tmp_path):
    letters = new_letters()[:2]
    train_entities(letters, overrides={"training.max_steps": 1}).to_disk(tmp_path / "old")
    still = {
        "training.max_steps": 1,
        "training.optimizer.learn_rate": 0.0,
        "training.optimizer.L2": 0.0,
        "training.optimizer.use_averages": False,
    }
    old = imr_nlp.pipeline.spacy.load(tmp_path / "old")
    same = train_entities(letters, overrides=still, start=tmp_path / "old")
    assert all(map(np.array_equal, weights(same), weights(old)))
    assert same.get_pipe("tok2vec").listening_components == ["ner"]
    del still["training.optimizer.learn_rate"]
    moved = train_entities(letters, overrides=still, start=tmp_path / "old")
    assert not all(map(np.array_equal, weights(moved), weights(old)))


def test_weights_that_saw_the_folds_are_not_validated(material, tmp_path):
    with pytest.raises(ValueError, match="cannot be cross-validated"):
        train_small(material, start=tmp_path)


def test_only_new_letters_make_it_worth_training(corpus):
    with pytest.raises(CorpusError, match="new letters:0: none is left"):
        retrain([letter_of(names()[0][0])], corpus, base="rules")
    with pytest.raises(ValueError, match="hold_out is 1"):
        retrain(new_letters(), corpus, base="rules", hold_out=1)


def change(verdict):
    return Change(0.5, 0.6, 0, 0, 9, 9, verdict, sure=verdict == "better")


def result(*verdicts):
    """What is said where the headline has these verdicts, on the test split and on new letters."""
    comparisons = [
        Comparison(
            {"reasons/micro": Change(0.5, 0.6, 0, 0, 9, 9, verdict, verdict == "better")},
            9,
            9,
            name,
        )
        for verdict, name in zip(verdicts, ("the test", "the new"), strict=False)
    ]
    return Retrained(imr_nlp.pipeline.spacy.blank("en"), comparisons, [], 1, 1)


@pytest.mark.parametrize(
    ("verdicts", "better", "says"),
    [
        (["better"], True, "The new pipeline is better than the old one."),
        (["better", "unclear"], True, "The new pipeline is better than the old one."),
        (["unclear", "better"], False, "is better on the new; on the test that is not shown"),
        (["better", "worse"], False, "better on the test and worse on the new: it is not the bett"),
        (["worse"], False, "is worse than the old one on the test"),
        (["unclear", "same"], False, "It is not shown that the new pipeline is better"),
    ],
)
def test_the_verdict_says_no_more_than_is_shown(verdicts, better, says):
    own = result(*verdicts)
    assert own.better is better
    assert says in own.verdict()


def scrambled(letter, number):
    """Give every piece of evidence of a letter, and its primary reason, another label."""
    other = ("adjunct_only", "request_unspecified", "repeat_or_duplicate")[number % 3]
    evidence = [e.model_copy(update={"labels": (other,)}) for e in letter.evidence]
    issues = [
        issue.model_copy(update={"primary": other if issue.primary else None})
        for issue in letter.fields.issues
    ]
    fields = letter.fields.model_copy(update={"issues": issues})
    return letter.model_copy(update={"evidence": evidence, "fields": fields})


@pytest.mark.slow
def test_scrambled_reasons_are_not_called_better(corpus, tmp_path):
    good = retrain(new_letters(), corpus, base="rules", steps=5, hold_out=0)
    write_retrained(good, tmp_path / "good")
    seen = set(good.nlp.meta[TRAINED_ON])
    train, _, new = names()
    assert seen == {text_hash(letter_of(name).text) for name in (*train, *new)}
    path = tmp_path / "corpus"
    make_corpus(path)
    from imr_nlp.corpus import write_letter

    for number, name in enumerate(train):
        write_letter(scrambled(letter_of(name), number), path / "letters" / f"{name}.imr")
    bad = [scrambled(letter, n) for n, letter in enumerate(new_letters())]
    worse = retrain(bad, path, base=tmp_path / "good", steps=5)
    assert not worse.better
    micro = worse.comparisons[0].changes["reasons/micro"]
    assert micro.new <= micro.old
    assert "5 new letters train only" in " ".join(worse.notes)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_weights(corpus, tmp_path):
    for name in ("first", "second"):
        own = retrain(new_letters(), corpus, base="rules", steps=5, seed=3)
        write_retrained(own, tmp_path / name)
    files = sorted(p.relative_to(tmp_path / "first") for p in (tmp_path / "first").rglob("*"))
    for path in files:
        if (tmp_path / "first" / path).is_file() and path.name != "README.md":
            pair = [(tmp_path / name / path).read_bytes() for name in ("first", "second")]
            assert pair[0] == pair[1], path

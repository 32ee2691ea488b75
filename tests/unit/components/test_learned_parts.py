"""Components with something learned: proposals of a recogniser, categories, decisions."""

import numpy as np
import pytest
import spacy
from spacy.tokens import Span

import imr_nlp
from imr_nlp.components.categories.model import CategoryModel
from imr_nlp.components.linear import SparseLinear
from imr_nlp.pipeline import make_rules
from imr_nlp.schema import PROBABILITIES_KEY

LETTER = """CLINICAL CASE SUMMARY
A 50 year old man was injured on 1/2/2014. He takes Quilamox 20 mg and Norco 10/325 mg.
IMR ISSUES, DECISIONS AND RATIONALES
Quilamox 20 mg #60: Upheld
Decision rationale: Quilamox was refilled. Brelitol was not. The request is not necessary.
Quantum field realignment: Overturned
Decision rationale: It is medically necessary.
"""


@spacy.Language.component("stub_recogniser")
def propose(doc):
    """Proposes as spaCy's `ner` does: beside the entities that are there."""
    names = {"Quilamox": "DRUG", "Brelitol": "DRUG", "Quantum": "DRUG", "rationale": "DRUG",
             "injured": "DIAGNOSIS"}  # fmt: skip
    fresh = [Span(doc, t.i, t.i + 1, label=names[t.text]) for t in doc if t.text in names]
    doc.set_ents([*doc.ents, *fresh])
    return doc


@pytest.fixture(scope="module")
def with_recogniser():
    nlp = make_rules()
    nlp.add_pipe("stub_recogniser", before="imr_medications")
    nlp.add_pipe("imr_proposals", before="imr_medications")
    return nlp


def test_a_drug_that_no_lexicon_holds_counts_where_it_is_asked_for_or_dosed(with_recogniser):
    assert not any(d.drug == "Quilamox" for d in read(make_rules()).medications)
    found = read(with_recogniser).medications
    assert [(d.drug, d.strength, d.quantity, d.section) for d in found] == [
        ("Quilamox", "20 mg", None, "summary"),
        ("Norco", "10/325 mg", None, "summary"),
        ("Quilamox", "20 mg", "#60", "item"),
        ("Quilamox", None, None, "rationale"),
        ("Quantum", None, None, "item"),
    ]
    assert found[0].name is None
    assert found[1].name is not None


def test_what_rules_found_is_not_touched_and_all_proposals_are_kept(with_recogniser):
    doc = with_recogniser(LETTER)
    rules = {(e.start, e.end, e.label_) for e in make_rules()(LETTER).ents}
    assert rules <= {(e.start, e.end, e.label_) for e in doc.ents}
    assert not any(e.label_ == "DIAGNOSIS" and e.text == "injured" for e in doc.ents)
    assert {s.text for s in doc.spans["ner"]} == {
        "Quilamox", "Brelitol", "Quantum", "rationale", "injured",
    }  # fmt: skip


def read(nlp):
    return nlp(LETTER)._.determination


@pytest.fixture
def categories():
    labels = ("pharmaceuticals", "other_therapies", "other")
    names = ["rule:pharmaceuticals", "rule:other", "t:quantum"]
    weights = np.array([[6, 0, 0], [0, 0, 1], [0, 8, 0]], np.float32)
    linear = SparseLinear(labels, {"t:quantum": 1.0}, names, weights, np.zeros(3, np.float32))
    return CategoryModel(linear, temperature=2.0, trust=0.25)


def test_the_rules_decide_the_category_where_they_know_one(categories):
    nlp = make_rules()
    nlp.add_pipe("imr_categories", before="imr_determination").model = categories
    doc = nlp(LETTER)
    second = doc._.determination.issues[-1]
    assert make_rules()(LETTER)._.determination.issues[-1].category == "other"
    assert second.category == "other_therapies"
    chances = [own["category"] for own in doc.user_data[PROBABILITIES_KEY]]
    assert all(sum(own.values()) == pytest.approx(1, abs=1e-5) for own in chances)
    for issue, own in zip(doc._.determination.issues, chances, strict=True):
        assert issue.category_score == pytest.approx(own[issue.category], abs=1e-4)


def test_a_category_model_survives_bytes(categories):
    again = CategoryModel.from_bytes(categories.to_bytes())
    items = [("quantum healing", "other"), ("x", "pharmaceuticals")]
    scores = categories.scores(items)
    assert (again.temperature, again.trust) == (categories.temperature, categories.trust)
    rules = [rule for _, rule in items]
    assert again.probabilities(again.scores(items), rules) == pytest.approx(
        categories.probabilities(scores, rules), abs=1e-2
    )


def test_part_of_the_probability_goes_to_the_rules_whatever_the_words(categories):
    (row,) = categories.probabilities(np.zeros((1, 3), np.float32), ["pharmaceuticals"])
    assert row == pytest.approx([0.5, 0.25, 0.25])
    (row,) = categories.probabilities(np.zeros((1, 3), np.float32), ["other"])
    assert row == pytest.approx([1 / 3] * 3)
    assert categories.choose(row, "other") == "other"
    assert categories.choose(np.array([0.2, 0.7, 0.1]), "other") == "other_therapies"
    assert categories.choose(np.array([0.2, 0.7, 0.1]), "pharmaceuticals") == "pharmaceuticals"


def test_a_decision_is_as_sure_as_where_it_was_read(tmp_path):
    nlp = make_rules()
    rates = {"printed": 0.99, "concluded": 0.9}
    nlp.add_pipe("imr_decisions", before="imr_determination", config=rates)
    unprinted = LETTER.replace("realignment: Overturned", "realignment")
    nlp.to_disk(tmp_path / "p")
    for pipeline in (nlp, imr_nlp.load(tmp_path / "p")):
        first, second = pipeline(unprinted)._.determination.issues
        assert (first.decision_score, second.decision_score) == (0.99, 0.9)


def test_rules_alone_give_no_probabilities():
    doc = make_rules()(LETTER)
    assert doc.user_data[PROBABILITIES_KEY] == [{}] * len(doc._.determination.issues)
    assert all(i.decision_score is None is i.category_score for i in doc._.determination.issues)

"""What a pipeline read, as an annotated letter."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Span
from spacy.util import filter_spans

import imr_nlp
from imr_nlp.corpus import CorpusError, check_letter, format_letter, parse_form, read_letter
from imr_nlp.corpus import to_determination as gold_determination
from imr_nlp.corpus.labels import ENTITIES
from imr_nlp.corpus.predicted import Dropped, from_prediction
from imr_nlp.corpus.tokens import tokenize
from imr_nlp.schema import DETERMINATION_KEY
from imr_nlp.text.layer import raw_text

from .conftest import CORPUS

TRAIN = json.loads((CORPUS / "splits.json").read_text(encoding="utf-8"))["train"]
READ_RIGHT = [
    "w1-07", "w1-10", "w1-13", "w1-16", "w10-15", "w2-04", "w2-12", "w3-01", "w3-07", "w4-13",
    "w5-11", "w7-13", "w8-05", "w9-06",
]  # fmt: skip
"""Training letters, two or more of each layout, in which the rules read everything right."""
LETTER = """CLINICAL CASE SUMMARY
A 51 year old woman with low back pain takes Soma 350 mg at bedtime.

IMR ISSUES, DECISIONS AND RATIONALES
Soma 350 mg #60: Upheld
Claims Administrator guideline: The Claims Administrator did not cite any medical evidence.
MAXIMUS guideline: Decision based on MTUS Chronic Pain Guidelines 2009, Section(s): Carisoprodol.
Decision rationale: It is for weeks. She has taken Soma for years. It is not necessary.
"""
BASIS, GROUND, VERDICT = (
    "It is for weeks.",
    "She has taken Soma for years.",
    "It is not necessary.",
)


@pytest.fixture(scope="module")
def nlp():
    return imr_nlp.load("rules")


def written(name):
    return read_letter(CORPUS / "letters" / f"{name}.imr")


def marks(letter):
    """Marks with their places, each attribute with the place of its drug."""
    parts = [(p.start, p.end, p.label, p.issues) for p in letter.parts]
    entities = [
        (e.start, e.end, e.label, None if e.drug is None else letter.entities[e.drug].start)
        for e in letter.entities
    ]
    return parts, entities


def fields(letter):
    """What is annotated in the fields beside the author and the reasons."""
    data = letter.fields.model_dump(exclude={"author"})
    for issue in data["issues"]:
        del issue["primary"]
    return data


def with_reasons(doc, *reasons, primary=None):
    """Give the first issue reasons: a label, and the sentences that state it."""
    raw = raw_text(doc)
    issue = doc.user_data[DETERMINATION_KEY]["issues"][0]
    issue["reasons"] = [
        {
            "label": label,
            "sentences": [
                {"start": raw.index(s), "end": raw.index(s) + len(s), "text": s} for s in sentences
            ],
        }
        for label, *sentences in reasons
    ]
    issue["primary_reason"] = primary
    return doc


@pytest.mark.parametrize("name", READ_RIGHT)
def test_a_letter_that_the_rules_read_right_is_the_gold(nlp, name):
    gold = written(name)
    letter = from_prediction(nlp(gold.text), id=name)
    assert (letter.id, letter.text) == (gold.id, gold.text)
    assert marks(letter) == marks(gold)
    assert fields(letter) == fields(gold)


@pytest.mark.parametrize("name", TRAIN[::9])
def test_nothing_is_lost_on_the_way(nlp, name):
    """The annotated letter says what the determination said; and it passes the check."""
    doc = nlp(written(name).text)
    found, letter = doc._.determination, from_prediction(doc, id=name)
    again = gold_determination(letter)
    assert check_letter(letter) == []
    assert (again.diagnoses, again.outcome) == (found.diagnoses, found.outcome)
    for one, other in zip(again.issues, found.issues, strict=True):
        for field in ("item", "decision", "requested", "authorized", "category", "sessions",
                      "body_parts", "rationale", "conclusion", "contradiction"):  # fmt: skip
            assert getattr(one, field) == getattr(other, field), field
        assert [d.spans for d in one.drugs] == [d.spans for d in other.drugs]


def test_reasons_become_evidence(nlp):
    doc = with_reasons(
        nlp(LETTER),
        ("prolonged_use", BASIS, GROUND),
        ("not_recommended", GROUND),
        primary="prolonged_use",
    )
    letter = from_prediction(doc)
    found = [(letter.snippet(e.start, e.end), e.labels, e.issues) for e in letter.evidence]
    assert found == [
        (BASIS, ("prolonged_use",), (0,)),
        (GROUND, ("prolonged_use", "not_recommended"), (0,)),
    ]
    assert letter.fields.issues[0].primary == "prolonged_use"
    assert check_letter(letter) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_places_are_those_of_the_raw_text(nlp, end):
    raw = LETTER.replace("She has taken", "She\nhas taken").replace("\n", end)
    doc = with_reasons(nlp(raw))
    letter, flat = from_prediction(doc), from_prediction(nlp(LETTER))
    assert letter.text == raw
    shown = [[a.snippet(m.start, m.end) for m in a.parts + a.entities] for a in (letter, flat)]
    assert shown[0] == shown[1]


def test_what_cannot_be_held_is_told(nlp):
    doc = with_reasons(
        nlp(LETTER), ("safety_risk", "A 51 year old woman"), primary="no_management_impact"
    )
    spans = [doc.char_span(doc.text.index(w), doc.text.index(w) + len(w), label)
             for w, label in [("IMR", "SERVICE"), ("years", "DURATION"), ("woman", "PERSON"),
                              ("pain takes", "DRUG")]]  # fmt: skip
    doc.set_ents(filter_spans([*spans, *doc.ents]))
    dropped: list[Dropped] = []
    letter = from_prediction(doc, id="a", dropped=dropped)
    assert {(d.label, d.text, d.why) for d in dropped} == {
        ("safety_risk", "A 51 year old woman", "stands outside its RATIONALE"),
        ("issues.0.primary", "no_management_impact", "has no evidence"),
        ("SERVICE", "IMR", "stands outside all parts"),
        ("DURATION", "years", "belongs to no drug"),
        ("PERSON", "woman", "is no label of annotated letters"),
    }
    assert check_letter(letter) == []
    assert letter.fields.issues[0].primary is None
    with pytest.warns(UserWarning, match="a: DURATION 'years' at .* belongs to no drug"):
        assert from_prediction(doc, id="a") == letter


def test_fields_that_an_annotated_letter_cannot_hold_are_told(nlp):
    doc = nlp(LETTER)
    stored = doc.user_data[DETERMINATION_KEY]
    stored["priority"] = "Urgent"
    stored["issues"][0]["reviewer_citations"][0]["title"] = "Another title"
    dropped: list[Dropped] = []
    letter = from_prediction(doc, dropped=dropped)
    assert [(d.label, d.text) for d in dropped] == [
        ("issues.0.reviewer.title", "Another title"),
        ("priority", "Urgent"),
    ]
    assert letter.fields.priority is None
    assert letter.fields.issues[0].reviewer[0].title is None
    assert str(dropped[1]).startswith(f"{letter.id}: priority 'Urgent': ")


def test_a_rationale_of_two_issues_is_one_part(nlp):
    doc = nlp(LETTER + "\nTramadol 50 mg #30: Upheld\nDecision rationale: It is for days.\n")
    issues = doc.user_data[DETERMINATION_KEY]["issues"]
    issues[1]["spans"]["rationale"] = issues[0]["spans"]["rationale"]
    letter = from_prediction(doc, dropped=[])
    assert [part.issues for part in letter.parts_of("RATIONALE")] == [(0, 1)]


def test_it_needs_a_pipeline_and_gives_a_name(nlp):
    with pytest.raises(CorpusError, match="holds no determination"):
        from_prediction(tokenize(LETTER))
    doc = nlp(LETTER)
    assert from_prediction(doc).id == from_prediction(nlp(LETTER)).id != ""
    doc.user_data[DETERMINATION_KEY]["id"] = "soma.txt"
    assert from_prediction(doc).id == "soma.txt"
    assert from_prediction(doc, id="soma").id == "soma"


def test_a_text_that_is_no_letter_gives_an_empty_one(nlp):
    letter = from_prediction(nlp("Nothing of the kind."))
    assert (letter.fields.layout, letter.parts, letter.entities) == ("unknown", [], [])


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_whatever_was_found_can_be_written_and_read(nlp, data):
    """Random entities and evidence: what is kept neither crosses nor dangles."""
    doc = nlp(LETTER)
    raw = raw_text(doc)
    place = st.integers(0, len(doc) - 1)
    drawn = data.draw(
        st.lists(st.tuples(place, st.integers(1, 6), st.sampled_from(ENTITIES)), max_size=12)
    )
    ents = [Span(doc, start, min(start + size, len(doc)), label) for start, size, label in drawn]
    doc.set_ents(filter_spans([*ents, *(e for e in doc.ents if data.draw(st.booleans()))]))
    sentences = [raw[raw.index(BASIS) : raw.index(GROUND) + 12], BASIS, GROUND, VERDICT]
    with_reasons(
        doc,
        *data.draw(
            st.lists(
                st.tuples(
                    st.sampled_from(["prolonged_use", "criteria_met"]), st.sampled_from(sentences)
                ),
                max_size=4,
            )
        ),
    )
    letter = from_prediction(doc, id="a", dropped=[])
    again, faults, _ = parse_form(format_letter(letter), id="a")
    assert (again, faults) == (letter, [])

"""What is given to a recogniser that `imr_proposals` runs, and what becomes of its entities."""

import pytest
import spacy
from spacy.tokens import Span

from imr_nlp.errors import PipelineError
from imr_nlp.pipeline import make_rules

LETTER = """CLINICAL CASE SUMMARY
A 40 year old woman was injured on 1/2/2014. {} she takes Velodrizan 30 mg twice a day.
IMR ISSUES, DECISIONS AND RATIONALES
Norco 10/325mg #60: Upheld
Decision rationale: The request is not medically necessary.
"""


@spacy.Language.factory("listening_recogniser")
class Recogniser:
    """Takes names for drugs, as spaCy's `ner` does, and keeps the lengths of what it read."""

    names = ("Velodrizan", "Norco", "injured")

    def __init__(self, nlp, name):
        self.read = []

    def __call__(self, doc):
        self.set_annotations([doc], self.predict([doc]))
        return doc

    def predict(self, docs):
        self.read.append([len(doc.text) for doc in docs])

    def set_annotations(self, docs, scores):
        for doc in docs:
            fresh = [Span(doc, t.i, t.i + 1, label="DRUG") for t in doc if t.text in self.names]
            doc.set_ents([*doc.ents, *(span for span in fresh if not span[0].ent_type_)])


@pytest.fixture
def nlp():
    nlp = make_rules()
    nlp.add_pipe("listening_recogniser", before="imr_medications")
    nlp.disable_pipe("listening_recogniser")
    config = {"run": ["listening_recogniser"]}
    nlp.add_pipe("imr_proposals", before="imr_medications", config=config)
    return nlp


def drugs(doc):
    return [(m.drug, m.strength, m.frequency) for m in doc._.determination.medications]


def test_a_sentence_without_an_end_is_read_in_bounded_pieces(nlp):
    filler = "the patient has pain in the lower back and blorvitis and"
    doc = nlp(LETTER.format(" ".join([filler] * (200_000 // len(filler)))))
    assert drugs(doc) == [("Velodrizan", "30 mg", "twice a day"), ("Norco", "10/325mg", None)]
    portions = nlp.get_pipe("listening_recogniser").read
    assert sum(map(sum, portions)) > 190_000
    assert max(map(max, portions)) <= 2_000
    assert max(map(sum, portions)) <= 10_000


def test_a_word_without_an_end_is_one_piece(nlp):
    doc = nlp(LETTER.format("x" * 5_000))
    assert drugs(doc)[0] == ("Velodrizan", "30 mg", "twice a day")


def test_a_recogniser_that_is_enabled_too_proposes_no_more_than_names(nlp):
    text = LETTER.format("Yes;")
    doc = nlp(text)
    nlp.enable_pipe("listening_recogniser")
    enabled = nlp(text)
    assert [(e.text, e.label_) for e in enabled.ents] == [(e.text, e.label_) for e in doc.ents]
    assert enabled._.determination == doc._.determination
    assert [span.text for span in doc.spans["ner"]] == ["Velodrizan"]
    assert [span.text for span in enabled.spans["ner"]] == ["injured", "Velodrizan"]


def test_a_recogniser_that_is_not_there_is_named(nlp):
    nlp.remove_pipe("listening_recogniser")
    message = "runs listening_recogniser, but the pipeline has no listening_recogniser. Keep"
    with pytest.raises(PipelineError, match=message):
        nlp("A letter of known words.")

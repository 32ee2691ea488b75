"""Annotated letters as Docs, DocBin and JSON lines."""

import pytest
from spacy.tokens import Span

import imr_nlp
from imr_nlp.corpus import (
    AnnotatedLetter,
    CorpusError,
    Entity,
    LetterFields,
    Part,
    from_doc,
    read_docbin,
    read_jsonl,
    to_determination,
    to_doc,
    write_docbin,
    write_jsonl,
)


def test_docs_give_the_letters_back(corpus_letters):
    for letter in corpus_letters:
        assert from_doc(to_doc(letter)) == letter


def test_docs_of_a_pipeline_have_its_tokens(corpus_letters, nlp):
    letter = corpus_letters[0]
    doc = to_doc(letter, nlp)
    assert doc.vocab is nlp.vocab
    assert [t.text for t in doc] == [t.text for t in nlp.make_doc(letter.text)]
    assert from_doc(doc) == letter


def test_docbin_gives_the_letters_back(corpus_letters, tmp_path):
    assert write_docbin(corpus_letters, tmp_path / "letters.spacy") == []
    assert list(read_docbin(tmp_path / "letters.spacy")) == corpus_letters


def test_json_lines_give_the_letters_back(corpus_letters, tmp_path):
    write_jsonl(corpus_letters, tmp_path / "letters.jsonl")
    assert list(read_jsonl(tmp_path / "letters.jsonl")) == corpus_letters


def test_a_wrong_json_line_is_named(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "b"}\n', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"a\.jsonl:1: fields"):
        list(read_jsonl(tmp_path / "a.jsonl"))


@pytest.fixture
def letter():
    text = "He takes Norco 10 mg and Soma 350 mg daily."
    spans = [(9, 14, "DRUG", None), (15, 20, "STRENGTH", 0), (25, 29, "DRUG", None)]
    return AnnotatedLetter(
        id="a",
        text=text,
        fields=LetterFields(layout="F4b"),
        parts=[Part(start=0, end=len(text), label="SUMMARY")],
        entities=[Entity(start=s, end=e, label=label, drug=d) for s, e, label, d in spans],
    )


def test_entities_and_parts_are_where_spacy_has_them(letter):
    doc = to_doc(letter)
    assert [(e.text, e.label_) for e in doc.ents] == [
        ("Norco", "DRUG"),
        ("10 mg", "STRENGTH"),
        ("Soma", "DRUG"),
    ]
    assert [span.label_ for span in doc.spans["parts"]] == ["SUMMARY"]
    assert doc._.determination.medications[0].strength == "10 mg"


def test_what_a_person_adds_to_a_doc_is_read(letter):
    doc = to_doc(letter)
    doc.set_ents([*doc.ents, Span(doc, 7, 9, label="STRENGTH")])
    again = from_doc(doc)
    added = again.entities[-1]
    assert again.snippet(added.start, added.end) == "350 mg"
    assert added.drug == 2


def test_what_a_person_takes_out_of_a_doc_is_gone(letter):
    doc = to_doc(letter)
    doc.set_ents([ent for ent in doc.ents if ent.text != "Norco"])
    again = from_doc(doc)
    assert [again.snippet(e.start, e.end) for e in again.entities] == ["10 mg", "Soma"]
    assert again.entities[0].drug is None


def test_spans_within_a_token_are_told_with_letter_and_text(letter):
    bad = letter.model_copy(
        update={"entities": [*letter.entities, Entity(start=38, end=41, label="FREQUENCY", drug=2)]}
    )
    with pytest.raises(CorpusError, match="FREQUENCY 'ail' does not fall on tokens"):
        to_doc(bad)
    told = []
    doc = to_doc(bad, misaligned=told)
    assert [(m.letter, m.label, m.text) for m in told] == [("a", "FREQUENCY", "ail")]
    assert len(doc.ents) == 3


def test_a_doc_without_annotation_is_refused():
    doc = imr_nlp.load("rules").make_doc("No annotation.")
    with pytest.raises(CorpusError, match="holds no annotated letter"):
        from_doc(doc)


def test_the_determination_of_every_letter_holds_what_was_marked(corpus_letters):
    for letter in corpus_letters:
        found = to_determination(letter)
        assert len(found.issues) == len(letter.fields.issues)
        drugs = [e for e in letter.entities if e.label == "DRUG"]
        assert len(found.medications) == len(drugs)
        attributes = sum(e.drug is not None for e in letter.entities)
        assert sum(len(m.spans) - 1 for m in found.medications) == attributes
        for issue in found.issues:
            assert (issue.primary_reason is None) == (not issue.reasons)
            for medication in issue.drugs:
                assert medication.drug in issue.item

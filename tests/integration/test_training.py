"""The training project on a small part of the corpus."""

import dataclasses
from pathlib import Path

import pytest

import imr_nlp
from imr_nlp.corpus import read_letter, read_letters, to_doc
from imr_nlp.learning.augment import hide_drugs, invent_name, replace_drugs
from imr_nlp.learning.card import write_card
from imr_nlp.learning.material import read_material
from imr_nlp.learning.training import train_small

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def material():
    whole = read_material(CORPUS, use_posted=False)
    folds = [fold[:3] for fold in whole.folds[:2]]
    keep = {name for fold in folds for name in fold}
    return dataclasses.replace(
        whole,
        written=[letter for letter in whole.written if letter.id in keep],
        test=whole.test[:2],
        unused=[],
        folds=folds,
        sentences=whole.sentences[::20],
        rationales=whole.rationales[::40],
    )


def test_folds_hold_letters_that_train_and_no_test_letter():
    material = read_material(CORPUS, use_posted=False)
    named = [name for fold in material.folds for name in fold]
    assert sorted(named) == sorted(letter.id for letter in material.letters)
    assert not set(named) & {letter.id for letter in material.test}
    train, held = material.sides(material.folds[0])
    assert {x.id for x in held} == set(material.folds[0])
    assert not {x.id for x in train} & {x.id for x in held}


@pytest.mark.slow
def test_the_same_material_gives_the_same_weights_and_a_card(material, tmp_path):
    first, second = (
        train_small(material, workers=1, steps=4, validate=validate) for validate in (True, False)
    )
    for name in ("ner", "tok2vec", "imr_reasons", "imr_categories"):
        one, other = (own.nlp.get_pipe(name).to_bytes() for own in (first, second))
        assert one == other, name
    card = write_card(first)
    assert f"{len(material.letters)} written letters" in card
    assert "written, cross-validated (6 letters)" in card
    assert second.written is None
    first.nlp.to_disk(tmp_path / "p")
    again = imr_nlp.load(tmp_path / "p")
    text = material.test[0].text
    assert again(text)._.determination == first.nlp(text)._.determination
    assert not list((tmp_path / "p").rglob("*.pkl"))


def test_invented_names_replace_drugs_and_nothing_else():
    import random

    letter = next(x for x in read_letters(CORPUS / "letters") if len(x.entities) > 20)
    doc = to_doc(letter)
    new = replace_drugs(doc, random.Random(1))
    assert [(e.start, e.end, e.label_) for e in new.ents] == [
        (e.start, e.end, e.label_) for e in doc.ents
    ]
    firsts = {e.start for e in doc.ents if e.label_ == "DRUG"}
    assert firsts
    for old, fresh in zip(doc, new, strict=True):
        assert (old.text == fresh.text) == (old.i not in firsts)
        assert old.whitespace_ == fresh.whitespace_
    named = {}
    for i in sorted(firsts):
        assert named.setdefault(doc[i].text.lower(), new[i].text.lower()) == new[i].text.lower()
    assert len(set(named.values())) == len(named) > 3


def test_hidden_drugs_do_not_occur_anywhere():
    import random

    letter = read_letter(CORPUS / "letters" / "w1-05.imr")
    doc = to_doc(letter, misaligned=[])
    names = {e.text for e in doc.ents if e.label_ == "DRUG"}
    hidden = sorted(names)[0]
    new = hide_drugs(doc, random.Random(1), lambda name: name == hidden)
    gone = {w for w in hidden.lower().split() if len(w) > 3}
    assert gone
    assert gone & {token.text.lower() for token in doc}
    assert not gone & {token.text.lower() for token in new}
    left = [e.text for e in doc.ents if not gone & set(e.text.lower().split())]
    assert left == [n.text for o, n in zip(doc.ents, new.ents, strict=True) if o.text in left]


def test_docs_of_annotated_letters_have_lexical_attributes():
    doc = to_doc(read_letter(CORPUS / "letters" / "w1-05.imr"), misaligned=[])
    assert all(token.lower_ == token.text.lower() for token in doc)
    assert any(token.is_alpha for token in doc)


def test_invented_names_are_words_of_letters():
    import random

    names = {invent_name(random.Random(seed)) for seed in range(200)}
    assert len(names) > 190
    assert all(name.isalpha() and name.islower() and len(name) > 3 for name in names)

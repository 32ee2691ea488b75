"""Annotated letters and rationales as Docs that train a recogniser and a `spancat` together."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence

from spacy.tokens import Doc, Span

from imr_nlp.components.reasons.suggester import SENTENCE_SCORES, token_places
from imr_nlp.corpus import (
    AnnotatedLetter,
    BankRationale,
    Evidence,
    IssueFields,
    LetterFields,
    Part,
    to_doc,
)
from imr_nlp.learning.augment import replace_drugs
from imr_nlp.learning.examples import labelled_spans

INVENTED = 0.3
"""Share of the letters whose drugs get invented names (`imr_nlp.learning.augment`)."""
_FORM = "IMR ISSUES, DECISIONS AND RATIONALES\n{item}: {decision}\nDecision rationale: "


def letter_of(rationale: BankRationale, number: int) -> AnnotatedLetter:
    """Give a rationale of the bank as a letter with this one issue."""
    item = " ".join(rationale.item.split())
    head = _FORM.format(item=item, decision=rationale.decision.capitalize())
    text = head
    evidence = []
    for sentence in rationale.sentences:
        own = " ".join(sentence.text.split())
        if sentence.labels:
            place = {"start": len(text), "end": len(text) + len(own)}
            evidence.append(Evidence(**place, labels=sentence.labels, issues=(0,)))
        text += own + " "
    text = text.rstrip() + "\n"
    fields = IssueFields(
        decision=rationale.decision, category=rationale.category, primary=rationale.primary
    )
    part = Part(start=len(head), end=len(text) - 1, label="RATIONALE", issues=(0,))
    return AnnotatedLetter(
        id=f"rationale {number}",
        text=text,
        fields=LetterFields(layout="F4b", issues=[fields]),
        parts=[part],
        evidence=evidence,
    )


def sentence_labels(letter: AnnotatedLetter) -> Iterator[tuple[tuple[int, int], str]]:
    """Give the sentences of all rationales on the readable text, once for each of their reasons.

    Where issues share a rationale, a sentence has the reasons of all of them: it is
    read once.
    """
    clean = letter.to_readable()
    found = {
        (span, label): None
        for part in clean.parts_of("RATIONALE")
        for issue in part.issues
        for span, labels in labelled_spans(clean, part, issue)
        for label in sorted(labels)
    }
    yield from found


def to_training_doc(letter: AnnotatedLetter, *, entities: bool = True) -> Doc:
    """Give a letter as a Doc with its entities and its sentences that state reasons.

    Parameters
    ----------
    letter
        The letter.
    entities
        Whether its entities were annotated; if not, they count as unknown.
    """
    doc = to_doc(letter, misaligned=[])
    stated = list(sentence_labels(letter))
    places = token_places(doc, [span for span, _ in stated])
    spans = [
        Span(doc, start, end, label=label)
        for (start, end), (_, label) in zip(places, stated, strict=True)
        if start < end
    ]
    doc.user_data = {}
    doc.spans.clear()
    doc.spans[SENTENCE_SCORES] = spans
    if not entities:
        doc.set_ents([], default="missing")
    return doc


def with_invented_drugs(doc: Doc, rng: random.Random) -> Doc:
    """Give a copy of a training Doc whose drugs have names that nobody knows."""
    copy = replace_drugs(doc, rng)
    copy.spans[SENTENCE_SCORES] = [
        Span(copy, own.start, own.end, label=own.label_) for own in doc.spans[SENTENCE_SCORES]
    ]
    return copy


def training_docs(
    letters: Sequence[AnnotatedLetter], rationales: Iterable[BankRationale], *, seed: int = 0
) -> Iterator[Doc]:
    """Give all Docs that train: letters, some with invented drugs, and rationales."""
    rng = random.Random(seed)  # noqa: S311
    for letter in letters:
        doc = to_training_doc(letter)
        yield with_invented_drugs(doc, rng) if rng.random() < INVENTED else doc
    for number, rationale in enumerate(rationales):
        yield to_training_doc(letter_of(rationale, number), entities=False)

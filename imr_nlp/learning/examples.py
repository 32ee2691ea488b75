"""Annotated letters, rationales and sentences as examples for the classifier of reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from imr_nlp.components.reasons.features import Sentence, sentences_of
from imr_nlp.corpus import AnnotatedLetter, BankRationale, BankSentence
from imr_nlp.corpus.letter import Evidence, Part
from imr_nlp.text.sentences import sentence_spans

_SHARED = 0.5


@dataclass(frozen=True)
class RationaleExample:
    """The sentences of one issue's rationale, each with its reasons.

    Parameters
    ----------
    letter, issue
        Where it comes from; `issue` counts from 0.
    sentences, labels
        The sentences and, in the same order, the reasons that each states.
    primary
        The decisive reason.
    decision
        Of the issue; None for a sentence of the bank.
    """

    letter: str
    issue: int
    sentences: tuple[Sentence, ...]
    labels: tuple[frozenset[str], ...]
    primary: str | None = None
    decision: str | None = None

    @property
    def stated(self) -> frozenset[str]:
        """All reasons of the issue."""
        return frozenset().union(*self.labels)


def from_letter(letter: AnnotatedLetter) -> Iterator[RationaleExample]:
    """Give the rationales of an annotated letter, by issue.

    A sentence states a reason if it shares half of the shorter with its evidence.
    """
    clean = letter.to_readable()
    for part in clean.parts_of("RATIONALE"):
        for issue in part.issues:
            fields = clean.fields.issues[issue]
            labelled = list(labelled_spans(clean, part, issue))
            texts = [" ".join(clean.text[start:end].split()) for (start, end), _ in labelled]
            yield RationaleExample(
                letter=clean.id,
                issue=issue,
                sentences=tuple(
                    sentences_of(texts, decision=fields.decision, category=fields.category)
                ),
                labels=tuple(labels for _, labels in labelled),
                primary=fields.primary,
                decision=fields.decision,
            )


def labelled_spans(
    clean: AnnotatedLetter, part: Part, issue: int
) -> Iterator[tuple[tuple[int, int], frozenset[str]]]:
    """Give the sentences of a rationale as character spans, with the reasons of one issue.

    `clean` is a letter on its readable text.
    """
    own = [evidence for evidence in clean.evidence if issue in evidence.issues]
    for span in sentence_spans(clean.text, part.start, part.end):
        yield span, frozenset(_labels(span, own))


def _labels(span: tuple[int, int], evidence: Iterable[Evidence]) -> Iterator[str]:
    start, end = span
    for piece in evidence:
        shared = min(end, piece.end) - max(start, piece.start)
        if shared >= _SHARED * min(end - start, piece.end - piece.start):
            yield from piece.labels


def from_rationale(rationale: BankRationale, number: int) -> RationaleExample:
    """Give a rationale of the bank as an example."""
    texts = [sentence.text for sentence in rationale.sentences]
    return RationaleExample(
        letter=f"rationale {number}",
        issue=0,
        sentences=tuple(
            sentences_of(texts, decision=rationale.decision, category=rationale.category)
        ),
        labels=tuple(frozenset(sentence.labels) for sentence in rationale.sentences),
        primary=rationale.primary,
        decision=rationale.decision,
    )


def from_sentence(sentence: BankSentence, number: int) -> RationaleExample:
    """Give a sentence of the bank as an example of one sentence."""
    return RationaleExample(
        letter=f"sentence {number}",
        issue=0,
        sentences=(Sentence(sentence.text),),
        labels=(frozenset(sentence.labels),),
    )

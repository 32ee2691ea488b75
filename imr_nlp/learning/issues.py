"""What the rules say of annotated issues: what categories and decisions are learned from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from spacy.language import Language

from imr_nlp.corpus import AnnotatedLetter, BankRationale, to_doc
from imr_nlp.evaluation.issues import pair_issues
from imr_nlp.learning.categories import ItemExample
from imr_nlp.schema import Issue

_FORM = "IMR ISSUES, DECISIONS AND RATIONALES\n{item}: Upheld\nDecision rationale: None is given.\n"
"""The least letter in which an item is read as one."""


class ReadIssue(NamedTuple):
    """An annotated issue, and what the rules read in its place."""

    letter: str
    right: Issue
    read: Issue


def read_issues(nlp: Language, letters: Sequence[AnnotatedLetter]) -> Iterator[ReadIssue]:
    """Run the rules over annotated letters; issues that they do not find are left out."""
    for letter, doc in zip(letters, nlp.pipe(own.text for own in letters), strict=True):
        truth = to_doc(letter, misaligned=[])._.determination
        for right, read in pair_issues(truth, doc._.determination):
            if right is not None and read is not None:
                yield ReadIssue(letter.id, right, read)


def items_of_letters(issues: Iterable[ReadIssue]) -> list[ItemExample]:
    """Give the items of issues as examples."""
    return [ItemExample(i.letter, i.read.item, i.read.category, i.right.category) for i in issues]


def items_of_bank(nlp: Language, rationales: Sequence[BankRationale]) -> list[ItemExample]:
    """Give the items of the bank's rationales as examples, each read by the rules."""
    forms = [_FORM.format(item=" ".join(rationale.item.split())) for rationale in rationales]
    examples = []
    for number, (rationale, doc) in enumerate(zip(rationales, nlp.pipe(forms), strict=True)):
        issues = doc._.determination.issues
        rule = issues[0].category if issues else "other"
        examples.append(
            ItemExample(f"rationale {number}", rationale.item, rule, rationale.category)
        )
    return examples


class DecisionRates(NamedTuple):
    """How often decisions are right, by where they were read; see `imr_decisions`."""

    printed: float
    concluded: float


def decision_rates(issues: Sequence[ReadIssue]) -> DecisionRates:
    """Measure how often a printed decision, and one from the conclusion alone, is right.

    By Laplace's rule of succession, so that no rate of a finite count is 1.
    """
    printed = [i.read.decision == i.right.decision for i in issues]
    concluded = [
        (i.read.conclusion == "necessary") == (i.right.decision == "overturned")
        for i in issues
        if i.read.conclusion is not None
    ]
    return DecisionRates(*((sum(own) + 1) / (len(own) + 2) for own in (printed, concluded)))

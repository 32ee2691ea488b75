"""Entities: spans with their labels, strict, exact and partial."""

from __future__ import annotations

from typing import Any

from spacy.tokens import Doc

from imr_nlp.evaluation.tally import LetterScores, Tally
from imr_nlp.text.layer import alignment_of

LABELS = (
    "DRUG", "STRENGTH", "FORM", "DOSE", "ROUTE", "FREQUENCY", "DURATION", "QUANTITY", "REFILLS",
    "SERVICE", "BODY_PART", "DIAGNOSIS",
)  # fmt: skip
SCHEMES = ("strict", "exact", "partial")
"""As nervaluate has them: place and label right; place right; places overlap (one half)."""

Span = tuple[int, int, str]


def entity_spans(doc: Doc) -> list[Span]:
    """Give the entities of a Doc with their places in the raw text."""
    alignment = alignment_of(doc)
    return [
        (*alignment.to_raw(entity.start_char, entity.end_char), entity.label_)
        for entity in doc.ents
        if entity.label_ in LABELS
    ]


def score_entities(
    scores: LetterScores, gold: list[Span], predicted: list[Span], text: str
) -> None:
    """Count entities by scheme and label, and note what strict matching finds wrong."""
    from nervaluate import Evaluator

    # nervaluate's places are closed: what touches must not overlap.
    sides = [
        [[{"label": label, "start": start, "end": end - 1} for start, end, label in spans]]
        for spans in (gold, predicted)
    ]
    by_label: dict[str, Any] = {}
    labels = sorted({label for _, _, label in (*gold, *predicted)})
    if labels:
        by_label = Evaluator(*sides, tags=labels, loader="dict").evaluate()["entities"]
    for label, results in by_label.items():
        n_gold = sum(own == label for _, _, own in gold)
        n_predicted = sum(own == label for _, _, own in predicted)
        for scheme in SCHEMES:
            right = results[scheme].correct + results[scheme].partial / 2
            scores.add(f"entities/{scheme}/{label}", Tally(right, n_predicted, n_gold))
    for span in sorted(set(gold) ^ set(predicted)):
        start, end, label = span
        shown = " ".join(text[start:end].split())
        scores.add_one_sided(f"entities/strict/{label}", shown, start, in_gold=span in gold)

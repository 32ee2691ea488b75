"""Entities: spans with their labels, strict, exact and partial."""

from __future__ import annotations

from spacy.tokens import Doc

from imr_nlp.evaluation.tally import LetterScores, Tally
from imr_nlp.text.layer import alignment_of

LABELS = (
    "DRUG", "STRENGTH", "FORM", "DOSE", "ROUTE", "FREQUENCY", "DURATION", "QUANTITY", "REFILLS",
    "SERVICE", "BODY_PART", "DIAGNOSIS",
)  # fmt: skip
MEDICATION_LABELS = LABELS[:9]
SCHEMES = ("strict", "exact", "partial")
"""As nervaluate has them, over all labels: place and label right; place right, whatever the
label; places overlap, whatever the label (one half)."""

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
    """Count entities and note what strict matching finds wrong.

    `entities/SCHEME` is over all labels, `entities/SCHEME/medications` over
    drugs and their attributes; `entities/strict/LABEL` and
    `entities/partial/LABEL` are within one label.
    """
    _score_group(scores, "", gold, predicted)
    sides = [[s for s in own if s[2] in MEDICATION_LABELS] for own in (gold, predicted)]
    _score_group(scores, "/medications", *sides)
    for label in sorted({label for _, _, label in (*gold, *predicted)}):
        sides = [[s for s in own if s[2] == label] for own in (gold, predicted)]
        _score_group(scores, f"/{label}", *sides, schemes=("strict", "partial"))
    for span in sorted(set(gold) ^ set(predicted)):
        start, end, label = span
        shown = " ".join(text[start:end].split())
        scores.add_one_sided(f"entities/strict/{label}", shown, start, in_gold=span in gold)


def _score_group(
    scores: LetterScores,
    name: str,
    gold: list[Span],
    predicted: list[Span],
    *,
    schemes: tuple[str, ...] = SCHEMES,
) -> None:
    from nervaluate import Evaluator

    labels = sorted({label for _, _, label in (*gold, *predicted)})
    if not labels:
        return
    # nervaluate's places are closed: what touches must not overlap.
    sides = [
        [[{"label": label, "start": start, "end": end - 1} for start, end, label in spans]]
        for spans in (gold, predicted)
    ]
    overall = Evaluator(*sides, tags=labels, loader="dict").evaluate()["overall"]
    for scheme in schemes:
        right = overall[scheme].correct + overall[scheme].partial / 2
        scores.add(f"entities/{scheme}{name}", Tally(right, len(predicted), len(gold)))

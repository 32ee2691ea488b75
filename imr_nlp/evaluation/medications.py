"""Medications: a drug with all its attributes, and each link from attribute to drug."""

from __future__ import annotations

from collections.abc import Iterable

from imr_nlp.evaluation.tally import LetterScores
from imr_nlp.schema import Determination, Medication

ATTRIBUTES = (
    "strength", "form", "dose", "route", "frequency", "duration", "quantity", "refills",
)  # fmt: skip
_PARTS = {"item": "items", "summary": "prose", "rationale": "prose", "other": "prose"}


def score_medications(scores: LetterScores, gold: Determination, predicted: Determination) -> None:
    """Count mentions by place and text, in items and in prose.

    `medications/whole` is right where drug and all attributes are; a link
    (`medications/links`) where an attribute and the drug that it is given to are.
    """
    for part in ("items", "prose"):
        sides = [
            [m for m in side.medications if _PARTS[m.section] == part] for side in (gold, predicted)
        ]
        scores.compare(f"medications/whole/{part}", *(_wholes(side) for side in sides))
        scores.compare(f"medications/links/{part}", *(_links(side) for side in sides))


def _place(medication: Medication, name: str) -> int:
    span = medication.spans.get(name)
    return span.start if span else -1


def _wholes(medications: Iterable[Medication]) -> list[tuple[str, int]]:
    return [
        (
            " | ".join(
                [f"{m.drug} @{_place(m, 'drug')}"]
                + [f"{name}: {getattr(m, name)}" for name in ATTRIBUTES if getattr(m, name)]
            ),
            _place(m, "drug"),
        )
        for m in medications
    ]


def _links(medications: Iterable[Medication]) -> list[tuple[str, int]]:
    return [
        (
            f"{m.drug} @{_place(m, 'drug')} -> {name}: {getattr(m, name)} @{_place(m, name)}",
            _place(m, name),
        )
        for m in medications
        for name in ATTRIBUTES
        if getattr(m, name)
    ]

"""Evidence and entities as a pipeline found them; offsets refer to the raw text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast, get_args

from spacy.tokens import Doc

from imr_nlp.corpus.labels import ALLOWED_IN, ATTRIBUTES, EntityLabel
from imr_nlp.corpus.letter import Entity, Evidence, Part, part_at
from imr_nlp.corpus.predicted_parts import Drop, Place, crosses
from imr_nlp.schema import Determination, ReasonLabel
from imr_nlp.text.layer import to_raw

_REASONS: tuple[ReasonLabel, ...] = get_args(ReasonLabel)
_FIELD = "DECISION"
"""An entity of Docs that is a field of annotated letters."""


def find_evidence(determination: Determination, parts: list[Part], drop: Drop) -> list[Evidence]:
    """Give the sentences that state reasons, in the order of the text.

    What one sentence states for the same issues is one record.
    """
    whose: dict[Place, dict[ReasonLabel, set[int]]] = {}
    rationales = [part for part in parts if part.label == "RATIONALE"]
    stated = [
        (issue.index, reason.label, (span.start, span.end))
        for issue in determination.issues
        for reason in issue.reasons
        for span in reason.sentences
    ]
    for issue, label, place in stated:
        home = part_at(rationales, *place)
        if home is None or issue not in home.issues:
            drop(label, place, "stands outside its RATIONALE")
        elif any(crosses(place, other) for other in whose):
            drop(label, place, "crosses other evidence")
        else:
            whose.setdefault(place, {}).setdefault(label, set()).add(issue)
    return [
        Evidence(start=place[0], end=place[1], labels=labels, issues=issues)
        for place in sorted(whose, key=lambda place: (place[0], -place[1]))
        for issues, labels in sorted(_by_issues(whose[place]).items())
    ]


def _by_issues(
    issues_of: dict[ReasonLabel, set[int]],
) -> dict[tuple[int, ...], tuple[ReasonLabel, ...]]:
    together: dict[tuple[int, ...], tuple[ReasonLabel, ...]] = {}
    for label in sorted(issues_of, key=_REASONS.index):
        issues = tuple(sorted(issues_of[label]))
        together[issues] = (*together.get(issues, ()), label)
    return together


def find_entities(
    doc: Doc,
    determination: Determination,
    parts: list[Part],
    evidence: Iterable[Evidence],
    drop: Drop,
) -> list[Entity]:
    """Give the entities that stand where their label is annotated, attributes with their drugs."""
    others = [(part.start, part.end) for part in parts] + [(e.start, e.end) for e in evidence]
    kept: dict[Place, str] = {}
    for span in doc.ents:
        if span.label_ == _FIELD:
            continue
        place = to_raw(doc, span.start_char, span.end_char)
        home = part_at(parts, *place)
        allowed = ALLOWED_IN.get(span.label_)
        if allowed is None:
            drop(span.label_, place, "is no label of annotated letters")
        elif home is None or home.label not in allowed:
            drop(
                span.label_, place, f"stands {f'in {home.label}' if home else 'outside all parts'}"
            )
        elif any(crosses(place, other) for other in others):
            drop(span.label_, place, "crosses another mark")
        else:
            kept[place] = span.label_
    drugs = _find_drugs(determination, kept, parts, drop)
    order = [place for place, own in kept.items() if own not in ATTRIBUTES or place in drugs]
    position = {place: number for number, place in enumerate(order)}
    return [
        Entity(
            start=place[0],
            end=place[1],
            label=cast("EntityLabel", kept[place]),
            drug=position[drugs[place]] if place in drugs else None,
        )
        for place in order
    ]


def _find_drugs(
    determination: Determination, kept: dict[Place, str], parts: list[Part], drop: Drop
) -> dict[Place, Place]:
    """Give the drug of each attribute that can have it."""
    claimed: dict[tuple[Place, str], Place] = {}
    for medication in determination.medications:
        places = {name: (span.start, span.end) for name, span in medication.spans.items()}
        drug = places.pop("drug", None)
        if drug is not None and kept.get(drug) == "DRUG":
            # What follows several ingredients belongs to the last of them.
            claimed |= {(place, name.upper()): drug for name, place in places.items()}
    drugs: dict[Place, Place] = {}
    taken: set[tuple[Place, str]] = set()
    for place, label in kept.items():
        if label not in ATTRIBUTES:
            continue
        owner = claimed.get((place, label))
        if owner is None:
            drop(label, place, "belongs to no drug")
        elif part_at(parts, *place) != part_at(parts, *owner):
            drop(label, place, "belongs to a drug in another part")
        elif (owner, label) in taken:
            drop(label, place, "is a second one of its drug")
        else:
            drugs[place] = owner
            taken.add((owner, label))
    return drugs

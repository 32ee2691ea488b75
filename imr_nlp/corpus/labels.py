"""The labels of annotation: parts of a letter, entities, reasons."""

from __future__ import annotations

from typing import Literal, get_args

from imr_nlp.schema import ReasonLabel

PartLabel = Literal["SUMMARY", "ITEM", "REQUESTED", "AUTHORIZED", "CLAIMS", "REVIEWER", "RATIONALE"]
AttributeLabel = Literal[
    "STRENGTH", "FORM", "DOSE", "ROUTE", "FREQUENCY", "DURATION", "QUANTITY", "REFILLS"
]
EntityLabel = Literal[
    "DRUG",
    "STRENGTH",
    "FORM",
    "DOSE",
    "ROUTE",
    "FREQUENCY",
    "DURATION",
    "QUANTITY",
    "REFILLS",
    "SERVICE",
    "BODY_PART",
    "DIAGNOSIS",
]

PARTS: tuple[str, ...] = get_args(PartLabel)
ATTRIBUTES: tuple[str, ...] = get_args(AttributeLabel)
ENTITIES: tuple[str, ...] = get_args(EntityLabel)
REASONS: tuple[str, ...] = get_args(ReasonLabel)

ALLOWED_IN: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("DRUG", *ATTRIBUTES),
        frozenset({"SUMMARY", "ITEM", "REQUESTED", "AUTHORIZED", "RATIONALE"}),
    ),
    "SERVICE": frozenset({"ITEM"}),
    "BODY_PART": frozenset({"ITEM"}),
    "DIAGNOSIS": frozenset({"SUMMARY"}),
}
"""The parts in which each kind of entity is annotated."""

PARTS_WITHIN = frozenset(
    {("REQUESTED", "ITEM"), ("ITEM", "REQUESTED"), ("REQUESTED", "AUTHORIZED")}
)
"""Parts that may hold another: the outer first."""

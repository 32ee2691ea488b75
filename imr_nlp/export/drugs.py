"""The medications of an item as the values of one row."""

from __future__ import annotations

from datetime import date
from typing import Any

from imr_nlp.schema import Medication

# What is printed once for a compounded preparation, mostly behind its last ingredient.
_SHARED = (
    "form", "dose", "route", "frequency", "duration", "quantity", "quantity_value",
    "quantity_unit", "refills", "refills_value", "doses_per_day", "units_per_dose", "days",
)  # fmt: skip
_OWN = ("drug", "ingredients", "drug_class", "strength", "compound")


def headline(drugs: list[Medication]) -> Medication:
    """Give the medication that stands for an item: the first one.

    Of a compound it is the first ingredient with the form, quantity and
    directions of the preparation and the ingredients of all.
    """
    first = drugs[0]
    if not first.compound:
        return first
    parts = [drug for drug in drugs if drug.compound]
    update: dict[str, Any] = {
        name: next((value for part in parts if (value := getattr(part, name)) is not None), None)
        for name in _SHARED
    }
    ingredients = [ingredient for part in parts for ingredient in part.ingredients]
    update["ingredients"] = list(dict.fromkeys(ingredients))
    return first.model_copy(update=update)


def drug_values(drug: Medication) -> dict[str, str | int | float | date | list[str] | None]:
    """Give the values of the columns `drug` to `compound`."""
    values = {name: getattr(drug, name) for name in (*_OWN, *_SHARED)}
    return {**values, "drug_name": drug.name, "drug_kind": drug.kind}

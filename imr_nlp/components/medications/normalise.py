"""Values of medication attributes: amounts with units, doses a day, days, refills."""

from __future__ import annotations

import re
from typing import Any

from imr_nlp.components.medications.numbers import COUNT, NUMBER, NUMBER_WORD, value_of
from imr_nlp.resources import read_csv

_UNIT_NAMES = {
    form: row["unit"] for row in read_csv("units.csv") for form in row["forms"].split("|")
}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
"""Days in a unit of time. A month is 30 days, as pharmacies count supplies."""

_AMOUNT = re.compile(
    rf"(?P<value>{NUMBER})\s?(?P<unit>[A-Za-z\u00b5%.]+)?"
    rf"(?:\s?(?:/|per)\s?(?P<per_value>{NUMBER})?\s?(?P<per_unit>ml|mL|cc|gm?|hrs?|hours?|h|tablet|tab|patch|spray|actuation)\b)?",
)
_COUNT = re.compile(COUNT, re.IGNORECASE)
_NUMBER = re.compile(NUMBER)
_LAST_BRACKET = re.compile(r"\s?\([^()]*\)\s*\Z")
_UNIT_WORD = re.compile(r"[A-Za-z%]+")
_UPPER_END = re.compile(r"(?:-|\u2013|\bto\b)\s*(one|two|three|four|\d(?![\d./]))", re.IGNORECASE)
_EVERY = re.compile(
    rf"(?:q|every)\s?\.?\s?(?P<count>{COUNT})\s?-?(?P<unit>h(?:ou)?rs?|h|hours?|days?|d|weeks?|wks?)",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf"(?P<count>once|twice|thrice|(?:{NUMBER_WORD}|\d{{1,2}}(?:\s?(?:-|to|or)\s?\d{{1,2}})?)(?:\s?(?:-|to|or)\s?{NUMBER_WORD})?)"
    r"\s?(?:\(\d\)\s?)?(?:x|times?|\u00d7)?\s?-?(?:(?:per|a|an|each|every|/)\s?)?(?P<unit>day|daily|week|weekly|month|monthly|night|nightly)",
    re.IGNORECASE,
)
_CODES = tuple(
    (re.compile(row["pattern"], re.IGNORECASE), float(row["doses_per_day"]))
    for row in read_csv("frequencies.csv")
)
_WORD_TIMES = {"once": 1.0, "twice": 2.0, "thrice": 3.0}


def normalise_strength(text: str, ingredients: list[str]) -> list[dict[str, Any]]:
    """Give an amount for each ingredient of a printed strength.

    "10/325mg" of hydrocodone and acetaminophen is 10 mg and 325 mg: numbers
    without a unit take the one that follows. Ingredients are named where their
    number is that of the amounts; a single amount of a combination is that of
    the first ingredient, by which these are known ("Percocet 10 mg").
    """
    amounts = _amounts(text)
    if len(amounts) == len(ingredients):
        for amount, ingredient in zip(amounts, ingredients, strict=True):
            amount["ingredient"] = ingredient
    elif len(amounts) == 1 and ingredients and "%" not in text:
        amounts[0]["ingredient"] = ingredients[0]
    return amounts


def _amounts(text: str) -> list[dict[str, Any]]:
    amounts: list[dict[str, Any]] = []
    for match in _AMOUNT.finditer(text):
        unit = _UNIT_NAMES.get((match["unit"] or "").lower().rstrip("."))
        amount: dict[str, Any] = {"value": _number(match["value"]), "unit": unit}
        if match["per_unit"]:
            amount["per_value"] = _number(match["per_value"]) if match["per_value"] else 1.0
            amount["per_unit"] = _UNIT_NAMES.get(match["per_unit"].lower())
        amounts.append(amount)
    unit = None
    for amount in reversed(amounts):
        unit = amount["unit"] or unit
        # A ratio without any unit ("10/325") is of milligrams by convention.
        amount["unit"] = unit or "mg"
    return amounts


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def normalise_quantity(text: str) -> tuple[float | None, str | None]:
    """Give the amount dispensed and its unit ("#60" is 60 without a unit)."""
    # "#90 (30 day supply)" is 90, and says for how long; "thirty (30) days supply" is a supply.
    text = _LAST_BRACKET.sub("", text) or text
    match = _COUNT.search(text)
    if match is None:
        return None, None
    if "suppl" in text.lower() and (value := value_of(match.group())) is not None:
        unit = re.search(r"day|week|month", text, re.IGNORECASE)
        return (value * _DAYS[unit.group().lower()], "day supply") if unit else (value, None)
    rest = text[match.end() :]
    word = _UNIT_WORD.search(rest)
    unit_name = _UNIT_NAMES.get(word.group().lower()) if word else None
    return value_of(match.group()), unit_name


def normalise_refills(text: str) -> int | None:
    """Give the number of refills; "no refills" is 0."""
    if re.search(r"\b(?:no|zero|none|without)\b", text, re.IGNORECASE):
        return 0
    match = _COUNT.search(text)
    value = value_of(match.group()) if match else None
    return int(value) if value is not None else None


def doses_per_day(text: str) -> float | None:
    """Give the most doses a day that a frequency allows: "every 4-6 hours" is 6.

    None where it does not say ("as needed").
    """
    if match := _EVERY.search(text):
        low = _lowest(match["count"])
        unit = match["unit"].lower()
        if not low:
            return None
        if unit.startswith("h"):
            return 24 / low
        return 1 / (low * (7 if unit.startswith("w") else 1))
    if match := _TIMES.search(text):
        count = _WORD_TIMES.get(match["count"].lower()) or value_of(match["count"])
        period = {"w": 7, "m": 30}.get(match["unit"].lower()[0], 1)
        return count / period if count else None
    return next((value for pattern, value in _CODES if pattern.search(text)), None)


def _lowest(count: str) -> float | None:
    values = [_number(match.group()) for match in _NUMBER.finditer(count)]
    return min(values) if values else value_of(count)


def normalise_days(text: str) -> int | None:
    """Give a duration in days; a month is 30."""
    match = _COUNT.search(text)
    unit = re.search(r"days?|weeks?|wks?|months?|mos?|years?|yrs?|\bd\b", text, re.IGNORECASE)
    if unit is None:
        return None
    value = value_of(match.group()) if match else 1.0
    return round(value * _DAYS[_UNIT_NAMES[unit.group().lower()]]) if value else None


def units_per_dose(text: str) -> float | None:
    """Give the most units that one dose holds: "1-2 tabs" is 2."""
    if upper := _UPPER_END.search(text):
        return value_of(upper[1])
    if re.search(r"\bhalf\b", text, re.IGNORECASE):
        return value_of(text)
    match = _COUNT.search(text)
    if match is None:
        return 1.0 if re.match(r"\s*an?\b", text, re.IGNORECASE) else None
    return value_of(match.group())


_TOPICAL_FORM = re.compile(
    r"\b(?:gel|cream|ointment|lotion|patch|patches|pad|roll-on|topical|liniment|balm)\b",
    re.IGNORECASE,
)
_ALSO_TOPICAL = frozenset({"NSAID", "muscle relaxant", "anti-epilepsy drugs", "antidepressant"})


def drug_class_of(drug_class: str | None, printed: dict[str, str]) -> str | None:
    """Give the class of a drug as it is asked for: a gel of an oral drug is topical.

    A strength in percent, a topical form or a topical route tells so.
    """
    if drug_class not in _ALSO_TOPICAL:
        return drug_class
    looks = " ".join(printed.get(name, "") for name in ("form", "route"))
    if "%" in printed.get("strength", "") or _TOPICAL_FORM.search(looks):
        return "topical analgesics"
    return drug_class


def daily_amounts(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Multiply strength, units for each dose and doses a day where all are printed."""
    often, units = record.get("doses_per_day"), record.get("units_per_dose")
    if not often or not units:
        return []
    return [
        {**amount, "value": round(amount["value"] * often * units, 6)}
        for amount in record["strengths"]
        if amount["unit"] in {"mg", "mcg", "g", "meq", "unit"} and "per_unit" not in amount
    ]

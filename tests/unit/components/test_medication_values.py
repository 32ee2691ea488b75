"""Values of medication attributes, and why an attribute belongs to its drug."""

from typing import Any

import pytest
from spacy.language import Language

from imr_nlp.components.medications.lexicon import lexicon
from imr_nlp.components.medications.misspelled import distance, nearest
from imr_nlp.components.medications.normalise import (
    doses_per_day,
    normalise_days,
    normalise_quantity,
    normalise_refills,
    normalise_strength,
    units_per_dose,
)
from imr_nlp.components.medications.numbers import value_of

ISSUE = (
    "IMR ISSUES, DECISIONS AND RATIONALES\nThe Final Determination was based on decisions for "
    "the disputed items/services set forth below:\n{}: Upheld\n"
    "Claims Administrator guideline: Decision based on MTUS Opioids.\n"
    "MAXIMUS guideline: Decision based on MTUS Opioids.\nDecision rationale: None.\n"
)


def drugs(nlp: Language, item: str) -> list[dict[str, Any]]:
    result = nlp(ISSUE.format(item))._.determination
    return [drug.model_dump(exclude_none=True) for drug in result.issues[0].drugs]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("60", 60),
        ("1,000", 1000),
        (".5", 0.5),
        ("thirty (30)", 30),
        ("twenty-four", 24),
        ("one hundred twenty", 120),
        ("2-3", 3),
        ("one to two", 2),
        ("1/2", 0.5),
        ("1 1/2", 1.5),
        ("half a tablet", 0.5),
        ("one and a half tabs", 1.5),
    ],
)
def test_value_of_a_count(text: str, value: float) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "ingredients", "expected"),
    [
        ("10/325mg", ["hydrocodone", "acetaminophen"], [(10, "mg"), (325, "mg")]),
        ("7.5-325 MG", ["hydrocodone", "acetaminophen"], [(7.5, "mg"), (325, "mg")]),
        ("10mg/325mg", ["hydrocodone", "acetaminophen"], [(10, "mg"), (325, "mg")]),
        ("10/325", ["hydrocodone", "acetaminophen"], [(10, "mg"), (325, "mg")]),
        ("0.025%", ["capsaicin"], [(0.025, "%")]),
        ("1,000 mcg", ["cyanocobalamin"], [(1000, "mcg")]),
        ("1 gm", ["acetaminophen"], [(1, "g")]),
    ],
)
def test_strength_for_each_ingredient(
    text: str, ingredients: list[str], expected: list[tuple[float, str]]
) -> None:
    amounts = normalise_strength(text, ingredients)
    assert [(amount["value"], amount["unit"]) for amount in amounts] == expected
    assert [amount["ingredient"] for amount in amounts] == ingredients


def test_a_concentration_keeps_its_denominator() -> None:
    (amount,) = normalise_strength("25 mg/5 ml", ["gabapentin"])
    assert (amount["value"], amount["unit"]) == (25, "mg")
    assert (amount["per_value"], amount["per_unit"]) == (5, "ml")
    (patch,) = normalise_strength("50 mcg/hr", ["fentanyl"])
    assert (patch["value"], patch["per_value"], patch["per_unit"]) == (50, 1, "hour")


def test_one_amount_of_a_combination_is_that_of_its_first_ingredient() -> None:
    (amount,) = normalise_strength("10 mg", ["oxycodone", "acetaminophen"])
    assert amount["ingredient"] == "oxycodone"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#60", (60, None)),
        ("Qty: 60.00", (60, None)),
        ("120gm", (120, "g")),
        ("thirty (30) tablets", (30, "tablet")),
        ("1 box", (1, "box")),
        ("30 day supply", (30, "day supply")),
        ("one month supply", (30, "day supply")),
        ("240 ml bottle", (240, "ml")),
    ],
)
def test_quantity(text: str, expected: tuple[float, str | None]) -> None:
    assert normalise_quantity(text) == expected


@pytest.mark.parametrize(
    ("text", "refills"),
    [("with 1 refill", 1), ("three (3) refills", 3), ("no refills", 0), ("RF: 2", 2)],
)
def test_refills(text: str, refills: int) -> None:
    assert normalise_refills(text) == refills


@pytest.mark.parametrize(
    ("text", "doses"),
    [
        ("bid", 2),
        ("t.i.d.", 3),
        ("q.i.d", 4),
        ("every 4-6 hours as needed", 6),
        ("q8h", 3),
        ("q72h", 1 / 3),
        ("twice a day", 2),
        ("three times daily", 3),
        ("1x per day", 1),
        ("at bedtime", 1),
        ("every other day", 0.5),
        ("once a week", 1 / 7),
        ("as needed", None),
    ],
)
def test_doses_a_day(text: str, doses: float | None) -> None:
    assert doses_per_day(text) == (pytest.approx(doses) if doses else None)


@pytest.mark.parametrize(
    ("text", "days"),
    [("for 14 days", 14), ("x 2 weeks", 14), ("for a one month period", 30), ("for a week", 7)],
)
def test_days(text: str, days: int) -> None:
    assert normalise_days(text) == days


@pytest.mark.parametrize(
    ("text", "units"),
    [("1 tab", 1), ("1-2 tabs", 2), ("half a tablet", 0.5), ("1/2-1 tab", 1), ("a patch", 1)],
)
def test_units_for_each_dose(text: str, units: float) -> None:
    assert units_per_dose(text) == units


def test_daily_amount_needs_strength_dose_and_frequency(nlp: Language) -> None:
    (norco,) = drugs(nlp, "Norco 10/325mg 1-2 tabs every 6 hours #120")
    amounts = {amount["ingredient"]: amount["value"] for amount in norco["daily_amounts"]}
    assert amounts == {"hydrocodone": 80, "acetaminophen": 2600}
    (bare,) = drugs(nlp, "Norco 10/325mg every 6 hours #120")
    assert bare["daily_amounts"] == []


def test_links_say_why(nlp: Language) -> None:
    (drug,) = drugs(nlp, "Two refills of Ibuprofen 600mg for the swelling, #90")
    assert drug["links"] == {
        "strength": "follows_drug",
        "quantity": "item",
        "refills": "precedes_drug",
    }


@pytest.mark.parametrize(
    ("item", "compound"),
    [
        ("Flurbiprofen 20%/Baclofen/Menthol 4% cream 120gm", [True] * 3),
        ("Flurbiprofen/Lidocaine/Menthol cream 20%/5%/4%", [True] * 3),
        ("Gabapentin 10% Cyclobenzaprine 5% cream base", [True] * 2),
        ("Compound cream: flurbiprofen, baclofen and capsaicin", [True] * 3),
        ("Lidocaine 5% patch #30 and Norco 10/325mg #60", [False] * 2),
        ("Ultram (tramadol) 50mg #60", [False] * 2),
        ("Norco 10/325mg #60, Soma 350mg #30", [False] * 2),
    ],
)
def test_compounds(item: str, compound: list[bool], nlp: Language) -> None:
    assert [drug["compound"] for drug in drugs(nlp, item)] == compound


def test_strengths_behind_a_list_are_dealt_out(nlp: Language) -> None:
    found = drugs(nlp, "Flurbiprofen/Lidocaine/Menthol cream 20%/5%/4%")
    assert [drug["strength"] for drug in found] == ["20%", "5%", "4%"]
    assert {drug["links"]["strength"] for drug in found} == {"shared_list"}


def test_a_gel_of_an_oral_drug_is_topical(nlp: Language) -> None:
    assert [d["drug_class"] for d in drugs(nlp, "Voltaren 1% gel 100gm")] == ["topical analgesics"]
    assert [d["drug_class"] for d in drugs(nlp, "Voltaren 75mg #60")] == ["NSAID"]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("cyclobenzzprine", "cyclobenzaprine"),
        ("gabapntin", "gabapentin"),
        ("omperazole", "omeprazole"),
        ("treatment", None),
        ("tablets", None),
        ("patient", None),
    ],
)
def test_nearest_name(word: str, name: str | None) -> None:
    found = nearest(word)
    assert (lexicon().names[found].name.lower() if found else None) == name


@pytest.mark.parametrize(
    ("first", "second", "slips"),
    [("norco", "norco", 0), ("norco", "nroco", 1), ("soma", "some", 1), ("", "abc", 3)],
)
def test_distance(first: str, second: str, slips: int) -> None:
    assert distance(first, second) == distance(second, first) == slips


def test_every_ingredient_is_in_the_lexicon() -> None:
    names = lexicon().names
    drugs_found = set(names.values())
    assert len(drugs_found) > 4000
    missing = {i for drug in drugs_found for i in drug.ingredients if i.lower() not in names}
    assert not missing

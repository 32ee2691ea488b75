"""What must hold of the drug lexicon before it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

KINDS = (
    "brand",
    "generic",
    "combination",
    "compound",
    "medical_food",
    "supplement",
)
# The drug classes of the state's own IMR search tool, and "other".
CLASSES = (
    "adrenal cortical steroids",
    "alpha-blocker",
    "androgens and anabolic steroids",
    "antianxiety",
    "anticoagulant",
    "antidepressant",
    "antidiabetics",
    "antiemetic",
    "anti-epilepsy drugs",
    "antihistamine",
    "antihypertensive",
    "anti-infectives",
    "antimigraine agent",
    "asthma medication",
    "atypical antipsychotic",
    "barbiturates",
    "benzodiazepines",
    "beta-blocker",
    "bisphosphonates",
    "calcium channel blocker",
    "cannabinoids",
    "dopamine agonists",
    "fibric acid",
    "GI agents",
    "H2 blocker",
    "hormones",
    "impotence agents",
    "injection",
    "miscellaneous analgesics",
    "muscle relaxant",
    "NSAID",
    "nutritional products",
    "opioids",
    "opioid antagonist",
    "proton pump inhibitors",
    "sedative-hypnotics",
    "statin",
    "topical analgesics",
    "topical compounds",
    "TNF modifier",
    "viscosupplementation",
    "other",
)
MIN_LETTERS = 3
# Shorter forms that are safe all the same.
SHORT_FORMS = frozenset({"b12", "b-12"})
_LETTER = re.compile(r"[A-Za-z]")


@dataclass
class Entry:
    """One row of the lexicon."""

    name: str
    kind: str
    ingredients: tuple[str, ...]
    drug_class: str
    aliases: list[str] = field(default_factory=list)
    misspellings: list[str] = field(default_factory=list)


def check(entries: Iterable[Entry], excluded: Mapping[str, str]) -> list[str]:
    """Everything that is wrong with the lexicon, one message each.

    Parameters
    ----------
    entries
        The rows.
    excluded
        Case-folded name to the reason why it must not be listed.
    """
    rows = list(entries)
    problems: list[str] = []
    owner: dict[str, str] = {}
    for row in rows:
        if row.name.casefold() in owner:
            problems.append(f"{row.name}: listed twice")
        owner[row.name.casefold()] = row.name
    for row in rows:
        problems += _row_problems(row, owner, excluded)
        for form in (*row.aliases, *row.misspellings):
            key = form.casefold()
            if key in owner:
                problems.append(f"{form}: belongs to {owner[key]} and to {row.name}")
            owner[key] = row.name
    return problems


def _row_problems(row: Entry, names: Mapping[str, str], excluded: Mapping[str, str]) -> list[str]:
    """What is wrong with one row by itself."""
    problems = []
    if row.kind not in KINDS:
        problems.append(f"{row.name}: unknown kind {row.kind!r}")
    if row.drug_class not in CLASSES:
        problems.append(f"{row.name}: unknown class {row.drug_class!r}")
    if not row.ingredients:
        problems.append(f"{row.name}: has no ingredient")
    problems += [
        f"{row.name}: ingredient {part!r} is no row"
        for part in row.ingredients
        if names.get(part.casefold()) != part
    ]
    for form in (row.name, *row.aliases, *row.misspellings):
        if form != " ".join(form.split()) or "|" in form:
            problems.append(f"{row.name}: {form!r} holds a bar or loose spaces")
        if form.casefold() in excluded:
            problems.append(f"{form}: excluded ({excluded[form.casefold()]})")
        if len(_LETTER.findall(form)) < MIN_LETTERS and form.casefold() not in SHORT_FORMS:
            problems.append(f"{form}: too short")
    return problems

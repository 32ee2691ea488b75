"""The drug lexicon: names, aliases and misspellings to what they mean."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from imr_nlp.resources import read_csv


class Drug(NamedTuple):
    """One row of `resources/drugs.csv`."""

    name: str
    kind: str
    ingredients: tuple[str, ...]
    drug_class: str | None


class Lexicon:
    """Finds drugs by name, alias or misspelling, whatever the case.

    Attributes
    ----------
    names
        Every form of a name, lower case, to its drug.
    printed
        The same forms as the table prints them: the tokenizer cuts by case.
    """

    def __init__(self) -> None:
        self.names: dict[str, Drug] = {}
        self.printed: dict[str, Drug] = {}
        self._combinations: dict[frozenset[str], Drug] = {}
        for row in read_csv("drugs.csv"):
            drug = Drug(
                row["name"],
                row["kind"],
                tuple(filter(None, row["ingredients"].split("|"))),
                row["drug_class"] or None,
            )
            self._add(drug, row)

    def _add(self, drug: Drug, row: dict[str, str]) -> None:
        forms = [row["name"], *row["aliases"].split("|"), *row["misspellings"].split("|")]
        for form in forms:
            if form.strip():
                if form.strip().lower() not in self.names:
                    self.printed[form.strip()] = drug
                self.names.setdefault(form.strip().lower(), drug)
        if drug.kind == "combination":
            self._combinations.setdefault(frozenset(drug.ingredients), drug)

    def find(self, mention: str) -> Drug | None:
        """Look up a mention; salts and release forms at its end are left out."""
        key = " ".join(mention.lower().split())
        while key:
            drug = self.names.get(key)
            if drug is not None:
                return drug
            shorter = SUFFIX_AT_END.sub("", key)
            if shorter == key:
                return None
            key = shorter
        return None

    def combination(self, ingredients: tuple[str, ...]) -> Drug | None:
        """Look up the combination that holds exactly these ingredients."""
        return self._combinations.get(frozenset(ingredients))


_SALTS = (
    r"hcl|hydrochloride|hbr|hydrobromide|sodium|potassium|bitartrate|tartrate|succinate|sulfate|maleate"
    r"|citrate|besylate|mesylate|phosphate|acetate|calcium|magnesium|fumarate|tromethamine|epolamine"
    r"|furoate|propionate|valerate|dipropionate|acetonide|pamoate|hyclate|monohydrate"
)
_RELEASE = r"ER|XR|SR|CR|XL|LA|EC|IR|DR|DS|ODT|XT|CD|MR|HFA|PM"
_RELEASE_WORDS = (
    r"extended[- ]release|delayed[- ]release|sustained[- ]release|immediate[- ]release"
    r"|controlled[- ]release"
)
SUFFIX = re.compile(
    rf"(?:[\s-]+(?:(?i:{_SALTS}|{_RELEASE_WORDS})|{_RELEASE}|{_RELEASE.lower()}(?=\s+\d))"
    r"|(?<=mab|ept|tim)-[a-z]{4})(?![\w-])"
)
"""A salt, a release form or the four letters of a biologic ("erenumab-aooe") behind
a drug's name. Release forms are in capitals: "er" and "la" are words; in small
letters they count before a number."""
SUFFIX_AT_END = re.compile(rf"[\s-]+(?:{_SALTS}|{_RELEASE}|{_RELEASE_WORDS})\Z", re.IGNORECASE)


@cache
def lexicon() -> Lexicon:
    """Give the lexicon that ships with the package."""
    return Lexicon()

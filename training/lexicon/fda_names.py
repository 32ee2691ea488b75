"""Read product names out of the FDA's Drugs@FDA extract.

The extract lists products, not names: salts, release forms, container notes
and whole sentences stand in its name column, and its ingredients come in
alphabetical order. This module turns one row into a clean display name and a
list of known ingredients, or into nothing where it cannot do so safely.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


def _words(role: str) -> frozenset[str]:
    """Words of `fda_words.csv` that play a role."""
    path = Path(__file__).with_name("fda_words.csv")
    with path.open(encoding="utf-8", newline="") as handle:
        return frozenset(row["word"] for row in csv.DictReader(handle) if row["role"] == role)


# Salts and esters that a clinician leaves out; they end an ingredient name.
SALTS = _words("salt")
# Words after a product's name that are no part of it.
TRAILERS = SALTS | _words("trailer")
# Suffixes that stay in capitals in a display name.
CAPITALS = _words("capitals")
_NOT_A_NAME = re.compile(
    r"[;,+%&]|\bW/|\bIN\b|\bAND\b|\bWITH\b|\bFOR\b|\bCHILDREN|\bINFANT|\bJUNIOR|\bHUMAN\b"
    r"|\bCONTAINER\b|/",
)
_BRACKETED = re.compile(r"\s*\([^)]*\)")
_SPACE = re.compile(r"\s+")
_DOSE_TAIL = re.compile(r"[\s-]\d[\d.,/-]*(?:MG|MCG|ML)?$")
_LETTERS = re.compile(r"^[A-Z][A-Z' .-]*$")


@dataclass(frozen=True)
class FdaProduct:
    """One product: display name, known ingredients, and where it is applied."""

    name: str
    ingredients: tuple[str, ...]
    routes: frozenset[str]
    is_generic: bool


def ingredient_of(text: str, known: Mapping[str, str]) -> str | None:
    """Name of the ingredient without its salt, or None where it is not known.

    Parameters
    ----------
    text
        One ingredient as the FDA prints it.
    known
        Case-folded spelling to canonical ingredient.
    """
    folded = _SPACE.sub(" ", text.strip().casefold())
    if folded in known:
        return known[folded]
    words = folded.replace(",", "").split()
    while words and words[-1] in SALTS:
        words.pop()
        if " ".join(words) in known:
            return known[" ".join(words)]
    return None


def clean_name(text: str) -> str | None:
    """Brand name without strengths, salts and container notes, or None."""
    name = _BRACKETED.sub("", text.strip().upper())
    if _NOT_A_NAME.search(name):
        return None
    name = _DOSE_TAIL.sub("", name)
    words = name.split()
    while len(words) > 1 and words[-1].casefold() in TRAILERS:
        words.pop()
    name = _DOSE_TAIL.sub("", " ".join(words))
    return (
        name
        if len(words) <= 2 and _LETTERS.match(name) and len(re.sub("[^A-Z]", "", name)) >= 4
        else None
    )


def _cased(word: str) -> str:
    """One word of a display name."""
    return word if word in CAPITALS else word[:1] + word[1:].lower()


def display_name(upper: str) -> str:
    """Capitals to a display name: 'A-METHAPRED' to 'A-Methapred'."""
    return "-".join(" ".join(map(_cased, part.split(" "))) for part in upper.split("-"))


def read_fda(path: Path, known: Mapping[str, str]) -> Iterator[FdaProduct]:
    """Products of the extract whose ingredients are all known, in file order.

    Raises
    ------
    OSError
        If the file cannot be read.
    KeyError
        If it lacks a column.
    """
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            found = [ingredient_of(part, known) for part in row["active_ingredients"].split(";")]
            unique = tuple(dict.fromkeys(name for name in found if name is not None))
            if None in found or not unique:
                continue
            routes = frozenset(
                form.rpartition(";")[2].strip()
                for form in row["dosage_forms_routes"].upper().split("|")
            )
            yield _product(row["drug_name"], unique, routes)


def _product(text: str, ingredients: tuple[str, ...], routes: frozenset[str]) -> FdaProduct:
    """A row's product; its name is empty where none can be given."""
    ingredient_words = {word for name in ingredients for word in name.casefold().split()}
    words = re.findall(r"[a-z0-9'-]+", text.casefold())
    known_words = ingredient_words | TRAILERS | {"and", "with"}
    rest = [w for w in words if w not in known_words and not known_words.issuperset(w.split("-"))]
    is_generic = not rest
    name = "" if is_generic else clean_name(text) or ""
    return FdaProduct(display_name(name), ingredients, routes, is_generic)

"""Build the drug lexicon `imr_nlp/resources/drugs.csv`.

Four hand-kept files beside this script decide what goes in:

- `drugs_curated.csv`: the overlay, with aliases and misspellings; it always wins
- `ingredients.csv`: every ingredient with its drug class, its place in a
  combination (`order`, low first: "hydrocodone/acetaminophen" for "10/325")
  and the spellings that the FDA uses for it
- `excluded.csv`: names that are ordinary words or otherwise unsafe to match
- `fda_words.csv`: salts, forms and other words to take off the FDA's product names

The FDA's Drugs@FDA extract adds the other brands and generic combinations::

    python training/lexicon/build_drugs.py path/to/drugs_at_fda.csv
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from fda_names import FdaProduct, read_fda
from lexicon_checks import Entry, check

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "imr_nlp" / "resources" / "drugs.csv"
COLUMNS = ("name", "kind", "ingredients", "drug_class", "aliases", "misspellings")
# How an ingredient is abbreviated inside the name of a combination.
ABBREVIATIONS = {
    "acetaminophen": ("acetaminophen", "APAP"),
    "hydrochlorothiazide": ("hydrochlorothiazide", "HCTZ"),
}
MAX_COMBINED = 3
DEFAULT_ORDER = 5
SHORT_PREFIX = 3
# Every brand of a contraceptive is a first name or a fancy word: only the curated ones.
CONTRACEPTIVES = frozenset({"ethinyl estradiol", "levonorgestrel", "norethindrone", "desogestrel"})
TOPICAL_ROUTES = frozenset({"TOPICAL", "TRANSDERMAL"})
INJECTED_ROUTES = frozenset({"INJECTION", "INTRAVENOUS", "INTRAMUSCULAR", "EPIDURAL"})


@dataclass(frozen=True)
class Ingredient:
    """An ingredient, its class and its place in a combination."""

    name: str
    drug_class: str
    order: int
    fda_names: tuple[str, ...]


def split_cell(cell: str) -> list[str]:
    """The items of a list cell."""
    return [part for part in cell.split("|") if part]


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_curated(path: Path) -> list[Entry]:
    """The hand-kept rows."""
    return [
        Entry(
            name=row["name"],
            kind=row["kind"],
            ingredients=tuple(split_cell(row["ingredients"])),
            drug_class=row["drug_class"],
            aliases=split_cell(row["aliases"]),
            misspellings=split_cell(row["misspellings"]),
        )
        for row in read_rows(path)
    ]


def read_ingredients(path: Path) -> dict[str, Ingredient]:
    """Ingredients by name."""
    return {
        row["ingredient"]: Ingredient(
            row["ingredient"],
            row["drug_class"],
            int(row["order"] or DEFAULT_ORDER),
            tuple(split_cell(row["fda_names"])),
        )
        for row in read_rows(path)
    }


def clinical_order(names: Iterable[str], table: Mapping[str, Ingredient]) -> tuple[str, ...]:
    """Ingredients as clinicians print their strengths."""
    return tuple(sorted(names, key=lambda name: (table[name].order, name)))


def first_word(name: str) -> str:
    """What stands before the first space or hyphen, case-folded; 'A-' and 'Z-' stay on."""
    head, _, tail = name.casefold().replace("-", " ").partition(" ")
    return head if len(head) > SHORT_PREFIX else f"{head} {tail}"


def class_of(product: FdaProduct, table: Mapping[str, Ingredient]) -> str:
    """Drug class of a product: an opioid decides, else its first ingredient."""
    classes = [table[name].drug_class for name in clinical_order(product.ingredients, table)]
    if "opioids" in classes:
        return "opioids"
    if classes[0] == "NSAID" and product.routes <= TOPICAL_ROUTES:
        return "topical analgesics"
    if classes[0] == "topical analgesics" and product.routes <= INJECTED_ROUTES:
        return "injection"
    return classes[0]


def fda_entries(
    products: Iterable[FdaProduct],
    table: Mapping[str, Ingredient],
    curated: Iterable[Entry],
    excluded: Mapping[str, str],
) -> list[Entry]:
    """Brands and generic combinations that the curated file does not have."""
    entries = list(curated)
    taken = {f.casefold() for e in entries for f in (e.name, *e.aliases, *e.misspellings)}
    made_of = {(first_word(e.name), frozenset(e.ingredients)) for e in entries}
    mixtures = {frozenset(e.ingredients) for e in entries if e.kind == "combination"}
    found: dict[str, Entry] = {}
    for item in products:
        parts = frozenset(item.ingredients)
        ordered = clinical_order(item.ingredients, table)
        if item.is_generic and 1 < len(parts) <= MAX_COMBINED and parts not in mixtures:
            mixtures.add(parts)
            name, kind = "/".join(ordered), "combination"
        elif item.name and not parts & CONTRACEPTIVES:
            name, kind = item.name, "brand"
        else:
            continue
        key = name.casefold()
        # "Ultram ER" needs no row beside "Ultram": a rule reads what follows a name.
        known_base = kind == "brand" and (first_word(key), parts) in made_of
        if key in taken or key in excluded or known_base:
            continue
        taken.add(key)
        made_of.add((first_word(key), parts))
        found[key] = Entry(name, kind, ordered, class_of(item, table))
    return list(found.values())


def add_combination_aliases(entries: Iterable[Entry]) -> None:
    """Give each combination its slash and hyphen spellings, also abbreviated."""
    rows = list(entries)
    taken = {f.casefold() for e in rows for f in (e.name, *e.aliases, *e.misspellings)}
    for row in rows:
        if row.kind != "combination":
            continue
        choices = [ABBREVIATIONS.get(part, (part,)) for part in row.ingredients]
        for words, joint in product(product(*choices), ("/", "-", " / ")):
            form = joint.join(words)
            if form.casefold() not in taken:
                taken.add(form.casefold())
                row.aliases.append(form)


def build(fda_csv: Path) -> tuple[list[Entry], list[str]]:
    """All rows sorted by name, and what is wrong with them."""
    curated = read_curated(HERE / "drugs_curated.csv")
    table = read_ingredients(HERE / "ingredients.csv")
    excluded = {r["name"].casefold(): r["reason"] for r in read_rows(HERE / "excluded.csv")}
    listed = {entry.name.casefold() for entry in curated}
    generics = [
        Entry(item.name, "generic", (item.name,), item.drug_class)
        for item in table.values()
        if item.name.casefold() not in listed
    ]
    known = {name.casefold(): name for name in table}
    known |= {form.casefold(): item.name for item in table.values() for form in item.fda_names}
    entries = curated + generics
    entries += fda_entries(read_fda(fda_csv, known), table, entries, excluded)
    add_combination_aliases(entries)
    entries.sort(key=lambda entry: (entry.name.casefold(), entry.name))
    return entries, check(entries, excluded)


def write(entries: Iterable[Entry], path: Path) -> None:
    """Write the lexicon."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        for e in entries:
            cells = ("|".join(e.ingredients), e.drug_class, "|".join(e.aliases))
            writer.writerow((e.name, e.kind, *cells, "|".join(e.misspellings)))


def main(argv: list[str] | None = None) -> int:
    """Command line: build, check, write."""
    parser = argparse.ArgumentParser(description="Build imr_nlp/resources/drugs.csv.")
    parser.add_argument("fda_csv", type=Path, help="the Drugs@FDA extract")
    parser.add_argument("--output", type=Path, default=TARGET)
    args = parser.parse_args(argv)
    entries, problems = build(args.fda_csv)
    if problems:
        print("\n".join(problems), file=sys.stderr)
        print(f"{len(problems)} problems; nothing written", file=sys.stderr)
        return 1
    write(entries, args.output)
    kinds = Counter(entry.kind for entry in entries)
    print(f"{len(entries)} rows: " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

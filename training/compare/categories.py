"""Compare ways of finding the category of an item.

    python training/compare/categories.py

Compared are the rules, the words of the item alone, both as features of one model, and what
ships: the rules, and the model where they know no service. Items of the bank are the fairest
test, since the rules were not made on them; a fifth is held out at a time, and no item trains
that is worded like one held out. *Silenced* is how often the model is right when it is not told
what the rules say. In brackets 95 % intervals, items drawn with replacement.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from attached import check_attached

from imr_nlp.components.categories.model import UNKNOWN, CategoryModel
from imr_nlp.learning.categories import ItemExample, fit_categories, leave_out
from imr_nlp.learning.issues import items_of_bank, items_of_letters, read_issues
from imr_nlp.learning.material import read_material
from imr_nlp.pipeline import make_rules

ROOT = Path(__file__).parents[2]
N_PARTS = 5


def predict(model: CategoryModel, items: Sequence[ItemExample]) -> list[str]:
    """Give the most probable category of items."""
    rows = model.scores([(item.text, item.rule) for item in items])
    return [model.labels[int(row.argmax())] for row in rows]


def silence(items: Sequence[ItemExample]) -> list[ItemExample]:
    """Take away what the rules say."""
    return [item._replace(rule=UNKNOWN) for item in items]


def ways(train: Sequence[ItemExample], held: Sequence[ItemExample]) -> dict[str, list[str]]:
    """Give the categories of held-out items in each way."""
    both = fit_categories(train)
    joined = predict(both, held)
    return {
        "rules": [item.rule for item in held],
        "words alone": predict(fit_categories(silence(train)), silence(held)),
        "both as features": joined,
        "rules, then the model": [
            item.rule if item.rule != UNKNOWN else said
            for item, said in zip(held, joined, strict=True)
        ],
        "silenced": predict(both, silence(held)),
    }


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    corpus = parser.parse_args().corpus
    check_attached(corpus)
    material = read_material(corpus, use_posted=False)
    nlp = make_rules()
    sets = {
        name: items_of_letters(list(read_issues(nlp, letters)))
        for name, letters in (
            ("train", material.written), ("posted", material.unused), ("test", material.test)
        )
    }  # fmt: skip
    bank = items_of_bank(nlp, material.rationales)
    right: dict[str, dict[str, list[bool]]] = {}
    for part in range(N_PARTS):
        first, last = (len(bank) * n // N_PARTS for n in (part, part + 1))
        held = bank[first:last]
        train = leave_out([*sets["train"], *bank[:first], *bank[last:]], held)
        count("bank", held, ways(train, held), right)
    everything = [*sets["train"], *bank]
    for name in ("posted", "test"):
        count(name, sets[name], ways(everything, sets[name]), right)
    for where, own in right.items():
        for name, hits in own.items():
            low, high = interval(hits)
            print(
                f"{where} ({len(hits)} items) | {name}: {np.mean(hits):.3f} ({low:.3f}-{high:.3f})"
            )


def interval(hits: Sequence[bool]) -> tuple[float, float]:
    """Give the 95 % interval of a share by the bootstrap."""
    drawn = np.random.default_rng(0).binomial(len(hits), np.mean(hits), 1000) / len(hits)
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def count(
    where: str,
    held: Sequence[ItemExample],
    said: dict[str, list[str]],
    right: dict[str, dict[str, list[bool]]],
) -> None:
    """Note which answers are right."""
    for name, answers in said.items():
        hits = right.setdefault(where, {}).setdefault(name, [])
        hits += [a == item.category for a, item in zip(answers, held, strict=True)]


if __name__ == "__main__":
    main()

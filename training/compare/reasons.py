"""Compare ways of finding reasons on the same letters.

    python training/compare/reasons.py METHOD... [--no-folds] -o reasons.json

Each method scores sentences; what makes reasons of the scores (calibration on
held-out issues, thresholds, the primary reason, the evidence) is the same for all.
Scored are the posted letters, cross-validated by reviewer, then posted letters and
written test split by models that saw no posted letter. Posted letters must be attached.

`--sources` shows what each source of training text adds, for the method `sm`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from attached import check_attached
from methods import METHODS, Scorer

from imr_nlp.components.linear import Floats
from imr_nlp.components.reasons.calibrated import CalibratedReasons
from imr_nlp.components.reasons.choice import choose_decisive, choose_evidence
from imr_nlp.corpus import AnnotatedLetter
from imr_nlp.evaluation import LetterScores, Report, Tally, summarize
from imr_nlp.learning.calibrate import apply
from imr_nlp.learning.examples import (
    RationaleExample,
    from_letter,
    from_rationale,
    from_sentence,
)
from imr_nlp.learning.material import Material, read_material
from imr_nlp.learning.reasons import LABELS, stated

ROOT = Path(__file__).parents[2]
SHOWN = ("reasons/micro", "reasons/macro", "primary_reason", "evidence")
SOURCES = ("written", "sentences", "rationales")

Fit = Callable[[Sequence[RationaleExample]], Scorer]
Held = tuple[RationaleExample, Floats, int]


def bank(material: Material, sources: Sequence[str]) -> list[RationaleExample]:
    """Give the examples of the bank that take part."""
    always = []
    if "sentences" in sources:
        always += [from_sentence(s, n) for n, s in enumerate(material.sentences)]
    if "rationales" in sources:
        always += [from_rationale(r, n) for n, r in enumerate(material.rationales)]
    return always


def examples_of(letters: Sequence[AnnotatedLetter]) -> list[RationaleExample]:
    """Give the rationales of letters that have any sentence."""
    return [e for letter in letters for e in from_letter(letter) if e.sentences]


def hold_out(fit: Fit, material: Material, sources: Sequence[str]) -> list[Held]:
    """Score the issues of each fold by a model that did not see them."""
    held: list[Held] = []
    always = bank(material, sources)
    for number, fold in enumerate(material.folds):
        train, own = material.sides(fold)
        train = [x for x in train if "written" in sources or x in material.posted]
        scorer = fit([*examples_of(train), *always])
        held += [(e, scorer(e.sentences), number) for e in examples_of(own)]
    return held


def score(held: Sequence[Held], others: Sequence[Held]) -> dict[str, LetterScores]:
    """Score issues; calibration and thresholds come from other issues."""
    best = np.array([row.max(axis=0) for _, row, _ in others], np.float32)
    truth = stated([example for example, *_ in others])
    model = apply(CalibratedReasons(LABELS), best, truth)
    letters: dict[str, LetterScores] = {}
    for example, table, _ in held:
        own = letters.setdefault(example.letter, LetterScores(example.letter))
        chance = model.probabilities(table)
        decisive = choose_decisive(table, chance, LABELS, example.decision)
        columns = set(np.flatnonzero(chance >= model.thresholds)) | ({decisive} - {None})
        found = {LABELS[column]: set(choose_evidence(table[:, column])) for column in columns}
        _count(own, example, found, None if decisive is None else LABELS[decisive])
    return letters


def _count(
    own: LetterScores, example: RationaleExample, found: dict[str, set[int]], guess: str | None
) -> None:
    for label in found.keys() | example.stated:
        both = label in found and label in example.stated
        own.add(f"reasons/{label}", Tally(both, label in found, label in example.stated))
    if example.primary is not None:
        own.add("primary_reason", Tally(guess == example.primary, guess is not None, 1))
    right = {(label, n) for n, labels in enumerate(example.labels) for label in labels}
    said = {(label, place) for label, places in found.items() for place in places}
    own.add("evidence", Tally(len(right & said), len(said), len(right)))


def cross_validate(fit: Fit, material: Material, sources: Sequence[str]) -> dict[str, Report]:
    """Score posted and written letters, cross-validated by reviewer."""
    held = hold_out(fit, material, sources)
    scores: dict[str, LetterScores] = {}
    for number in range(len(material.folds)):
        own = [h for h in held if h[2] == number]
        scores.update(score(own, [h for h in held if h[2] != number]))
    posted = [scores[x.id] for x in material.posted if x.id in scores]
    return {"posted, by reviewer": summarize(posted)}


def without_posted(fit: Fit, material: Material, sources: Sequence[str]) -> dict[str, Report]:
    """Score posted letters and the written test split by a model that saw no posted letter.

    Its calibration comes from a fifth of the written letters, which it does not see either.
    """
    fold = material.folds[0]
    train, own = material.sides(fold)
    scorer = fit([*examples_of(train), *bank(material, sources)])

    def scored(letters: Sequence[AnnotatedLetter]) -> list[Held]:
        return [(e, scorer(e.sentences), 0) for e in examples_of(letters)]

    others = scored(own)
    begin = time.perf_counter()
    posted = scored(material.unused)
    seconds = time.perf_counter() - begin
    print(f"  {1000 * seconds / len(material.unused):.1f} ms a letter", flush=True)
    return {
        "posted, none trained on": summarize(list(score(posted, others).values())),
        "written test": summarize(list(score(scored(material.test), others).values())),
    }


def show(name: str, reports: dict[str, Report]) -> None:
    """Print the scores."""
    for where, report in reports.items():
        cells = [
            f"{key.split('/')[-1]} {own.value:.3f} ({own.low:.3f}-{own.high:.3f})"
            for key in SHOWN
            for own in [report.scores[key]]
        ]
        print(f"{name} | {where}: {', '.join(cells)}", flush=True)


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("methods", nargs="*", choices=[*METHODS, []])
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--no-folds", action="store_true", help="no cross-validation")
    parser.add_argument("--sources", action="store_true", help="the gain of each source")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    check_attached(options.corpus)
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
    material = read_material(options.corpus)
    bare = read_material(options.corpus, use_posted=False)
    results: dict[str, dict[str, Report]] = {}
    runs = [(name, METHODS[name], SOURCES) for name in options.methods]
    if options.sources:
        parts = [(), ("written",), ("written", "sentences"), SOURCES]
        runs += [(f"sm on posted + {', '.join(p) or 'nothing'}", METHODS["sm"], p) for p in parts]
    for name, fit, sources in runs:
        begin = time.perf_counter()
        reports = {} if options.no_folds else cross_validate(fit, material, sources)
        if sources:
            reports |= without_posted(fit, bare, sources)
        print(f"{name}: {time.perf_counter() - begin:.0f} s", flush=True)
        show(name, reports)
        results[name] = reports
    if options.output:
        data = {n: {w: r.to_dict()["scores"] for w, r in own.items()} for n, own in results.items()}
        options.output.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

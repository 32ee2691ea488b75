"""Training of `en_imr_sm`, and its cross-validation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from spacy.language import Language

from imr_nlp.components.categories.model import CategoryModel
from imr_nlp.components.linear import Floats, logistic
from imr_nlp.components.reasons.model import ReasonModel
from imr_nlp.corpus import AnnotatedLetter, to_doc
from imr_nlp.corpus.standoff import text_hash
from imr_nlp.evaluation import (
    Calibration,
    LetterScores,
    Report,
    calibrate_pairs,
    evaluate,
    score_letter,
    summarize,
)
from imr_nlp.learning.categories import (
    ItemExample,
    calibrate_categories,
    fit_categories,
    leave_out,
)
from imr_nlp.learning.entities import train_many
from imr_nlp.learning.examples import from_letter, from_rationale, from_sentence
from imr_nlp.learning.issues import decision_rates, items_of_bank, items_of_letters, read_issues
from imr_nlp.learning.material import Material
from imr_nlp.learning.reasons import stated
from imr_nlp.learning.small import Parts, make_small
from imr_nlp.learning.validation import HeldOut, TrainingSet, calibrate_folds, hold_out, train
from imr_nlp.pipeline import make_rules
from imr_nlp.shipped import TRAINED_ON


@dataclass(frozen=True)
class Trained:
    """A trained pipeline with what was measured.

    Parameters
    ----------
    nlp
        The pipeline.
    posted
        Posted letters, each scored by models that were trained without its fold, or
        without any posted letter if those are `unused`; None where there are none.
    written
        Written letters of the training split, cross-validated in the same way.
    test
        The written test split, which trains nothing.
    before, after
        Calibration on held-out issues before and after, by layer.
    material
        What it was trained on.
    """

    nlp: Language
    posted: Report | None
    written: Report | None
    test: Report
    before: dict[str, Calibration]
    after: dict[str, Calibration]
    material: Material


def train_small(
    material: Material, *, recogniser: bool = True, validate: bool = True, workers: int = 2,
    steps: int | None = None, seed: int = 0, start: Path | None = None,
) -> Trained:  # fmt: skip
    """Train `en_imr_sm` and measure it.

    The same material gives the same weights on one machine.

    Parameters
    ----------
    material
        From `read_material`.
    recogniser
        Train the recogniser of entities, too.
    validate
        Score the training letters by cross-validation; it takes as many more
        recognisers as there are folds.
    workers
        Processes that train recognisers, each on one core.
    steps
        Steps of each recogniser; by default those of its configuration.
    seed
        Of the recognisers; everything else has none.
    start
        Folder of a pipeline whose recogniser is trained on; by default its weights
        begin anew.

    Raises
    ------
    ValueError
        If `start` is to be validated: its weights may have seen what is held out.
    """
    if validate and start is not None:
        raise ValueError("a recogniser that is trained on cannot be cross-validated")
    sets = [material.letters, *(material.sides(f)[0] for f in material.folds if validate)]
    overrides = {"system.seed": seed}
    if steps is not None:
        overrides["training.max_steps"] = steps
    final, *others = (
        train_many(sets, workers=workers, overrides=overrides, start=start)
        if recogniser
        else [None] * len(sets)
    )
    reasons = _reason_set(material)
    models, held_out = hold_out(reasons)
    calibrate_folds(models, held_out)
    issues = list(read_issues(make_rules(), material.letters))
    items = items_of_letters(issues)
    bank = items_of_bank(make_rules(), material.rationales)
    categories, category_scores = _hold_out_categories(items, bank, material.folds)
    before = _before(held_out, category_scores, categories[0])
    categories = [
        _calibrated(model, [held for held in category_scores if held[2] != number])
        for number, model in enumerate(categories)
    ]
    rates = decision_rates(issues)
    nlp = make_small(
        Parts(
            train(reasons, held_out),
            _calibrated(fit_categories([*items, *bank]), category_scores),
            rates,
            final,
        )
    )
    nlp.meta[TRAINED_ON] = sorted(text_hash(letter.text) for letter in material.letters)
    scores: dict[str, LetterScores] = {}
    if validate:
        for number, fold in enumerate(material.folds):
            parts = Parts(models[number], categories[number], rates, others[number])
            scores.update(_score(make_small(parts), material.sides(fold)[1]))
    scores.update(_score(nlp, material.unused))
    return Trained(
        nlp=nlp,
        posted=_summary(scores, [*material.posted, *material.unused], "posted"),
        written=_summary(scores, material.written, "written"),
        test=evaluate(nlp, [to_doc(x) for x in material.test], name="written, test"),
        before=before,
        after=_after(held_out, models, category_scores, categories),
        material=material,
    )


def _reason_set(material: Material) -> TrainingSet:
    always = [from_sentence(s, n) for n, s in enumerate(material.sentences)]
    always += [from_rationale(r, n) for n, r in enumerate(material.rationales)]
    examples = [e for letter in material.letters for e in from_letter(letter)]
    return TrainingSet(letters=examples, folds=material.folds, always=always)


Held = tuple[ItemExample, Floats, int]
"""An item, its scores by a model that did not see it, and the fold."""


def _hold_out_categories(
    items: Sequence[ItemExample], bank: Sequence[ItemExample], folds: Sequence[Sequence[str]]
) -> tuple[list[CategoryModel], list[Held]]:
    """Train a model of categories without each fold; the bank is dealt out in runs of items.

    The rules were made on the letters, but not on the bank: its items show how much
    to trust them. No item trains whose wording is held out.
    """
    models: list[CategoryModel] = []
    held_out: list[Held] = []
    for number, fold in enumerate(folds):
        first, last = (len(bank) * n // len(folds) for n in (number, number + 1))
        own = [e for e in items if e.letter in set(fold)] + list(bank[first:last])
        rest = [e for e in items if e.letter not in set(fold)] + [*bank[:first], *bank[last:]]
        model = fit_categories(leave_out(rest, own))
        models.append(model)
        scores = model.scores([(e.text, e.rule) for e in own])
        held_out += [(e, row, number) for e, row in zip(own, scores, strict=True)]
    return models, held_out


def _calibrated(model: CategoryModel, held_out: Sequence[Held]) -> CategoryModel:
    scores = np.array([row for _, row, _ in held_out], np.float32)
    return calibrate_categories(model, scores, [example for example, *_ in held_out])


def _score(nlp: Language, letters: Sequence[AnnotatedLetter]) -> dict[str, LetterScores]:
    predicted = nlp.pipe(letter.text for letter in letters)
    return {
        letter.id: score_letter(doc, to_doc(letter, misaligned=[]))
        for letter, doc in zip(letters, predicted, strict=True)
    }


def _summary(
    scores: dict[str, LetterScores], letters: Sequence[AnnotatedLetter], name: str
) -> Report | None:
    own = [scores[letter.id] for letter in letters if letter.id in scores]
    return summarize(own, name=name) if own else None


def _before(
    held_out: Sequence[HeldOut], items: Sequence[Held], any_model: CategoryModel
) -> dict[str, Calibration]:
    """Give the calibration of scores as they come out of the linear models."""
    raw = logistic(np.array([held.best for held in held_out], np.float32))
    truth = stated([held.example for held in held_out])
    plain = CategoryModel(any_model.linear)
    table = plain.probabilities(
        np.array([row for _, row, _ in items]), [example.rule for example, *_ in items]
    )
    return {
        "reasons": calibrate_pairs(zip(raw.ravel(), truth.ravel(), strict=True)),
        "category": calibrate_pairs(_rule_chances(items, table, any_model)),
    }


def _after(
    held_out: Sequence[HeldOut], models: Sequence[ReasonModel], items: Sequence[Held],
    categories: Sequence[CategoryModel],
) -> dict[str, Calibration]:  # fmt: skip
    said = np.array([models[h.fold].probabilities(h.scores) for h in held_out], np.float32)
    truth = stated([held.example for held in held_out])
    rows = [categories[fold].probabilities(row[None], [e.rule])[0] for e, row, fold in items]
    return {
        "reasons": calibrate_pairs(zip(said.ravel(), truth.ravel(), strict=True)),
        "category": calibrate_pairs(_rule_chances(items, np.array(rows), categories[0])),
    }


def _rule_chances(
    items: Sequence[Held], table: Floats, model: CategoryModel
) -> Iterable[tuple[float, bool]]:
    """Give for each item the probability of what would be reported, and whether it is right."""
    for (example, *_), row in zip(items, table, strict=True):
        said = model.choose(row, example.rule)
        yield float(row[model.labels.index(said)]), said == example.category

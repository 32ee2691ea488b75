"""Cross-validation of the classifier of reasons, and the model that is trained on everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from imr_nlp.components.linear import Floats
from imr_nlp.components.reasons.model import ReasonModel
from imr_nlp.learning.calibrate import apply
from imr_nlp.learning.examples import RationaleExample
from imr_nlp.learning.reasons import fit, stated


@dataclass
class TrainingSet:
    """What a model of reasons is trained on.

    Parameters
    ----------
    letters
        Examples from letters; they are dealt out to folds.
    folds
        Names of letters; all letters of a fold are held out together.
    always
        Examples of the bank, which train in every fold.
    """

    letters: list[RationaleExample]
    folds: list[list[str]]
    always: list[RationaleExample] = field(default_factory=list)

    def sides(self) -> Iterator[tuple[list[RationaleExample], list[RationaleExample]]]:
        """Yield what trains and what is held out, fold by fold."""
        for fold in self.folds:
            held = set(fold)
            train = [e for e in self.letters if e.letter not in held]
            yield [*train, *self.always], [e for e in self.letters if e.letter in held]


class HeldOut(NamedTuple):
    """An issue with the scores of its sentences by a model that did not see its letter."""

    example: RationaleExample
    scores: Floats
    fold: int

    @property
    def best(self) -> Floats:
        """The highest sentence score for each label."""
        return np.asarray(self.scores.max(axis=0), np.float32)


def hold_out(data: TrainingSet) -> tuple[list[ReasonModel], list[HeldOut]]:
    """Train one model without each fold, and score the issues of that fold by it."""
    models: list[ReasonModel] = []
    held_out: list[HeldOut] = []
    for number, (train_side, held) in enumerate(data.sides()):
        model = fit(train_side)
        models.append(model)
        held_out += [HeldOut(e, model.scores(e.sentences), number) for e in held if e.sentences]
    return models, held_out


def calibrate_folds(models: Sequence[ReasonModel], held_out: Sequence[HeldOut]) -> None:
    """Calibrate each fold's model in place from the issues of the other folds.

    The weights saw nothing of the fold; the two figures of each label's
    calibration and its threshold come from other letters, which were scored by
    models that had the fold in their training.
    """
    for number, model in enumerate(models):
        _apply(model, [held for held in held_out if held.fold != number])


def train(data: TrainingSet, held_out: Sequence[HeldOut]) -> ReasonModel:
    """Fit a model on everything, calibrated on the scores of held-out issues."""
    return _apply(fit([*data.letters, *data.always]), held_out)


def _apply(model: ReasonModel, held_out: Sequence[HeldOut]) -> ReasonModel:
    scores = np.array([held.best for held in held_out], np.float32)
    return apply(model, scores, stated([held.example for held in held_out]))

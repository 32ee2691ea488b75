"""Calibration: whether a probability of 0.8 is right four times in five."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from spacy.tokens import Doc

from imr_nlp.evaluation.issues import Pairs
from imr_nlp.evaluation.tally import LetterScores
from imr_nlp.schema import PROBABILITIES_KEY

N_BINS = 10


class Bin(NamedTuple):
    """Predictions of about the same probability: its mean, the share that is true, how many."""

    said: float
    true: float
    n: int


class Calibration(NamedTuple):
    """How probabilities fit what happened.

    `error` is the expected calibration error over ten bins of equal width (0 is
    perfect), `brier` the mean squared difference.
    """

    error: float
    brier: float
    n: int
    bins: list[Bin]

    def to_dict(self) -> dict[str, Any]:
        """Give plain data."""
        return {**self._asdict(), "bins": [own._asdict() for own in self.bins]}


def calibrate_pairs(pairs: Iterable[tuple[float, bool]]) -> Calibration:
    """Compare probabilities with what is true.

    Parameters
    ----------
    pairs
        A probability between 0 and 1, and whether the thing is so.
    """
    table = np.array([(said, float(real)) for said, real in pairs], float).reshape(-1, 2)
    said, real = table[:, 0], table[:, 1]
    numbers = np.minimum((said * N_BINS).astype(int), N_BINS - 1)
    bins = [
        Bin(float(said[own].mean()), float(real[own].mean()), int(own.sum()))
        for own in (numbers == number for number in range(N_BINS))
        if own.any()
    ]
    count = len(table)
    error = sum(b.n * abs(b.said - b.true) for b in bins) / max(1, count)
    brier = float(((said - real) ** 2).mean()) if count else 0.0
    return Calibration(error, brier, count, bins)


def note_probabilities(scores: LetterScores, predicted: Doc, pairs: Pairs) -> None:
    """Note the probabilities of a letter's issues, each with whether it came true.

    Reasons: every label of every issue; category and decision: the one reported.
    """
    stored: Sequence[dict[str, Any]] = predicted.user_data.get(PROBABILITIES_KEY) or []
    for gold, guess in pairs:
        if gold is None or guess is None or guess.index >= len(stored):
            continue
        own = stored[guess.index]
        stated = {reason.label for reason in gold.reasons}
        for label, probability in own.get("reasons", {}).items():
            scores.note("reasons", probability, label in stated)
        if "category" in own:
            probability = own["category"][guess.category]
            scores.note("category", probability, guess.category == gold.category)
        if "decision" in own:
            scores.note("decision", own["decision"], guess.decision == gold.decision)

"""Scores of a set of letters with intervals that resample letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from imr_nlp.evaluation.tally import LetterScores, Tally

N_RESAMPLES = 1000
_SEED = 20
_OUTSIDE = 0.05

Sums = NDArray[np.float64]
"""Right, predicted and gold along the last axis."""


class Score(NamedTuple):
    """A score with its 95 % interval (percentile bootstrap over letters).

    `value`, `low` and `high` lie between 0 and 1; resamples that hold nothing to
    score are left out of the interval, and a score of nothing is 0. `precision` and `recall` are
    given where the score is an F1; `support` is how much there is to be found.
    """

    value: float
    low: float
    high: float
    support: int
    precision: float | None = None
    recall: float | None = None


def f1_of(sums: Sums) -> Sums:
    """Give F1; not a number where there is nothing on either side."""
    return _ratio(2 * sums[..., 0], sums[..., 1] + sums[..., 2])


def precision_of(sums: Sums) -> Sums:
    """Give the share of what was predicted that is right."""
    return _ratio(sums[..., 0], sums[..., 1])


def recall_of(sums: Sums) -> Sums:
    """Give the share of what is there that was found; also an accuracy or a rate."""
    return _ratio(sums[..., 0], sums[..., 2])


def _ratio(part: Sums, whole: Sums) -> Sums:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


class Scorer:
    """Sums tallies over letters, as they are and resampled.

    Parameters
    ----------
    letters
        The scores of each letter.
    n_resamples
        How often they are resampled.
    """

    def __init__(self, letters: Sequence[LetterScores], *, n_resamples: int = N_RESAMPLES) -> None:
        self.letters = letters
        n_letters = len(letters)
        random = np.random.default_rng(_SEED)
        draws = random.integers(0, n_letters, (n_resamples, n_letters)) if n_letters else None
        self._weights = np.ones((1, 0))
        if draws is not None:
            counts = np.apply_along_axis(np.bincount, 1, draws, minlength=n_letters)
            # The letters as they are come first, the resampled ones after them.
            self._weights = np.vstack([np.ones(n_letters), counts]).astype(float)

    def layers(self, start: str = "") -> list[str]:
        """Give the names of all layers that begin so, in order."""
        return sorted({n for scores in self.letters for n in scores.tallies if n.startswith(start)})

    def sums(self, layer: str) -> Sums:
        """Sum a layer: row 0 as it is, the other rows resampled."""
        tallies = [scores.tallies.get(layer, Tally()) for scores in self.letters]
        table = np.array(tallies, dtype=np.float64).reshape(len(self.letters), 3)
        return np.asarray(self._weights @ table, dtype=np.float64)

    def f1(self, layers: str | Sequence[str]) -> Score:
        """Give the F1 of one layer, or of several together (micro)."""
        sums = self._together([layers] if isinstance(layers, str) else layers)
        return self._score(
            f1_of(sums),
            sums,
            precision=float(precision_of(sums)[0]),
            recall=float(recall_of(sums)[0]),
        )

    def rate(self, layer: str) -> Score:
        """Give right over gold."""
        sums = self.sums(layer)
        return self._score(recall_of(sums), sums)

    def macro(self, layers: Sequence[str], measure: Callable[[Sums], Sums] = f1_of) -> Score:
        """Give the mean of a measure over layers (macro F1, balanced accuracy).

        A resample that lacks a layer altogether takes the mean over the others.
        """
        values = [measure(self.sums(name)) for name in layers]
        counted = np.sum([~np.isnan(own) for own in values], axis=0)
        total = np.sum([np.nan_to_num(own) for own in values], axis=0)
        return self._score(_ratio(total, counted.astype(float)), self._together(layers))

    def _together(self, layers: Sequence[str]) -> Sums:
        nothing = np.zeros((len(self._weights), 3))
        together = np.sum([nothing, *(self.sums(name) for name in layers)], axis=0)
        return np.asarray(together, dtype=np.float64)

    @staticmethod
    def _score(values: Sums, sums: Sums, **more: float) -> Score:
        value = float(np.nan_to_num(values[0]))
        return Score(value, *percentiles(values[1:], otherwise=value), round(sums[0, 2]), **more)


def percentiles(drawn: Sums, *, otherwise: float, outside: float = _OUTSIDE) -> tuple[float, float]:
    """Give the interval of what was drawn, without what is not a number.

    `otherwise` is given where nothing is left; `outside` is the share that lies outside
    of the interval, half of it on each side.
    """
    counted = drawn[~np.isnan(drawn)]
    low, high = (
        np.quantile(counted, (outside / 2, 1 - outside / 2))
        if len(counted)
        else (otherwise, otherwise)
    )
    return float(low), float(high)


def as_dict(scores: Mapping[str, Score]) -> dict[str, dict[str, float | int]]:
    """Give scores as plain data, without what is None."""
    return {
        name: {key: value for key, value in score._asdict().items() if value is not None}
        for name, score in scores.items()
    }

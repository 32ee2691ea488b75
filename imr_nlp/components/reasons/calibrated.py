"""From the scores of sentences to the probabilities of an issue, whatever scored them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imr_nlp.components.linear import Floats, logistic


class CalibratedReasons:
    """What all models of reasons share: labels, calibration, thresholds.

    Parameters
    ----------
    labels
        Names of the reasons, in the order of the columns.
    scale, shift
        Calibration of the issue: its probability is the logistic function of
        `scale * highest score of its sentences + shift`, shapes (labels,).
    thresholds
        Probability of an issue from which on it has the reason, shape (labels,).
    """

    def __init__(
        self,
        labels: Sequence[str],
        scale: Floats | None = None,
        shift: Floats | None = None,
        thresholds: Floats | None = None,
    ) -> None:
        count = len(labels)
        self.labels = tuple(labels)
        self.scale = np.ones(count, np.float32) if scale is None else scale
        self.shift = np.zeros(count, np.float32) if shift is None else shift
        self.thresholds = np.full(count, 0.5, np.float32) if thresholds is None else thresholds

    def probabilities(self, scores: Floats) -> Floats:
        """Give the probabilities of an issue from its sentences, shape (sentences, labels)."""
        return self.of_best(scores.max(axis=0))

    def of_best(self, best: Floats) -> Floats:
        """Give probabilities from the highest score for each label, shape (..., labels)."""
        return logistic(self.scale * best + self.shift)

    def calibration(self) -> dict[str, Floats]:
        """Give what `to_bytes` of every such model holds."""
        return {"scale": self.scale, "shift": self.shift, "thresholds": self.thresholds}

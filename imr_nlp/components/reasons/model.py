"""Probabilities of reasons: a linear model on sentences, calibrated on issues."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imr_nlp.components.linear import Floats, SparseLinear, pack, unpack
from imr_nlp.components.reasons.features import Sentence, weigh


class ReasonModel:
    """Probabilities of reasons for sentences and for issues.

    Parameters
    ----------
    linear
        Scores of sentences.
    scale, shift
        Calibration of the issue: its probability is the logistic function of
        `scale * highest score of its sentences + shift`, shapes (labels,).
    thresholds
        Probability of an issue from which on it has the reason, shape (labels,).
    """

    def __init__(
        self,
        linear: SparseLinear,
        scale: Floats | None = None,
        shift: Floats | None = None,
        thresholds: Floats | None = None,
    ) -> None:
        count = len(linear.labels)
        self.linear = linear
        self.scale = np.ones(count, np.float32) if scale is None else scale
        self.shift = np.zeros(count, np.float32) if shift is None else shift
        self.thresholds = np.full(count, 0.5, np.float32) if thresholds is None else thresholds

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the reasons, in the order of the columns."""
        return self.linear.labels

    def scores(self, sentences: Sequence[Sentence]) -> Floats:
        """Give the scores (log odds) of sentences, shape (sentences, labels)."""
        return self.linear.scores(weigh(sentence, self.linear.idf.get) for sentence in sentences)

    def probabilities(self, scores: Floats) -> Floats:
        """Give the calibrated probabilities of an issue from the scores of its sentences."""
        logits = self.scale * scores.max(axis=0) + self.shift
        return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)

    def to_bytes(self) -> bytes:
        """Give the model as msgpack."""
        own = {"scale": self.scale, "shift": self.shift, "thresholds": self.thresholds}
        return pack({**self.linear.to_dict(), **own})

    @classmethod
    def from_bytes(cls, data: bytes) -> ReasonModel:
        """Rebuild what `to_bytes` gave."""
        stored = unpack(data)
        linear = SparseLinear.from_dict(stored)
        return cls(linear, stored["scale"], stored["shift"], stored["thresholds"])

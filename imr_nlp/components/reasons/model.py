"""Probabilities of reasons: a linear model on sentences, calibrated on issues."""

from __future__ import annotations

from collections.abc import Sequence

from imr_nlp.components.linear import Floats, SparseLinear, pack, unpack
from imr_nlp.components.reasons.calibrated import CalibratedReasons
from imr_nlp.components.reasons.features import Sentence, weigh


class ReasonModel(CalibratedReasons):
    """Probabilities of reasons for sentences and for issues.

    Parameters
    ----------
    linear
        Scores of sentences.
    scale, shift, thresholds
        As of `CalibratedReasons`.
    """

    def __init__(
        self,
        linear: SparseLinear,
        scale: Floats | None = None,
        shift: Floats | None = None,
        thresholds: Floats | None = None,
    ) -> None:
        super().__init__(linear.labels, scale, shift, thresholds)
        self.linear = linear

    def scores(self, sentences: Sequence[Sentence]) -> Floats:
        """Give the scores (log odds) of sentences, shape (sentences, labels)."""
        return self.linear.scores(weigh(sentence, self.linear.idf.get) for sentence in sentences)

    def to_bytes(self) -> bytes:
        """Give the model as msgpack."""
        return pack({**self.linear.to_dict(), **self.calibration()})

    @classmethod
    def from_bytes(cls, data: bytes) -> ReasonModel:
        """Rebuild what `to_bytes` gave."""
        stored = unpack(data)
        linear = SparseLinear.from_dict(stored)
        return cls(linear, stored["scale"], stored["shift"], stored["thresholds"])

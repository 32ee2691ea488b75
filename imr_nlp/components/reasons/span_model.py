"""Probabilities of reasons from the sentences that a trained `spancat` scored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from spacy.tokens import Doc

from imr_nlp.components.linear import Floats, pack, unpack
from imr_nlp.components.reasons.model import ReasonModel
from imr_nlp.components.reasons.suggester import SENTENCE_SCORES, token_places

LEAST_PROBABILITY = 0.01
"""Threshold of `spancat`: what is less probable is not written on the Doc."""
MISSING = -5.0
"""Log odds of what is not on the Doc, a little lower than those of the threshold."""
_SURE = 1e-6


class SpanReasonModel:
    """Probabilities of reasons for issues; the sentences were scored before.

    Parameters
    ----------
    labels
        Names of the reasons, in the order of the columns.
    scale, shift
        Calibration of the issue: its probability is the logistic function of
        `scale * highest score of its sentences + shift`, shapes (labels,).
    thresholds
        Probability of an issue from which on it has the reason, shape (labels,).
    key
        Where in `doc.spans` the scored sentences are.
    """

    def __init__(
        self,
        labels: Sequence[str],
        scale: Floats | None = None,
        shift: Floats | None = None,
        thresholds: Floats | None = None,
        *,
        key: str = SENTENCE_SCORES,
    ) -> None:
        count = len(labels)
        self.labels = tuple(labels)
        self.scale = np.ones(count, np.float32) if scale is None else scale
        self.shift = np.zeros(count, np.float32) if shift is None else shift
        self.thresholds = np.full(count, 0.5, np.float32) if thresholds is None else thresholds
        self.key = key

    def scores(self, doc: Doc, spans: Sequence[tuple[int, int]]) -> Floats:
        """Give the scores (log odds) of sentences, shape (sentences, labels).

        Parameters
        ----------
        doc
            A Doc on which `spancat` has run.
        spans
            Character spans of sentences, as `imr_nlp.text.sentences` gives them.
        """
        table = np.full((len(spans), len(self.labels)), MISSING, np.float32)
        rows: dict[tuple[int, int], list[int]] = {}
        for row, place in enumerate(token_places(doc, spans)):
            rows.setdefault(place, []).append(row)
        columns = {label: column for column, label in enumerate(self.labels)}
        if self.key not in doc.spans:
            return table
        group = doc.spans[self.key]
        for span, chance in zip(group, group.attrs["scores"], strict=True):
            if span.label_ in columns:
                own = rows.get((span.start, span.end), [])
                table[own, columns[span.label_]] = _log_odds(float(chance))
        return table

    def probabilities(self, scores: Floats) -> Floats:
        """Give the calibrated probabilities of an issue from the scores of its sentences."""
        logits = self.scale * scores.max(axis=0) + self.shift
        return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)

    def to_bytes(self) -> bytes:
        """Give the model as msgpack."""
        return pack(
            {
                "labels": list(self.labels),
                "spans_key": self.key,
                "scale": self.scale,
                "shift": self.shift,
                "thresholds": self.thresholds,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> SpanReasonModel:
        """Rebuild what `to_bytes` gave."""
        stored = unpack(data)
        own = (stored[name] for name in ("labels", "scale", "shift", "thresholds"))
        return cls(*own, key=stored["spans_key"])


def _log_odds(chance: float) -> float:
    inner = min(max(chance, _SURE), 1 - _SURE)
    return float(np.log(inner / (1 - inner)))


def read_reason_model(data: bytes) -> ReasonModel | SpanReasonModel:
    """Rebuild a model of reasons of either kind from its bytes."""
    kind = SpanReasonModel if "spans_key" in unpack(data) else ReasonModel
    return kind.from_bytes(data)

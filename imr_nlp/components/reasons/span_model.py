"""Probabilities of reasons from the sentences that a trained `spancat` scored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from spacy.tokens import Doc

from imr_nlp.components.linear import Floats, log_odds, pack, unpack
from imr_nlp.components.reasons.calibrated import CalibratedReasons
from imr_nlp.components.reasons.model import ReasonModel
from imr_nlp.components.reasons.suggester import SENTENCE_SCORES, token_places

LEAST_PROBABILITY = 0.01
"""Threshold of `spancat`: what is less probable is not written on the Doc."""
MISSING = -5.0
"""Log odds of what is not on the Doc, a little lower than those of the threshold."""


class SpanReasonModel(CalibratedReasons):
    """Probabilities of reasons for issues; the sentences were scored before.

    Parameters
    ----------
    labels, scale, shift, thresholds
        As of `CalibratedReasons`.
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
        super().__init__(labels, scale, shift, thresholds)
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
                table[own, columns[span.label_]] = log_odds(chance)
        return table

    def to_bytes(self) -> bytes:
        """Give the model as msgpack."""
        return pack({"labels": list(self.labels), "spans_key": self.key, **self.calibration()})

    @classmethod
    def from_bytes(cls, data: bytes) -> SpanReasonModel:
        """Rebuild what `to_bytes` gave."""
        stored = unpack(data)
        own = (stored[name] for name in ("labels", "scale", "shift", "thresholds"))
        return cls(*own, key=stored["spans_key"])


def read_reason_model(data: bytes) -> ReasonModel | SpanReasonModel:
    """Rebuild a model of reasons of either kind from its bytes."""
    kind = SpanReasonModel if "spans_key" in unpack(data) else ReasonModel
    return kind.from_bytes(data)

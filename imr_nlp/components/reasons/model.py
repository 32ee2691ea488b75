"""A linear model over sparse features, stored without pickle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import srsly
from numpy.typing import NDArray

from imr_nlp.components.reasons.features import Sentence, weigh

Floats = NDArray[np.float32]


class ReasonModel:
    """Probabilities of reasons for sentences and for issues.

    Parameters
    ----------
    labels
        Names of the reasons, in the order of the columns.
    idf
        Inverse document frequency of each word feature; other features have 1.
    names
        Names of all features, in the order of the rows.
    weights, bias
        Weights, shape (features, labels), and bias, shape (labels,).
    scale, shift
        Calibration of the issue: its probability is the logistic function of
        `scale * highest score of its sentences + shift`, shapes (labels,).
    thresholds
        Probability of an issue from which on it has the reason, shape (labels,).
    """

    def __init__(
        self,
        labels: Sequence[str],
        idf: dict[str, float],
        names: Sequence[str],
        weights: Floats,
        bias: Floats,
        scale: Floats | None = None,
        shift: Floats | None = None,
        thresholds: Floats | None = None,
    ) -> None:
        count = len(labels)
        self.labels = tuple(labels)
        self.idf = idf
        self.names = list(names)
        self.weights = np.asarray(weights, dtype=np.float32)
        self.bias = np.asarray(bias, dtype=np.float32)
        self.scale = np.ones(count, np.float32) if scale is None else scale
        self.shift = np.zeros(count, np.float32) if shift is None else shift
        self.thresholds = np.full(count, 0.5, np.float32) if thresholds is None else thresholds
        self._rows = {name: row for row, name in enumerate(self.names)}

    def scores(self, sentences: Sequence[Sentence]) -> Floats:
        """Give the scores (log odds) of sentences, shape (sentences, labels)."""
        result = np.tile(self.bias, (len(sentences), 1))
        for number, sentence in enumerate(sentences):
            features = weigh(sentence, self.idf.get)
            known = [(self._rows[n], v) for n, v in features.items() if n in self._rows]
            if known:
                rows, values = zip(*known, strict=True)
                result[number] += np.asarray(values, np.float32) @ self.weights[list(rows)]
        return result

    def probabilities(self, scores: Floats) -> Floats:
        """Give the calibrated probabilities of an issue from the scores of its sentences."""
        logits = self.scale * scores.max(axis=0) + self.shift
        return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)

    def to_bytes(self) -> bytes:
        """Give the model as msgpack; weights in half precision."""
        arrays: dict[str, NDArray[Any]] = {
            "weights": self.weights.astype(np.float16),
            "bias": self.bias,
            "scale": self.scale,
            "shift": self.shift,
            "thresholds": self.thresholds,
        }
        data: dict[str, Any] = {
            "labels": list(self.labels),
            "names": self.names,
            "idf": [self.idf.get(name, 0.0) for name in self.names],
            # Words without weight still count in the length of a block.
            "idf_of_rest": {n: v for n, v in self.idf.items() if n not in self._rows},
            "arrays": {
                name: {"dtype": str(a.dtype), "shape": list(a.shape), "data": a.tobytes()}
                for name, a in arrays.items()
            },
        }
        return bytes(srsly.msgpack_dumps(data))

    @classmethod
    def from_bytes(cls, data: bytes) -> ReasonModel:
        """Rebuild what `to_bytes` gave."""
        stored = srsly.msgpack_loads(data)
        arrays = {
            name: np.frombuffer(a["data"], dtype=a["dtype"]).reshape(a["shape"]).astype(np.float32)
            for name, a in stored["arrays"].items()
        }
        idf = {n: v for n, v in zip(stored["names"], stored["idf"], strict=True) if v}
        idf.update(stored["idf_of_rest"])
        return cls(stored["labels"], idf, stored["names"], **arrays)

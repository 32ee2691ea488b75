"""A linear model over sparse, named features, stored without pickle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import log, sqrt
from typing import Any

import numpy as np
import srsly
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
Idf = Callable[[str], float | None]
"""Inverse document frequency of a feature; None for one that is not in the vocabulary."""
_SURE = 1e-6
"""Nearest to 0 and 1 that a probability may come before its log odds are taken."""


def logistic(scores: Floats) -> Floats:
    """Give the probabilities of log odds."""
    return np.asarray(1 / (1 + np.exp(-scores)), dtype=np.float32)


def log_odds(probabilities: ArrayLike) -> Floats:
    """Give the log odds of probabilities, which are kept a little away from 0 and 1."""
    inner = np.clip(np.asarray(probabilities, np.float64), _SURE, 1 - _SURE)
    return np.asarray(np.log(inner / (1 - inner)), dtype=np.float32)


class SparseLinear:
    """Scores of labels: the weights of the features that are there, summed.

    Parameters
    ----------
    labels
        Names of the labels, in the order of the columns.
    idf
        Inverse document frequency of each word feature; other features have none.
    names
        Names of all features, in the order of the rows.
    weights, bias
        Weights, shape (features, labels), and bias, shape (labels,).
    """

    def __init__(
        self,
        labels: Sequence[str],
        idf: dict[str, float],
        names: Sequence[str],
        weights: Floats,
        bias: Floats,
    ) -> None:
        self.labels = tuple(labels)
        self.idf = idf
        self.names = list(names)
        self.weights = np.asarray(weights, dtype=np.float32)
        self.bias = np.asarray(bias, dtype=np.float32)
        self._rows = {name: row for row, name in enumerate(self.names)}

    def scores(self, features: Iterable[Mapping[str, float]]) -> Floats:
        """Give the scores (log odds) of things by their features, shape (things, labels)."""
        rows = [self._score(own) for own in features]
        return np.array(rows, np.float32).reshape(len(rows), len(self.labels))

    def _score(self, features: Mapping[str, float]) -> Floats:
        known = [(self._rows[n], v) for n, v in features.items() if n in self._rows]
        if not known:
            return self.bias
        rows, values = zip(*known, strict=True)
        return np.asarray(self.bias + np.asarray(values, np.float32) @ self.weights[list(rows)])

    def to_dict(self) -> dict[str, Any]:
        """Give plain data for `pack`; weights in half precision."""
        return {
            "labels": list(self.labels),
            "names": self.names,
            "idf": [self.idf.get(name, 0.0) for name in self.names],
            # Words without weight still count in the length of a block.
            "idf_of_rest": {n: v for n, v in self.idf.items() if n not in self._rows},
            "weights": self.weights.astype(np.float16),
            "bias": self.bias,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SparseLinear:
        """Rebuild what `to_dict` gave."""
        idf = {n: v for n, v in zip(data["names"], data["idf"], strict=True) if v}
        idf.update(data["idf_of_rest"])
        return cls(data["labels"], idf, data["names"], data["weights"], data["bias"])


def weigh_block(names: Iterable[str], idf: Idf, scale: float) -> Iterator[tuple[str, float]]:
    """Weigh features by 1 + log of their count times their inverse document frequency.

    The block as a whole is brought to the length `scale`.
    """
    values = [
        (name, (1 + log(count)) * weight)
        for name, count in Counter(names).items()
        if (weight := idf(name)) is not None
    ]
    length = sqrt(sum(value * value for _, value in values))
    return ((name, scale * value / length) for name, value in values)


def pack(data: Mapping[str, Any]) -> bytes:
    """Write plain data and arrays as msgpack."""
    return bytes(srsly.msgpack_dumps({name: _plain(value) for name, value in data.items()}))


def unpack(data: bytes) -> dict[str, Any]:
    """Read what `pack` wrote; arrays come back in single precision."""
    return {name: _array(value) for name, value in srsly.msgpack_loads(data).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"dtype": str(value.dtype), "shape": list(value.shape), "data": value.tobytes()}
    return value


def _array(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"dtype", "shape", "data"}:
        flat = np.frombuffer(value["data"], dtype=value["dtype"])
        return flat.reshape(value["shape"]).astype(np.float32)
    return value

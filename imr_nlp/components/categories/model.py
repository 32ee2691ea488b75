"""Probabilities of categories: a linear model on items, and the trust in the rules."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imr_nlp.components.categories.features import weigh
from imr_nlp.components.linear import Floats, SparseLinear, pack, unpack

UNKNOWN = "other"
"""What the rules say where they know no service in an item."""
_LIKELY = 0.5


class CategoryModel:
    """Probabilities of the categories of an item.

    Parameters
    ----------
    linear
        Scores of items; what the rules say of an item is one of its features.
    temperature
        Scores are divided by it before they become probabilities (softmax).
    trust
        Share of the probability that goes to what the rules say, whatever the
        words are, where the rules know a category.
    """

    def __init__(self, linear: SparseLinear, temperature: float = 1.0, trust: float = 0.0) -> None:
        self.linear = linear
        self.temperature = temperature
        self.trust = trust

    @property
    def labels(self) -> tuple[str, ...]:
        """The categories, in the order of the columns."""
        return self.linear.labels

    def scores(self, items: Sequence[tuple[str, str]]) -> Floats:
        """Give the scores of items, each with what the rules say; shape (items, labels)."""
        return self.linear.scores(weigh(item, rule, self.linear.idf.get) for item, rule in items)

    def probabilities(self, scores: Floats, rules: Sequence[str]) -> Floats:
        """Give the probabilities of items, shape (items, labels); each row sums to 1.

        Parameters
        ----------
        scores
            From `scores`, shape (items, labels).
        rules
            What the rules say of each item.
        """
        logits = scores / self.temperature
        parts = np.exp(logits - logits.max(axis=1, keepdims=True))
        table = parts / parts.sum(axis=1, keepdims=True)
        for row, rule in enumerate(rules):
            if rule != UNKNOWN:
                table[row] *= 1 - self.trust
                table[row, self.labels.index(rule)] += self.trust
        return np.asarray(table, dtype=np.float32)

    def choose(self, probabilities: Floats, rule: str) -> str:
        """Give the category of an item: what the rules say, or else what is more likely than not.

        Where the rules know a category nothing learned was seen to be better than they
        beyond the intervals (`docs/choices.md`), and they say why.
        """
        best = int(probabilities.argmax())
        if rule == UNKNOWN and probabilities[best] > _LIKELY:
            return self.labels[best]
        return rule

    def to_bytes(self) -> bytes:
        """Give the model as msgpack."""
        return pack({**self.linear.to_dict(), "temperature": self.temperature, "trust": self.trust})

    @classmethod
    def from_bytes(cls, data: bytes) -> CategoryModel:
        """Rebuild what `to_bytes` gave."""
        stored = unpack(data)
        return cls(SparseLinear.from_dict(stored), stored["temperature"], stored["trust"])

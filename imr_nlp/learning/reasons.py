"""Training of the classifier of reasons: logistic regression on sentences, calibrated on issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from imr_nlp.components.reasons.features import feature_names, weigh
from imr_nlp.components.reasons.model import Floats, ReasonModel
from imr_nlp.learning.examples import RationaleExample
from imr_nlp.schema import ReasonLabel

LABELS: tuple[str, ...] = get_args(ReasonLabel)
_LEAST_OFTEN = {"t": 2, "l": 4, "b": 2, "a": 2}
_INVERSE_PENALTY = 5.0
_POSITIVE = 4.0
_SMALL = 0.02
"""Features all of whose weights are smaller than this are left out of the model."""

Bools = NDArray[np.bool_]


def fit(
    examples: Sequence[RationaleExample], *, inverse_penalty: float = _INVERSE_PENALTY
) -> ReasonModel:
    """Fit a model on the sentences of rationales.

    Positive sentences weigh four times, since most sentences state no reason.
    The result does not depend on a seed: the solver is deterministic.

    Raises
    ------
    ImportError
        If scikit-learn is not installed (extra `train`).
    """
    from sklearn.linear_model import LogisticRegression

    idf = _idf(examples)
    rows, names = _matrix(examples, idf)
    wanted = np.array(
        [[label in own for label in LABELS] for e in examples for own in e.labels], dtype=bool
    )
    weights = np.zeros((len(names), len(LABELS)), np.float32)
    bias = np.full(len(LABELS), -8.0, np.float32)
    for column in range(len(LABELS)):
        target = wanted[:, column]
        if not target.any():
            continue
        learner = LogisticRegression(
            C=inverse_penalty,
            class_weight={False: 1.0, True: _POSITIVE},
            solver="liblinear",
            tol=1e-3,
            random_state=0,
        )
        learner.fit(rows, target)
        weights[:, column] = learner.coef_[0]
        bias[column] = learner.intercept_[0]
    keep = np.abs(weights).max(axis=1) >= _SMALL
    kept = [name for name, kept in zip(names, keep, strict=True) if kept]
    return ReasonModel(LABELS, idf, kept, weights[keep], bias)


def _idf(examples: Sequence[RationaleExample]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    n_sentences = 0
    for example in examples:
        for sentence in example.sentences:
            n_sentences += 1
            for names in feature_names(sentence).values():
                counts.update(set(names))
    return {
        name: log((1 + n_sentences) / (1 + count)) + 1
        for name, count in counts.items()
        if count >= _LEAST_OFTEN[name[0]]
    }


def _matrix(examples: Sequence[RationaleExample], idf: dict[str, float]) -> tuple[Any, list[str]]:
    from scipy.sparse import csr_matrix

    columns: dict[str, int] = {}
    data: list[float] = []
    indices: list[int] = []
    starts = [0]
    for example in examples:
        for sentence in example.sentences:
            for name, value in weigh(sentence, idf.get).items():
                indices.append(columns.setdefault(name, len(columns)))
                data.append(value)
            starts.append(len(indices))
    shape = (len(starts) - 1, len(columns))
    return csr_matrix((data, indices, starts), shape=shape), list(columns)


def best_scores(model: ReasonModel, examples: Sequence[RationaleExample]) -> Floats:
    """Give the highest sentence score of each issue, shape (issues, labels)."""
    return np.array([model.scores(e.sentences).max(axis=0) for e in examples], np.float32)


def stated(examples: Sequence[RationaleExample]) -> Bools:
    """Give which issue has which reason, shape (issues, labels)."""
    return np.array([[label in e.stated for label in LABELS] for e in examples], dtype=bool)

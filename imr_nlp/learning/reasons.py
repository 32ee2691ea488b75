"""Training of the classifier of reasons: logistic regression on sentences, calibrated on issues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from imr_nlp.components.reasons.features import feature_names, weigh
from imr_nlp.components.reasons.model import ReasonModel
from imr_nlp.learning.examples import RationaleExample
from imr_nlp.learning.sparse import inverse_frequencies, to_matrix, to_model
from imr_nlp.schema import ReasonLabel

LABELS: tuple[str, ...] = get_args(ReasonLabel)
_LEAST_OFTEN = {"t": 2, "l": 4, "b": 2, "a": 2}
_INVERSE_PENALTY = 5.0
_POSITIVE = 4.0

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

    sentences = [sentence for example in examples for sentence in example.sentences]
    idf = inverse_frequencies(map(feature_names, sentences), _LEAST_OFTEN)
    rows, names = to_matrix(weigh(sentence, idf.get) for sentence in sentences)
    wanted = sentence_truth(examples)
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
    return ReasonModel(to_model(LABELS, idf, names, weights, bias))


def sentence_truth(examples: Sequence[RationaleExample]) -> Bools:
    """Give which sentence states which reason, shape (sentences, labels)."""
    rows = [[label in own for label in LABELS] for e in examples for own in e.labels]
    return np.array(rows, dtype=bool)


def stated(examples: Sequence[RationaleExample]) -> Bools:
    """Give which issue has which reason, shape (issues, labels)."""
    return np.array([[label in e.stated for label in LABELS] for e in examples], dtype=bool)

"""From scores to probabilities, and the thresholds from which on they count."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from imr_nlp.components.linear import Floats
from imr_nlp.components.reasons.calibrated import CalibratedReasons
from imr_nlp.learning.reasons import Bools

Model = TypeVar("Model", bound=CalibratedReasons)
_STRENGTH = 1.0
_GRID = np.linspace(0.1, 0.8, 71)
_TRUST = 30
"""Issues with a label at which its own threshold and the common one count alike."""


def calibrate(scores: Floats, truth: Bools) -> tuple[Floats, Floats]:
    """Fit the logistic function that turns the best scores of issues into probabilities.

    The slope is common to all labels; each has a shift of its own, drawn to the
    mean shift where it is rare (ridge penalty).

    Parameters
    ----------
    scores
        Highest sentence scores of issues that the model did not see, shape
        (issues, labels).
    truth
        Which issue has which reason, same shape.

    Returns
    -------
    scale, shift
        Shapes (labels,).

    Raises
    ------
    ValueError
        If no issue has any of the reasons, or each has all.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    n_issues, n_labels = scores.shape
    if truth.all() or not truth.any():
        raise ValueError(
            f"the {n_issues} held-out issues have no reasons, or all: probabilities cannot be "
            "learned of them; add letters whose rationales are annotated with reasons"
        )
    own_label = csr_matrix(np.tile(np.eye(n_labels), (n_issues, 1)))
    table = hstack([csr_matrix(scores.reshape(-1, 1)), own_label]).tocsr()
    learner = LogisticRegression(C=_STRENGTH, max_iter=1000).fit(table, truth.reshape(-1))
    scale = np.full(n_labels, learner.coef_[0, 0], np.float32)
    shift = (learner.coef_[0, 1:] + learner.intercept_[0]).astype(np.float32)
    return scale, shift


def choose_thresholds(probabilities: Floats, truth: Bools) -> Floats:
    """Choose for each label the threshold of the best F1.

    A rare label's own optimum is chance; it is drawn to the threshold that is
    best for all labels together, by how often the label occurs.
    """
    common = _best(probabilities, truth)
    thresholds = []
    for column in range(truth.shape[1]):
        count = int(truth[:, column].sum())
        own = _best(probabilities[:, column], truth[:, column]) if count else common
        thresholds.append((count * own + _TRUST * common) / (count + _TRUST))
    return np.array(thresholds, np.float32)


def _best(probabilities: Floats, truth: Bools) -> float:
    scores = []
    for bar in _GRID:
        guess = probabilities >= bar
        scores.append(2 * (guess & truth).sum() / max(1, guess.sum() + truth.sum()))
    best = np.flatnonzero(np.isclose(scores, max(scores)))
    # The middle of a plateau is safer than its edge.
    return float(_GRID[best[len(best) // 2]])


def apply(model: Model, scores: Floats, truth: Bools) -> Model:
    """Calibrate a model in place from the best scores of issues that it did not see."""
    model.scale, model.shift = calibrate(scores, truth)
    model.thresholds = choose_thresholds(model.of_best(scores), truth)
    return model

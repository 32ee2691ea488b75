"""Training of the classifier of categories: multinomial logistic regression on items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, get_args

import numpy as np

from imr_nlp.components.categories.features import feature_names, weigh
from imr_nlp.components.categories.model import UNKNOWN, CategoryModel
from imr_nlp.components.linear import Floats
from imr_nlp.learning.sparse import inverse_frequencies, to_matrix, to_model
from imr_nlp.schema import Category

LABELS: tuple[str, ...] = get_args(Category)
_LEAST_OFTEN = {"t": 1, "l": 2}
_INVERSE_PENALTY = 5.0
_TEMPERATURES = np.exp(np.linspace(np.log(0.25), np.log(4), 17))
_TRUSTS = np.linspace(0, 0.95, 20)
_LEAST = 1e-9


class ItemExample(NamedTuple):
    """A disputed item: its letter, its text, what the rules say of it, and what is right."""

    letter: str
    text: str
    rule: str
    category: str


def fit_categories(examples: Sequence[ItemExample]) -> CategoryModel:
    """Fit a model on items; the result does not depend on a seed.

    Each item is learned twice, once as if the rules knew nothing of it: on
    letters that they were made on they hardly ever do, and the model would learn
    to say `other` whenever they say so.

    Raises
    ------
    ImportError
        If scikit-learn is not installed (extra `train`).
    ValueError
        If the items are of fewer than two categories.
    """
    from sklearn.linear_model import LogisticRegression

    if len({example.category for example in examples}) < 2:
        raise ValueError(
            f"the {len(examples)} items that train are of fewer than two categories: "
            "nothing can be learned of them; add letters or rationales of the bank"
        )
    idf = inverse_frequencies((feature_names(e.text) for e in examples), _LEAST_OFTEN)
    both = [*examples, *(e._replace(rule=UNKNOWN) for e in examples)]
    rows, names = to_matrix(weigh(e.text, e.rule, idf.get) for e in both)
    learner = LogisticRegression(C=_INVERSE_PENALTY, max_iter=300)
    learner.fit(rows, [e.category for e in both])
    weights = np.zeros((len(names), len(LABELS)), np.float32)
    bias = np.full(len(LABELS), -20.0, np.float32)
    coefficients, intercepts = learner.coef_, learner.intercept_
    if len(learner.classes_) == 2:
        coefficients = np.vstack([-coefficients / 2, coefficients / 2])
        intercepts = np.array([-intercepts[0] / 2, intercepts[0] / 2])
    for row, label in enumerate(learner.classes_):
        column = LABELS.index(label)
        weights[:, column] = coefficients[row]
        bias[column] = intercepts[row]
    return CategoryModel(to_model(LABELS, idf, names, weights, bias))


def leave_out(items: Sequence[ItemExample], held: Sequence[ItemExample]) -> list[ItemExample]:
    """Give the items whose wording is not among those held out.

    Common items ("Norco 10/325mg #60") are worded alike in many letters: with the
    same words in training the model would be asked what it was told.
    """
    worded = {_wording(item.text) for item in held}
    return [item for item in items if _wording(item.text) not in worded]


def _wording(item: str) -> str:
    return " ".join(item.lower().split())


def calibrate_categories(
    model: CategoryModel, scores: Floats, held_out: Sequence[ItemExample]
) -> CategoryModel:
    """Give the model with the temperature and the trust of the highest likelihood.

    Parameters
    ----------
    model
        Any model with the labels.
    scores
        Scores of items by models that did not see them, shape (items, labels).
    held_out
        The items.
    """
    columns = [model.labels.index(item.category) for item in held_out]
    rules = [item.rule for item in held_out]

    def loss(own: CategoryModel) -> float:
        chances = own.probabilities(scores, rules)[np.arange(len(columns)), columns]
        return float(-np.log(np.maximum(chances, _LEAST)).mean())

    tried = [
        CategoryModel(model.linear, float(temperature), float(trust))
        for temperature in _TEMPERATURES
        for trust in _TRUSTS
    ]
    return min(tried, key=loss)

"""From scores to what is reported: which sentences state a reason, and which reason decides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imr_nlp.components.linear import Floats
from imr_nlp.schema import APPROVAL_REASONS

RESIDUAL = "insufficient_documentation"
"""Never decisive beside a specific ground (`corpus/GUIDELINES.md`, "The primary reason")."""
_BELOW_BEST = 3.0
_LOWEST = -0.5
_LEAST = 0.05


def choose_evidence(scores: Floats) -> list[int]:
    """Give the sentences that state a reason: the best one, and those nearly as sure.

    A sentence is nearly as sure if its log odds lie above -0.5 and within 3 of the
    best one's; the two figures were chosen by the F1 of evidence in cross-validation.
    """
    best = float(scores.max())
    bar = min(best, max(_LOWEST, best - _BELOW_BEST))
    return [int(number) for number in np.flatnonzero(scores >= bar)]


def choose_decisive(
    scores: Floats, chances: Floats, labels: Sequence[str], decision: str | None
) -> int | None:
    """Give the column of the reason that most probably decides an issue.

    Decisive is the first that is stated of the reasons on the decision's side, the
    residual label only where there is no other: with the reasons that people marked
    this gives their choice in 95 % of the issues of the corpus. A reason is the first
    with the probability that it is stated and that none before it is. Since an issue
    has a decisive reason in any case, a threshold plays no part.

    Parameters
    ----------
    scores
        Of the sentences, shape (sentences, labels); they tell where a reason is stated.
    chances
        Of the issue, shape (labels,).
    labels
        Names of the columns.
    decision
        Of the issue; if it is not known, or nothing speaks for it, all reasons count.

    Returns
    -------
    int or None
        The column; None if no reason has a probability of 0.05.
    """
    likely = [int(column) for column in np.flatnonzero(chances >= _LEAST)]
    own = [
        c
        for c in likely
        if decision and (labels[c] in APPROVAL_REASONS) == (decision == "overturned")
    ]
    candidates = own or likely
    first = {column: choose_evidence(scores[:, column])[0] for column in candidates}

    def chance(column: int) -> float:
        residual = labels[column] == RESIDUAL
        before = [
            other
            for other in candidates
            if other != column
            and (residual or (first[other] < first[column] and labels[other] != RESIDUAL))
        ]
        return float(chances[column] * np.prod(1 - chances[before]))

    return max(candidates, key=lambda c: (chance(c), -first[c]), default=None)

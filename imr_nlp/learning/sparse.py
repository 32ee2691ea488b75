"""From named features to matrices, and from fitted weights to a `SparseLinear`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import Any

import numpy as np

from imr_nlp.components.linear import Floats, SparseLinear

_SMALL = 0.02
"""Features all of whose weights are smaller than this are left out of a model."""


def inverse_frequencies(
    things: Iterable[Mapping[str, Sequence[str]]], least_often: Mapping[str, int]
) -> dict[str, float]:
    """Give the inverse document frequency of features.

    Parameters
    ----------
    things
        Names of the features of each thing, by block.
    least_often
        In how many things a feature of a block must occur to be in the vocabulary.
    """
    counts: dict[str, Counter[str]] = {block: Counter() for block in least_often}
    n_things = 0
    for blocks in things:
        n_things += 1
        for block, names in blocks.items():
            # Not a set: its order, and so the file of the model, would differ from run to run.
            counts[block].update(list(dict.fromkeys(names)))
    return {
        name: log((1 + n_things) / (1 + count)) + 1
        for block, own in counts.items()
        for name, count in own.items()
        if count >= least_often[block]
    }


def to_matrix(rows: Iterable[Mapping[str, float]]) -> tuple[Any, list[str]]:
    """Give features as a sparse matrix, and the names of its columns."""
    from scipy.sparse import csr_matrix

    columns: dict[str, int] = {}
    data: list[float] = []
    indices: list[int] = []
    starts = [0]
    for features in rows:
        for name, value in features.items():
            indices.append(columns.setdefault(name, len(columns)))
            data.append(value)
        starts.append(len(indices))
    shape = (len(starts) - 1, len(columns))
    return csr_matrix((data, indices, starts), shape=shape), list(columns)


def to_model(
    labels: Sequence[str], idf: dict[str, float], names: list[str], weights: Floats, bias: Floats
) -> SparseLinear:
    """Make a model of fitted weights, shape (features, labels), without the smallest.

    Weights are rounded to the half precision in which they are stored, so that a
    model that was saved says what it said before.
    """
    keep = np.abs(weights).max(axis=1) >= _SMALL
    kept = [name for name, kept in zip(names, keep, strict=True) if kept]
    return SparseLinear(labels, idf, kept, weights[keep].astype(np.float16), bias)

"""Comparison of two pipelines on the same letters, by a paired bootstrap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from imr_nlp.evaluation.comparison import (
    DIGITS,
    FEWEST,
    HEADLINE,
    N_DRAWS,
    Change,
    Comparison,
    Verdict,
)
from imr_nlp.evaluation.intervals import Scorer, Sums, f1_of, percentiles, recall_of
from imr_nlp.evaluation.tally import LetterScores, Tally

Measure = Literal["f1", "rate", "macro"]


def compare(
    old: Sequence[LetterScores], new: Sequence[LetterScores], *, name: str = "letters"
) -> Comparison:
    """Compare two pipelines on the same letters.

    Both sides are resampled together: a resample takes the same letters of both,
    so that what makes a letter hard for both pipelines does not blur the difference.
    A resample that holds nothing of a layer is left out of its interval, and
    a layer of which the letters hold nothing is not compared.

    Many labels are compared, each at 95 %: one interval in twenty misses by chance. What
    decides whether a pipeline is the better one must hold at 99 %, since there are five
    such layers and any of them suffices (Bonferroni's correction).

    Parameters
    ----------
    old, new
        Scores of the same letters in the same order, from `score_letter`.
    name
        What the letters are.

    Raises
    ------
    ValueError
        If the letters of both sides are not the same.
    """
    if [scores.letter for scores in old] != [scores.letter for scores in new]:
        raise ValueError("the two sides are not of the same letters in the same order")
    # The draws depend on the number of letters alone, so that both sides are drawn alike.
    sides = (Scorer(old, n_resamples=N_DRAWS), Scorer(new, n_resamples=N_DRAWS))
    issues = sum(round(s.tallies.get(d, Tally()).gold) for s in new for d in _decisions(s))
    changes = {
        layer: change
        for layer, names, measure in _layers(sides)
        if (change := _change(sides, names, measure)) is not None
    }
    return Comparison(changes, len(new), issues, name)


def _decisions(scores: LetterScores) -> list[str]:
    return [layer for layer in scores.tallies if layer.startswith("decisions/")]


def _layers(sides: tuple[Scorer, Scorer]) -> Iterator[tuple[str, list[str], Measure]]:
    """Give what is compared: its name, the layers that it sums, and how they are measured."""

    def names(start: str) -> list[str]:
        return list(dict.fromkeys(name for side in sides for name in side.layers(start)))

    reasons = sorted(names("reasons/"))
    yield "reasons/micro", reasons, "f1"
    yield "reasons/macro", reasons, "macro"
    yield "primary_reason", ["primary_reason"], "rate"
    yield "evidence", ["evidence"], "f1"
    yield "issue/category/accuracy", ["issue/category/accuracy"], "rate"
    yield "entities/strict", ["entities/strict"], "f1"
    for kind in ("whole", "links"):
        yield f"medications/{kind}", names(f"medications/{kind}/"), "f1"
    yield "diagnoses", ["diagnoses"], "f1"
    yield "citations", names("citations/"), "f1"
    for layer in [*sorted(names("entities/strict/")), *reasons]:
        yield layer, [layer], "f1"


def _change(sides: tuple[Scorer, Scorer], names: Sequence[str], measure: Measure) -> Change | None:
    support = sum(sides[0].sums(name)[0, 2] for name in names)
    if not support:
        return None
    values = [_values(side, names, measure) for side in sides]
    old, new = (round(float(np.nan_to_num(own[0])), DIGITS) for own in values)
    drawn = np.round(values[1][1:] - values[0][1:], DIGITS)
    low, high = percentiles(drawn, otherwise=new - old)
    n_letters = sum(
        any(a.tallies.get(n, Tally()) != b.tallies.get(n, Tally()) for n in names)
        for a, b in zip(sides[0].letters, sides[1].letters, strict=True)
    )
    low, high = round(low, DIGITS), round(high, DIGITS)
    surely, _ = percentiles(drawn, otherwise=new - old, outside=0.05 / len(HEADLINE))
    verdict = _verdict(low, high, n_letters)
    sure = verdict == "better" and round(surely, DIGITS) > 0
    return Change(old, new, low, high, round(support), n_letters, verdict, sure)


def _verdict(low: float, high: float, n_letters: int) -> Verdict:
    if not n_letters:
        return "same"
    if n_letters >= FEWEST and low > 0:
        return "better"
    return "worse" if n_letters >= FEWEST and high < 0 else "unclear"


def _values(side: Scorer, names: Sequence[str], measure: Measure) -> Sums:
    """Measure all letters, and each resample; not a number where there is nothing to find."""
    sums = [side.sums(name) for name in names]
    if measure != "macro":
        return _of_gold(np.sum(sums, axis=0), measure)
    each = np.array([_of_gold(own, "f1") for own in sums])
    counted = (~np.isnan(each)).sum(axis=0)
    total = np.nansum(each, axis=0)
    means = np.divide(total, counted, out=np.full_like(total, np.nan), where=counted > 0)
    return np.asarray(means, dtype=np.float64)


def _of_gold(sums: Sums, measure: Measure) -> Sums:
    values = recall_of(sums) if measure == "rate" else f1_of(sums)
    return np.asarray(np.where(sums[..., 2] > 0, values, np.nan), dtype=np.float64)

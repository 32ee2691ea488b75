"""How unsure a pipeline is of a letter, as a number and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log2
from typing import Any, NamedTuple

from spacy.tokens import Doc

from imr_nlp.schema import DETERMINATION_KEY, PROBABILITIES_KEY

_TOP_REASONS = 3
_WARNING = 0.15
"""Share of what is left of certainty that each kind of warning takes."""
_WORTH_SAYING = 0.5
_SAID = 3


class Uncertainty(NamedTuple):
    """How unsure a pipeline is of a letter.

    Parameters
    ----------
    value
        0 (sure of everything) to 1.
    why
        The largest doubts in words, then the codes of the warnings.
    """

    value: float
    why: tuple[str, ...] = ()


class _Doubt(NamedTuple):
    size: float
    words: str
    issue: int = 0


def letter_uncertainty(doc: Doc) -> Uncertainty:
    """Give the uncertainty of a letter that a pipeline read.

    An issue's uncertainty is the mean of that of its reasons (the three least
    certain, so that labels that are out of the question do not hide them), its
    category and its decision, each in bits and at most one; the letter's is the
    mean over its issues, so that long letters do not always win. Each kind of
    warning on the determination takes 15 % of what certainty is left. Without
    probabilities, as with rules alone, only warnings count.
    """
    issues = [list(_doubts(issue)) for issue in doc.user_data.get(PROBABILITIES_KEY) or []]
    known = [_mean([_mean([d.size for d in group]) for group in own]) for own in issues if own]
    codes = sorted({note["code"] for note in _warnings(doc)})
    certain = (1 - _mean(known)) * (1 - _WARNING) ** len(codes)
    doubts = [
        doubt._replace(issue=number)
        for number, own in enumerate(issues, start=1)
        for group in own
        for doubt in group
        if doubt.size >= _WORTH_SAYING
    ]
    why = [*_say(doubts), *(f"warning {code}" for code in codes)]
    return Uncertainty(1 - certain, tuple(why))


def _say(doubts: list[_Doubt]) -> list[str]:
    """Say the largest doubts, those about one issue together."""
    words: dict[int, list[str]] = {}
    for doubt in sorted(doubts, key=lambda doubt: -doubt.size)[:_SAID]:
        words.setdefault(doubt.issue, []).append(doubt.words)
    return [f"issue {issue}: {', '.join(said)}" for issue, said in words.items()]


def _warnings(doc: Doc) -> Sequence[Mapping[str, Any]]:
    warnings: Sequence[Mapping[str, Any]] = doc.user_data.get(DETERMINATION_KEY, {}).get(
        "warnings", []
    )
    return warnings


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _doubts(issue: Mapping[str, Any]) -> Iterator[list[_Doubt]]:
    """Give the doubts about one issue by what they concern."""
    if reasons := issue.get("reasons"):
        yield _about_reasons(reasons)
    if category := issue.get("category"):
        yield [_about_category(category)]
    if (decision := issue.get("decision")) is not None:
        # Who is likely wrong is no surer than who tosses a coin.
        size = _binary(max(decision, 0.5))
        yield [_Doubt(size, f"decision right with {decision:.0%}")]


def _about_reasons(reasons: Mapping[str, float]) -> list[_Doubt]:
    doubts = [_Doubt(_binary(p), f"{label} {p:.0%}") for label, p in reasons.items()]
    return sorted(doubts, key=lambda doubt: (-doubt.size, doubt.words))[:_TOP_REASONS]


def _about_category(category: Mapping[str, float]) -> _Doubt:
    ordered = sorted(category.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = 1 - sum(category.values())
    shares = [*category.values(), rest]
    size = min(1.0, sum(-p * log2(p) for p in shares if p > 0))
    shown = " or ".join(f"{label} {p:.0%}" for label, p in ordered[:2])
    return _Doubt(max(0.0, size), f"category {shown}")


def _binary(probability: float) -> float:
    """Give the entropy of a yes or no, in bits."""
    return sum(-p * log2(p) for p in (probability, 1 - probability) if 0 < p < 1)

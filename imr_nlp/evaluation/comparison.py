"""Two pipelines on the same letters: the new compared with the old, in numbers and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Verdict = Literal["better", "worse", "same", "unclear"]

HEADLINE = (
    "reasons/micro",
    "primary_reason",
    "entities/strict",
    "medications/whole",
    "issue/category/accuracy",
)
"""The layers that decide whether a pipeline is the better one."""
BY_CHANCE = (
    "Each interval misses by chance in one of twenty comparisons: where many labels are compared, "
    "some count as better or worse though nothing changed. The pipeline is called better only "
    "where one of the five layers that decide is so at 99 %."
)
FEWEST = 6
"""Letters that must differ: of five that all speak for one side, one of sixteen does by chance
(sign test, 2 x 0.5 ** 5 = 0.0625)."""
N_DRAWS = 5000
"""Resamples: the ends of a 99 % interval want more of them than those of a 95 % one."""
DIGITS = 9
"""Decimals that count: what differs by less is the error of the sums."""


class Change(NamedTuple):
    """A score of two pipelines on the same letters.

    Parameters
    ----------
    old, new
        F1 or accuracy, 0 to 1.
    low, high
        95 % interval of `new - old` (paired percentile bootstrap over letters).
    support
        How much there is to be found.
    n_letters
        In how many letters the two pipelines score differently.
    verdict
        `better` or `worse` where the interval holds no zero and at least `FEWEST` letters
        differ, `same` where none does, else `unclear`.
    sure
        Better, and the 99 % interval holds no zero either.
    """

    old: float
    new: float
    low: float
    high: float
    support: int
    n_letters: int
    verdict: Verdict
    sure: bool = False

    @property
    def difference(self) -> float:
        """By how much the new pipeline is better; negative where it is worse."""
        return round(self.new - self.old, DIGITS)


@dataclass(frozen=True)
class Comparison:
    """A new pipeline compared with an old one.

    Parameters
    ----------
    changes
        By layer, in the order in which they are shown.
    n_letters, n_issues
        How many were compared.
    name
        What the letters are.
    """

    changes: dict[str, Change]
    n_letters: int
    n_issues: int
    name: str = "letters"

    def of(self, verdict: Verdict) -> list[str]:
        """Name the layers of a verdict."""
        return [layer for layer, change in self.changes.items() if change.verdict == verdict]

    @property
    def headline(self) -> dict[str, Change]:
        """The changes that decide."""
        return {layer: self.changes[layer] for layer in HEADLINE if layer in self.changes}

    @property
    def better(self) -> bool:
        """Whether the new pipeline is shown to be the better one.

        At least one of the layers that decide got better for sure, and none worse.
        """
        return any(change.sure for change in self.headline.values()) and not self.worse

    @property
    def worse(self) -> bool:
        """Whether a layer that decides got worse."""
        return any(change.verdict == "worse" for change in self.headline.values())

    def summary(self) -> str:
        """Say in plain sentences what got better, what worse, and what cannot be told."""
        return " ".join(_sentences(self))

    def to_dict(self) -> dict[str, Any]:
        """Give plain data."""
        changes = {
            layer: {**change._asdict(), "difference": change.difference}
            for layer, change in self.changes.items()
        }
        return {
            "name": self.name,
            "n_letters": self.n_letters,
            "n_issues": self.n_issues,
            "better": self.better,
            "changes": changes,
        }


def _sentences(comparison: Comparison) -> Iterator[str]:
    where = f"On {comparison.name} ({_count(comparison.n_letters, 'letter')}, "
    where += f"{_count(comparison.n_issues, 'issue')})"
    if not comparison.changes:
        yield f"{where} nothing can be compared."
        return
    decide = [layer for layer, change in comparison.headline.items() if change.sure]
    lost = [layer for layer, change in comparison.headline.items() if change.verdict == "worse"]
    if comparison.better:
        yield f"{where} the new pipeline is better than the old one, by {', '.join(decide)}."
    elif lost:
        yield f"{where} the new pipeline is worse than the old one in {', '.join(lost)}."
    elif len(comparison.of("same")) == len(comparison.changes):
        yield f"{where} the two pipelines score the same."
    else:
        yield f"{where} it is not shown that the new pipeline is better than the old one."
    for verdict in ("better", "worse"):
        if layers := comparison.of(verdict):
            shown = [f"{n} ({comparison.changes[n].difference:+.3f})" for n in layers]
            yield f"{verdict.capitalize()}: {', '.join(shown)}."
    if unclear := comparison.of("unclear"):
        shown = [f"{name} (n {comparison.changes[name].support})" for name in unclear]
        yield (
            f"Cannot be told apart at {_count(comparison.n_letters, 'letter')}: {', '.join(shown)}."
        )
    if comparison.of("better") or comparison.of("worse"):
        yield BY_CHANCE


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"

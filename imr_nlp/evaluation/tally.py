"""Counts of one letter, from which every score and its interval are made."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import NamedTuple


class Tally(NamedTuple):
    """How much was predicted, how much is there, and how much of both is right.

    A partial match counts one half in `right`.
    """

    right: float = 0.0
    predicted: float = 0.0
    gold: float = 0.0

    def plus(self, other: Tally) -> Tally:
        """Add two tallies."""
        return Tally(
            self.right + other.right, self.predicted + other.predicted, self.gold + other.gold
        )


class Error(NamedTuple):
    """One thing that a pipeline got wrong."""

    letter: str
    layer: str
    kind: str
    """`missed`, `spurious` or `wrong`."""
    gold: str | None
    predicted: str | None
    start: int
    """Place in the raw text; -1 where there is none."""


class LetterScores:
    """The tallies of one letter by name of the layer, and its errors.

    Names have parts divided by "/": "entities/strict/DRUG".
    """

    def __init__(self, letter: str) -> None:
        self.letter = letter
        self.tallies: dict[str, Tally] = {}
        self.errors: list[Error] = []
        self.probabilities: dict[str, list[tuple[float, bool]]] = {}
        """By layer: probabilities that were said, each with whether it came true."""

    def note(self, layer: str, probability: float, came_true: bool) -> None:
        """Note a probability that was said."""
        self.probabilities.setdefault(layer, []).append((probability, came_true))

    def add(self, layer: str, tally: Tally) -> None:
        """Count for a layer."""
        self.tallies[layer] = self.tallies.get(layer, Tally()).plus(tally)

    def add_error(
        self, layer: str, kind: str, gold: object, predicted: object, start: int = -1
    ) -> None:
        """Note an error."""
        self.errors.append(
            Error(
                self.letter,
                layer,
                kind,
                None if gold is None else str(gold),
                None if predicted is None else str(predicted),
                start,
            )
        )

    def add_one_sided(self, layer: str, thing: object, start: int, *, in_gold: bool) -> None:
        """Note a thing that one side has and the other has not."""
        if in_gold:
            self.add_error(layer, "missed", thing, None, start)
        else:
            self.add_error(layer, "spurious", None, thing, start)

    def compare(
        self,
        layer: str,
        gold: Iterable[tuple[Hashable, int]],
        predicted: Iterable[tuple[Hashable, int]],
    ) -> None:
        """Count things of which one and the same may occur several times.

        Each thing comes with its place in the raw text, which is not compared.
        """
        left = list(predicted)
        missed = []
        right = 0
        gold = list(gold)
        for thing, place in gold:
            same = [p for p in left if p[0] == thing]
            if same:
                left.remove(min(same, key=lambda p: abs(p[1] - place)))
                right += 1
            else:
                missed.append((thing, place))
        n_predicted = right + len(left)
        self.add(layer, Tally(right, n_predicted, len(gold)))
        for thing, place in missed:
            self.add_one_sided(layer, thing, place, in_gold=True)
        for thing, place in left:
            self.add_one_sided(layer, thing, place, in_gold=False)

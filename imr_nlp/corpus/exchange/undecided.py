"""Tasks of annotation tools that nobody decided on: no annotated letters, and not lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_SHOWN = 5


class Undecided(NamedTuple):
    """A letter of a tool's file that no person annotated, with what it lacks."""

    letter: str
    why: str

    def __str__(self) -> str:
        return f"{self.letter}: {self.why}"


def undecided_letters(undecided: Sequence[Undecided], n_letters: int) -> str:
    """Say how many letters of a file nobody decided on, which, and what they lack.

    Parameters
    ----------
    undecided
        At least one.
    n_letters
        How many the file holds in all.
    """
    reasons = " or ".join(dict.fromkeys(own.why for own in undecided))
    names = [own.letter for own in undecided]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return (
        f"nobody decided on {len(names)} of {n_letters} letters, which are left out ({reasons}): "
        f"{', '.join(names[:_SHOWN])}{more}"
    )

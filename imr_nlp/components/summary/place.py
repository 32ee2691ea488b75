"""A value with the place that it was read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Place(Generic[T]):
    """A value found in a text.

    Attributes
    ----------
    value
        What was read.
    start, end
        Half-open offsets, in characters, of the text that it was read from.
    """

    value: T
    start: int
    end: int

"""A value with the place where it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """A value and the stretch of text that states it.

    `start` and `end` are half-open offsets in characters into the string that
    was searched; `text` is that stretch, verbatim.
    """

    value: T
    start: int
    end: int
    text: str

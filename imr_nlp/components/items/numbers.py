"""Counts in digits and words: "6", "8.00", "twenty-four (24)", "2-3", "(6)"."""

from __future__ import annotations

import re
from typing import NamedTuple

_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = [
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ADVERBS = {"once": 1, "twice": 2, "thrice": 3}
VALUES: dict[str, int] = {
    **{word: value for value, word in enumerate(_UNITS, 1)},
    **{word: value for value, word in enumerate(_TEENS, 10)},
    **{word: value for value, word in enumerate(_TENS, 2)},
    **_ADVERBS,
}
_WORD = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[\s-]?(?:{'|'.join(_UNITS)})(?![a-z]))?"
    rf"|{'|'.join([*_TEENS, *_UNITS, *_ADVERBS])})(?![a-z])"
)
_NUMBER = rf"(?:\d{{1,3}}(?:\.0{{1,2}})?(?!\d|st|nd|rd|th)|{_WORD})"
_ONE = rf"(?:{_NUMBER}(?:\s?\(\s?{_NUMBER}\s?\))?|\(\s?{_NUMBER}\s?\))"
# A number may follow a glued "x" ("2x6", "wk x4"); what is part of a level,
# a date, a decimal, a percentage or a longer number is no count.
_COUNT = re.compile(
    rf"(?:(?<![\w.\-/])|(?<=[\s\d)(,;:]x)|(?<=kx)|(?<=for)|(?<=times))"
    rf"{_ONE}(?:\s?(?:-|to|or)\s?{_ONE})?(?![-/.]?\d|%)"
)
_PART = re.compile(_NUMBER)
_ANY = re.compile(rf"\d|\b(?:{'|'.join(VALUES)})")


class Count(NamedTuple):
    """A count with its half-open offsets; a range counts with its upper end."""

    value: int
    start: int
    end: int
    bracketed: bool


def find_counts(folded: str) -> list[Count]:
    """Find the counts of a text that `fold` gave, from left to right."""
    counts: list[Count] = []
    if not _ANY.search(folded):
        return counts
    for match in _COUNT.finditer(folded):
        text = match.group()
        value = max(_value(part) for part in _PART.findall(text))
        counts.append(Count(value, match.start(), match.end(), text[0] == "("))
    return counts


def _value(number: str) -> int:
    if number[0].isdigit():
        return int(number.partition(".")[0])
    if number in VALUES and number not in _TENS:
        return VALUES[number]
    tens = next(word for word in _TENS if number.startswith(word))
    rest = number[len(tens) :].strip(" -")
    return VALUES[tens] * 10 + (VALUES[rest] if rest else 0)

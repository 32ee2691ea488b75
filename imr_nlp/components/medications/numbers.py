"""Numbers as dosages print them."""

from __future__ import annotations

import re

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {
    **{word: number for number, word in enumerate(_ONES)},
    **{word: 10 * number for number, word in enumerate(_TENS, start=2)},
    **{"a": 1, "an": 1, "no": 0, "none": 0, "half": 0.5},
}

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
"""A number in digits: "60", "1,000", "7.5", ".5"."""

FRACTION = r"(?:\d\s)?[1-3]/[2-4](?!\d)|[\u00bc\u00bd\u00be]"

NUMBER_WORD = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five"
    r"|six|seven|eight|nine))?|one\s+hundred(?:\s+(?:and\s+)?(?:twenty|fifty|eighty))?|one|two|three"
    r"|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen)"
)
COUNT = (
    rf"(?:{NUMBER_WORD}(?:\s*\(\s*#?{NUMBER}\s*\))?(?:\s*(?:-|to|or)\s*{NUMBER_WORD})?"
    rf"|{FRACTION}|{NUMBER}(?:\s*(?:-|\u2013|to|or)\s*{NUMBER})?)"
)
"""A count: digits, a number word, both ("thirty (30)"), or a range."""

# Between figures only: "twenty-four" is one number.
_RANGE = re.compile(r"\s*(?:(?<=\d)\s?[-\u2013]\s?(?=\d)|\bto\b|\bor\b)\s*", re.IGNORECASE)
_VULGAR = {"\u00bc": 0.25, "\u00bd": 0.5, "\u00be": 0.75}


def value_of(text: str) -> float | None:
    """Give the value of a count; of a range, its upper end; None where there is none."""
    text = text.strip().lower()
    if half := re.match(r"(?:(\w+)\s+and\s+(?:a|one)[- ])half\b", text):
        return _WORDS.get(half[1], 0) + 0.5
    if re.match(r"(?:a\s+|one[- ])?half\b", text):
        return 0.5
    if bracket := re.search(rf"\(\s*#?({NUMBER})\s*\)", text):
        return _digits(bracket[1])
    if text in _VULGAR:
        return _VULGAR[text]
    if fraction := re.fullmatch(r"(?:(\d)\s)?(\d)/(\d)", text):
        return float(fraction[1] or 0) + int(fraction[2]) / int(fraction[3])
    values = [_single(part) for part in _RANGE.split(text) if part]
    known = [value for value in values if value is not None]
    return max(known) if known else _single(text)


def _digits(text: str) -> float:
    return float(text.replace(",", ""))


def _single(text: str) -> float | None:
    if re.fullmatch(NUMBER, text):
        return _digits(text)
    total = 0.0
    for word in re.split(r"[\s-]+", text):
        if word == "hundred":
            total = max(total, 1) * 100
        elif word in _WORDS:
            total += _WORDS[word]
        elif word != "and":
            return None
    return total if text else None

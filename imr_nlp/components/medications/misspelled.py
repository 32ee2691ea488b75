"""Drug names with a slip in them that the lexicon does not list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from imr_nlp.components.medications.lexicon import lexicon
from imr_nlp.resources import read_lines

_SHORTEST = 6
# A strength or a pill count, and the word right before it: there a name is expected.
_DOSAGE = re.compile(
    r"(?<![\d.])\d{1,6}(?:\.\d{1,6})?(?:\s?[/-]\s?\d{1,6}(?:\.\d{1,6})?)?\s?(?:mgs?\b|mcg\b|%)"
    r"|#\s?\d",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(
    r"(?<![A-Za-z])([A-Za-z]{6,20})(?:\s(?:hcl|er|sr|xr|sodium))?(?:\s?,)?\s?"
    r"(?:(?:tablets?|caps(?:ules?)?|cream|gel)\s)?\Z",
    re.IGNORECASE,
)
_WINDOW = 48


def find_misspelled(
    text: str, start: int, end: int, known: list[tuple[int, int]], *, item: bool
) -> Iterator[tuple[int, int]]:
    """Find words one slip away from a drug's name, where a name is expected.

    A slip is a letter left out, put in, taken for another, or two swapped; in
    an item line, words of ten letters and more may have two. Words of the
    ordinary vocabulary are never taken.
    """
    for dosage in _DOSAGE.finditer(text, start, end):
        match = _NAME_BEFORE.search(text, max(start, dosage.start() - _WINDOW), dosage.start())
        if match is None:
            continue
        a, b = match.span(1)
        if any(a < stop and begin < b for begin, stop in known):
            continue
        if nearest(match[1].lower(), slips=2 if item and b - a >= 10 else 1) is not None:
            yield a, b


@cache
def ordinary_words() -> frozenset[str]:
    """Give the words of letters that name no drug, in lower case."""
    return frozenset(word.strip('.,;:()"').lower() for word in read_lines("words.txt"))


@cache
def _deletions() -> dict[str, list[str]]:
    """Index every name by itself with one letter left out (symmetric deletion)."""
    index: dict[str, list[str]] = {}
    for name in lexicon().names:
        if len(name) >= _SHORTEST and name.isalpha():
            for variant in {name, *_without_one(name)}:
                index.setdefault(variant, []).append(name)
    return index


def _without_one(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


@lru_cache(maxsize=20_000)
def nearest(word: str, slips: int = 1) -> str | None:
    """Give the drug name nearest to a word, None if there is none or it is ambiguous."""
    if len(word) < _SHORTEST or word in ordinary_words():
        return None
    variants = {word, *_without_one(word)}
    if slips > 1:
        variants |= {shorter for variant in list(variants) for shorter in _without_one(variant)}
    candidates = {name for variant in variants for name in _deletions().get(variant, ())}
    ranked = sorted((distance(word, name), name) for name in candidates)
    ranked = [pair for pair in ranked if pair[0] <= slips]
    if not ranked:
        return None
    best = [name for steps, name in ranked if steps == ranked[0][0]]
    drugs = {lexicon().names[name] for name in best}
    return best[0] if len(drugs) == 1 else None


def nearest_name(word: str) -> str:
    """Give the name that a misspelled word stands for, two slips at the most; else nothing."""
    return nearest(word.lower(), slips=2) or ""


def distance(first: str, second: str) -> int:
    """Count the slips between two words (optimal string alignment distance)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        two_before, before, row = before, row, [i]
        for j, b in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, two_before[j - 2] + 1)
            row.append(cost)
    return row[-1]

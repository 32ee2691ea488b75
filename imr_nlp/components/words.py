"""The words of a sentence as classifiers see them: what differs from case to case is one word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from imr_nlp.components.medications.lexicon import lexicon
from imr_nlp.resources import read_lines

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d[\d./,-]*|[%#?]")
_BODY = frozenset(read_lines("body_words.txt"))
_SHORTEST_DRUG = 4
DRUG, BODY, NUMBER = "_drug_", "_body_", "_number_"


@cache
def _drugs() -> frozenset[str]:
    return frozenset(name.lower() for name in lexicon().printed if len(name) >= _SHORTEST_DRUG)


def words_of(text: str) -> list[str]:
    """Give the words in lower case; drugs, body parts and numbers as one word each.

    A run of several of them ("left knee", "10/325 mg #60") is one word, too.
    """
    words: list[str] = []
    for word in _WORD.findall(text.lower().replace("\u2019", "'")):
        kind = _kind(word)
        if not (words and words[-1] == kind and kind.startswith("_")):
            words.append(kind)
    return words


def _kind(word: str) -> str:
    if word[0].isdigit():
        return NUMBER
    if word in _BODY:
        return BODY
    return DRUG if word in _drugs() else word


def word_groups(words: list[str]) -> Iterator[str]:
    """Give runs of one, two and three words, and pairs with any word between."""
    count = len(words)
    for size in (1, 2, 3):
        for start in range(count - size + 1):
            yield " ".join(words[start : start + size])
    for start in range(count - 2):
        yield f"{words[start]} * {words[start + 2]}"


def letter_groups(words: list[str]) -> Iterator[str]:
    """Give runs of three to five letters within each word, its edges marked by a space."""
    for word in words:
        padded = f" {word} "
        count = len(padded)
        for size in (3, 4, 5):
            if count < size:
                break
            for start in range(count - size + 1):
                yield padded[start : start + size]

"""Drugs that the lexicon does not hold, as a trained recogniser proposes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from imr_nlp.components.items.services import scan_services
from imr_nlp.components.items.vocabulary import fold
from imr_nlp.components.medications.lexicon import lexicon
from imr_nlp.components.medications.misspelled import ordinary_words

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_SHORTEST = 4


@cache
def _plain_words() -> frozenset[str]:
    # The list of words that letters use often holds names of drugs, too.
    return ordinary_words() - lexicon().names.keys()


def has_unknown(text: str) -> bool:
    """Tell whether a text has a word that is neither a drug's nor of the ordinary vocabulary."""
    words = (word.lower() for word in _WORD.findall(text) if len(word) >= _SHORTEST)
    return any(word not in known_words() for word in words)


@cache
def known_words() -> frozenset[str]:
    """Give the words of drugs' names and of the ordinary vocabulary, in lower case."""
    parts = {part for name in lexicon().names for part in name.split()}
    return ordinary_words() | parts


def find_unknown(
    proposed: Iterable[tuple[int, int]],
    text: str,
    start: int,
    end: int,
    known: Iterable[tuple[int, int]],
) -> Iterator[tuple[int, int]]:
    """Give the proposals within [start, end) that may be a drug nobody listed.

    They meet no known name, are no service, and have a word that is none of the
    ordinary vocabulary of letters. Whether one counts is decided by its
    attributes.
    """
    taken = list(known)
    for a, b in proposed:
        if a < start or b > end or any(a < stop and begin < b for begin, stop in taken):
            continue
        name = text[a:b]
        words = [word.lower() for word in _WORD.findall(name) if len(word) >= _SHORTEST]
        if words and not _plain_words().issuperset(words) and not scan_services(fold(name)):
            yield a, b

"""One scan of a text for all fragments of a vocabulary table."""

from __future__ import annotations

import re
from typing import NamedTuple

from imr_nlp.components.items.patterns import key, openings, shortest, spaced

_WORD = re.compile(r"[a-z0-9]+")
_DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u00a0": " "})


def fold(text: str) -> str:
    """Lower the case and level dashes and spaces; every offset stays what it is."""
    if text.isascii():
        return text.lower()
    lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return lowered.translate(_DASHES)


class Hit(NamedTuple):
    """A match: half-open offsets and the number of its row in the table."""

    start: int
    end: int
    row: int


class Vocabulary:
    """The fragments of a table, sorted by the letters with which they begin.

    Matches begin and end at word boundaries and do not overlap. Of several
    that begin at one word the fragment with the longest necessary part wins,
    among equals the one that comes first in the table.

    Parameters
    ----------
    fragments
        Regular expressions for lower case text, each a row of the table. A
        space matches spaces, a hyphen or nothing.
    """

    def __init__(self, fragments: list[str]) -> None:
        self._buckets: dict[str, list[tuple[int, int, str]]] = {}
        self._compiled: dict[str, tuple[re.Pattern[str], list[int]] | None] = {}
        for row, fragment in enumerate(fragments):
            for opening in openings(fragment):
                entry = (-shortest(opening), row, opening)
                self._buckets.setdefault(key(opening), []).append(entry)
        # Compiled when first met, they would slow the first hundred letters.
        for letters in [letters for letters in self._buckets if len(letters) > 1]:
            self._bucket(letters)

    def scan(self, text: str) -> list[Hit]:
        """Find all matches in a text that `fold` gave, from left to right."""
        hits: list[Hit] = []
        behind = 0
        compiled = self._compiled
        for word in _WORD.finditer(text):
            start = word.start()
            if start < behind:
                continue
            letters = text[start : start + 2]
            bucket = compiled[letters] if letters in compiled else self._bucket(letters)
            if bucket is None:
                continue
            pattern, rows = bucket
            if match := pattern.match(text, start):
                behind = match.end()
                hits.append(Hit(start, behind, rows[(match.lastindex or 1) - 1]))
        return hits

    def _bucket(self, letters: str) -> tuple[re.Pattern[str], list[int]] | None:
        """Compile what can begin with these letters."""
        # The second character of a word of one letter is a space or a sign: such
        # pairs are kept too, their number is small.
        entries = [*self._buckets.get(letters, []), *self._buckets.get(letters[:1], [])]
        if len(letters) == 1 or not entries:
            self._compiled[letters] = None
            return None
        entries = sorted(dict.fromkeys(entries))
        joined = "|".join(f"({spaced(opening)})" for _, _, opening in entries)
        pattern = re.compile(rf"(?:{joined})(?![a-z0-9])")
        self._compiled[letters] = (pattern, [row for _, row, _ in entries])
        return self._compiled[letters]

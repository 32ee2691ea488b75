"""Where sentences begin in clinical prose with abbreviations, decimals and labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

# One set of characters comes first: the engine skips to it.
_BOUNDARY = re.compile(
    r"[.!?\n](?:(?<=\n)\n*|(?<=[.!?])[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c(\[]*[A-Z0-9])"
    r"|(?<=[a-z)]\.)(?=[A-Z][a-z]))"
)
_REFERENCE = re.compile(r"(?:\([^()\n]{2,80}\b(?:19|20)\d\d[a-z]?\)\s*)+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Drs|Mr|Mrs|Ms|No|vs|St|Jr|Sr|Inc|e\.g|i\.e|pg|pp|p|ed|Fig|approx|b\.i\.d|t\.i\.d"
    r"|p\.o|q\.d)|\b[A-Z]|(?:^|\n)\s*\d{1,2})\.\Z"
)


def sentence_starts(text: str) -> Iterator[int]:
    """Yield the offsets of the first characters of sentences, but for the first sentence.

    A sentence ends at a full stop, a question or an exclamation mark before a
    capital or a digit, and at every line break of the readable text; not
    behind an abbreviation or a list number.
    """
    for match in _BOUNDARY.finditer(text):
        place = match.end()
        if place >= len(text):
            return
        before = text[max(0, match.start() - 12) : match.start() + 1]
        if not match.group().startswith("\n") and _ABBREVIATION.search(before):
            continue
        # "... in CRPS. (Li, 2005) The use ...": a reference belongs to what it supports.
        if reference := _REFERENCE.match(text, place):
            place = reference.end()
        if place < len(text):
            yield place


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the sentences of `text[start:end]` as half-open spans without outer space."""
    end = len(text) if end is None else end
    part = text[start:end]
    edges = [0, *sentence_starts(part), len(part)]
    for left, right in pairwise(edges):
        sentence = part[left:right]
        inner = sentence.strip()
        if inner:
            first = start + left + sentence.index(inner)
            yield first, first + len(inner)

"""Titles that are printed with a slip: "Sholder Complaints", "Chornic Pain"."""

from __future__ import annotations

import re
from difflib import SequenceMatcher, get_close_matches
from functools import cache, lru_cache

from imr_nlp.components.citations.titles import Hit
from imr_nlp.resources import read_csv

_NO_LETTER = re.compile(r"[^a-z]+")
_LONG_TITLE = re.compile(
    r"[a-z]{3,12}(?:,? [a-z&-]{1,12}){0,5}?"
    r" (?:com[a-z]{4,9}|gui[a-z]{5,9}|cond[a-z]{5,8}|dis[a-z]{5,8})(?![a-z])"
)
_SHORTEST = 5
_LONGEST = 60
_LIKENESS = 0.85
_HEAD_LIKENESS = 0.8


def misspelt_title(masked: str, pos: int, stop: int) -> Hit | None:
    """Return the title of an MTUS document that is printed at `pos` with a slip.

    Only titles of the form "... Complaints", "Guidelines", "Conditions" or
    "Disorders" are looked for: a topic hardly ends so.
    """
    match = _LONG_TITLE.match(masked, pos, stop)
    if match is None:
        return None
    name = closest_name(match.group(), "MTUS")
    if name is None:
        return None
    head, known = (_squeeze(text.rpartition(" ")[0]) for text in (match.group(), name))
    if SequenceMatcher(None, head, known, autojunk=False).ratio() < _HEAD_LIKENESS:
        return None
    return Hit(match.end(), distinct=True, misspelt=True)


@lru_cache(maxsize=1024)
def closest_name(text: str, source: str) -> str | None:
    """Return the title of a source that a text is, but for a letter or two.

    Parameters
    ----------
    text
        The words in question, in lower case.
    source
        "MTUS" or "ODG".
    """
    letters = _squeeze(text)
    if not _SHORTEST <= len(letters) <= _LONGEST:
        return None
    table = _squeezed(source)
    near: dict[str, str] = {}
    for length in range(len(letters) - 2, len(letters) + 3):
        near.update(table.get(length, {}))
    found = get_close_matches(letters, near, 1, _LIKENESS)
    return near[found[0]] if found else None


@cache
def _squeezed(source: str) -> dict[int, dict[str, str]]:
    """Titles by their letters alone, and these by their number."""
    table: dict[int, dict[str, str]] = {}
    for row in read_csv("guidelines.csv"):
        if row["source"] != source:
            continue
        for name in (row["title"], *row["names"].split("|")):
            kinds = ("", " Guidelines") if name.endswith("Treatment") else ("",)
            for full in (name + kind for kind in kinds):
                letters = _squeeze(full)
                table.setdefault(len(letters), {})[letters] = full
    return table


def _squeeze(text: str) -> str:
    return _NO_LETTER.sub("", text.lower().replace("&", "and"))

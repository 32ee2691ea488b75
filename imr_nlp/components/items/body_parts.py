"""The parts of the body that an item names, with side and spinal level."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from imr_nlp.components.items.found import Found
from imr_nlp.components.items.patterns import spaced
from imr_nlp.components.items.vocabulary import Vocabulary, fold
from imr_nlp.resources import read_csv

_LEVEL = (
    r"(?:c[1-8]|t(?:1[0-2]|[1-9])|l[1-6]|s[1-5])"
    r"(?:\s?[-/]\s?(?:[clts]\d|\d)\d?(?![a-z0-9])|\s(?:to|through|thru)\s[clts]\d{1,2}){0,4}"
)
# Behind a part a side counts only where nothing follows that it could belong to.
_SIDE_BEHIND = r"(?:\s?\((?:right|left|bilateral|[rl])\)|,\s(?:right|left|bilateral)(?=\W*$|[;.]))"


class _Grammar(NamedTuple):
    vocabulary: Vocabulary
    kinds: list[str]
    tail: re.Pattern[str]
    before: dict[str, re.Pattern[str]]
    behind: re.Pattern[str]
    person: re.Pattern[str]


@cache
def _grammar() -> _Grammar:
    """Read `resources/body_parts.csv`; the kinds are told in its rows.

    A part is [side] [modifier ...] part, a region takes a tail ("lumbar",
    "lumbar spine", "lumbar medial branch").
    """
    table = read_csv("body_parts.csv")

    def union(kind: str) -> str:
        return "|".join(spaced(row["pattern"]) for row in table if row["kind"] == kind)

    rows = [row for row in table if row["kind"] in ("region", "part", "sided", "ignore")]
    side = rf"(?:{union('side')})(?:[\s-]sided)?"
    sides = rf"(?<![a-z0-9])(?:{side}(?:\s?(?:/|&|,|and|or)\s?{side})?(?:\s\([rl]\))?\s+)?"
    # "Second cervical injection" counts injections, "second toe" toes.
    of_spine = re.compile(rf"{sides}(?:(?:{union('modifier')})[\s-]){{0,2}}$")
    of_part = re.compile(rf"{sides}(?:(?:{union('modifier')}|{union('ordinal')})[\s-]){{0,2}}$")
    return _Grammar(
        Vocabulary([*(row["pattern"] for row in rows), _LEVEL]),
        [*(row["kind"] for row in rows), "level"],
        re.compile(rf"[\s-]+(?:{union('tail')})(?![a-z0-9])"),
        {"region": of_spine, "level": of_spine, "part": of_part, "sided": of_part},
        re.compile(_SIDE_BEHIND),
        re.compile(rf"(?:\s?(?:/|&|and)\s?[a-z]+)?[\s-]+(?:{union('person')})"),
    )


def find_body_parts(text: str) -> list[Found[str]]:
    """Find the body parts of an item, each part of a coordination by itself.

    Parameters
    ----------
    text
        The text of an item.

    Returns
    -------
    list of Found
        In order of the text, without overlaps; values are verbatim, with the
        side where it stands at the part ("right shoulder", "L4-5").
    """
    grammar = _grammar()
    folded = fold(text)
    found: list[Found[str]] = []
    behind = 0
    for hit in grammar.vocabulary.scan(folded):
        kind = grammar.kinds[hit.row]
        if kind == "ignore" or hit.start < behind or grammar.person.match(folded, hit.end):
            continue
        end = hit.end
        if kind == "region" and (tail := grammar.tail.match(folded, end)):
            end = tail.end()
        if side := grammar.behind.match(folded, end):
            end = side.end()
        before = grammar.before[kind]
        start = _with_side(before, folded, max(behind, hit.start - 40), hit.start)
        if kind == "sided" and start == hit.start:
            continue
        verbatim = text[start:end]
        found.append(Found(verbatim, start, end, verbatim))
        behind = end
    return found


def _with_side(before: re.Pattern[str], folded: str, earliest: int, start: int) -> int:
    """Give the place where the side and modifiers before a part begin."""
    if start == earliest:
        return start
    match = before.search(folded, earliest, start)
    return match.start() if match else start

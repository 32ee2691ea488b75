"""Attributes of a drug: which stretch of text around it belongs to it."""

from __future__ import annotations

import re
from typing import NamedTuple

from imr_nlp.components.medications.grammar import ATTRIBUTE, BEFORE, GLUED, LABELS, SKIP
from imr_nlp.components.medications.numbers import NUMBER_WORD

_GRAMS = re.compile(r"\d{1,3}\s?(?:gm?|grams?)", re.IGNORECASE)
_SOLID = re.compile(r"\b(?:tab|cap|pill)", re.IGNORECASE)
_CONCENTRATION = re.compile(r"%|/\s?[\d.]*\s?(?:ml|cc)", re.IGNORECASE)
_LONGEST_LOOK_BACK = 60
_NEAR = 6
_WORD = re.compile(r"[A-Za-z0-9][^\s,;:()]*|\S")
# "Ketoprofen 75 mg capsules, 90": a number that closes an item counts pills.
_LAST_NUMBER = re.compile(rf"(\d{{2,3}}|{NUMBER_WORD}(?:\s*\(\d{{1,3}}\))?)[\s)]*\Z", re.IGNORECASE)
_SENTENCE_BREAK = re.compile(r"[.!?]\s+(?=[A-Z\"])|\n")


class Link(NamedTuple):
    """An attribute given to a drug, and why."""

    label: str
    start: int
    end: int
    why: str


def links_behind(
    text: str, start: int, stop: int, *, item: bool, ingredients: int = 1
) -> list[Link]:
    """Read the attributes that follow a drug.

    Parameters
    ----------
    text
        Readable text.
    start, stop
        From the end of the drug's name to the next drug, or to the end of the
        item, summary or rationale.
    item
        In an item line the whole rest speaks of the drug, so unknown words are
        skipped; in prose the attributes end at the first of them.
    ingredients
        Number of ingredients of the drug: two or more allow "10/325".
    """
    taken: dict[str, Link] = {}
    place = start
    if not item and (sentence := _SENTENCE_BREAK.search(text, start, stop)):
        stop = sentence.start() + 1
    gap, first = False, True
    while place < stop:
        if text[place].isspace():
            place += 1
            continue
        glued = place > start and text[place - 1].isalnum()
        match = (GLUED if glued or place == start else ATTRIBUTE).match(text, place, stop)
        if match is not None and match.end() > place:
            _take(taken, text, match, "item" if gap else "follows_drug", ingredients, first)
            place = match.end()
            first = False
            continue
        first = False
        if skip := SKIP.match(text, place, stop):
            place = max(skip.end(), place + 1)
            continue
        if not item:
            break
        if (number := _LAST_NUMBER.match(text, place, stop)) and "QUANTITY" not in taken:
            taken["QUANTITY"] = Link("QUANTITY", *number.span(1), "item")
            break
        gap = True
        word = _WORD.match(text, place, stop)
        place = word.end() if word else place + 1
    _regrade(taken, text)
    return [taken[label] for label in LABELS if label in taken]


def _regrade(taken: dict[str, Link], text: str) -> None:
    """Grams of a drug that is taken in tablets are a slip for its strength."""
    quantity, dose = taken.get("QUANTITY"), taken.get("DOSE") or taken.get("FORM")
    if quantity is None or dose is None or "STRENGTH" in taken:
        return
    if _GRAMS.fullmatch(text, quantity.start, quantity.end) and _SOLID.search(
        text, dose.start, dose.end
    ):
        taken["STRENGTH"] = quantity._replace(label="STRENGTH")
        del taken["QUANTITY"]


def _take(
    taken: dict[str, Link],
    text: str,
    match: re.Match[str],
    why: str,
    ingredients: int,
    first: bool,
) -> None:
    label = match.lastgroup or ""
    start, end = match.span()
    while end > start and text[end - 1] in " .,;:":
        if text[end - 1] == "." and _abbreviation(text, start, end):
            break
        end -= 1
    if label == "RATIO":
        single = match.group().replace(".", "").isdigit()
        if "STRENGTH" in taken or (not first if single else ingredients < 2):
            return
        label = "STRENGTH"
    if label == "STRENGTH" and "STRENGTH" in taken:
        previous = taken["STRENGTH"]
        near = start - previous.end <= _NEAR and not text[previous.end : start].strip()
        if near and "%" in text[previous.start : previous.end]:
            taken["STRENGTH"] = Link("STRENGTH", previous.start, end, previous.why)
            return
        # A mass behind a concentration is what is applied; behind a mass it is a
        # second strength ("75 mg, increased to 150 mg"), and the first one stays.
        if not _CONCENTRATION.search(text, previous.start, previous.end):
            return
        label = "DOSE"
    if label == "FORM" and label in taken:
        return
    if label == "QUANTITY" and label in taken:
        previous = taken["QUANTITY"]
        near = start - previous.end <= _NEAR and not text[previous.end : start].strip(" ,x")
        if near and text[start] == "#" and text[previous.start] != "#":
            taken["QUANTITY"] = Link("QUANTITY", previous.start, end, previous.why)
        return
    taken.setdefault(label, Link(label, start, end, why))


def _abbreviation(text: str, start: int, end: int) -> bool:
    return re.search(r"\.\w+\.\Z", text[start:end]) is not None


_CLAIMED = re.compile(
    r"(?:[,;(:]|\b(?:and|with|or|of|plus|also|used|uses|using|takes|taking))\s*\Z", re.IGNORECASE
)


def claimed_before(text: str, links: list[Link], start: int, begin: int) -> int:
    """Say from where on the text before a drug plainly belongs to it.

    "60 capsules of omeprazole" and what stands first in its part of a list do;
    in "Norco 10 mg #60 Flexeril" the amounts belong to the drug before.
    """
    place = start
    for link in links:
        behind = text[link.end : place]
        if "of" in behind.split() or _CLAIMED.search(
            text[max(begin, link.start - 12) : link.start]
        ):
            place = link.start
        else:
            break
    return place


_NO_ATTRIBUTE = frozenset((
    "a", "and", "are", "as", "before", "contains", "from", "given", "had", "has", "in", "is", "no",
    "nor", "or", "takes", "taking", "that", "to", "took", "uses", "using", "used", "was", "were",
    "which", "with",
))  # fmt: skip


def links_before(text: str, start: int, begin: int, free: set[str]) -> list[Link]:
    """Read the attributes right before a drug ("two refills of", "60 tablets of", "topical").

    Parameters
    ----------
    start
        Where the drug's name begins.
    begin
        How far back text may be read: the end of the drug before, or of the
        part of the letter.
    free
        Labels that the drug has no attribute for yet.
    """
    place = start
    found: list[Link] = []
    for _ in range(3):
        window = text[max(begin, place - _LONGEST_LOOK_BACK) : place]
        tail = window.rstrip()
        # Nearly every drug stands behind one of these, and the patterns are slow.
        if not tail or tail[-1] in ",;./" or tail.rpartition(" ")[2].lower() in _NO_ATTRIBUTE:
            break
        offset = place - len(window)
        for pattern in BEFORE:
            match = pattern.search(window)
            if match and match.lastgroup in free:
                label = match.lastgroup
                begin_at, end_at = match.span(label)
                found.append(Link(label, offset + begin_at, offset + end_at, "precedes_drug"))
                free = free - {label}
                place = offset + begin_at
                break
        else:
            break
    return found

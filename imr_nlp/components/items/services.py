"""The services that an item names, and what is known of each."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple, cast

from imr_nlp.components.items.found import Found
from imr_nlp.components.items.vocabulary import Vocabulary, fold
from imr_nlp.resources import read_csv
from imr_nlp.schema import Category


class Service(NamedTuple):
    """A row of `resources/services.csv`.

    `role` says how the row weighs: `overrides` decides wherever it stands,
    `provider` decides over the visit to that provider, `service` decides by
    coming first, `drug_form` is a service unless a drug is given by it, `weak`
    and `clue` count where nothing else is named, `ignore` swallows a trap, an
    `adjective` belongs to the name of the service behind it.
    `visits` is "any" for what is counted in visits, "product" where only a
    frequency says so. `with_visits` is the category of the modality asked for
    in visits, where the row is for the device. `mention` is true for the
    name of a service.
    """

    category: Category | None
    role: str
    visits: str
    with_visits: Category | None
    mention: bool


class ServiceHit(NamedTuple):
    """A service and its half-open offsets in the text."""

    start: int
    end: int
    service: Service


@cache
def _table() -> tuple[Vocabulary, list[Service]]:
    rows = read_csv("services.csv")
    services = [
        Service(
            cast("Category | None", row["category"] or None),
            row["role"],
            row["visits"],
            cast("Category | None", row["with_visits"] or None),
            row["mention"] == "yes",
        )
        for row in rows
    ]
    return Vocabulary([row["pattern"] for row in rows]), services


@lru_cache(maxsize=512)
def _scan(folded: str) -> tuple[ServiceHit, ...]:
    vocabulary, services = _table()
    hits = (ServiceHit(hit.start, hit.end, services[hit.row]) for hit in vocabulary.scan(folded))
    found = tuple(hit for hit in hits if hit.service.role != "ignore")
    asked = tuple(hit for hit in found if not _comes_before(folded, hit))
    return asked if any(hit.service.category for hit in asked) else found


# "Post-injection therapy", "evaluation prior to a trial": what is asked for is the other thing.
_BEFORE_IT = re.compile(
    r"\b(?:following|after|prior to|before|post|at the time of)[\s-]+(?:(?:an?|the|her|his)\s)?\Z"
)
_LONGEST_CUE = 24


def _comes_before(folded: str, hit: ServiceHit) -> bool:
    before = folded[max(0, hit.start - _LONGEST_CUE) : hit.start]
    return _BEFORE_IT.search(before) is not None


def scan_services(folded: str) -> tuple[ServiceHit, ...]:
    """Find every row of the table in a text that `fold` gave.

    Traps, adjectives and what only says when something is to be done are left out.
    """
    return tuple(hit for hit in _scan(folded) if hit.service.role != "adjective")


# "Visit with pain management", "ride to and from the clinic": the place or the person is
# no second service. A referral to somebody is one name.
_WITH = re.compile(r"\b(?:with|by|from)\s(?:(?:an?|the|her|his|certified|treating)\s){0,2}\Z")
_PERSON = re.compile(r"(?:ists?|eons?|tors?|ians?|nurses?|management|medicine)\Z")
_RIDE_TO = re.compile(
    r"transport[^,;.]{0,20}\b(?:to|from)\s(?:(?:the|all|her|his|medical)\s){0,2}\Z"
)
_REFERRAL_TO = re.compile(r"referrals?\sto\s(?:an?\s)?\Z")
_CONSULT = re.compile(r"consult\w*(?=\s(?:with|for|by|to|regarding)\s)")
_LONGEST_LINK = 48


def is_company(folded: str, start: int, end: int) -> bool:
    """Tell whether the service at a place is somebody whom a visit is with."""
    if _PERSON.search(folded, start, end) is None:
        return False
    return _WITH.search(folded[max(0, start - _LONGEST_LINK) : start]) is not None


def find_services(text: str) -> list[Found[str]]:
    """Find the services that a text names ("physical therapy", "MRI", "TENS unit").

    Parameters
    ----------
    text
        The text of an item.

    Returns
    -------
    list of Found
        In order of the text, without overlaps, with the adjectives that belong
        to the name ("partial meniscectomy"); values are verbatim.
    """
    folded = fold(text)
    spans: list[tuple[int, int]] = []
    adjectives: tuple[int, int] | None = None
    for start, end, service in _scan(folded):
        if service.role == "adjective":
            chained = adjectives is not None and _adjacent(folded, adjectives[1], start)
            adjectives = (adjectives[0] if adjectives and chained else start, end)
            continue
        if not service.mention:
            continue
        before = folded[max(0, start - _LONGEST_LINK) : start]
        if spans and _REFERRAL_TO.search(before) and _PERSON.search(folded, start, end):
            spans[-1] = (spans[-1][0], end)
        elif not (_RIDE_TO.search(before) or is_company(folded, start, end)):
            if adjectives and _adjacent(folded, adjectives[1], start):
                start = adjectives[0]
            consult = _CONSULT.match(folded, start, end)
            spans.append((start, consult.end() if consult else end))
    return [Found(text[start:end], start, end, text[start:end]) for start, end in spans]


def _adjacent(text: str, end: int, start: int) -> bool:
    return text[end:start] in (" ", "-")

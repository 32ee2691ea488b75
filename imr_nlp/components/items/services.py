"""The services that an item names, and what is known of each."""

from __future__ import annotations

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
    and `clue` count where nothing else is named, `ignore` swallows a trap.
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
def scan_services(folded: str) -> tuple[ServiceHit, ...]:
    """Find every row of the table in a text that `fold` gave; traps are left out."""
    vocabulary, services = _table()
    hits = (ServiceHit(hit.start, hit.end, services[hit.row]) for hit in vocabulary.scan(folded))
    return tuple(hit for hit in hits if hit.service.role != "ignore")


def find_services(text: str) -> list[Found[str]]:
    """Find the services that a text names ("physical therapy", "MRI", "TENS unit").

    Parameters
    ----------
    text
        The text of an item.

    Returns
    -------
    list of Found
        In order of the text, without overlaps; values are verbatim.
    """
    found = []
    for start, end, service in scan_services(fold(text)):
        if service.mention:
            found.append(Found(text[start:end], start, end, text[start:end]))
    return found

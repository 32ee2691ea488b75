"""Whether an item asks for treatment already given, and when that was."""

from __future__ import annotations

import re
from datetime import date

from imr_nlp.components.dates import DATE_PATTERN, parse_date
from imr_nlp.components.items.found import Found

_RETROSPECTIVE = re.compile(r"\bretro(?:spective(?:ly)?|active(?:ly)?)?\b", re.IGNORECASE)
_SERVICE_DATE = re.compile(
    r"(?:\bd\.?\s?o\.?\s?s\b\.?|\bdates?\s+of\s+services?\b|\bservice\s+dates?\b)"
    rf"[^0-9a-z]{{0,4}}(?:(?:of|on|is|was|from|between)\s+)?(?P<date>{DATE_PATTERN})",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:performed|provided|dispensed|rendered|administered|given|received|completed|done)\s+"
    rf"(?:(?:on|from|between)\s+)?(?:dos:?\s*)?(?P<date>{DATE_PATTERN})",
    re.IGNORECASE,
)
_ANY_DATE = re.compile(rf"(?<![\d/.-])(?P<date>{DATE_PATTERN})", re.IGNORECASE)
# A date that these words introduce or follow is that of a paper or of something else.
_OTHER_DATE_BEFORE = re.compile(
    r"(?:\b(?:per|dated?|rfa|order(?:ed)?|prescri\w+|request(?:ed)?|report|note|injury|doi|until"
    r"|surgery(?:\s+(?:of|on))?|authorized|date\s+of\s+\w+)(?:\s+(?:on|of|the))?\W*)$",
    re.IGNORECASE,
)
_OTHER_DATE_BEHIND = re.compile(
    r"\W*(?:order|rfa|report|request|prescription|note|surgery)\b", re.IGNORECASE
)


def find_retrospective(item: str) -> tuple[bool, Found[date] | None]:
    """Tell whether an item is a retrospective request and find its date of service.

    An item is retrospective where it says so: by that word, or by saying that
    the service was given on a date. A bare "DOS: 9/9/2015" gives the date and
    no more, for it is also printed on requests for what is to come.

    Parameters
    ----------
    item
        The text of one disputed item.

    Returns
    -------
    tuple of bool and Found or None
        The first date of a range or list; None where none is given or the
        numbers are no date.
    """
    retrospective = _RETROSPECTIVE.search(item) is not None
    if not any(char.isdigit() for char in item):
        return retrospective, None
    given = _GIVEN.search(item)
    match = _SERVICE_DATE.search(item) or given
    if match is None and retrospective:
        match = _undeclared(item)
    return retrospective or given is not None, _found(match) if match else None


def _undeclared(item: str) -> re.Match[str] | None:
    """Find the date of a retrospective request that no word introduces."""
    for match in _ANY_DATE.finditer(item):
        before = item[max(0, match.start() - 40) : match.start()]
        if _OTHER_DATE_BEFORE.search(before) or _OTHER_DATE_BEHIND.match(item, match.end()):
            continue
        return match
    return None


def _found(match: re.Match[str]) -> Found[date] | None:
    value = parse_date(match["date"])
    if value is None:
        return None
    return Found(value, match.start("date"), match.end("date"), match["date"])

"""The visits that an item asks for, stated or one multiplication away."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from imr_nlp.components.items.body_parts import find_body_parts
from imr_nlp.components.items.found import Found
from imr_nlp.components.items.numbers import find_counts
from imr_nlp.components.items.services import is_company, scan_services
from imr_nlp.components.items.statements import Statement, read_statements
from imr_nlp.components.items.vocabulary import fold

_SEPARATOR = re.compile(r"(?:,|;|&|\+|\band\b|\bplus\b)(?P<rest>[^,;&+]*)$")
_SEQUEL = re.compile(r"\+|\bthen\b|\bfollowed by\b|\bafter that\b")
_LINK = re.compile(r"[,;&+]|\b(?:and|with|plus)\b")
_LAST_LINK = re.compile(rf"(?:{_LINK.pattern})\s?(?P<name>[^,;&+#]{{0,60}})#$")
_EACH = re.compile(r"\W{0,3}(?:visits?|sessions?|treatments?)?\s?each\b")
_HOURS = re.compile(r"\b(?:hours?|hrs?)\s?(?:a|per|/|each|every)?\s?(?:day|daily|week|visit|shift)")
_DOSAGE = re.compile(
    r"\d ?(?:mg|mcg|ml|gms?|grams?|cc|%)(?![a-z])|\b(?:tab(?:let)?s?|cap(?:sule)?s?|cream)\b"
)

# An "evaluation" or a "unit" on the way does not take the count from its service.
_DECIDING = ("service", "provider", "drug_form")
_FAR = 200
_ORDER = ("total", "visits", "bracket", "product", "bare")


class _Service(NamedTuple):
    start: int
    end: int
    visits: str
    name: bool


def find_sessions(item: str) -> Found[int] | None:
    """Find the total of visits or sessions that an item asks for.

    Parameters
    ----------
    item
        The text of one disputed item.

    Returns
    -------
    Found or None
        The upper end where a range is stated; the sum where several services
        have each their own count. The offsets reach from the first statement
        to the end of the last one that counted. None where no count is stated,
        or only a duration, hours, days, or the quantity of a drug or device.
    """
    text = fold(item)
    counts = find_counts(text)
    services = [
        _Service(hit.start, hit.end, hit.service.visits, hit.service.mention)
        for hit in scan_services(text)
        if (hit.service.role in _DECIDING or hit.service.visits)
        and not is_company(text, hit.start, hit.end)
    ]
    dosage = _DOSAGE.search(text)
    drug = dosage.start() if dosage else len(text)
    hours = _HOURS.search(text) is not None
    counted = [service.start for service in services if service.visits == "any"]
    statements = [
        statement
        for statement in read_statements(text, counts, counted)
        if _is_of_visits(statement, text, services, drug)
        and not (hours and statement.kind == "product")
    ]
    if not statements:
        return None
    groups = _groups(text, statements, services)
    total = sum(_value(text, group, services) for group in groups)
    start, end = statements[0].start, max(statement.end for statement in statements)
    return Found(total, start, end, item[start:end])


def _is_of_visits(statement: Statement, text: str, services: list[_Service], drug: int) -> bool:
    """Tell whether a statement counts visits: ask the service that it stands behind.

    `drug` is the place of the first dosage, the end of the text where there is none.
    """
    if statement.kind in ("total", "visits"):
        return True
    before = bisect_left(services, (statement.start,))
    if not services:
        return statement.kind == "product" and drug == len(text)
    service = services[max(0, before - 1)]
    if statement.kind in ("product", "bracket"):
        return service.visits != "" and drug >= statement.start
    if not before:
        return service.visits == "any" and not _LINK.search(text, statement.end, service.start)
    return service.visits == "any" and not _of_another(text[service.end : statement.start])


def _of_another(between: str) -> bool:
    """Tell whether something else is named last before a number ("visit and Norco #90")."""
    name = _LAST_LINK.search(between)
    if name is None or name["name"].isspace() or not name["name"]:
        return False
    return not (find_body_parts(name["name"]) or scan_services(name["name"]))


def _groups(
    text: str, statements: list[Statement], services: list[_Service]
) -> list[list[Statement]]:
    """Put together what restates one count ("12 sessions, 2 times a week for 6 weeks")."""
    groups = [[statements[0]]]
    for statement in statements[1:]:
        last = groups[-1][-1].end
        if _begins_another(text, last, statement, services):
            groups.append([statement])
        else:
            groups[-1].append(statement)
    return groups


def _begins_another(text: str, last: int, statement: Statement, services: list[_Service]) -> bool:
    between = text[max(last, statement.start - _FAR) : statement.start]
    if _SEQUEL.search(between):
        return True
    separator = _SEPARATOR.search(between)
    if separator is None or statement.kind == "bracket":
        return False
    begin = statement.start - len(between) + separator.start()
    first = bisect_left(services, (begin,))
    named = any(
        service.name and service.visits == "any"
        for service in services[first : bisect_left(services, (statement.end,))]
    )
    return named or (
        statement.kind in ("visits", "product")
        and separator["rest"].strip() == ""
        and separator.group()[0] != ","
    )


def _value(text: str, group: list[Statement], services: list[_Service]) -> int:
    """Give the count of a group: a stated total before a product before the rest."""
    best = min(group, key=lambda statement: _ORDER.index(statement.kind))
    if _EACH.match(text, best.end):
        names = {text[s.start : s.end] for s in services if s.name and s.visits == "any"}
        return best.value * max(1, len(names))
    return best.value

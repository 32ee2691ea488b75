"""What the counts of an item state: a total, visits, a frequency for a time.

Each count is read with the words around it. "2 times a week" is a frequency,
"for 4 weeks" a duration, "2 x 6" a product, "12 sessions" visits, "#8" a bare
number of which the service decides whether it counts visits.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import NamedTuple

from imr_nlp.components.items.numbers import Count

_NOUN = r"(?:sessions?|visits?|treatments?|appointments?|follow[\s-]?ups?|txs?)(?![a-z])"
_FREQUENCY = re.compile(
    r"\s?-?\s?(?P<how>times?|x's|x|visits?|sessions?|treatments?|appointments?|days?)?\s?"
    r"(?P<link>(?:per|a|each|every|in a|/|x)\s?)?\s?(?P<unit>week|wk|month|mo|day)"
    r"(?:(?P<ly>ly)|s)?(?![a-z])"
)
_DAILY = re.compile(r"\s?(?:x|times?)?\s?daily(?![a-z])")
_EVERY = re.compile(
    r"(?<![\w-])(?:weekly|every week|each week|monthly|every month|each month|daily|every day)"
    r"(?![a-z])"
)
_DURATION = re.compile(r"\s?-?\s?(?P<unit>week|wk|month|mo|day)s?(?![a-z])")
_NO_DURATION_BEFORE = re.compile(r"\b(?:every|in|q|each|after)\s?$")
_TIMES = re.compile(r"\s?(?:x|times|time|by)\s?")
_TIMES_BEFORE = re.compile(r"\s?,?\s?(?:x|times|for)\s?")
_NO_GAP = (
    r"(?:hours?|hrs?|minutes?|mins?|days?|weeks?|wks?|months?|years?|times?|x|levels?|units?|mg|ml"
    r"|areas?|views?|per|every|each|refills?|tablets?|in|for|over|within|wk|a|w|and|with|plus)"
)
_VISITS = re.compile(rf"(?:\s?-\s?|\s?)(?:(?!{_NO_GAP}(?![a-z]))[a-z][a-z'&/-]*,?\s){{0,6}}{_NOUN}")
_PER_TIME = re.compile(
    r"\s?(?:(?:per|a|each|every|/|x)\s?)(?P<unit>week|wk|month|day)(?![a-z])"
    r"|\s?(?P<unit_ly>week|month|dai)ly(?![a-z])"
)
_LABEL_BEFORE = re.compile(
    r"\b(?:level|phase|grade|stage|type|cpt|icd|code|step|age|version)\s?[#:]?\s?$"
)
_TOTAL_BEFORE = re.compile(r"(?:=|total(?:\sof|ing)?\s?:?)\s?$")
_IN_BRACKET = re.compile(rf"\s?(?:total\s)?(?P<noun>{_NOUN})?(?:\stotal)?\s?\)")
_SIGN_BEFORE = re.compile(
    rf"(?:#|(?<![a-z])(?:x|times|qty|quantity|number|no)\s?[:.=]?|{_NOUN}\s?[,:;-]?)\s?$"
)
_MORE = re.compile(
    r"\s(?:(?:additional|more|further|extra|initial|supervised|outpatient|follow[\s-]up"
    r"|post[\s-]?op(?:erative)?|post[\s-]?surgical)\s){0,3}$"
)
_UNIT_BEHIND = re.compile(
    r"\s?-?\s?(?:(?:mg|mcg|ml|gms?|g|grams?|cc|%|cm|mm|inch(?:es)?|ft|tesla|hours?|hrs?|hr|minutes?"
    r"|mins?|days?|weeks?|wks?|months?|mos?|years?|yrs?|levels?|units?|views?|leads?|tab(?:let)?s?"
    r"|cap(?:sule)?s?|pills?|refills?|box(?:es)?|pairs?|areas?|regions?|extremit\w+|joints?|sites?"
    r"|injections?|body|(?:times|x)(?!\W*$)|per|a|parts?|series|packs?|sets?)(?![a-z])|[/'\"])"
)
_END = re.compile(r"(?:\s?(?:times|x))?\W*$")
_DAYS_IN = {"week": 7, "day": 1}
_NEAR = 60


class Statement(NamedTuple):
    """A count of what may be visits.

    `kind` is "total" (said to be one), "visits" (with that noun), "bracket"
    (a bare number in brackets), "product" or "bare"; offsets are half-open.
    """

    value: int
    start: int
    end: int
    kind: str


class _Rate(NamedTuple):
    value: int
    unit: str
    start: int
    end: int


def read_statements(text: str, counts: list[Count], visits: list[int]) -> list[Statement]:
    """Read the counts of a text.

    Parameters
    ----------
    text
        A text that `fold` gave.
    counts
        Its counts.
    visits
        The places where a service begins that is counted in visits.

    Returns
    -------
    list of Statement
        In order of the text. Whether the visits are visits of the service in
        dispute is not asked here.
    """
    rates: list[_Rate] = []
    durations: list[_Rate] = []
    statements: list[Statement] = []
    rest: list[Count] = []
    behind = 0
    for place, count in enumerate(counts):
        if count.start < behind:
            continue
        following = counts[place + 1] if place + 1 < len(counts) else None
        if product := _product(text, count, following):
            statements.append(product)
            behind = product.end
        elif rate := _rate(text, count):
            rates.append(rate)
        elif duration := _duration(text, count):
            durations.append(duration)
        else:
            rest.append(count)
    rates = sorted([*rates, *_unnumbered(text, rates)], key=lambda rate: rate.start)
    multiplied, used = _multiply(text, rates, durations, rest)
    statements += multiplied
    for count in rest:
        if count.start not in used and (single := _single(text, count, visits)):
            statements.append(single)
    return sorted(statements, key=lambda statement: statement.start)


def _product(text: str, count: Count, following: Count | None) -> Statement | None:
    """Read "2 x 6", "two times four visits", "2 times 6 weeks"."""
    if following is None or not _TIMES.fullmatch(text, count.end, following.start):
        return None
    weeks = _DURATION.match(text, following.end)
    if not (weeks and _unit(weeks["unit"]) == "week") and _UNIT_BEHIND.match(text, following.end):
        return None
    return Statement(count.value * following.value, count.start, following.end, "product")


def _rate(text: str, count: Count) -> _Rate | None:
    """Read "2 times a week", "3x/wk", "twice weekly", "3 PT visits per week"."""
    if match := _FREQUENCY.match(text, count.end):
        how, link, monthly = match["how"] or "", match["link"], match["ly"]
        if link or monthly or how in ("x", "x's", "time", "times"):
            if monthly and not how and count.value > 5 and _VISITS.match(text, match.end()):
                return None
            return _Rate(count.value, _unit(match["unit"]), count.start, match.end())
    if match := _DAILY.match(text, count.end):
        return _Rate(count.value, "day", count.start, match.end())
    visits = _VISITS.match(text, count.end)
    if visits and (match := _PER_TIME.match(text, visits.end())):
        unit = _unit(match["unit"] or match["unit_ly"])
        return _Rate(count.value, unit, count.start, match.end())
    return None


def _unit(word: str) -> str:
    return {"wk": "week", "mo": "month", "dai": "day"}.get(word, word)


def _unnumbered(text: str, rates: list[_Rate]) -> list[_Rate]:
    """Read "weekly", "every month", "daily" that stand without a count."""
    found = []
    ends = [rate.end for rate in rates]
    for match in _EVERY.finditer(text):
        place = bisect_right(ends, match.start())
        if place == len(rates) or match.start() < rates[place].start:
            word = match.group()
            unit = "week" if "week" in word else "month" if "month" in word else "day"
            found.append(_Rate(1, unit, match.start(), match.end()))
    return found


def _duration(text: str, count: Count) -> _Rate | None:
    match = _DURATION.match(text, count.end)
    if match is None or _NO_DURATION_BEFORE.search(text, max(0, count.start - 8), count.start):
        return None
    return _Rate(count.value, _unit(match["unit"]), count.start, match.end())


def _multiply(
    text: str, rates: list[_Rate], durations: list[_Rate], rest: list[Count]
) -> tuple[list[Statement], set[int]]:
    """Give each frequency the time for which it is asked."""
    statements = []
    used: set[int] = set()
    begins = [duration.start for duration in durations]
    bare_begins = [count.start for count in rest]
    earlier = 0
    for place, rate in enumerate(rates):
        limit = rates[place + 1].start if place + 1 < len(rates) else len(text)
        duration = _between(durations, begins, rate.end, limit)
        place_of_bare = bisect_left(bare_begins, rate.end)
        if place_of_bare < len(rest) and _is_time(text, rate, rest[place_of_bare]):
            bare = rest[place_of_bare]
            duration = _Rate(bare.value, rate.unit, bare.start, bare.end)
            used.add(bare.start)
        duration = duration or _between(durations, begins, earlier, rate.start)
        earlier = rate.end
        if duration and (statement := _times(rate, duration)):
            statements.append(statement)
    if not rates:
        statements = [
            Statement(first.value * second.value, first.start, second.end, "product")
            for first, second in pairwise(durations)
            if first.unit == second.unit and _TIMES.fullmatch(text, first.end, second.start)
        ]
    return statements, used


def _between(rates: list[_Rate], begins: list[int], start: int, limit: int) -> _Rate | None:
    """Give the first that begins between two places; `begins` holds their starts."""
    place = bisect_left(begins, start)
    return rates[place] if place < len(rates) and rates[place].start < limit else None


def _is_time(text: str, rate: _Rate, count: Count) -> bool:
    """Tell whether a bare count is the time of the frequency before it ("weekly x 6")."""
    if not _TIMES_BEFORE.fullmatch(text, rate.end, count.start):
        return False
    return not (_VISITS.match(text, count.end) or _UNIT_BEHIND.match(text, count.end))


def _times(rate: _Rate, duration: _Rate) -> Statement | None:
    """Multiply where no calendar is needed; more than one visit a day is none."""
    start, end = min(rate.start, duration.start), max(rate.end, duration.end)
    if max(rate.start, duration.start) - min(rate.end, duration.end) > _NEAR:
        return None
    if rate.unit == "day":
        days = _DAYS_IN.get(duration.unit)
        if days is None or rate.value != 1:
            return None
        return Statement(duration.value * days, start, end, "product")
    if rate.unit != duration.unit:
        return None
    return Statement(rate.value * duration.value, start, end, "product")


def _single(text: str, count: Count, visits: list[int]) -> Statement | None:
    """Read a count that is no part of a multiplication."""
    value, start, end, bracketed = count
    before = text[max(0, start - 16) : start]
    if _LABEL_BEFORE.search(before):
        return None
    if noun := _VISITS.match(text, end):
        total = before.endswith("(") or _TOTAL_BEFORE.search(before)
        return Statement(value, start, noun.end(), "total" if total else "visits")
    if _UNIT_BEHIND.match(text, end):
        return None
    if _TOTAL_BEFORE.search(before):
        return Statement(value, start, end, "total")
    if bracketed or (before.endswith("(") and _IN_BRACKET.match(text, end)):
        return Statement(value, start, end, "bracket")
    if any(end < place and _MORE.fullmatch(text, end, place) for place in visits):
        return Statement(value, start, end, "visits")
    if _SIGN_BEFORE.search(before) or (before.strip() and _END.match(text, end)):
        return Statement(value, start, end, "bare")
    return None

"""The date of injury as the case summary states it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice

from imr_nlp.components.dates import DATE_PATTERN, parse_date
from imr_nlp.components.summary.place import Place

_DATE = re.compile(DATE_PATTERN, re.IGNORECASE)
# Where a date can begin. Each begins with a set of characters, which the engine skips to.
_DATE_STARTS = (
    re.compile(r"\d{1,4}(?=\s?[/.-]\s?\d|(?:st|nd|rd|th)?\s[A-Z][A-Za-z]{2})"),
    re.compile(r"[JFMASOND][A-Za-z]{2,8}\.?\s\d"),
)
_REACH = 110
"""How far, in characters, the words that make a date the date of injury can stand from it."""

# Read backwards from the date: each pattern ends at it.
_LABEL = re.compile(
    r"[DdIi](?<!\w\w)(?:ates?\sof\s(?:the\s|an?\s)?(?:\w{1,12}\s){0,2}?(?i:injury|accident|loss|onset)"
    r"|\.?[Oo]\.?[Ii]\.?(?!\w)|/[Oo]/[Ii]|njury\s[Dd]ate|ATES?\sOF\sINJURY|NJURY\sDATE)"
    r"(?:[\s,:=(-]{1,3}(?:\(?DOI\)?|is|was|of|on|from|dated|reported|listed|given|noted|stated"
    r"|documented|recorded|as|being|to\sbe|the|occurring|occurred)\b\)?){0,5}[\s,:=(-]{0,4}"
)
_EVENT = (
    r"(?:injur(?:y|ies|ed|ing)|accident|incident|hurt|traumas?|claim|onset|fell|fall|slipped"
    r"|twisted|strained|sprained|exposed|exposure|assaulted|attacked|struck|hit|crushed|burned"
    r"|happened|occurred|robbed|robbery|collision|crash|claimed|sustained|suffered|became\sill"
    r"|event|slid|tripped|stumbled|tumbled|jumped|landed|thrown|rear-ended|kicked|bit|bitten|pinned"
    r"|knocked|run\sover|ran\sover|gave\s(?:out|way))"
)
_NEAR_EVENT = re.compile(
    rf"\b{_EVENT}\b(?P<gap>[^.;]{{0,70}}?)"
    r"(?:\b(?:on|of|from|dated?|since|to|in|through|between|until|beginning|around|about|as|took"
    r"\splace|back|by)[\s:(]{1,3}(?:or\sabout\s|the\s|approximately\s)?|[\s:,(-]{1,3})\Z",
    re.IGNORECASE,
)
_FOLLOWED = re.compile(
    r"\s?(?:\(?(?:DOI|date\sof\s(?:injury|loss))\b"
    r"|(?:(?!(?:after|before|since|following|from|for|of|to|due|prior)\b)[\w-]{1,14}\s){0,2}?"
    r"(?:injury|accident)\b(?!\sreport))",
    re.IGNORECASE,
)
_EVENT_AFTER = re.compile(
    rf"[,\s](?:[^.;]{{0,90}}?)\b(?:{_EVENT}|felt|developed|caught|lifting|lifted|noticed|cut"
    r"|experienced|injury)\b",
    re.IGNORECASE,
)
_ANOTHER_INJURY = re.compile(
    r"\b(?:reports?\sof\s(?:\w{1,15}\s){0,2}?injury|re-?injur\w+|(?:prior|previous|second|earlier"
    r"|new|subsequent|non-?industrial)\s(?:\w{1,15}\s){0,2}?(?:injury|accident))\b[^.;]*\Z",
    re.IGNORECASE,
)
# Dates that can stand near the word "injury" and are something else.
_OTHER_DATE = re.compile(
    r"\b(?:seen|evaluat\w+|examin(?:ed|ations?|ing)|report|note|notes|visit|requested|request\sfor|denied|surgery"
    r"|underwent|undergone|MRI|x-?rays?|review|treated|presented|prescribed|injections?|injected"
    r"|performed|diagnosed|received|signed|certified|RFA|form|progress|determination|exam"
    r"|returned|complained|consultation)\b",
    re.IGNORECASE,
)
_OTHER_AFTER = re.compile(
    r"[\s,(]{1,2}(?:[\w'-]{1,20}\s){0,2}?(?:reports?|notes?|visit|office|evaluation|exam\w*|MRI|x-?rays?"
    r"|requests?|RFA|UR|letter|determination|form|consultation|progress|date\sof\sservice|review"
    r"|surgery)\b",
    re.IGNORECASE,
)
# "A clerk of a gas station when, on 2/8/2013, two men came in": the event has no word of its own.
_WHEN = re.compile(r"\bwhen,?\s(?:on\s)?\Z", re.IGNORECASE)
# The last resort: a date in an early sentence that is about the worker.
_EARLY = 700
_ABOUT_WORKER = re.compile(
    r"\b(?:year|yr|years|patient|worker|employee|applicant|claimant|male|female|man|woman|he|she)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.;]\s")
_ON = re.compile(r"\s*(?:On|In)\s(?:\w{1,10}\s){0,4}\Z")
_WORKER_AFTER = re.compile(
    r"[^.;]{0,80}?\b(?:he|she|him|her|his|patient|worker|employee|applicant|claimant"
    r"|man|woman|male|female|year[-\s]old)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\s?(?:(?P<range>-|\u2013|to|through|thru|until)|,?\sand)\s?\Z", re.IGNORECASE)


def find_injury_date(
    text: str, start: int, end: int, *, header: Mapping[str, date]
) -> Place[date] | None:
    """Find the date of injury in the case summary `text[start:end]`.

    A date that is called the date of injury comes before one that stands
    beside a word for the event; that comes before one with which a sentence
    about the event begins; the last resort is an early date in a sentence that
    is about the worker and about no other event. What the header says is not
    copied: it resolves two-digit years, and it chooses between the two ends of
    a period of cumulative trauma (the last day, where it says nothing).

    Parameters
    ----------
    text, start, end
        The readable text and the span of the case summary in it.
    header
        Dates that the header block states, by field name; can be empty.
    """
    dates = _dates(text, start, end)
    best = _labelled(text, start, end, dates)
    if best is None:
        ranks = ((_rank(text, start, end, match), place) for place, match in enumerate(dates))
        best = _first_of_best(ranks)
    if best is None:
        return None
    first = dates[best]
    others = dates[best + 1 : best + 2]
    joined = [_NEXT.match(text[first.end() : match.start()]) for match in others]
    period = [first, *(match for match, joint in zip(others, joined, strict=True) if joint)]
    places = [
        Place(day, *match.span())
        for match in period
        if (day := _day(match.group(), header)) is not None
    ]
    stated = header.get("date_of_injury")
    for place in places:
        if place.value == stated:
            return place
    if not places:
        return None
    return places[-1] if any(joint and joint["range"] for joint in joined) else places[0]


def _dates(text: str, start: int, end: int) -> list[re.Match[str]]:
    starts = sorted(
        match.start() for starts in _DATE_STARTS for match in starts.finditer(text, start, end)
    )
    found: list[re.Match[str]] = []
    for place in starts:
        if place and (text[place - 1].isalnum() or text[place - 1] in "/."):
            continue
        if (match := _DATE.match(text, place, end)) and not (found and place < found[-1].end()):
            found.append(match)
    return found


def _labelled(text: str, start: int, end: int, dates: list[re.Match[str]]) -> int | None:
    """Find the date that is called the date of injury: "DOI 3/4/12", "a 3/4/12 injury"."""
    by_start = {match.start(): place for place, match in enumerate(dates)}
    named = [
        by_start[label.end()]
        for label in _LABEL.finditer(text, start, end)
        if label.end() in by_start
    ]
    followed = (
        place for place, match in enumerate(dates) if _FOLLOWED.match(text, match.end(), end)
    )
    return min([*named[:1], *islice(followed, 1)], default=None)


def _first_of_best(ranks: Iterable[tuple[int | None, int]]) -> int | None:
    best: tuple[int, int] | None = None
    for rank, place in ranks:
        if rank is not None and (best is None or rank < best[0]):
            best = rank, place
            if rank == 1:
                break
    return best[1] if best else None


def _rank(text: str, start: int, end: int, match: re.Match[str]) -> int | None:
    """Say how well a date is placed for a date of injury; 1 is best."""
    before = text[max(start, match.start() - _REACH) : match.start()]
    sentence = _SENTENCE_END.split(before)[-1]
    near = _NEAR_EVENT.search(sentence)
    # "was injured on 7/4/2013, and had surgery": what follows is another event.
    beside = near is not None and not near["gap"].strip()
    if _ANOTHER_INJURY.search(sentence):
        return None
    if not beside and _OTHER_AFTER.match(text, match.end(), end):
        return None
    if near:
        if not _OTHER_DATE.search(sentence, max(0, near.start() - 35)):
            return 1
        return 3 if not _OTHER_DATE.search(near["gap"]) else None
    if _OTHER_DATE.search(sentence):
        return None
    after = min(end, match.end() + _REACH)
    early = match.start() - start < _EARLY
    if early and _WHEN.search(sentence):
        return 1
    if _EVENT_AFTER.match(text, match.end(), after):
        return 2 if early else 5
    if not early:
        return None
    if _ABOUT_WORKER.search(sentence):
        return 4
    # "On 2/24/2010 a drum rolled over his foot."
    following = _SENTENCE_END.split(text[match.end() : after], maxsplit=1)[0]
    on = _ON.match(sentence) and _WORKER_AFTER.match(following)
    return 4 if on and not _OTHER_DATE.search(following) else None


def _day(words: str, header: Mapping[str, date]) -> date | None:
    """Read a date; nobody was injured after the letter, or eighty years before it."""
    latest = max(header.values(), default=None)
    day = parse_date(words, latest=latest)
    if day is not None and latest is not None and latest.year - day.year > 80:
        return parse_date(words)
    return day

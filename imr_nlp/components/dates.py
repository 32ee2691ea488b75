"""Dates as the letters print them."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
DATE_PATTERN = (
    r"(?:\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:\d{4}|\d{2})(?!\d)"
    r"|\d{4}-\d{2}-\d{2}(?!\d)"
    rf"|{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s?\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}\.?,?\s\d{{4}})"
)
"""Matches a full date: "10-25-2016", "10/25/16", "October 25, 2016", "2016-10-25"."""

_NUMERIC = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})\Z")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")
_NAMED = re.compile(
    rf"(?:(?P<day_first>\d{{1,2}})(?:st|nd|rd|th)?\s)?(?P<month>{_MONTH})\.?,?\s"
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s?)?(?P<year>\d{4})\Z",
    re.IGNORECASE,
)


def parse_date(text: str, *, latest: date | None = None) -> date | None:
    """Read a date, month first.

    Parameters
    ----------
    text
        A string that `DATE_PATTERN` matches.
    latest
        A two-digit year is the last one that does not lie after this date;
        without it, years up to 49 are 20xx.

    Returns
    -------
    date or None
        None where the numbers are no date ("02-31-2016").
    """
    text = " ".join(text.split())
    if match := _NUMERIC.match(text):
        month, day, year = (int(part) for part in match.groups())
        return _date(_century(year, latest), month, day)
    if match := _ISO.match(text):
        year, month, day = (int(part) for part in match.groups())
        return _date(year, month, day)
    if match := _NAMED.match(text):
        day_text = match["day"] or match["day_first"]
        if day_text:
            return _date(int(match["year"]), _MONTHS[match["month"].lower()], int(day_text))
    return None


def _century(year: int, latest: date | None) -> int:
    if year >= 100:
        return year
    if latest is not None:
        return 2000 + year if 2000 + year <= latest.year else 1900 + year
    return 2000 + year if year < 50 else 1900 + year


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

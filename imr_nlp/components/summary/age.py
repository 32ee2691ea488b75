"""The worker's age."""

from __future__ import annotations

import re

from imr_nlp.components.summary.place import Place

_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS = {
    **{word: number for number, word in enumerate(_TEENS, start=10)},
    **{word: number for number, word in zip(range(20, 100, 10), _TENS, strict=True)},
    **{
        f"{tens} {ones}": ten + one
        for ten, tens in zip(range(20, 100, 10), _TENS, strict=True)
        for one, ones in enumerate(_ONES, start=1)
    },
}
_YOUNGEST, _OLDEST = 14, 99

_NUMBER = (
    rf"(?:\d{{2}}|(?:{'|'.join(_TENS)})(?:[-\s]{{1,2}}(?:{'|'.join(_ONES)}))?|{'|'.join(_TEENS)})"
)
PERSON = (
    r"(?:patient|worker|claimant|applicant|employee|individual|person|IW|male|female|man|woman"
    r"|gentleman|lady)"
)
KIN = (
    r"(?:wife|husband|spouse|partner|fianc\w+|(?:step|grand)?(?:son|daughter|mother|father|child"
    r"|children|sons|daughters)|parents?|brothers?|sisters?|siblings?|boy|girl|kids?|infant|baby"
    r"|co-?worker|caregiver|other\s(?:driver|party|person|motorist)|assailant|QME|AME)"
)
# "A meat cutter of 42", "the claimant, a clerk of 42 years".
_TRADE = (
    rf"(?:(?<=,\s)an?|(?-i:An?))\s(?:(?!(?:{KIN}|history|injury|course|period|total|career|score)\b)"
    r"[\w-]{2,15}\s){1,3}?"
)
_OLD = (
    r"(?:\s?[-\u2013]?\s?(?:years?|yrs?)\.?(?:\s?(?:&|and)?\s?\d{1,2}\smonths?)?\s?[-\u2013]?\s?old\b"
    r"|\s?[-\u2013]?\s?(?:y\.\s?o\.|(?:y\s?/\s?o|y\.o|yo|yr/old)\b)|\s?(?:years?|yrs?)\.?\sof\sage\b)"
)
# Most ages; the engine skips from digit to digit, so this is tried first.
_FIGURES = re.compile(rf"(?P<old>\d\d)(?<![\w./]\d\d){_OLD}", re.IGNORECASE)
_AGE = re.compile(
    rf"(?<![\w./])(?:(?P<old>{_NUMBER}){_OLD}"
    rf"|age[d:]?\s?(?:of\s|is\s|was\s|:\s?)?(?P<aged>{_NUMBER})\b(?!\s?(?:%|/|-\s?\d))"
    rf"|{PERSON}\sof\s(?P<of>{_NUMBER})(?!\s?(?:%|/|-|pounds|lbs))"
    rf"|{PERSON},\s(?:now\s)?(?P<apposed>{_NUMBER})(?:,|\sand\s)"
    rf"|(?:{PERSON}(?:,\swho)?|he|she)\s(?:is|was)\s(?:now\s|currently\s)?(?P<said>{_NUMBER})"
    r"(?=\sand\s|[.,;](?:\s|\Z))"
    rf"|{_TRADE}of\s(?P<trade>{_NUMBER})(?:\syears)?(?=,|\s(?:had|has|was|is|who|whose|with)\b)"
    r"|(?:Mr|Ms|Mrs)\.\s[A-Z]\w{0,20}\.?,\s(?P<titled>\d\d),)",
    re.IGNORECASE,
)
# A limit, a past age, or somebody else: "over 50 years of age", "when he was 20 years old".
_NOT_NOW = re.compile(
    r"(?:\b(?:over|above|under|below|than|least|most|until|before|after|since|when|by|between"
    r"|exceeding|at|from|to|for|approximately\sage|(?:when|while|time)\s(?:he|she|they)\s(?:was|were))"
    r"\s(?:the\s)?(?:age\sof\s)?|[<>\u2264\u2265]\s?)\Z",
    re.IGNORECASE,
)
_OF_KIN = re.compile(rf"\b{KIN}(?:'s)?\b[^.;]{{0,20}}\Z", re.IGNORECASE)
_OLD_THING = re.compile(
    rf"[\s-]{{0,3}}(?:(?!(?:and|the|with|who|whose|reported|{PERSON})\b)[\w-]{{1,15}}\s){{0,2}}?(?:{KIN}|injur(?:y|ies)|claim|MRI|x-?rays?|scan|films?"
    r"|study|report|fracture|tear|scar|surgery|fusion|hardware|brace|unit|device|mattress|car"
    r"|vehicle|house|or\s(?:older|younger|over|above))\b",
    re.IGNORECASE,
)
_ABOUT_WORKER = re.compile(
    rf"(?:\b{PERSON}\b[^.;]{{0,30}}|\b(?:he|she|this|now|an?|is|concerns|involves|describes"
    r"|Mr\.|Ms\.|Mrs\.|case)\W{1,3}(?:\(n\)\s)?)\Z",
    re.IGNORECASE,
)
SEX_AFTER = re.compile(
    r"(?:[\s,(]{1,2}(?!who\b|that\b|was\b|were\b|whose\b|with\b|had\b|injured\b)[\w/.-]{1,20}"
    r"(?<![.])){0,4}?[\s,(-]{1,2}(?P<sex>female|male|woman|man|gentleman|lady|(?-i:[MF])(?![\w./-]))",
    re.IGNORECASE,
)


def find_age(text: str, start: int, end: int) -> Place[int] | None:
    """Find the worker's age in `text[start:end]`.

    Ages of others, limits ("over 50 years of age") and ages of things ("his
    10 year old MRI") are passed over. The first age that is said of the worker
    wins; failing that, the first age.

    Returns
    -------
    Place of int, or None
        The age in years; the place is that of the whole expression.
    """
    first: Place[int] | None = None
    for pattern in (_FIGURES, _AGE):
        for match in pattern.finditer(text, start, end):
            age = _number(match[match.lastgroup or 0])
            before = text[max(start, match.start() - 45) : match.start()]
            if not _YOUNGEST <= age <= _OLDEST or _is_another(text, match, before, end):
                continue
            place = Place(age, *match.span())
            if SEX_AFTER.match(text, match.end(), end) or _ABOUT_WORKER.search(before):
                return place
            if first is None or place.start < first.start:
                first = place
    return first


def _is_another(text: str, match: re.Match[str], before: str, end: int) -> bool:
    """Tell whether an age is a limit, a past age, or that of somebody or something else."""
    past = match.lastgroup in {"old", "aged"} and _NOT_NOW.search(before) is not None
    return (
        past
        or _OF_KIN.search(before) is not None
        or _OLD_THING.match(text, match.end(), end) is not None
    )


def _number(words: str) -> int:
    if words.isdecimal():
        return int(words)
    return _NUMBERS[" ".join(words.lower().replace("-", " ").split())]

"""The worker's age and sex."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
_PERSON = (
    r"(?:patient|worker|claimant|applicant|employee|individual|person|IW|male|female|man|woman"
    r"|gentleman|lady)"
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
    rf"|{_PERSON}\sof\s(?P<of>\d\d)(?!\s?(?:%|/|-|pounds|lbs))"
    rf"|{_PERSON},\s(?P<apposed>\d\d),"
    rf"|(?:{_PERSON}|he|she)\s(?:is|was)\s(?:now\s|currently\s)?(?P<said>\d\d)"
    r"(?=\sand\s|[.,;](?:\s|\Z))"
    r"|(?:Mr|Ms|Mrs)\.\s[A-Z]\w{0,20}\.?,\s(?P<titled>\d\d),)",
    re.IGNORECASE,
)
_KIN = (
    r"(?:wife|husband|spouse|partner|fianc\w+|(?:step|grand)?(?:son|daughter|mother|father|child"
    r"|children|sons|daughters)|parents?|brothers?|sisters?|siblings?|boy|girl|kids?|infant|baby"
    r"|co-?worker|caregiver|other\s(?:driver|party|person|motorist)|assailant|QME|AME)"
)
# A limit, a past age, or somebody else: "over 50 years of age", "when he was 20 years old".
_NOT_NOW = re.compile(
    r"(?:\b(?:over|above|under|below|than|least|most|until|before|after|since|when|by|between"
    r"|exceeding|at|from|to|for|approximately\sage|(?:when|while|time)\s(?:he|she|they)\s(?:was|were))"
    r"\s(?:the\s)?(?:age\sof\s)?|[<>\u2264\u2265]\s?)\Z",
    re.IGNORECASE,
)
_OF_KIN = re.compile(rf"\b{_KIN}(?:'s)?\b[^.;]{{0,20}}\Z", re.IGNORECASE)
_OLD_THING = re.compile(
    rf"[\s-]{{0,3}}(?:(?!(?:and|the|with|who|whose|reported|{_PERSON})\b)[\w-]{{1,15}}\s){{0,2}}?(?:{_KIN}|injur(?:y|ies)|claim|MRI|x-?rays?|scan|films?"
    r"|study|report|fracture|tear|scar|surgery|fusion|hardware|brace|unit|device|mattress|car"
    r"|vehicle|house|or\s(?:older|younger|over|above))\b",
    re.IGNORECASE,
)
_ABOUT_WORKER = re.compile(
    rf"(?:\b{_PERSON}\b[^.;]{{0,30}}|\b(?:he|she|this|now|an?|is|concerns|involves|describes"
    r"|Mr\.|Ms\.|Mrs\.|case)\W{1,3}(?:\(n\)\s)?)\Z",
    re.IGNORECASE,
)
_SEX_AFTER = re.compile(
    r"(?:[\s,(]{1,2}(?!who\b|that\b|was\b|were\b|whose\b|with\b|had\b|injured\b)[\w/.-]{1,20}"
    r"(?<![.])){0,4}?[\s,(-]{1,2}(?P<sex>female|male|woman|man|gentleman|lady|(?-i:[MF])(?![\w./-]))",
    re.IGNORECASE,
)
_SEX_BEFORE = re.compile(
    r"\b(?P<sex>female|male|woman|man|gentleman|lady)\b[^.;]{0,30}\Z", re.IGNORECASE
)
_SEX_NOUN = re.compile(
    rf"\b(?P<sex>(?:fe)?male)\s(?:injured\s)?{_PERSON}\b"
    rf"|\b{_PERSON}\s(?:is|was)\s(?:an?\s)?(?:[\w-]{{1,15}}\s){{0,3}}?(?P<said>female|male|woman|man)\b"
    r"|\b(?:this|the|a)\s(?:[\w-]{1,15}\s){0,2}?(?P<gentle>gentleman|lady)\b"
    r"|\bthis\s(?:[\w-]{1,15}\s){0,2}?(?P<this>female|male|woman|man)\b"
    r"|\bis\s(?:an?\s)?(?P<copula>female|male)\b"
    r"|\bthe\s(?P<the>man|woman)\b"
    r"|\b(?:sex|gender):?\s(?:is\s)?(?P<field>female|male|F\b|M\b)"
    r"|\b(?P<title>Mr|Ms|Mrs|Miss)\.?\s(?-i:[A-Z])",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"(?P<either>\bs/he\b|\(s\)he\b"
    r"|\b(?:he|she|him|his|hers?)\s?(?:/|\bor\b|\band\b)\s?(?:he|she|him|his|hers?)\b)"
    r"|(?<![\w/])(?P<pronoun>he|she|him|his|hers?|himself|herself)(?![\w/'])",
    re.IGNORECASE,
)
_CLINICIAN = (
    r"(?:physicians?|providers?|doctors?|dr\.|surgeons?|therapists?|chiropractors?|reviewers?"
    r"|adjusters?|evaluators?|examiners?|practitioners?|podiatrists?|physiatrists?"
    r"|orthop(?:a)?edists?|dentists?|psychiatrists?|\w{3,20}ologists?)"
)
# "A 45 year old physical therapist" is the worker.
_MENTION = re.compile(
    rf"\b(?:(?P<worker>{_PERSON}|(?:years?|yrs?)[-\s]old(?:\s[\w-]{{1,20}}){{0,4}})"
    rf"|(?P<kin>{_KIN})|(?P<clinician>{_CLINICIAN}))(?:'s?|\b)",
    re.IGNORECASE,
)
_SENTENCE_START = re.compile(r"[.!?]\s+(?=[A-Z\"(])|\n")
_FEMALE = frozenset(
    ["female", "woman", "lady", "f", "ms", "mrs", "miss", "she", "her", "hers", "herself"]
)
_NOT_SUBJECT = frozenset(["his", "her", "him"])


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
            if _SEX_AFTER.match(text, match.end(), end) or _ABOUT_WORKER.search(before):
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


def find_sex(text: str, spans: Sequence[tuple[int, int]]) -> Place[str] | None:
    """Find the worker's sex.

    Parameters
    ----------
    text
        The readable text of a letter.
    spans
        Where to look, in order: the case summary first, then the rationales.
        In each a noun beside the age counts most, then a noun ("this male
        patient"), then the pronouns that are not about somebody else.

    Returns
    -------
    Place of str, or None
        "female" or "male".
    """
    for start, end in spans:
        place = _beside_age(text, start, end) or _noun(text, start, end)
        if place is None:
            place = _pronouns(text, start, end)
        if place is not None:
            return place
    return None


def _sex(word: str) -> str:
    return "female" if word.lower() in _FEMALE else "male"


def _beside_age(text: str, start: int, end: int) -> Place[str] | None:
    age = find_age(text, start, end)
    if age is None:
        return None
    match = _SEX_AFTER.match(text, age.end, end)
    if match is None:
        match = _SEX_BEFORE.search(text, max(start, age.start - 40), age.start)
    return Place(_sex(match["sex"]), *match.span("sex")) if match else None


def _noun(text: str, start: int, end: int) -> Place[str] | None:
    match = _SEX_NOUN.search(text, start, end)
    if match is None or match.lastgroup is None:
        return None
    return Place(_sex(match[match.lastgroup]), *match.span(match.lastgroup))


def _pronouns(text: str, start: int, end: int) -> Place[str] | None:
    """Let the pronouns vote; of two sexes with as many, the first one wins."""
    pronouns = list(_worker_pronouns(text, start, end))
    places = [place for place, sure in pronouns if sure] or [place for place, _ in pronouns]
    if not places:
        return None
    female = sum(place.value == "female" for place in places)
    male = len(places) - female
    if female == male:
        return places[0]
    winner = "female" if female > male else "male"
    return next(place for place in places if place.value == winner)


def _worker_pronouns(text: str, start: int, end: int) -> Iterator[tuple[Place[str], bool]]:
    """Yield pronouns, and whether they are surely about the worker.

    After somebody else's mention in the same sentence they are not, but "his"
    after a clinician's ("the surgeon noted his pain") mostly is.
    """
    other: re.Match[str] | None = None
    place = start
    for match in _PRONOUN.finditer(text, start, end):
        for mention in _MENTION.finditer(text, place, match.start()):
            other = None if mention.lastgroup == "worker" else mention
        if other is not None and _SENTENCE_START.search(text, other.end(), match.end()):
            other = None
        place = match.end()
        word = match["pronoun"]
        if word is None:
            continue
        found = Place(_sex(word), *match.span("pronoun"))
        if other is None:
            yield found, True
        elif other.lastgroup == "clinician" and word.lower() in _NOT_SUBJECT:
            yield found, False

"""The worker's sex."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from imr_nlp.components.summary.age import KIN, PERSON, SEX_AFTER, find_age
from imr_nlp.components.summary.place import Place

_SEX_BEFORE = re.compile(
    r"\b(?P<sex>female|male|woman|man|gentleman|lady)\b[^.;]{0,30}\Z", re.IGNORECASE
)
_SEX_NOUN = re.compile(
    rf"\b(?P<sex>(?:fe)?male)\s(?:injured\s)?{PERSON}\b"
    rf"|\b{PERSON}\s(?:is|was)\s(?:an?\s)?(?:[\w-]{{1,15}}\s){{0,3}}?(?P<said>female|male|woman|man)\b"
    r"|\b(?:this|the|a)\s(?:[\w-]{1,15}\s){0,2}?(?P<gentle>gentleman|lady)\b"
    r"|\bthis\s(?:[\w-]{1,15}\s){0,2}?(?P<this>female|male|woman|man)\b"
    r"|\bis\s(?:an?\s)?(?P<copula>female|male)\b"
    r"|\bthe\s(?P<the>man|woman)\b"
    r"|\b(?:sex|gender):?\s(?:is\s)?(?P<field>female|male|F\b|M\b)"
    r"|\b(?P<title>(?-i:Mr|Ms|Mrs|Miss|MR|MRS))\.?\s(?-i:[A-Z])",
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
    rf"\b(?:(?P<worker>{PERSON}|(?:years?|yrs?)[-\s]old(?:\s[\w-]{{1,20}}){{0,4}})"
    rf"|(?P<kin>{KIN})|(?P<clinician>{_CLINICIAN}))(?:'s?|\b)",
    re.IGNORECASE,
)
_SENTENCE_START = re.compile(r"[.!?]\s+(?=[A-Z\"(])|\n")
_FEMALE = frozenset(
    ["female", "woman", "lady", "f", "ms", "mrs", "miss", "she", "her", "hers", "herself"]
)
_NOT_SUBJECT = frozenset(["his", "her", "him"])


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
    match = SEX_AFTER.match(text, age.end, end)
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

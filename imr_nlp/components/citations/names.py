"""How the letters name the sources: MTUS, ACOEM, Official Disability Guidelines."""

from __future__ import annotations

import re

MTUS_NAME = re.compile(
    r"(?:the )?(?:(?:california|calif|ca|cal)\.? ?(?:state )?)?"
    r"(?:mtus\b|medical treatment utilization schedule\b)"
    r"(?: ?\(mtus\))?(?: citation\b)?:?"
)
_ACOEM = (
    r"(?:acoem(?:'s)?\b|american college of occupational (?:and|&) environmental medicine(?:'s)?\b"
    r"(?: ?\(acoem\))?)"
)
_PRACTICE = (
    r"(?: ?[,:-]? ?(?:occupational medicine(?:'s)? )?(?:practice|medical|treatment|medicine|occ)? ?"
    r"(?:guidelines?\b|guides?\b)(?!/))"
)
ACOEM_NAME = re.compile(
    rf"(?:the )?(?:{_ACOEM}{_PRACTICE}?|occupational medicine practice guidelines?\b"
    rf"(?: ?\(?{_ACOEM}\)?)?)"
)
_ODG = (
    r"(?:off?i[a-z]{2,6} ?disab[a-z]{3,7} ?(?:guid[a-z]{2,7})?|o\.? ?d\.? ?g\b\.?(?:'s\b|s\b)?"
    r"(?: ?(?:treatment |medical )?guid[a-z]{2,7}\b(?= ?[,;:.(/\x1c-\x1f-]| [a-z]|$))?)"
)
_ODG_MORE = (
    rf"(?:{_ODG}|work ?loss ?data ?(?:institute|inst\.?)|twc\b"
    r"|treatment (?:in|for) (?:workers?'?s?'?) ?comp(?:ensation)?\b|treatment index\b"
    r"|integrated treatment ?/ ?disability duration guid[a-z]{2,7}|treatment guid[a-z]{2,7}\b"
    r"|chapters?:(?= ))"
)
ODG_NAME = re.compile(
    rf"(?:the )?(?<![a-z]){_ODG}(?:[ ,:(/\[\x1e\x1f-]{{0,40}}{_ODG_MORE}[)\]]?){{0,8}}"
)
CHAPTER_NUMBER = re.compile(r"\(?\b(?:chapter|chap|chp|ch)s?\.?:? ?#?\d{1,2}\b\)?")
OTHER_GUIDELINE = re.compile(
    r"(?:and |& )?other medical treatment guid[a-z]{2,7}(?: or medical evidence)?:?"
    r"|(?:and |& )?other medical evidence:?"
)
AUTHOR = re.compile(
    r"(?<=[ ,;.])(?:[A-Z][a-z]{1,30},? [A-Z]{1,2}\. (?=[A-Z(])"
    r"|[A-Z][a-z]{1,30},? (?:[A-Z]{1,2},? )?et al\b)"
)

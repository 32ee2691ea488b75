"""Names of drugs that are no mention of a medication."""

from __future__ import annotations

import re

_OTHER_MATTER = re.compile(
    r"\s*(?:levels?|deficienc\w+|allerg\w+|intolerance|topic|guidelines?|section|chapter|machine|device"
    r"|titration|(?:sulfate\s+)?(?:milligram\s+)?equivalen\w+)\b"
    # Norco is a town, too.
    r"|,\s*(?:CA\b|California)(?!\s+MTUS)",
    re.IGNORECASE,
)
_MEASURED = ("hydroxy ", "hydroxy-", "25-oh ", "25oh ", "serum ")
# "120 mg of morphine" is what the opioids of a day come to; nobody is given that much at once.
_EQUIVALENT = re.compile(r"(?:[5-9]\d|\d{3})\s?(?:mgs?|milligrams)\s+of\s+\Z", re.IGNORECASE)
_LONGEST_CUE = 20
_BASE = re.compile(r"\s+base\b", re.IGNORECASE)


def is_base(text: str, start: int, end: int) -> bool:
    """Tell whether a name is of what a compound is mixed into ("in Mediderm base")."""
    return text[max(0, start - 3) : start].lower() == "in " and _BASE.match(text, end) is not None


def is_other_matter(text: str, start: int, end: int, stop: int, *, item: bool) -> bool:
    """Tell whether a name is of a test, or in prose of an allergy, a town, an equivalent.

    Parameters
    ----------
    text
        Readable text.
    start, end
        The name.
    stop
        The end of the item, summary or rationale.
    item
        In an item line only tests are sought.
    """
    before = text[max(0, start - _LONGEST_CUE) : start]
    if before.lower().endswith(_MEASURED):
        return True
    if item:
        return False
    if _OTHER_MATTER.match(text, end, stop):
        return True
    return text[start:end].lower() == "morphine" and _EQUIVALENT.search(before) is not None

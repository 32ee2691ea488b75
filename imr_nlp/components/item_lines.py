"""Item lines: where one begins, how it ends, what of it was authorised.

An item line stands between the rationale of the issue before it and the
guideline label of its own. It ends with the decision; where it begins must be
told from the end of the rationale, which need not be a line's end.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from imr_nlp.components.spans import Span, stripped
from imr_nlp.text.labels import label_pattern

DECISIONS = {
    "upheld": "upheld",
    "overturned": "overturned",
    "overturned in part": "overturned",
    "partially overturned": "overturned",
    "modified": "overturned",
}
"""Printed decisions. The last three are accepted where they come; none of 439
issues of 2016-17 had one."""

_WORDS = "|".join(
    f"(?P<{name.replace(' ', '_')}>{label_pattern(name.capitalize())})"
    for name in sorted(DECISIONS, key=len, reverse=True)
)
_DECISION_AT_END = re.compile(
    rf"(?:(?P<colon>[:;.,\u2013-])\s*|\s)(?i:{_WORDS})[\s.*)]*\Z",
)
_DECISION_INSIDE = re.compile(rf"[:;]\s*(?i:{_WORDS})(?![\w])")
# The decision and what a page break can put behind it.
_LONGEST_TAIL = 400
_LONGEST_ITEM = 4000
_MOST_LINES = 12

_BOUNDARY = re.compile(r"(?<=[.!?])[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c(\[#]?[A-Z0-9])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Dr|Drs|Mr|Mrs|Ms|No|Nos|vs|St|Jr|Sr|Inc|Ltd|approx|pt|ext|lat|bilat|incl|eval|tx|dx"
    r"|qty|mg|ml|tab|tabs|cap|caps|oz|wk|wks|x|w|e\.g|i\.e|etc|sig|p\.o|po|b\.i\.d|t\.i\.d|q\.d"
    r"|q\.i\.d|q\.h\.s|p\.r\.n|prn)|\b[A-Z])\.\Z",
    re.IGNORECASE,
)
# What item lines do not hold and rationales always do.
_PROSE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|been|does|did|would|should|could|cannot|necessary"
    r"|necessity|appropriate|guidelines?|patients?|worker|applicant|claimant|employee|therefore"
    r"|documented|documentation|medically|recommend\w*|reviewer|this|these|there|indicated"
    r"|supported|established|certified)\b",
    re.IGNORECASE,
)
_ENUMERATION = re.compile(
    r"(?:\(?\d{1,2}[.)]|issue\s+#?\d{1,2}[:.)]?|#\d{1,2}[:.)])\s+(?=[A-Za-z])", re.IGNORECASE
)
_ORIGINAL = re.compile(r"\b(?:was|were|is|are)\s+the\s+original\s+request", re.IGNORECASE)
_ENUMERATOR = re.compile(r"(?:\A|[.!?\"'\u201d)\]]\s+|\n\s*)\(?\d{1,2}[.)]\Z")
_ORIGINAL_REQUEST = re.compile(
    r"\s*,?\s*(?:was|were|is|are)\s+the\s+original\s+requests?\s*[.,;]?\s*", re.I
)
_AUTHORIZED_PASSIVE = re.compile(
    r"(?P<part>.+?)\s*,?\s*(?:was|were|is|are|has been|have been)\s+(?:partially\s+)?"
    r"(?:authori[sz]ed|certified|approved)\s+by\s+the\s+claims?\s+administrator\s*[.,;]",
    re.IGNORECASE | re.DOTALL,
)
_AUTHORIZED_ACTIVE = re.compile(
    r"the\s+claims?\s+administrator\s+(?:has\s+)?(?:partially\s+)?(?:authori[sz]ed|certified|approved)\s+"
    r"(?P<part>.+?)\s*,?\s*(?:leaving\s+the\s+(?:remaining|original|rest)|[.;]\s)",
    re.IGNORECASE | re.DOTALL,
)
_LEFT_IN_DISPUTE = re.compile(
    r"(?:the\s+remaining\s+(?:IMR[\s-]*)?(?:eligible\s+)?portion\s+of\s+the\s+original\s+request"
    r"|the\s+original\s+request|the\s+remaining\s+portion(?:\s+of\s+the\s+(?:original\s+)?request)?)"
    r"\s*,\s*",
    re.IGNORECASE,
)
_COPULA = re.compile(r"\s*,?\s+(?:is|are|was|were)\s*[:,]?\s*\Z", re.IGNORECASE)


class ItemLine(NamedTuple):
    """A disputed item as printed.

    `line` covers everything from the item's first character to the decision's
    last, `item` the treatment in dispute alone.
    """

    line: Span
    item: Span
    decision: str | None
    decision_span: Span | None
    partial_decision: bool
    requested: Span | None
    authorized: Span | None


def find_item_line(text: str, start: int, end: int) -> ItemLine | None:
    """Find the item line that ends at `end`, behind the text before it.

    Parameters
    ----------
    text
        Readable text of the letter.
    start, end
        The region to look in: from the label of the rationale before (or the
        heading of the decisions) to the guideline label of this issue.

    Returns
    -------
    ItemLine or None
        None where the region is blank.
    """
    region_end = start + len(text[start:end].rstrip())
    if region_end <= start:
        return None
    tail_start = max(start, region_end - _LONGEST_TAIL)
    match = _DECISION_AT_END.search(text, tail_start, region_end)
    if match is None:
        inside = list(_DECISION_INSIDE.finditer(text, tail_start, region_end))
        match = inside[-1] if inside else None
    if match is None:
        body_end, decision, word_span = region_end, None, None
    else:
        body_end = match.start()
        name = next(name for name, value in match.groupdict().items() if value and name != "colon")
        decision = name.replace("_", " ")
        word_span = Span(*match.span(name))
    item_start = _start_of_item(text, max(start, body_end - _LONGEST_ITEM), body_end)
    body = _strip(text, _skip_enumeration(text, item_start, body_end), body_end)
    if body.start >= body.end:
        return None
    requested, authorized, item = split_authorization(text, body)
    return ItemLine(
        line=Span(
            _strip(text, item_start, body_end).start, region_end if match is None else match.end()
        ),
        item=item,
        decision=DECISIONS.get(decision) if decision else None,
        decision_span=word_span,
        partial_decision=decision not in {None, "upheld", "overturned"},
        requested=requested,
        authorized=authorized,
    )


def split_authorization(text: str, body: Span) -> tuple[Span | None, Span | None, Span]:
    """Split a partly authorised item into requested, authorised and disputed.

    Returns
    -------
    requested, authorized, item
        The first two are None where the item was not authorised in part.
    """
    original = _ORIGINAL_REQUEST.search(text, body.start, body.end)
    if original is None:
        return None, None, _strip_copula(text, body)
    requested = _strip(text, body.start, original.start())
    rest = original.end()
    left = list(_LEFT_IN_DISPUTE.finditer(text, rest, body.end))
    disputed = left[-1] if left else None
    middle_end = disputed.start() if disputed else body.end
    part = _AUTHORIZED_PASSIVE.match(text, rest, middle_end) or _AUTHORIZED_ACTIVE.search(
        text, rest, min(body.end, middle_end + 40)
    )
    authorized = _strip(text, *part.span("part")) if part else None
    if disputed is None:
        return requested, authorized, requested
    item = _strip_copula(text, _strip(text, disputed.end(), body.end))
    return requested, authorized, item if item.end > item.start else requested


def _start_of_item(text: str, start: int, end: int) -> int:
    """Find where the item that ends at `end` begins."""
    originals = list(_ORIGINAL.finditer(text, start, end))
    if originals and _is_authorization(text, originals[-1].start(), end):
        return _first_of_line(text, start, originals[-1].start())
    return _first_of_line(text, start, end)


def _is_authorization(text: str, original: int, end: int) -> bool:
    """Tell whether the phrase belongs to this item, not to a rationale that quotes one."""
    stretch = text[original:end].lower()
    return "\n\n" not in stretch and "medically" not in stretch and "uthoriz" in stretch


def _first_of_line(text: str, start: int, end: int) -> int:
    for _ in range(_MOST_LINES):
        line = text.rfind("\n", start, end) + 1 or start
        sentence = _last_boundary(text, line, end)
        if sentence is not None:
            return sentence
        if line == start or not _belongs_to_next(text, start, line, end):
            break
        end = line - 1
    return line


def _last_boundary(text: str, start: int, end: int) -> int | None:
    """Find the last sentence start inside a line whose sentences before it are prose."""
    for match in reversed(list(_BOUNDARY.finditer(text, start, end))):
        before = text[max(start, match.start() - 12) : match.start()]
        if _ABBREVIATED.search(before.rstrip("\"'\u201d\u2019)]")) or _ENUMERATOR.search(before):
            continue
        if _PROSE.search(text, start, match.start()):
            return match.end()
    return None


def _belongs_to_next(text: str, start: int, line: int, end: int) -> bool:
    """Tell whether the line before `line` is the first part of the same item."""
    if text[line - 2 : line] == "\n\n" or not text[line:end].strip():
        return not text[line:end].strip()
    before = text[text.rfind("\n", start, line - 1) + 1 : line - 1].rstrip()
    if not before or before[-1] in ".!?:\"'\u201d":
        return False
    return len(before) < 160 and not _PROSE.search(before)


def _skip_enumeration(text: str, start: int, end: int) -> int:
    match = _ENUMERATION.match(text, start, end)
    return match.end() if match else start


def _strip(text: str, start: int, end: int) -> Span:
    return stripped(text, start, end, also=",;:")


def _strip_copula(text: str, span: Span) -> Span:
    match = _COPULA.search(text, span.start, span.end)
    return _strip(text, span.start, match.start()) if match else span

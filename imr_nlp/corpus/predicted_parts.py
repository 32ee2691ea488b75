"""The parts of a letter as a pipeline found them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from spacy.tokens import Doc

from imr_nlp.corpus.labels import PARTS_WITHIN, PartLabel
from imr_nlp.corpus.letter import Part
from imr_nlp.corpus.tokens import token_span, widened
from imr_nlp.schema import Determination, Issue, TextSpan
from imr_nlp.text.layer import alignment_of, raw_text, to_raw
from imr_nlp.text.sentences import sentence_spans

Place = tuple[int, int]
"""Half-open characters of the raw text."""

# What the form prints above the reviewer's own words.
_LEAD = re.compile(
    r"The (?:expert |physician )?reviewer developed the following clinical case summary"
    r"[^:]{0,120}:\s*"
    r"|Disclaimer: The following case summary was taken[^:.]{0,160}[:.]\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,2}[.)]\s+")
_BY_ISSUE = ("ITEM", "RATIONALE", "REQUESTED", "AUTHORIZED")
_SIDES = (("CLAIMS", "claims"), ("REVIEWER", "reviewer"))


class Drop(Protocol):
    """Takes note of what is left out."""

    def __call__(self, label: str, place: Place, why: str, value: str | None = None) -> None:
        """Note a label, its place and the reason; `value` is what has no place of its own."""


def find_parts(doc: Doc, determination: Determination, drop: Drop) -> list[Part]:
    """Give the parts of a letter in the order of the text, offsets into the raw text.

    What two issues share is one part of both. Of parts that overlap, guideline
    lines give way to items and rationales, and the summary to all others.
    """
    whose: dict[tuple[Place, str], set[int]] = {}
    for found, label, issues in _PartFinder(doc, determination).parts():
        place = found if token_span(doc, *found) is not None else widened(doc, *found)
        if (place, label) in whose:
            whose[place, label] |= issues
        elif label == "SUMMARY" and any(label == other for _, other in whose):
            drop(label, place, "a second one; a letter has one")
        elif other := next((o for p, o in whose if _clash(place, label, p, o)), None):
            drop(label, place, f"overlaps {other}")
        else:
            whose[place, label] = set(issues)
    parts = [
        Part(start=start, end=end, label=cast("PartLabel", label), issues=tuple(sorted(issues)))
        for ((start, end), label), issues in whose.items()
    ]
    return sorted(parts, key=lambda part: (part.start, -part.end))


def crosses(first: Place, second: Place) -> bool:
    """Tell whether two spans overlap and neither holds the other."""
    low, high = sorted((first, second))
    return low[0] < high[0] < low[1] < high[1]


def _clash(place: Place, label: str, other: Place, other_label: str) -> bool:
    low, high = sorted(
        ((place, label), (other, other_label)), key=lambda own: (own[0][0], -own[0][1])
    )
    if high[0][0] >= low[0][1]:
        return False
    return crosses(place, other) or (low[1], high[1]) not in PARTS_WITHIN


def _places(spans: Iterable[TextSpan]) -> list[Place]:
    return [(span.start, span.end) for span in spans if span.start < span.end]


class _PartFinder:
    def __init__(self, doc: Doc, determination: Determination) -> None:
        self._doc = doc
        self._text = doc.text
        self._alignment = alignment_of(doc)
        self._determination = determination

    def parts(self) -> Iterator[tuple[Place, str, set[int]]]:
        """Yield parts with their issues, those first that others give way to."""
        issues = self._determination.issues
        for label in _BY_ISSUE:
            for issue in issues:
                # The layouts of 2013 print an item twice.
                for place in _places(issue.spans.get(label.lower(), []))[:1]:
                    yield place, label, {issue.index}
        for issue in issues:
            for label, side in _SIDES:
                for place in self._guideline_lines(issue, side):
                    yield place, label, {issue.index}
        for place in self._sections("case_summary"):
            yield self._without_lead(place), "SUMMARY", set()

    def _sections(self, label: str) -> list[Place]:
        return _places(s.span for s in self._determination.sections if s.label == label)

    def _without_lead(self, place: Place) -> Place:
        start, end = self._alignment.to_clean(*place)
        lead = _LEAD.match(self._text, start, end)
        return to_raw(self._doc, lead.end(), end) if lead and lead.end() < end else place

    def _guideline_lines(self, issue: Issue, side: str) -> list[Place]:
        """Give a side's guideline line; where none is labelled, the sentences that cite."""
        begin, stop = self._reach(issue)
        lines = self._sections(f"{side}_guideline")
        own = [(start, end) for start, end in lines if begin <= start and end <= stop]
        citations = getattr(issue, f"{side}_citations")
        cited = _places(citation.span for citation in citations if citation.span)
        if own or not cited:
            return own[:1]
        return [self._sentences(cited[0][0], cited[-1][1])]

    def _reach(self, issue: Issue) -> Place:
        """Give where the labelled guideline lines of an issue can stand."""
        later = self._determination.issues[issue.index + 1 :]
        ends = _places(issue.spans.get("rationale", []))
        ends += _places(span for other in later for span in other.spans.get("item", []))
        items = _places(issue.spans.get("item", []))
        begin = items[0][1] if items else 0
        return begin, min((s for s, _ in ends if s >= begin), default=len(raw_text(self._doc)))

    def _sentences(self, start: int, end: int) -> Place:
        start, end = self._alignment.to_clean(start, end)
        line_start = self._text.rfind("\n", 0, start) + 1
        line_end = self._text.find("\n", end)
        line = sentence_spans(self._text, line_start, line_end if line_end >= 0 else None)
        touched = [(first, last) for first, last in line if first < end and start < last]
        first, last = touched[0][0], touched[-1][1]
        if number := _NUMBER.match(self._text, first, start):
            first = number.end()
        return to_raw(self._doc, first, last)

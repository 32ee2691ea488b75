"""Issues of the letters of 2013 and early 2014 (layouts F1, F2 and F3).

Their decisions are sentences, not a word behind the item: "1) MAXIMUS Federal
Services, Inc. has determined the request for X is not medically necessary and
appropriate" (F1), "1. The request for X is medically necessary and
appropriate" (F3), or the heading of the rationale (F2).
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from imr_nlp.components.conclusions import find_conclusion
from imr_nlp.components.item_lines import ItemLine
from imr_nlp.components.spans import Span, stripped

_VERDICT = (
    r"\s*,?\s*(?P<decision>(?:is|are|was|were)\s*(?P<negation>not)?\s*medically\s*necessary"
    r"(?:\s*(?:and|or|&|/)\s*appropriate)?)"
)
_F1_DETERMINATION = re.compile(
    r"(?:(?P<number>\d{1,2})\s*[.)]\s*)?MAXIMUS\s*Federal\s*Services,?\s*Inc\.?,?\s*has\s*determined"
    r"\s*(?:that\s+)?(?:the\s+)?(?:request(?:ed)?\s*(?:for\s+|of\s+)?)?(?P<item>.{1,1500}?)"
    + _VERDICT,
    re.IGNORECASE | re.DOTALL,
)
_F1_REGARDING = re.compile(
    r"(?:^|(?<=[.:]\s))\s*(?:(?P<number>\d{1,2})\s*[.)]\s*)?Regarding\s+the\s+requests?\s+(?:for\s+)?"
    r"(?P<item>[^\n]{1,1500}?)\s*(?:[:.]\s|[:.]?$)",
    re.IGNORECASE | re.MULTILINE,
)
_F3_DETERMINATION = re.compile(
    r"(?:^|(?<=[.:]\s))\s*(?P<number>\d{1,2})\s*[.)]\s+(?:The\s+)?(?:request\s+for\s+)?"
    r"(?P<item>(?:(?!\n\s*\d{1,2}[.)]\s).){1,1500}?)" + _VERDICT,
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_F3_UNNUMBERED = re.compile(
    r"^\s*(?:The\s+)?request\s+for\s+(?P<item>[^\n]{1,1500}?)" + _VERDICT,
    re.IGNORECASE | re.MULTILINE,
)
_CLAIMS_SENTENCE = re.compile(
    r"The\s+(?:claims?\s+administrator|UR\s+(?:physician|reviewer)|utilization\s+review)\b",
    re.IGNORECASE,
)
_REVIEWER_SENTENCE = re.compile(
    r"The\s+(?:(?:physician|expert|professional|medical|independent|MAXIMUS)\s+){0,2}reviewer\b"
    r"(?!['\u2019]?s?\s+decision\s+rationale)",
    re.IGNORECASE,
)
_HEADING_NEGATION = re.compile(r"\b(?:IS|WAS|IS/WAS|ARE|WERE)\s+NOT\s+MEDICALLY", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|(?<=[.!?]\s))\s*(?P<number>\d{1,2})\s?[.)]\s+", re.MULTILINE)
_LIST_ITEM = re.compile(r"^\s*(?:\d{1,2}\s*[.)]|[-\u2022*])\s*", re.MULTILINE)


class Block(NamedTuple):
    """One issue: the item line, the guideline lines of both sides, the rationale."""

    line: ItemLine | None
    claims: list[Span]
    reviewer: list[Span]
    rationale: Span | None
    end: int


def find_blocks_2013(layout: str, text: str, labels: list[list[Any]]) -> list[Block]:
    """Find the issues of a letter in layout F1, F2 or F3."""
    if layout == "F1":
        return _f1(text, labels)
    if layout == "F2":
        return _f2(text, labels)
    return _f3(text, labels)


def _line(text: str, match: re.Match[str]) -> ItemLine:
    item = _strip(text, *match.span("item"))
    return ItemLine(
        line=Span(item.start, match.end("decision")),
        item=item,
        decision="upheld" if match["negation"] else "overturned",
        decision_span=Span(*match.span("decision")),
        partial_decision=False,
        requested=None,
        authorized=None,
    )


def _f1(text: str, labels: list[list[Any]]) -> list[Block]:
    lines: dict[str, ItemLine] = {}
    for match in _F1_DETERMINATION.finditer(text):
        line = _line(text, match)
        # The list is printed twice; the second is the one of the decision part.
        key = match["number"] or " ".join(text[line.item.start : line.item.end].split()).lower()
        lines[key] = line
    details = _details(text, labels)
    order = list(lines)
    headings = list(_F1_REGARDING.finditer(text))
    blocks: list[Block] = []
    taken = _assign(details, headings, order)
    for position, key in enumerate(order):
        detail = taken.get(key) or (details[position] if len(details) == len(order) else None)
        if detail is None and len(details) == 1:
            detail = details[0]
        claims, reviewer = (
            split_guideline_sentences(text, *detail.guidelines)
            if detail and detail.guidelines
            else ([], [])
        )
        blocks.append(
            Block(
                line=lines[key],
                claims=claims,
                reviewer=reviewer,
                rationale=detail.rationale if detail else None,
                end=detail.rationale.end if detail and detail.rationale else lines[key].line.end,
            )
        )
    return blocks


class _Detail(NamedTuple):
    start: int
    guidelines: Span | None
    rationale: Span | None
    heading: str


def _details(text: str, labels: list[list[Any]]) -> list[_Detail]:
    """Pair each rationale with the guideline part before it."""
    details: list[_Detail] = []
    guidelines: Span | None = None
    start = 0
    headings = [match.start() for match in _F1_REGARDING.finditer(text)]
    for position, (kind, label_start, label_end) in enumerate(labels):
        end = labels[position + 1][1] if position + 1 < len(labels) else len(text)
        stop = min([place for place in headings if label_end < place < end], default=end)
        if kind == "guidelines":
            guidelines, start = _strip(text, label_end, stop), label_start
        elif kind == "rationale":
            heading = text[label_start:label_end]
            rationale = _strip(text, label_end, stop)
            details.append(
                _Detail(start if guidelines else label_start, guidelines, rationale, heading)
            )
            guidelines = None
    return details


def _assign(
    details: list[_Detail], headings: list[re.Match[str]], order: list[str]
) -> dict[str, _Detail]:
    """Give each numbered heading the first detail behind it."""
    taken: dict[str, _Detail] = {}
    for position, heading in enumerate(headings):
        end = headings[position + 1].start() if position + 1 < len(headings) else 10**12
        for detail in details:
            if heading.end() <= detail.start < end:
                key = heading["number"] or (order[position] if position < len(order) else "")
                taken.setdefault(key, detail)
                break
    return taken


def _f2(text: str, labels: list[list[Any]]) -> list[Block]:
    items: list[Span] = []
    for position, (kind, _, label_end) in enumerate(labels):
        if kind == "issue_at_dispute":
            end = labels[position + 1][1] if position + 1 < len(labels) else len(text)
            items.extend(_list_items(text, label_end, end))
    details = _details(text, labels)
    if len(details) == 1 < len(items):
        details = _numbered_details(text, details[0], len(items)) or details
    blocks: list[Block] = []
    for position, item in enumerate(items):
        paired = len(details) == len(items)
        detail = details[position if paired else 0] if details else None
        blocks.append(_f2_block(text, item, detail))
    return blocks


def _numbered_details(text: str, detail: _Detail, count: int) -> list[_Detail]:
    """Cut one rationale for several items at its numbers, where they agree with the items."""
    rationales = _numbered_parts(text, detail.rationale, count)
    guidelines = _numbered_parts(text, detail.guidelines, count)
    if not rationales:
        return []
    return [
        _Detail(
            detail.start,
            guidelines[number] if guidelines else detail.guidelines,
            rationales[number],
            detail.heading,
        )
        for number in range(count)
    ]


def _numbered_parts(text: str, span: Span | None, count: int) -> list[Span]:
    if span is None:
        return []
    marks = _in_sequence(list(_NUMBERED.finditer(text, span.start, span.end)))
    if len(marks) != count:
        return []
    stops = [*(mark.start() for mark in marks[1:]), span.end]
    return [_strip(text, mark.end(), stop) for mark, stop in zip(marks, stops, strict=True)]


def _f2_block(text: str, item: Span, detail: _Detail | None) -> Block:
    decision: str | None = None
    decision_span: Span | None = None
    claims: list[Span] = []
    reviewer: list[Span] = []
    if detail and detail.rationale:
        statement = find_conclusion(text, *detail.rationale)
        heading_start = text.rfind(detail.heading, 0, detail.rationale.start)
        decision_span = Span(heading_start, heading_start + len(detail.heading))
        if "IS/WAS NOT" in detail.heading.upper() and statement:
            # A form heading that fits both outcomes says nothing.
            decision = "overturned" if statement.conclusion == "necessary" else "upheld"
            decision_span = Span(statement.start, statement.end)
        else:
            decision = "upheld" if _HEADING_NEGATION.search(detail.heading) else "overturned"
    if detail and detail.guidelines:
        claims, reviewer = split_guideline_sentences(text, *detail.guidelines)
    end = detail.rationale.end if detail and detail.rationale else item.end
    line = ItemLine(item, item, decision, decision_span, False, None, None)
    return Block(line, claims, reviewer, detail.rationale if detail else None, end)


def _list_items(text: str, start: int, end: int) -> list[Span]:
    cuts = [match.span() for match in _LIST_ITEM.finditer(text, start, end)]
    if not cuts:
        span = _strip(text, start, end)
        return [span] if span.end > span.start else []
    stops = [cut[0] for cut in cuts[1:]] + [end]
    return [_strip(text, cut[1], stop) for cut, stop in zip(cuts, stops, strict=True)]


def _f3(text: str, labels: list[list[Any]]) -> list[Block]:
    start = next((label[2] for label in labels if label[0] == "decisions"), 0)
    matches = _in_sequence(list(_F3_DETERMINATION.finditer(text, start)))
    if not matches:
        matches = list(_F3_UNNUMBERED.finditer(text, start))
        rationales = [label[1] for label in labels if label[0] == "rationale"]
        matches = [match for match in matches if any(match.end() < place for place in rationales)]
    blocks: list[Block] = []
    for position, match in enumerate(matches):
        end = matches[position + 1].start() if position + 1 < len(matches) else len(text)
        rationale_label = next(
            (
                label
                for label in labels
                if label[0] == "rationale" and match.end() <= label[1] < end
            ),
            None,
        )
        guideline_end = rationale_label[1] if rationale_label else end
        claims, reviewer = _labelled_guidelines(text, labels, match.end(), guideline_end)
        if not claims and not reviewer:
            claims, reviewer = split_guideline_sentences(text, match.end(), guideline_end)
        rationale = _strip(text, rationale_label[2], end) if rationale_label else None
        blocks.append(Block(_line(text, match), claims, reviewer, rationale, end))
    return blocks


def _labelled_guidelines(
    text: str, labels: list[list[Any]], start: int, end: int
) -> tuple[list[Span], list[Span]]:
    """Read the guideline lines of letters that have the labels of F4 already."""
    sides: dict[str, list[Span]] = {"claims_guideline": [], "reviewer_guideline": []}
    inside = [label for label in labels if start <= label[1] < end]
    for position, (kind, _, label_end) in enumerate(inside):
        stop = inside[position + 1][1] if position + 1 < len(inside) else end
        if kind in sides:
            sides[kind].append(_strip(text, label_end, stop))
    return sides["claims_guideline"], sides["reviewer_guideline"]


def _in_sequence(matches: list[re.Match[str]]) -> list[re.Match[str]]:
    """Keep the items numbered 1, 2, 3, ...; other numbers belong to prose."""
    kept: list[re.Match[str]] = []
    for match in matches:
        if int(match["number"]) == len(kept) + 1:
            kept.append(match)
    return kept


def split_guideline_sentences(text: str, start: int, end: int) -> tuple[list[Span], list[Span]]:
    """Cut a guideline part of 2013 into the administrator's and the reviewer's.

    What stands before the first sentence about either side is the reviewer's:
    the part is headed "relied upon by the expert reviewer".
    """
    marks = sorted(
        [(match.start(), "claims") for match in _CLAIMS_SENTENCE.finditer(text, start, end)]
        + [(match.start(), "reviewer") for match in _REVIEWER_SENTENCE.finditer(text, start, end)]
    )
    sides: dict[str, list[Span]] = {"claims": [], "reviewer": []}
    first = marks[0][0] if marks else end
    opening = _strip(text, start, first)
    if opening.end - opening.start > 3:
        sides["reviewer"].append(opening)
    for position, (place, side) in enumerate(marks):
        stop = marks[position + 1][0] if position + 1 < len(marks) else end
        sides[side].append(_strip(text, place, stop))
    return sides["claims"], sides["reviewer"]


def _strip(text: str, start: int, end: int) -> Span:
    return stripped(text, start, end, before=".:")

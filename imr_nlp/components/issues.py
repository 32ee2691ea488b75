"""Issues: each disputed item with its decision, guideline lines and rationale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.conclusions import find_conclusion
from imr_nlp.components.findings import (
    ISSUES,
    ITEMS,
    RATIONALES,
    IssueFinding,
    findings,
    found,
    set_span_group,
    warn,
)
from imr_nlp.components.issues_2013 import Block, find_blocks_2013
from imr_nlp.components.item_lines import ItemLine, find_item_line
from imr_nlp.components.spans import Span, stripped
from imr_nlp.text.layer import text_of

_SET_FORTH = re.compile(
    r"(?:items?/services?|services?|items?)\s+set\s+forth\s+below\s*[:;.]", re.I
)
Labels = list[list[Any]]

_GUIDELINES = ("claims_guideline", "reviewer_guideline", "rationale")
_CLOSING = re.compile(
    r"\n\s*(?:Sincerely|cc:|Final Determination Letter|Disclaimer: MAXIMUS)", re.IGNORECASE
)


class LetterIssues:
    """Finds the issues of a letter.

    Sets `doc.spans["issues"]`, `["items"]` (label: the decision) and
    `["rationales"]` (label: the conclusion or empty), and in the findings for
    each issue `item`, `decision`, `requested`, `authorized`, `rationale`,
    `conclusion`, `contradiction` and the spans of the guideline lines.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Find the issues of one letter."""
        text = text_of(doc)
        state = findings(doc)
        if state["layout"] in {"F1", "F2", "F3"}:
            blocks = find_blocks_2013(state["layout"], text, state["labels"])
        else:
            blocks = list(_blocks(text, state["labels"]))
        for number, block in enumerate(blocks):
            state["issues"].append(_issue(doc, number, block))
        _check(doc, blocks)
        _set_groups(doc, blocks)
        return doc


def _blocks(text: str, labels: Labels) -> Iterator[Block]:
    """Read the issues of F4 and F5 by their three labels."""
    starts = [
        position
        for position, (kind, *_) in enumerate(labels)
        if kind in _GUIDELINES and _opens_issue(labels, position)
    ]
    lines: list[ItemLine | None] = []
    for position in starts:
        region_start = labels[position - 1][2] if position else 0
        if position == 0 or labels[position - 1][0] not in _GUIDELINES:
            headings = list(_SET_FORTH.finditer(text, region_start, labels[position][1]))
            region_start = headings[-1].end() if headings else region_start
        lines.append(find_item_line(text, region_start, labels[position][1]))
    for number, position in enumerate(starts):
        stop = starts[number + 1] if number + 1 < len(starts) else len(labels)
        following = lines[number + 1] if number + 1 < len(starts) else None
        end = following.line.start if following else _block_end(text, labels, stop)
        yield _read_block(text, lines[number], labels[position:stop], end)


def _opens_issue(labels: Labels, position: int) -> bool:
    kind = labels[position][0]
    before = labels[position - 1][0] if position else ""
    if before not in _GUIDELINES:
        return True
    return _GUIDELINES.index(kind) <= _GUIDELINES.index(before)


def _block_end(text: str, labels: Labels, stop: int) -> int:
    end = labels[stop][1] if stop < len(labels) else len(text)
    closing = _CLOSING.search(text, labels[stop - 1][2], end)
    return closing.start() if closing else end


def _read_block(text: str, line: ItemLine | None, labels: Labels, end: int) -> Block:
    spans: dict[str, Span] = {}
    places = [(kind, start, stop) for kind, start, stop in labels if kind in _GUIDELINES]
    for (kind, _, start), (_, stop, _) in pairwise([*places, ("", end, end)]):
        spans.setdefault(kind, stripped(text, start, min(stop, end)))
    return Block(
        line=line,
        claims=[spans["claims_guideline"]] if "claims_guideline" in spans else [],
        reviewer=[spans["reviewer_guideline"]] if "reviewer_guideline" in spans else [],
        rationale=spans.get("rationale"),
        end=end,
    )


def _issue(doc: Doc, number: int, block: Block) -> IssueFinding:
    text = text_of(doc)
    line = block.line
    statement = find_conclusion(text, *block.rationale) if block.rationale else None
    fields = {}
    if line is not None:
        fields["item"] = found(_flat(text, line.item), line.item)
        if line.requested:
            fields["requested"] = found(_flat(text, line.requested), line.requested)
        if line.authorized:
            fields["authorized"] = found(_flat(text, line.authorized), line.authorized)
    decision = line.decision if line else None
    if decision is not None and line is not None and line.decision_span is not None:
        fields["decision"] = found(decision, line.decision_span)
        if line.partial_decision:
            warn(
                doc,
                "partial_decision",
                f"Issue {number + 1} is decided as "
                f'"{_flat(text, line.decision_span)}", which is reported as overturned.',
                line.decision_span,
            )
    if statement is not None:
        fields["conclusion"] = found(statement.conclusion, statement[1:])
        opposite = {"upheld": "necessary", "overturned": "not_necessary"}
        if decision is not None and opposite[decision] == statement.conclusion:
            fields["contradiction"] = found(True, statement[1:])
            warn(
                doc,
                "contradiction",
                f"Issue {number + 1} is {decision}, but its rationale concludes "
                f"{statement.conclusion.replace('_', ' ')}.",
                statement[1:],
            )
    if block.rationale:
        fields["rationale"] = found(_flat(text, block.rationale), block.rationale)
    return IssueFinding(
        fields=fields,
        item=list(line.item) if line else [],
        rationale=list(block.rationale) if block.rationale else None,
        guidelines={
            "claims": [list(span) for span in block.claims],
            "reviewer": [list(span) for span in block.reviewer],
        },
        citations={"claims": [], "reviewer": []},
    )


def _flat(text: str, span: Span) -> str:
    return " ".join(text[span.start : span.end].split())


def _check(doc: Doc, blocks: list[Block]) -> None:
    """Warn of whatever does not add up."""
    state = findings(doc)
    if not blocks:
        warn(doc, "no_issues", "No disputed item was found.")
    rationales = sum(label[0] == "rationale" for label in state["labels"])
    if blocks and rationales != len(blocks):
        warn(
            doc,
            "issue_count",
            f"The letter has {len(blocks)} disputed items and {rationales} rationale labels.",
        )
    for number, block in enumerate(blocks, start=1):
        if block.line is None:
            warn(doc, "missing_item", f"Issue {number} has no item line.")
        elif block.line.decision is None:
            warn(doc, "missing_decision", f"Issue {number} has no decision.", block.line.line)
        labelled = findings(doc)["layout"] in {"F4a", "F4b", "F5"}
        for side, lines in (("claims", block.claims), ("reviewer", block.reviewer)):
            if labelled and not lines:
                warn(doc, "missing_guideline", f"Issue {number} has no {side} guideline line.")
        if block.rationale is None or block.rationale.start == block.rationale.end:
            warn(doc, "missing_rationale", f"Issue {number} has no rationale.")


def _set_groups(doc: Doc, blocks: list[Block]) -> None:
    issues, items, rationales = [], [], []
    for block, issue in zip(blocks, findings(doc)["issues"], strict=True):
        if block.line is not None:
            issues.append((block.line.line.start, max(block.end, block.line.line.end), "issue"))
            items.append((*block.line.item, block.line.decision or ""))
        if block.rationale is not None:
            conclusion = issue["fields"].get("conclusion")
            rationales.append((*block.rationale, conclusion["value"] if conclusion else ""))
    set_span_group(doc, ISSUES, issues)
    set_span_group(doc, ITEMS, items)
    set_span_group(doc, RATIONALES, rationales)


@Language.factory("imr_issues", requires=["doc.spans"], assigns=["doc.spans"])
def make_issues(nlp: Language, name: str) -> LetterIssues:
    """Make the `imr_issues` component."""
    return LetterIssues()

"""Issues: who is who, item and decision together, and the fields of letter and issue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from imr_nlp.evaluation.tally import LetterScores, Tally
from imr_nlp.schema import Citation, Determination, Issue

Pairs = list[tuple[Issue | None, Issue | None]]

LETTER_FIELDS = (
    "layout", "case_number", "date_assigned", "date_of_injury", "decision_date", "ur_denial_date",
    "application_received", "priority", "licensure", "specialties", "age", "sex",
    "summary_injury_date", "outcome",
)  # fmt: skip
ISSUE_FIELDS = (
    "decision", "category", "requested", "authorized", "retrospective", "date_of_service",
    "sessions", "body_parts", "conclusion", "contradiction",
)  # fmt: skip


def pair_issues(gold: Determination, predicted: Determination) -> Pairs:
    """Pair the issues of two sides: those whose items overlap, then by order."""
    left = list(predicted.issues)
    partners: list[tuple[Issue, Issue | None]] = []
    for issue in gold.issues:
        overlaps = [(shared, p) for p in left if (shared := _overlap(issue, p)) > 0]
        best = max(overlaps, key=lambda pair: pair[0])[1] if overlaps else None
        if best is not None:
            left.remove(best)
        partners.append((issue, best))
    # The same item is printed in several places of the layouts of 2013.
    for position, (issue, partner) in enumerate(partners):
        if partner is None:
            same = [p for p in left if _flat(p.item) == _flat(issue.item)]
            same = same or [p for p in left if p.index == issue.index]
            if same:
                left.remove(same[0])
                partners[position] = (issue, same[0])
    return [*partners, *((None, extra) for extra in left)]


def _overlap(first: Issue, second: Issue) -> int:
    return max(
        (
            min(a.end, b.end) - max(a.start, b.start)
            for a in first.spans.get("item", [])
            for b in second.spans.get("item", [])
        ),
        default=0,
    )


def _flat(text: str) -> str:
    return " ".join(text.lower().split())


def score_issues(
    scores: LetterScores, gold: Determination, predicted: Determination, pairs: Pairs
) -> None:
    """Count issue tuples (item and decision), decisions by class, fields and citations."""
    scores.compare("issues/item+decision", _tuples(gold), _tuples(predicted))
    for name in LETTER_FIELDS:
        _score_field(scores, f"letter/{name}", getattr(gold, name), getattr(predicted, name), -1)
    scores.compare(
        "diagnoses", [(d, -1) for d in gold.diagnoses], [(d, -1) for d in predicted.diagnoses]
    )
    for own, other in pairs:
        place = _item_place(own or other)
        for side in ("claims_citations", "reviewer_citations"):
            cited = [
                [(_cite(c), place) for c in getattr(issue, side)] if issue else []
                for issue in (own, other)
            ]
            scores.compare(f"citations/{side.removesuffix('_citations')}", *cited)
        if own is None:
            continue
        found = other.decision if other else None
        scores.add(
            f"decisions/{own.decision}", Tally(float(found == own.decision), found is not None, 1)
        )
        for name in ISSUE_FIELDS:
            if other is None:
                _miss_field(scores, f"issue/{name}", getattr(own, name))
            else:
                values = getattr(own, name), getattr(other, name)
                _score_field(scores, f"issue/{name}", *values, place)


def _tuples(determination: Determination) -> list[tuple[str, int]]:
    return [(f"{i.item} -> {i.decision}", _item_place(i)) for i in determination.issues]


def _item_place(issue: Issue | None) -> int:
    spans = issue.spans.get("item") if issue else None
    return spans[0].start if spans else -1


def _cite(citation: Citation) -> str:
    sections = "; ".join(citation.sections)
    parts = (citation.source, citation.title, citation.year, sections or None, citation.pages)
    return " | ".join("-" if part is None else str(part) for part in parts)


_IS_EMPTY: Callable[[Any], bool] = lambda value: value is None or value == [] or value is False  # noqa: E731


def _miss_field(scores: LetterScores, layer: str, gold: Any) -> None:
    """Count a field of an issue that was not found; the missed issue is the error."""
    scores.add(f"{layer}/accuracy", Tally(0, 0, 1))
    if not _IS_EMPTY(gold):
        scores.add(f"{layer}/coverage", Tally(0, 0, 1))


def _score_field(scores: LetterScores, layer: str, gold: Any, predicted: Any, place: int) -> None:
    """Count a field.

    `accuracy` is over all letters or issues, `coverage` the share with any value
    where there is one, `hallucination` the share with a value where there is none.
    """
    same = gold == predicted
    scores.add(f"{layer}/accuracy", Tally(float(same), 1, 1))
    if _IS_EMPTY(gold):
        invented = not _IS_EMPTY(predicted)
        scores.add(f"{layer}/hallucination", Tally(float(invented), 1, 1))
    else:
        scores.add(f"{layer}/coverage", Tally(float(not _IS_EMPTY(predicted)), 1, 1))
    if not same:
        kind = "spurious" if _IS_EMPTY(gold) else "missed" if _IS_EMPTY(predicted) else "wrong"
        scores.add_error(layer, kind, gold, predicted, place)

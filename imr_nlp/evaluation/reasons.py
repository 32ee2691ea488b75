"""Reasons: labels for each issue, the primary one, and the sentences that state them."""

from __future__ import annotations

from imr_nlp.evaluation.issues import Pairs
from imr_nlp.evaluation.tally import LetterScores, Tally
from imr_nlp.schema import Issue, Reason

_SHARED = 0.5
"""Share of the shorter of two pieces of evidence from which on they are the same."""


def score_reasons(scores: LetterScores, pairs: Pairs) -> None:
    """Count labels, primary reasons and evidence of the issues of a letter."""
    for gold, predicted in pairs:
        own = _labels(gold)
        found = _labels(predicted)
        place = _place(gold or predicted)
        for label in sorted(own | found):
            both = label in own and label in found
            scores.add(f"reasons/{label}", Tally(float(both), label in found, label in own))
            if not both:
                scores.add_one_sided("reasons", label, place, in_gold=label in own)
        primary = gold.primary_reason if gold else None
        guess = predicted.primary_reason if predicted else None
        if primary is not None:
            scores.add("primary_reason", Tally(float(primary == guess), guess is not None, 1))
            if primary != guess:
                scores.add_error("primary_reason", "wrong", primary, guess, place)
        elif guess is not None:
            scores.add("primary_reason", Tally(0, 1, 0))
        _score_evidence(scores, gold, predicted)


def _labels(issue: Issue | None) -> set[str]:
    return {reason.label for reason in issue.reasons} if issue else set()


def _place(issue: Issue | None) -> int:
    spans = issue.spans.get("rationale") if issue else None
    return spans[0].start if spans else -1


def _pieces(reasons: list[Reason]) -> list[tuple[str, int, int, str]]:
    return [(r.label, s.start, s.end, s.text) for r in reasons for s in r.sentences]


def _score_evidence(scores: LetterScores, gold: Issue | None, predicted: Issue | None) -> None:
    own = _pieces(gold.reasons) if gold else []
    found = _pieces(predicted.reasons) if predicted else []
    hit = [piece for piece in own if any(_same(piece, other) for other in found)]
    right = [piece for piece in found if any(_same(piece, other) for other in own)]
    # Two sentences that are one piece on the other side count as one.
    scores.add("evidence", Tally(min(len(hit), len(right)), len(found), len(own)))
    for label, start, _, text in own:
        if not any(piece[:2] == (label, start) for piece in hit):
            scores.add_error("evidence", "missed", f"{label}: {text}", None, start)
    for label, start, _, text in found:
        if not any(piece[:2] == (label, start) for piece in right):
            scores.add_error("evidence", "spurious", None, f"{label}: {text}", start)


def _same(first: tuple[str, int, int, str], second: tuple[str, int, int, str]) -> bool:
    if first[0] != second[0]:
        return False
    shared = min(first[2], second[2]) - max(first[1], second[1])
    return shared >= _SHARED * min(first[2] - first[1], second[2] - second[1])

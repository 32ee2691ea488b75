"""Metrics and reports on annotated letters."""

from __future__ import annotations

from imr_nlp.evaluation.intervals import Score
from imr_nlp.evaluation.report import Report, evaluate, score_letter, summarize
from imr_nlp.evaluation.table import error_lines, to_markdown
from imr_nlp.evaluation.tally import Error, LetterScores, Tally

__all__ = [
    "Error",
    "LetterScores",
    "Report",
    "Score",
    "Tally",
    "error_lines",
    "evaluate",
    "score_letter",
    "summarize",
    "to_markdown",
]

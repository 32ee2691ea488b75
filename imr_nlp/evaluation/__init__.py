"""Metrics and reports on annotated letters."""

from __future__ import annotations

from imr_nlp.evaluation.calibration import Calibration, calibrate_pairs
from imr_nlp.evaluation.compare import compare
from imr_nlp.evaluation.comparison import Change, Comparison
from imr_nlp.evaluation.intervals import Score
from imr_nlp.evaluation.report import Report, evaluate, score_letter, score_letters, summarize
from imr_nlp.evaluation.table import (
    calibration_to_markdown,
    comparison_to_markdown,
    error_lines,
    to_markdown,
)
from imr_nlp.evaluation.tally import Error, LetterScores, Tally

__all__ = [
    "Calibration",
    "Change",
    "Comparison",
    "Error",
    "LetterScores",
    "Report",
    "Score",
    "Tally",
    "calibrate_pairs",
    "calibration_to_markdown",
    "compare",
    "comparison_to_markdown",
    "error_lines",
    "evaluate",
    "score_letter",
    "score_letters",
    "summarize",
    "to_markdown",
]

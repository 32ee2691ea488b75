"""Reports as tables that a person reads: Markdown, several sets of letters side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imr_nlp.evaluation.comparison import BY_CHANCE, FEWEST, N_DRAWS, Comparison
from imr_nlp.evaluation.intervals import Score
from imr_nlp.evaluation.report import Report

_HIDDEN = ("entities/exact", "/hallucination", "/coverage")


def to_markdown(reports: Sequence[Report], *, every_layer: bool = False) -> str:
    """Write reports as one Markdown table.

    Parameters
    ----------
    reports
        One or several, side by side.
    every_layer
        Show exact matching, coverage and hallucination of the fields too.
    """
    names = list(dict.fromkeys(name for report in reports for name in report.scores))
    shown = [n for n in names if every_layer or not any(part in n for part in _HIDDEN)]
    heads = [f"{r.name} ({r.n_letters} letters, {r.n_issues} issues)" for r in reports]
    rows = [["layer", *heads], ["---"] * (len(reports) + 1)]
    rows += [[name, *(_cell(report.scores.get(name)) for report in reports)] for name in shown]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _cell(score: Score | None) -> str:
    if score is None or not score.support:
        return "-"
    return f"{score.value:.3f} ({score.low:.3f}-{score.high:.3f}), n {score.support}"


def calibration_to_markdown(reports: Sequence[Report]) -> str:
    """Write the calibration of reports as a Markdown table; nothing where there is none."""
    rows = [
        f"| {report.name} | {layer} | {own.n} | {own.error:.4f} | {own.brier:.4f} |"
        for report in reports
        for layer, own in report.calibration.items()
    ]
    if not rows:
        return ""
    head = "| letters | probability of | count | calibration error | Brier score |"
    return "\n".join([head, "|---|---|---|---|---|", *rows]) + "\n"


def comparison_to_markdown(comparison: Comparison) -> str:
    """Write a comparison of two pipelines as a Markdown table, with how to read it."""
    rows = [
        f"| {layer} | {own.old:.3f} | {own.new:.3f} | {own.difference:+.3f} "
        f"({own.low:+.3f} to {own.high:+.3f}) | {own.support} | {own.n_letters} | {own.verdict} |"
        for layer, own in comparison.changes.items()
    ]
    name = f"{comparison.name} ({comparison.n_letters} letters, {comparison.n_issues} issues)"
    head = f"| {name} | old | new | new - old (95 % interval) | n | other scores | |"
    note = (
        f"Differences on the same letters, resampled together {N_DRAWS:,} times. Fewer than "
        f"{FEWEST} letters with other scores are too few for a verdict. {BY_CHANCE}"
    )
    return "\n".join([head, "|---|---|---|---|---|---|---|", *rows, "", note]) + "\n"


def error_lines(report: Report) -> Iterator[str]:
    """Write the errors, one a line: letter, layer, kind, what is right, what was said."""
    for error in report.errors:
        gold = "-" if error.gold is None else error.gold
        predicted = "-" if error.predicted is None else error.predicted
        yield f"{error.letter}\t{error.layer}\t{error.kind}\t{gold}\t{predicted}"

"""The model card of a trained pipeline, written from what was measured."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path
from typing import cast, get_args

from imr_nlp.components.decisions import LetterDecisions
from imr_nlp.components.reasons.choice import RESIDUAL
from imr_nlp.evaluation import Report, Score
from imr_nlp.learning.small import NAME
from imr_nlp.learning.training import Trained
from imr_nlp.schema import ReasonLabel

_ROWS = {
    "reasons, micro F1": "reasons/micro",
    "reasons, macro F1": "reasons/macro",
    "primary reason, accuracy": "primary_reason",
    "evidence, F1": "evidence",
    "medications, spans strict, F1": "entities/strict/medications",
    "a drug with all its attributes, F1": "medications/whole",
    "services, spans strict, F1": "entities/strict/SERVICE",
    "diagnoses, F1": "diagnoses",
    "attribute links, F1": "medications/links",
    "category, accuracy": "issue/category/accuracy",
    "item and decision, F1": "issues/item+decision",
}
_PACKAGES = ("imr_nlp", "spacy", "numpy", "scikit-learn")


def write_card(trained: Trained, without_posted: Trained | None = None) -> str:
    """Write the card of a training; beside it, where there is one, that without posted letters."""
    counts = ", ".join(f"{n} {what}" for what, n in trained.material.counts.items())
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {version(name)}" for name in _PACKAGES]
    head = _template("card_head.md").format(name=NAME, residual=RESIDUAL, counts=counts)
    tail = _template("card_tail.md").format(versions=", ".join(versions))
    return head + _scores(trained, without_posted) + _calibration(trained) + tail


def _template(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _scores(trained: Trained, without_posted: Trained | None) -> str:
    reports = [trained.posted, trained.written, trained.test]
    posted = "cross-validated by reviewer" if trained.material.posted else "none trained on"
    if without_posted is not None:
        reports += [without_posted.posted, without_posted.test]
    heads = [
        f"posted, {posted}", "written, cross-validated", "written, test",
        "posted, trained without any posted letter", "test, trained without any posted letter",
    ]  # fmt: skip
    shown = [(h, r) for h, r in zip(heads, reports, strict=False) if r is not None]
    lines = ["\n## Scores\n", "With 95 % intervals over letters (1,000 resamples).\n"]
    lines += _table("", list(_ROWS.items()), shown)
    lines.append("\nF1 for each reason, and how many issues have it:\n")
    labels = [(f"`{label}`", f"reasons/{label}") for label in get_args(ReasonLabel)]
    lines += _table("reason", labels, shown[:3])
    return "\n".join(lines) + "\n"


def _table(
    corner: str, rows: list[tuple[str, str]], reports: list[tuple[str, Report]]
) -> list[str]:
    lines = [f"| {corner} | {' | '.join(f'{h} ({r.n_letters} letters)' for h, r in reports)} |"]
    lines.append("|" + "---|" * (len(reports) + 1))
    for name, key in rows:
        cells = [_cell(report.scores.get(key)) for _, report in reports]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _cell(score: Score | None) -> str:
    if score is None or not score.support:
        return "-"
    return f"{score.value:.3f} ({score.low:.3f}-{score.high:.3f}), n {score.support}"


def _calibration(trained: Trained) -> str:
    lines = [
        "\n## Calibration\n",
        "Held-out issues of the training letters, and for categories held-out items of the bank.\n",
        "| probability of | count | calibration error before | after | Brier before | after |",
        "|---|---|---|---|---|---|",
    ]
    for layer, after in trained.after.items():
        before = trained.before[layer]
        lines.append(
            f"| {layer} | {after.n} | {before.error:.4f} | {after.error:.4f} "
            f"| {before.brier:.4f} | {after.brier:.4f} |"
        )
    rates = cast(LetterDecisions, trained.nlp.get_pipe("imr_decisions"))
    lines.append(
        f"\nDecisions: {rates.printed:.4f} where one is printed, {rates.concluded:.4f} where only "
        "the rationale's conclusion tells it. These are rates on the letters that the rules were "
        "made on, by Laplace's rule of succession: how often the printed decision was read right, "
        "and how often the conclusion agrees with it. No training letter lacks a printed "
        "decision, and some contradict it on purpose (`corpus/README.md`).\n"
    )
    for layer, after in trained.after.items():
        lines.append(f"Reliability of `{layer}`:\n")
        lines += ["| probability said | share that is true | count |", "|---|---|---|"]
        lines += [f"| {b.said:.2f} | {b.true:.2f} | {b.n} |" for b in after.bins]
        lines.append("")
    return "\n".join(lines)

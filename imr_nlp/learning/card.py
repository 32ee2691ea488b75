"""The model card of a trained pipeline, written from what was measured."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path
from typing import get_args

from imr_nlp.components.reasons.choice import RESIDUAL
from imr_nlp.evaluation import Report, Score
from imr_nlp.learning.small import NAME, Trained
from imr_nlp.schema import ReasonLabel

_ROWS = {
    "reasons, micro F1": "reasons/micro",
    "reasons, macro F1": "reasons/macro",
    "primary reason, accuracy": "primary_reason",
    "evidence, F1": "evidence",
    "medications, spans strict, F1": "entities/strict/medications",
    "a drug with all its attributes, F1": "medications/whole",
    "diagnoses, F1": "diagnoses",
    "category, accuracy": "issue/category/accuracy",
    "item and decision, F1": "issues/item+decision",
}
_PACKAGES = ("imr_nlp", "spacy", "numpy", "scikit-learn")


def write_card(with_posted: Trained, without_posted: Trained) -> str:
    """Write the card from two trainings: with the posted letters, and without any."""
    counts = ", ".join(f"{count} {what}" for what, count in with_posted.counts.items())
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {version(name)}" for name in _PACKAGES]
    head = _template("card_head.md").format(name=NAME, residual=RESIDUAL, counts=counts)
    tail = _template("card_tail.md").format(versions=", ".join(versions))
    return head + _scores(with_posted, without_posted) + _calibration(with_posted) + tail


def _template(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _scores(with_posted: Trained, without_posted: Trained) -> str:
    reports = [with_posted.posted, with_posted.written, with_posted.test]
    reports += [without_posted.posted, without_posted.test]
    heads = [
        "posted, cross-validated by reviewer", "written, cross-validated", "written, test",
        "posted, trained without any posted letter", "test, trained without any posted letter",
    ]  # fmt: skip
    shown = [(h, r) for h, r in zip(heads, reports, strict=True) if r is not None]
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
        "Expected calibration error over held-out issues and labels: "
        f"{trained.error_raw:.4f} before, {trained.error:.4f} after.\n",
        "| probability said | share that is true | issues and labels |",
        "|---|---|---|",
    ]
    lines += [f"| {said:.2f} | {real:.2f} | {count} |" for said, real, count in trained.reliability]
    return "\n".join(lines) + "\n"

"""What a corpus holds: letters, labels, lengths, and what is rare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from imr_nlp.corpus.bank import BankRationale, BankSentence, count_labels
from imr_nlp.corpus.labels import ENTITIES, REASONS
from imr_nlp.corpus.letter import AnnotatedLetter
from imr_nlp.errors import ExportError

RARE = 25
"""A label that stands fewer times than this is called rare."""

_GROUPS = ("layout", "issues", "category", "entity", "reason", "primary reason")


@dataclass
class Stats:
    """Counts of one set of letters.

    Parameters
    ----------
    name
        What the letters are.
    n_letters, n_issues
        How many.
    words
        Words of each letter; empty where the texts are not at hand.
    counts
        Counts by group ("layout", "issues", "category", "entity", "reason",
        "primary reason"). A reason counts once for each issue.
    """

    name: str
    n_letters: int = 0
    n_issues: int = 0
    words: list[int] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(
        default_factory=lambda: {group: Counter() for group in _GROUPS}
    )

    def rare(self, group: str) -> list[str]:
        """Give the labels of a group that are there, but rare."""
        return sorted(label for label, n in self.counts[group].items() if n < RARE)


def count(letters: Iterable[AnnotatedLetter], *, name: str) -> Stats:
    """Count what letters hold."""
    stats = Stats(name)
    for letter in letters:
        stats.n_letters += 1
        stats.n_issues += len(letter.fields.issues)
        if letter.text:
            stats.words.append(len(letter.text.split()))
        stats.counts["layout"][letter.fields.layout] += 1
        stats.counts["entity"].update(entity.label for entity in letter.entities)
        for number, issue in enumerate(letter.fields.issues):
            _count_issue(stats, letter, number)
            stats.counts["category"][issue.category] += 1
            if issue.primary:
                stats.counts["primary reason"][issue.primary] += 1
    return stats


def _count_issue(stats: Stats, letter: AnnotatedLetter, number: int) -> None:
    issue = letter.fields.issues[number]
    reasons = {label for e in letter.evidence if number in e.issues for label in e.labels}
    stats.counts["reason"].update(reasons)
    facts = stats.counts["issues"]
    facts[issue.decision] += 1
    facts["partly authorised"] += bool(letter.parts_of("REQUESTED", number))
    facts["retrospective"] += issue.retrospective
    facts["without a reason"] += not reasons
    opposite = {"upheld": "necessary", "overturned": "not_necessary"}[issue.decision]
    facts["conclusion against the decision"] += issue.conclusion == opposite


def to_markdown(sets: Sequence[Stats]) -> str:
    """Write the counts of sets of letters side by side."""
    rows = [["", *(stats.name for stats in sets)], ["---", *("---:" for _ in sets)]]
    rows.append(["letters", *(str(stats.n_letters) for stats in sets)])
    rows.append(["words in a letter: median (least to most)", *map(_lengths, sets)])
    rows.append(["issues", *(str(stats.n_issues) for stats in sets)])
    for group in _GROUPS:
        labels = _in_order(group, sets)
        for label in labels:
            shown = label if group == "issues" else f"{group}: `{label}`"
            rows.append([shown, *(_number(stats.counts[group][label]) for stats in sets)])
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{table}\n\n{_rare_lines(sets)}"


def bank_to_markdown(sentences: Sequence[BankSentence], rationales: Sequence[BankRationale]) -> str:
    """Write how often each reason stands in the bank's sentences and rationales."""
    inner = [sentence for rationale in rationales for sentence in rationale.sentences]
    counts = [count_labels(sentences), count_labels(inner)]
    rows = [
        ["bank", "sentences", "rationales"],
        ["---", "---:", "---:"],
        ["in all", str(len(sentences)), f"{len(rationales)} of {len(inner)} sentences"],
    ]
    kinds = sorted({label for own in counts for label in own if label not in REASONS})
    for label in (*REASONS, *kinds):
        shown = f"reason: `{label}`" if label in REASONS else f"no reason: {label}"
        rows.append([shown, *(_number(own[label]) for own in counts)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _rare_lines(sets: Sequence[Stats]) -> str:
    lines = []
    for group in ("entity", "reason"):
        together: Counter[str] = Counter()
        for stats in sets:
            together.update(stats.counts[group])
        wanted = ENTITIES if group == "entity" else REASONS
        rare = [f"`{label}` ({together[label]})" for label in wanted if together[label] < RARE]
        lines.append(f"Fewer than {RARE} times in all, {group}: {', '.join(rare) or 'none'}.\n")
    return "".join(lines)


def _in_order(group: str, sets: Sequence[Stats]) -> list[str]:
    present = {label for stats in sets for label in stats.counts[group]}
    fixed = {"entity": ENTITIES, "reason": REASONS}.get(group)
    if fixed:
        return [label for label in fixed if label in present]
    if group == "layout":
        return sorted(present)
    total: Counter[str] = Counter()
    for stats in sets:
        total.update(stats.counts[group])
    return [label for label, _ in sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))]


def _lengths(stats: Stats) -> str:
    if not stats.words:
        return "-"
    return f"{median(stats.words):.0f} ({min(stats.words)} to {max(stats.words)})"


def _number(value: int) -> str:
    return str(value) if value else "-"


def draw(sets: Sequence[Stats], path: str | Path) -> None:
    """Draw how often entities, reasons and categories occur; `path` ends in .svg or .png.

    Raises
    ------
    ExportError
        If matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ExportError(
            'matplotlib is not installed. Run: pip install "imr_nlp[train]"'
        ) from error
    # Without a salt and a date the same counts give the same file.
    with mpl.rc_context({"svg.hashsalt": "imr_nlp", "font.size": 8}):
        figure = Figure(figsize=(11, 6.5), layout="constrained")
        axes = figure.subplots(1, 3)
        for axis, group in zip(axes, ("entity", "reason", "category"), strict=True):
            _draw_group(axis, group, sets)
        axes[0].legend(loc="lower right")
        metadata: Any = {"Date": None} if str(path).endswith(".svg") else None
        figure.savefig(path, metadata=metadata)


def _draw_group(axis: Any, group: str, sets: Sequence[Stats]) -> None:
    labels = _in_order(group, sets)
    left = [0] * len(labels)
    for stats in sets:
        values = [stats.counts[group][label] for label in labels]
        axis.barh(labels, values, left=left, label=stats.name)
        left = [a + b for a, b in zip(left, values, strict=True)]
    axis.invert_yaxis()
    axis.set_title(f"{group} (issues)" if group != "entity" else "entity (mentions)")
    axis.spines[["top", "right"]].set_visible(False)

"""A retrained pipeline with its comparison, and both on disk."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacy.language import Language

from imr_nlp.errors import ExportError
from imr_nlp.evaluation import Comparison, comparison_to_markdown

COMPARISON = "comparison.json"
_META = "meta.json"


@dataclass(frozen=True)
class Retrained:
    """A retrained pipeline, and how it compares with the old one.

    Parameters
    ----------
    nlp
        The pipeline.
    comparisons
        On the frozen test split, and on the new letters that were held out, if any.
    notes
        In words: which letters were left out and why, and what else there is to know.
    n_new, n_new_issues
        New letters that trained, and their issues.
    counts
        How much trained in all (`Material.counts`).
    """

    nlp: Language
    comparisons: list[Comparison]
    notes: list[str]
    n_new: int
    n_new_issues: int
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def better(self) -> bool:
        """Whether the new pipeline is shown to be better on the test split, and worse nowhere."""
        worse = any(comparison.worse for comparison in self.comparisons)
        return self.comparisons[0].better and not worse

    def verdict(self) -> str:
        """Say in one sentence whether the new pipeline is the better one."""
        if self.better:
            return "The new pipeline is better than the old one."
        worse = [own.name for own in self.comparisons if own.worse]
        better = [own.name for own in self.comparisons if own.better]
        if worse and better:
            return (
                f"The new pipeline is better on {', '.join(better)} and worse on "
                f"{', '.join(worse)}: it is not the better one."
            )
        if worse:
            return f"The new pipeline is worse than the old one on {', '.join(worse)}."
        if better:
            return (
                f"The new pipeline is better on {', '.join(better)}; on "
                f"{self.comparisons[0].name} that is not shown."
            )
        return "It is not shown that the new pipeline is better than the old one."

    def to_dict(self) -> dict[str, Any]:
        """Give plain data, without the pipeline."""
        return {
            "better": self.better,
            "verdict": self.verdict(),
            "trained_on": {"new letters": self.n_new, "new issues": self.n_new_issues}
            | self.counts,
            "notes": self.notes,
            "comparisons": [comparison.to_dict() for comparison in self.comparisons],
        }


def check_folder(folder: Path, *, force: bool = False) -> None:
    """Refuse a folder that holds something.

    Parameters
    ----------
    folder
        Where a pipeline is to be written.
    force
        Allow a folder that holds a pipeline; it will be replaced.

    Raises
    ------
    ExportError
        If the folder may not be written.
    """
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{folder}: is a file. Give the name of a folder.")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not force:
        raise ExportError(f"{folder}: is not empty. Choose another folder, or give --force.")
    if not (folder / _META).is_file():
        raise ExportError(
            f"{folder}: holds no pipeline, and is not replaced even with --force. "
            "Choose another folder."
        )


def write_retrained(retrained: Retrained, folder: str | Path, *, force: bool = False) -> None:
    """Write a pipeline with its comparison as JSON and a README.

    Raises
    ------
    ExportError
        If the folder holds something, unless it is a pipeline and `force` is given.
    """
    folder = Path(folder)
    check_folder(folder, force=force)
    if folder.is_dir():
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    retrained.nlp.to_disk(folder)
    data = json.dumps(retrained.to_dict(), ensure_ascii=False, indent=1)
    (folder / COMPARISON).write_text(data + "\n", encoding="utf-8")
    (folder / "README.md").write_text(_readme(retrained, folder), encoding="utf-8")


def _readme(retrained: Retrained, folder: Path) -> str:
    meta = retrained.nlp.meta
    name = f"{meta['lang']}_{meta['name']}"
    counts = ", ".join(f"{n} {what}" for what, n in retrained.counts.items())
    sections = [
        f"# {name}\n",
        f"{meta['description']}. Made by `imr-nlp train`.\n",
        f"Trained on {counts}; {retrained.n_new} of the letters, with {retrained.n_new_issues} "
        f"issues, were new.\n",
        f"## Compared with the old pipeline\n\n{retrained.verdict()}\n",
        *(f"{own.summary()}\n\n{comparison_to_markdown(own)}" for own in retrained.comparisons),
    ]
    if retrained.notes:
        sections.append("".join(f"- {note}\n" for note in retrained.notes))
    sections.append(
        f"## Use\n\n```python\nimport imr_nlp\n\nnlp = imr_nlp.load({folder.name!r})\n```\n\n"
        f"```sh\npython -m spacy package {folder.name} . --build wheel\n```\n\n"
        f"The wheel installs as `{name}`; `spacy.load({name!r})` loads it where `imr_nlp` is "
        "installed.\n"
    )
    return "\n".join(sections)

"""A retrained pipeline with its comparison, and both on disk."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from spacy import util
from spacy.language import Language

from imr_nlp.errors import ExportError
from imr_nlp.evaluation import Comparison, comparison_to_markdown

COMPARISON = "comparison.json"
_README = "README.md"
_CONFIG = "config.cfg"
_FILES = {_CONFIG, "meta.json", "tokenizer", "vocab", COMPARISON, _README}


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
    settings
        What it takes to do the same again: the old pipeline, the seed and so on.
    """

    nlp: Language
    comparisons: list[Comparison]
    notes: list[str]
    n_new: int
    n_new_issues: int
    counts: dict[str, int] = field(default_factory=dict)
    settings: dict[str, str | float | None] = field(default_factory=dict)

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
            "settings": self.settings,
            "notes": self.notes,
            "comparisons": [comparison.to_dict() for comparison in self.comparisons],
        }


def check_folder(folder: Path, *, force: bool = False) -> None:
    """Refuse a folder that holds something, or that cannot be put in place of another.

    Parameters
    ----------
    folder
        Where a pipeline is to be written.
    force
        Allow a folder that holds a pipeline of this library and nothing else; it will
        be replaced.

    Raises
    ------
    ExportError
        If the folder may not be written.
    """
    if folder.is_symlink():
        raise ExportError(f"{folder}: is a link. Give the folder itself, or another one.")
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{folder}: is a file. Give the name of a folder.")
    _check_place(folder)
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not force:
        raise ExportError(f"{folder}: is not empty. Choose another folder, or give --force.")
    parts = _components(folder)
    if not any(str(part.get("factory", "")).startswith("imr_") for part in parts.values()):
        raise ExportError(
            f"{folder}: holds no pipeline of imr_nlp, and is not replaced even with --force. "
            "Choose another folder."
        )
    foreign = sorted(path.name for path in folder.iterdir() if path.name not in _FILES | set(parts))
    if foreign:
        raise ExportError(
            f"{folder}: holds {', '.join(foreign)}, too, which would be deleted. Move what is no "
            "part of the pipeline elsewhere, or choose another folder."
        )


def _check_place(folder: Path) -> None:
    """Refuse a place in which no folder can be made or renamed."""
    place = folder.resolve()
    if place in (Path.cwd(), *Path.cwd().parents) or os.path.ismount(place):
        raise ExportError(
            f"{folder}: is in use, so it cannot be replaced. Give the name of a folder in it."
        )
    above = next(path for path in place.parents if path.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise ExportError(f"{folder}: nothing can be written in {above}. Choose another folder.")


def _components(folder: Path) -> dict[str, dict[str, Any]]:
    """Give the settings of the components of a saved pipeline; none where it is no such."""
    try:
        parts = util.load_config(folder / _CONFIG).get("components", {})
    except (OSError, ValueError):
        return {}
    return {name: part for name, part in parts.items() if isinstance(part, dict)}


def write_retrained(retrained: Retrained, folder: str | Path, *, force: bool = False) -> None:
    """Write a pipeline with its comparison as JSON and a README.

    An old pipeline in the folder is removed last, when the new one stands in its place.

    Raises
    ------
    ExportError
        If the folder holds something, unless it is a pipeline and `force` is given; or
        if it cannot be written: what it held is still there.
    """
    folder = Path(folder)
    check_folder(folder, force=force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Beside the folder, since a rename does not cross file systems.
        beside = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise ExportError(f"{folder}: cannot be written ({error}).") from error
    new, old = beside / "new", beside / "old"
    try:
        _write(retrained, new, folder)
    except BaseException as error:
        shutil.rmtree(beside, ignore_errors=True)
        if isinstance(error, OSError):
            raise ExportError(f"{folder}: cannot be written ({error}).") from error
        raise
    try:
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    except OSError as error:
        if old.exists():
            old.rename(folder)
        raise ExportError(
            f"{folder}: cannot be replaced ({error}). The new pipeline is in {new}; move it."
        ) from error
    shutil.rmtree(beside, ignore_errors=True)


def _write(retrained: Retrained, path: Path, folder: Path) -> None:
    """Write everything to a path that will become the folder."""
    retrained.nlp.to_disk(path)
    data = json.dumps(retrained.to_dict(), ensure_ascii=False, indent=1)
    (path / COMPARISON).write_text(data + "\n", encoding="utf-8")
    (path / _README).write_text(_readme(retrained, folder), encoding="utf-8")


def _readme(retrained: Retrained, folder: Path) -> str:
    meta = retrained.nlp.meta
    name = f"{meta['lang']}_{meta['name']}"
    counts = ", ".join(f"{n} {what}" for what, n in retrained.counts.items())
    sections = [
        f"# {name}\n",
        f"{meta['description']}. Made by `imr-nlp train`.\n",
        f"Trained on {counts}; {retrained.n_new} of the letters, with {retrained.n_new_issues} "
        f"issues, were new.\n",
        f"With {', '.join(f'{name} {value}' for name, value in retrained.settings.items())}.\n",
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

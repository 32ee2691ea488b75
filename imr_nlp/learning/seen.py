"""Letters that are annotated already, in whatever form they are at hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from imr_nlp.corpus import AnnotatedLetter, import_letters, read_letter, read_letters
from imr_nlp.corpus.form import SUFFIX
from imr_nlp.corpus.standoff import iter_standoff, text_hash
from imr_nlp.corpus.store import ATTACHED, LETTERS, REAL

_OF_PRODIGY = {"spans", "tokens", "answer", "_input_hash"}


class Seen(NamedTuple):
    """Letters that are annotated already.

    Parameters
    ----------
    letters
        Those whose text is at hand.
    hashes
        Hashes of the readable texts of all (`text_hash`).
    """

    letters: list[AnnotatedLetter]
    hashes: frozenset[str]


def seen_letters(letters: Iterable[AnnotatedLetter]) -> Seen:
    """Give annotated letters as `suggest` takes them."""
    letters = list(letters)
    return Seen(letters, frozenset(text_hash(letter.text) for letter in letters))


def read_seen(path: str | Path) -> Seen:
    """Read annotated letters: a corpus folder, or any form of `import_letters`.

    Of a corpus folder the posted letters that are not attached are known by
    their hashes alone. The form of other files is told by their content.

    Raises
    ------
    CorpusError
        If there are no annotated letters at the path, or something is wrong with them.
    """
    path = Path(path)
    if path.suffix == SUFFIX and path.is_file():
        return seen_letters([read_letter(path)])
    if not any((path / name).is_dir() for name in (LETTERS, ATTACHED, REAL)):
        return seen_letters(import_letters(path, form_of(path)).letters)
    folders = [path / name for name in (LETTERS, ATTACHED)]
    seen = seen_letters(
        letter
        for folder in folders
        if any(folder.rglob(f"*{SUFFIX}"))
        for letter in read_letters(folder)
    )
    hashes = {str(annotation["sha256"]) for annotation in iter_standoff(path / REAL)}
    return seen._replace(hashes=seen.hashes | hashes)


def form_of(path: Path) -> str:
    """Tell the form of annotated letters by their files."""
    if path.is_dir():
        if any(path.glob("*.ann")):
            return "brat"
        return "datasets" if any(path.glob("dataset_*.json")) else "imr"
    try:
        with path.open(encoding="utf-8-sig") as file:
            first = next((line for line in file if line.strip()), "")
    except UnicodeDecodeError:
        return "docbin"
    except OSError:  # import_letters says what is wrong
        return "jsonl"
    if first.lstrip().startswith("["):
        return "label-studio"
    try:
        names = set(json.loads(first))
    except (ValueError, TypeError):
        return "jsonl"
    if "fields" in names:
        return "jsonl"
    return "prodigy" if names & _OF_PRODIGY else "doccano"

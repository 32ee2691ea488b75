"""The formats by name, and reading and writing in any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from imr_nlp.corpus.docs import Misaligned, read_docbin, write_docbin
from imr_nlp.corpus.exchange import brat, doccano, hub, label_studio, prodigy
from imr_nlp.corpus.exchange.record import Record, from_record, misaligned_spans, to_record
from imr_nlp.corpus.form import SUFFIX, write_letter
from imr_nlp.corpus.jsonl import read_jsonl, write_jsonl
from imr_nlp.corpus.letter import AnnotatedLetter
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.corpus.store import read_letters


class _Tool(NamedTuple):
    write: Callable[[Iterable[Record], Path], None]
    read: Callable[[Path], Iterator[Record]]


_TOOLS = {
    "prodigy": _Tool(prodigy.write_spans, prodigy.read_spans),
    "label-studio": _Tool(label_studio.write, label_studio.read),
    "doccano": _Tool(doccano.write, doccano.read),
    "brat": _Tool(brat.write, brat.read),
    "datasets": _Tool(hub.write, hub.read),
}
FORMATS = ("imr", "jsonl", "docbin", *_TOOLS)
"""Names of the formats: the project's own, JSON lines, spaCy's DocBin, and the tools'."""


class Imported(NamedTuple):
    """Letters read from a file of an annotation tool.

    Parameters
    ----------
    letters
        The letters, every span kept as the tool gave it.
    misaligned
        Spans that cut a token, with letter and text: correct them in the tool.
    """

    letters: list[AnnotatedLetter]
    misaligned: list[Misaligned]


def export_letters(
    letters: Iterable[AnnotatedLetter], path: str | Path, format: str
) -> list[Misaligned]:
    """Write annotated letters in the format of an annotation tool.

    Parameters
    ----------
    letters
        The letters.
    path
        A file; a folder for `imr`, `brat` and `datasets`.
    format
        One of `FORMATS`.

    Returns
    -------
    list of Misaligned
        Spans that cut a token. A DocBin cannot hold them; the other formats do.

    Raises
    ------
    CorpusError
        If the format is unknown.
    """
    path = Path(path)
    letters = list(letters)
    if format == "docbin":
        return write_docbin(letters, path)
    if format == "jsonl":
        write_jsonl(letters, path)
    elif format == "imr":
        _write_folder(letters, path)
    else:
        _tool(format).write((to_record(letter) for letter in letters), path)
    return [span for letter in letters for span in misaligned_spans(to_record(letter))]


def import_letters(path: str | Path, format: str) -> Imported:
    """Read annotated letters from the files of an annotation tool.

    Raises
    ------
    CorpusError
        If the format is unknown, or the file is not what it should be; file,
        line and reason are named.
    """
    path = Path(path)
    if format == "docbin":
        letters = list(read_docbin(path))
    elif format == "jsonl":
        letters = list(read_jsonl(path))
    elif format == "imr":
        letters = read_letters(path)
    else:
        letters = [from_record(record) for record in _tool(format).read(path)]
    misaligned = [span for letter in letters for span in misaligned_spans(to_record(letter))]
    return Imported(letters, misaligned)


def _tool(format: str) -> _Tool:
    if format not in _TOOLS:
        problem = f"no such format; there are {', '.join(FORMATS)}"
        raise CorpusError([Problem(format, 0, problem)])
    return _TOOLS[format]


def _write_folder(letters: Iterable[AnnotatedLetter], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for letter in letters:
        write_letter(letter, folder / f"{letter.id}{SUFFIX}")

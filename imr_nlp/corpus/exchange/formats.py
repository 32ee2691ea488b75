"""The formats by name, and reading and writing in any of them."""

from __future__ import annotations

import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from imr_nlp.corpus.docs import Misaligned, read_docbin, write_docbin
from imr_nlp.corpus.exchange import brat, doccano, hub, label_studio, prodigy
from imr_nlp.corpus.exchange.convert import from_record, misaligned_spans, to_record
from imr_nlp.corpus.exchange.place import Place
from imr_nlp.corpus.exchange.record import Record
from imr_nlp.corpus.exchange.relabel import LeftOut, Relabel, check_choice, with_known_labels
from imr_nlp.corpus.exchange.undecided import Undecided, undecided_letters
from imr_nlp.corpus.form import SUFFIX, write_letter
from imr_nlp.corpus.jsonl import messages_of, read_jsonl, write_jsonl
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

_FOLDERS = {"imr", "brat"}


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
    letters: Iterable[AnnotatedLetter],
    path: str | Path,
    format: str,
    *,
    predicted_by: str | None = None,
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
    predicted_by
        The pipeline that made the marks, where no person did (`from_prediction`).
        Prodigy and Label Studio then show them for a person to decide on, and
        `import_letters` takes no letter that nobody decided on. The other forms
        cannot tell.

    Returns
    -------
    list of Misaligned
        Spans that cut a token. A DocBin cannot hold them; the other formats do.

    Raises
    ------
    CorpusError
        If the format is unknown, the place cannot be written, a name cannot be
        that of a file where letters become files, or marks cross, which `imr`
        cannot hold.
    """
    path = Path(path)
    letters = list(letters)
    if format in _FOLDERS:
        _check_names(letters, path)
    try:
        if format == "docbin":
            return write_docbin(letters, path)
        if format == "jsonl":
            write_jsonl(letters, path)
        elif format == "imr":
            _write_folder(letters, path)
        else:
            records = (to_record(letter, predicted_by=predicted_by) for letter in letters)
            _tool(format).write(records, path)
    except OSError as error:
        raise Place(str(path)).error(f"cannot be written ({error.strerror or error})") from error
    return [span for letter in letters for span in misaligned_spans(to_record(letter))]


def import_letters(
    path: str | Path,
    format: str,
    *,
    relabel: Relabel | None = None,
    left_out: list[LeftOut] | None = None,
    undecided: list[Undecided] | None = None,
) -> Imported:
    """Read annotated letters from the files of an annotation tool.

    Letters that nobody decided on, such as those that a pipeline annotated, are left
    out: Prodigy's tasks without an answer, Label Studio's without a finished annotation.

    Parameters
    ----------
    path
        The file, or the folder.
    format
        One of `FORMATS`.
    relabel
        What to do with labels that there are not: the label that each is taken
        for, or None to leave its spans out. For the tools' formats only: an
        unknown label in `imr`, `jsonl` or `docbin` is an error with its place.
    left_out
        Where given, the spans that `relabel` leaves out are added here.
    undecided
        Where given, the letters that nobody decided on are added here.

    Warns
    -----
    UserWarning
        If nobody decided on some letters and `undecided` is not given.

    Raises
    ------
    UnknownLabelError
        If a tool's file holds labels that there are not, and `relabel` does not
        say what to do; each is named, with how often and in which letters it occurs.
    CorpusError
        If the format is unknown, the file is not what it should be, it holds no
        letters or one twice; file, line and reason are named.
    """
    path = Path(path)
    check_choice(relabel or {})
    open_tasks: list[Undecided] = []
    if format == "docbin":
        letters = _read_docbin(path)
    elif format == "jsonl":
        letters = list(read_jsonl(path))
    elif format == "imr":
        letters = read_letters(path)
    else:
        letters, dropped = _read_tool(path, format, relabel or {}, open_tasks)
        if left_out is not None:
            left_out += dropped
    told = undecided_letters(open_tasks, len(letters) + len(open_tasks)) if open_tasks else ""
    if not letters:
        why = told or "what was rejected, ignored or skipped is none"
        raise Place(str(path)).error(f"holds no annotated letters; {why}")
    if undecided is not None:
        undecided += open_tasks
    elif told:
        warnings.warn(f"{path}: {told}", UserWarning, stacklevel=2)
    counts = Counter(letter.id for letter in letters)
    if twice := [name for name, count in counts.items() if count > 1]:
        raise Place(str(path)).error(f"holds {', '.join(twice)} more than once")
    misaligned = [span for letter in letters for span in misaligned_spans(to_record(letter))]
    return Imported(letters, misaligned)


def _read_tool(
    path: Path, format: str, relabel: Relabel, undecided: list[Undecided]
) -> tuple[list[AnnotatedLetter], list[LeftOut]]:
    records: list[Record] = []
    places: dict[str, Place] = {}
    for record in _tool(format).read(path):
        if record.undecided:
            undecided.append(Undecided(record.id, record.undecided))
            continue
        if first := places.get(record.id):
            at = first.within or (f"line {first.line}" if first.line else first.file)
            problem = f"{record.id} stands in {at} already; keep one annotation of each letter"
            raise record.where.error(problem)
        places[record.id] = record.where
        records.append(record)
    known, left_out = with_known_labels(records, relabel)
    return [from_record(record) for record in known], left_out


def _read_docbin(path: Path) -> list[AnnotatedLetter]:
    try:
        return list(read_docbin(path))
    except CorpusError as error:
        raise CorpusError([p._replace(file=str(path)) for p in error.problems]) from error
    except ValidationError as error:
        raise Place(str(path)).error(*messages_of(error)) from error
    # What another file makes spaCy raise is not documented.
    except (OSError, ValueError, KeyError, TypeError, zlib.error) as error:
        problem = "no DocBin that can be read; spaCy writes one with to_disk"
        raise Place(str(path)).error(problem) from error


def _tool(format: str) -> _Tool:
    if format not in _TOOLS:
        problem = f"no such format; there are {', '.join(FORMATS)}"
        raise CorpusError([Problem(format, 0, problem)])
    return _TOOLS[format]


def _check_names(letters: list[AnnotatedLetter], folder: Path) -> None:
    seen: set[str] = set()
    for letter in letters:
        if not letter.id.strip(".") or any(character in letter.id for character in "/\\\0"):
            raise Place(str(folder)).error(f"{letter.id!r} cannot be the name of a file")
        if letter.id in seen:
            raise Place(str(folder)).error(f"two letters are called {letter.id}")
        seen.add(letter.id)


def _write_folder(letters: Iterable[AnnotatedLetter], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for letter in letters:
        try:
            write_letter(letter, folder / f"{letter.id}{SUFFIX}")
        except ValueError as error:
            raise Place(letter.id).error(str(error)) from error

"""Reading and extracting in one step."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from imr_nlp.errors import PipelineError
from imr_nlp.letters import Letter
from imr_nlp.letters import read as read_letter
from imr_nlp.schema import Determination, Note

if TYPE_CHECKING:
    from spacy.language import Language

_LONGEST_PATH = 4096
# "letter.pdf", "inbox/letter 7.txt", "inbox/letter": no text of a letter looks so.
_LIKE_A_FILE = re.compile(
    r".{0,300}\.(?:pdf|txt|text|docx?|rtf|html?|zip|png|jpe?g|tiff?)|[^\s/\\]+(?:[/\\][^\s/\\]+)+",
    re.IGNORECASE,
)


def read(source: str | os.PathLike[str]) -> Letter:
    """Read one letter from a PDF or text file; "-" is standard input.

    Raises
    ------
    imr_nlp.errors.LetterError
        If it cannot be read; the message names the file and the remedy.
    """
    return read_letter(source)


def extract(
    source: str | os.PathLike[str] | bytes | Letter, *, nlp: Language | None = None
) -> Determination:
    """Read a letter and give its determination.

    Parameters
    ----------
    source
        A path (`Path`, or a string without a line break that names a file), the
        text of a letter, the bytes of a file, or a `Letter` that was read
        already.
    nlp
        The pipeline to use; by default `imr_nlp.load()`, loaded once.

    Raises
    ------
    imr_nlp.errors.LetterError
        If `source` is a path that cannot be read.
    imr_nlp.errors.PipelineError
        If the pipeline gives no determination, or lacks a component that another needs.
    """
    if not isinstance(source, str | os.PathLike | bytes | Letter):
        raise TypeError(
            f"extract takes a path, the text of a letter, its bytes or a Letter, not "
            f"{type(source).__name__}"
        )
    if isinstance(source, str) and not _is_path(source):
        return determine(source, nlp=nlp)
    letter = source if isinstance(source, Letter) else read_letter(source)
    return determine(letter.text, nlp=nlp, letter=letter)


def determine(
    text: str, *, nlp: Language | None = None, letter: Letter | None = None
) -> Determination:
    """Give the determination of a raw text; warnings of its reading are passed on."""
    pipeline = nlp if nlp is not None else _default()
    determination: Determination | None = getattr(pipeline(text)._, "determination", None)
    if determination is None:
        raise PipelineError(
            "The pipeline gives no determination: it has no component 'imr_determination'. Use "
            "imr_nlp.load()."
        )
    if letter is not None:
        determination.id = letter.id
        determination.warnings = [
            *(Note(code="reading", message=message) for message in letter.warnings),
            *determination.warnings,
        ]
    return determination


@cache
def _default() -> Language:
    from imr_nlp.pipeline import load

    return load()


def _is_path(source: str) -> bool:
    """A string is a path if it is one line and names a file, or looks like a file name."""
    if "\n" in source or "\r" in source or not source.strip() or len(source) > _LONGEST_PATH:
        return False
    try:
        exists = Path(source).exists()
    except (OSError, ValueError):  # too long for a name, or a character that no name holds
        return False
    return exists or _LIKE_A_FILE.fullmatch(source.strip()) is not None

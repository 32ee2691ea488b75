"""What comes out of reading: a letter, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from imr_nlp.errors import LetterError


@dataclass(frozen=True, slots=True)
class Letter:
    r"""One letter as raw text.

    Parameters
    ----------
    id
        The file's name; `batch.zip!/a/b.pdf` for a member of an archive; `-`
        for standard input.
    source
        Where it came from, as the user would name it: a path, a path with the
        archive's member behind `!/`, or `-`.
    text
        Raw text. Offsets in results refer to it. Line ends of text files are
        kept as they are; the pages of a PDF are divided by a form feed, so
        that page *k* is `text.split("\f")[k - 1]`.
    n_pages
        Pages of the PDF, unreadable ones included; None for text.
    warnings
        What could not be read, or was read with doubt.
    """

    id: str
    source: str
    text: str
    n_pages: int | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A letter that could not be read, and why.

    Parameters
    ----------
    id, source
        As in `Letter`.
    error
        The reason; its message names the file and the remedy.
    """

    id: str
    source: str
    error: LetterError


class Content(NamedTuple):
    """The part of a letter that comes from its bytes alone."""

    text: str
    n_pages: int | None = None
    warnings: tuple[str, ...] = ()

"""Where letters are: paths, folders, patterns, archives, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from imr_nlp.errors import LetterError, LetterNotFoundError
from imr_nlp.letters.archive import list_members, member_source, read_member
from imr_nlp.letters.content import letter_of
from imr_nlp.letters.letter import Letter
from imr_nlp.letters.problems import from_os_error, missing
from imr_nlp.letters.walk import (
    ARCHIVE_ENDING,
    has_magic,
    is_file,
    is_folder,
    walk_folder,
    walk_pattern,
)

StrPath: TypeAlias = "str | os.PathLike[str]"

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """Where one letter is; small, so that worker processes can do the reading.

    Parameters
    ----------
    id
        The letter's name, see `Letter.id`.
    path
        The file's path, or the path of the archive that holds it.
    member
        The letter's path inside the archive.
    data
        The bytes themselves, of standard input only: no other process could
        read them.
    error
        Why there is nothing to read here.
    """

    id: str
    path: str
    member: str | None = None
    data: bytes | None = field(default=None, repr=False)
    error: LetterError | None = None

    @property
    def source(self) -> str:
        """The place as the user would name it, see `Letter.source`."""
        return self.path if self.member is None else member_source(self.path, self.member)

    def read(self) -> Letter:
        """Read the letter.

        Raises
        ------
        LetterError
            If it cannot be read; the child of it says why.
        """
        if self.error is not None:
            # The same error may be raised again: it must not gather the frames of each time.
            raise self.error.with_traceback(None)
        return letter_of(self._bytes(), id=self.id, source=self.source)

    def _bytes(self) -> bytes:
        if self.data is not None:
            return self.data
        if self.member is not None:
            return read_member(self.path, self.member)
        return read_file(self.path)


def find(sources: StrPath | Iterable[StrPath]) -> Iterator[Source]:
    """Expand files, folders, patterns, zip archives and `-`, one by one as they are asked for.

    Folders are walked with all folders below them: files by name, then
    folders by name; hidden files and files with endings other than `.pdf`,
    `.txt`, `.text` and `.zip` are passed over. A file that is named by itself
    may have any ending. Patterns know `*`, `?`, `[...]` and `**`.

    Parameters
    ----------
    sources
        One or more of them.

    Yields
    ------
    Source
        What is wrong with a path (nothing there, a folder without letters, a
        damaged archive) is a `Source` too; its `read` raises the error. So one
        wrong path does not end the walk.
    """
    given = (sources,) if isinstance(sources, (str, os.PathLike)) else sources
    for path in given:
        yield from _expand(os.fspath(path))


def read_file(path: str) -> bytes:
    """Read a file whole, or raise the `LetterError` that fits."""
    try:
        if not path:
            raise FileNotFoundError
        if is_folder(path):
            raise IsADirectoryError
        return Path(path).read_bytes()
    except OSError as error:
        raise from_os_error(path, error) from error
    except ValueError:  # a NUL in the path
        raise missing(path) from None


def read_standard_input() -> bytes:
    """Read standard input to its end."""
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise LetterNotFoundError(
            STANDARD_INPUT, "there is no standard input here", "Give a path instead of '-'."
        )
    try:
        data: bytes = stream.read()
    except OSError as error:
        raise from_os_error(STANDARD_INPUT, error) from error
    return data


def _expand(path: str) -> Iterator[Source]:
    if path == STANDARD_INPUT:
        yield _standard_input()
    elif is_folder(path):
        yield from _all_of(path, walk_folder(path), "the folder holds no letters")
    elif has_magic(path) and not is_file(path):
        yield from _all_of(path, walk_pattern(path), "no letter matches the pattern")
    else:
        yield from _file(path)


def _all_of(given: str, paths: Iterable[str | LetterError], nothing: str) -> Iterator[Source]:
    empty = True
    for path in paths:
        empty = False
        if isinstance(path, LetterError):
            yield _failed(path.source, path)
        else:
            yield from _file(path)
    if empty:
        remedy = "Check the path; letters end in .pdf, .txt, .text, or lie in a .zip."
        yield _failed(given, LetterNotFoundError(given, nothing, remedy))


def _file(path: str) -> Iterator[Source]:
    if not path.lower().endswith(ARCHIVE_ENDING):
        yield Source(Path(path).name, path)
        return
    archive, empty = Path(path).name, True
    try:
        for member, error in list_members(path):
            empty = False
            yield Source(member_source(archive, member), path, member, error=error)
    except LetterError as error:
        yield _failed(path, error)
        return
    if empty:
        remedy = "Letters in it must end in .pdf, .txt or .text."
        yield _failed(path, LetterNotFoundError(path, "the archive holds no letters", remedy))


def _failed(path: str, error: LetterError) -> Source:
    return Source(Path(path).name or path, path, error=error)


def _standard_input() -> Source:
    try:
        return Source(STANDARD_INPUT, STANDARD_INPUT, data=read_standard_input())
    except LetterError as error:
        return _failed(STANDARD_INPUT, error)

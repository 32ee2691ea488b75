"""Read one letter, or stream many."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, overload

from imr_nlp.errors import LetterError
from imr_nlp.letters.content import letter_of
from imr_nlp.letters.letter import Failure, Letter
from imr_nlp.letters.source import (
    STANDARD_INPUT,
    Source,
    StrPath,
    find,
    read_standard_input,
)

OnError = Literal["raise", "yield"]


def read(source: StrPath | BinaryIO | bytes, *, name: str | None = None) -> Letter:
    """Read one letter.

    The content tells the format (PDF or text, in any common encoding); the
    file's ending does not matter.

    Parameters
    ----------
    source
        A path, `-` for standard input, the bytes of a file, or a stream opened
        in binary mode (it is read to its end and left open).
    name
        The letter's id. By default the file's name; the stream's, if it has one.

    Raises
    ------
    LetterError
        If there is no letter in it; the child of it says why, the message
        what to do.
    TypeError
        If a stream gives text, not bytes.

    Examples
    --------
    >>> read(b"Final Determination Letter", name="example.txt").text
    'Final Determination Letter'
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        name = name or "<bytes>"
        return letter_of(bytes(source), id=name, source=name)
    if isinstance(source, (str, os.PathLike)):
        return _read_path(os.fspath(source), name)
    return _read_stream(source, name)


@overload
def stream(
    sources: StrPath | Iterable[StrPath], *, on_error: Literal["raise"] = "raise"
) -> Iterator[Letter]: ...


@overload
def stream(
    sources: StrPath | Iterable[StrPath], *, on_error: OnError
) -> Iterator[Letter | Failure]: ...


def stream(
    sources: StrPath | Iterable[StrPath], *, on_error: OnError = "raise"
) -> Iterator[Letter | Failure]:
    """Read letters one by one, as they are asked for.

    Parameters
    ----------
    sources
        Files, folders, patterns, zip archives, `-`: see `find`.
    on_error
        `"raise"` stops at the first letter that cannot be read; `"yield"`
        gives a `Failure` in its place and goes on, whatever is wrong with it.

    Raises
    ------
    LetterError
        With `"raise"`, if a letter cannot be read.
    ValueError
        If `on_error` is neither of the two.
    """
    if on_error not in ("raise", "yield"):
        raise ValueError(f"on_error is {on_error!r}; it must be 'raise' or 'yield'")
    if on_error == "raise":
        return (found.read() for found in find(sources))
    return (_read_or_fail(found) for found in find(sources))


def _read_path(path: str, name: str | None) -> Letter:
    if path == STANDARD_INPUT:
        return letter_of(read_standard_input(), id=name or path, source=path)
    return Source(name or Path(path).name or path, path).read()


def _read_stream(source: BinaryIO, name: str | None) -> Letter:
    data: object = source.read()
    if not isinstance(data, bytes):
        raise TypeError(
            f"the stream gives {type(data).__name__}, not bytes: open it in binary mode ('rb')"
        )
    given = getattr(source, "name", None)
    path = given if isinstance(given, str) and given else None
    name = name or (Path(path).name if path else "<stream>")
    return letter_of(data, id=name, source=path or name)


def _read_or_fail(found: Source) -> Letter | Failure:
    try:
        return found.read()
    except LetterError as error:
        return Failure(found.id, found.source, error)
    except Exception as error:
        # One file that breaks something unforeseen must not end a batch of thousands.
        wrapped = LetterError(
            found.source,
            f"reading it failed unexpectedly ({type(error).__name__}: {error})",
            "Leave it out, and report it with the file if you can.",
        )
        wrapped.__cause__ = error
        return Failure(found.id, found.source, wrapped)

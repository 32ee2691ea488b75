"""Folders and patterns to paths, in a fixed order and without holding them all."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from imr_nlp.errors import LetterError
from imr_nlp.letters.problems import from_os_error

ARCHIVE_ENDING = ".zip"
LETTER_ENDINGS = (".pdf", ".txt", ".text")
_ENDINGS = (*LETTER_ENDINGS, ARCHIVE_ENDING)
_MAGIC = re.compile(r"[*?\[]")

# Folders from the top down to the one at hand, by device and number: a link
# back to one of them would never end.
_Trail = frozenset[tuple[int, int]]


def has_magic(path: str) -> bool:
    """Tell whether a path is a pattern."""
    return _MAGIC.search(path) is not None


def is_folder(path: str) -> bool:
    """Tell whether there is a folder; a path that cannot be looked at is none."""
    try:
        return path != "" and Path(path).is_dir()
    except (OSError, ValueError):
        return False


def is_file(path: str) -> bool:
    """Tell whether there is something that is not a folder, a broken link included."""
    try:
        Path(path).lstat()
    except (OSError, ValueError):
        return False
    return not is_folder(path)


def walk_folder(folder: str, trail: _Trail = frozenset()) -> Iterator[str | LetterError]:
    """Give the letters and archives in a folder and in the folders below it.

    In each folder the files come first, by name, then the folders, by name.
    Hidden files and folders, and files with other endings than `.pdf`,
    `.txt`, `.text` and `.zip`, are passed over. The names of one folder's
    files are held at a time. A folder that cannot be opened comes as an error.
    """
    try:
        files, folders, trail = _list(folder, trail)
    except OSError as error:
        yield from_os_error(folder, error)
        return
    for name in files:
        if not _is_hidden(name) and _is_letter(name):
            yield _below(folder, name)
    files.clear()
    for name in folders:
        if not _is_hidden(name):
            yield from walk_folder(_below(folder, name), trail)


def walk_pattern(pattern: str) -> Iterator[str | LetterError]:
    """Give the letters and archives that match a pattern, each once.

    `*`, `?` and `[...]` stay within a name, `**` stands for any number of
    folders. A hidden name matches only a pattern that starts with a dot. A
    folder that matches stands for all letters in it.
    """
    parts = Path(pattern).parts
    fixed = next(number for number, part in enumerate(parts) if has_magic(part))
    base = str(Path(*parts[:fixed])) if fixed else ""
    states = _skip_stars({0}, parts[fixed:])
    if is_folder(base or "."):
        yield from _matches(base, parts[fixed:], states, frozenset())


def _matches(
    folder: str, parts: tuple[str, ...], states: frozenset[int], trail: _Trail
) -> Iterator[str | LetterError]:
    """Walk below a folder with all the places of the pattern that it may stand at."""
    if len(parts) in states:
        yield from walk_folder(folder, trail)
        return
    try:
        files, folders, trail = _list(folder, trail)
    except OSError as error:
        yield from_os_error(folder, error)
        return
    for name in files:
        if _is_letter(name) and len(parts) in _step(states, parts, name):
            yield _below(folder, name)
    files.clear()
    for name in folders:
        following = _step(states, parts, name)
        if following:
            yield from _matches(_below(folder, name), parts, following, trail)


def _step(states: frozenset[int], parts: tuple[str, ...], name: str) -> frozenset[int]:
    """Give the places in the pattern after a name, from the places before it."""
    following: set[int] = set()
    for place in states:
        if place == len(parts):
            continue
        part = parts[place]
        if _is_hidden(name) and not part.startswith("."):
            continue
        if part == "**":
            following.add(place)
        elif fnmatch(name, part):
            following.add(place + 1)
    return _skip_stars(following, parts)


def _skip_stars(states: set[int], parts: tuple[str, ...]) -> frozenset[int]:
    """Add the places that are reached where `**` stands for no folder at all."""
    reached = set(states)
    for place in states:
        while place < len(parts) and parts[place] == "**":
            place += 1
            reached.add(place)
    return frozenset(reached)


def _list(folder: str, trail: _Trail) -> tuple[list[str], list[str], _Trail]:
    """Give the sorted names of files and of folders, and the trail that includes this folder."""
    status = Path(folder).stat()
    identity = (status.st_dev, status.st_ino)
    if identity in trail:
        return [], [], trail
    files: list[str] = []
    folders: list[str] = []
    with os.scandir(folder or ".") as entries:
        for entry in entries:
            if _leads_to(entry.is_dir):
                folders.append(entry.name)
            elif _leads_to(entry.is_file) or entry.is_symlink():
                files.append(entry.name)
    files.sort()
    folders.sort()
    return files, folders, trail | {identity}


def _leads_to(test: Callable[[], bool]) -> bool:
    try:
        return test()
    except OSError:  # a link to itself
        return False


def _below(folder: str, name: str) -> str:
    return str(Path(folder, name))


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def _is_letter(name: str) -> bool:
    return name.lower().endswith(_ENDINGS)

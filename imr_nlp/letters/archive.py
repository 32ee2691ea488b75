"""Letters in zip archives, read without unpacking to disk."""

from __future__ import annotations

import os
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from imr_nlp.errors import (
    DamagedFileError,
    LetterError,
    PasswordProtectedError,
    UnsupportedFormatError,
)
from imr_nlp.letters.problems import from_os_error
from imr_nlp.letters.walk import ARCHIVE_ENDING, LETTER_ENDINGS

# A letter has some hundred kilobytes; scans some megabytes. More is a member
# made to fill the memory of whoever unpacks it.
LARGEST_MEMBER = 256 * 1024**2

_ENCRYPTED = 0x1
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error, OverflowError)
_PACK_AGAIN = "Download it again, or pack the letters anew."


class _Opened(threading.local):
    """The archive that this thread read last.

    Opening an archive reads the list of all its members: once for each member
    would take hours for a large one.
    """

    archive: zipfile.ZipFile | None = None
    key: tuple[object, ...] = ()


_OPENED = _Opened()


def member_source(path: str, member: str) -> str:
    """Name a member of an archive."""
    return f"{path}!/{member}"


def list_members(path: str) -> Iterator[tuple[str, LetterError | None]]:
    """Give the names of the letters in an archive, in its order.

    Archives inside it are not opened: they come with the error that says so.

    Raises
    ------
    LetterError
        If the archive is missing or damaged.
    """
    archive = _open(path)
    try:
        for info in archive.infolist():
            if info.is_dir() or _is_hidden(info.filename):
                continue
            name = info.filename.lower()
            if name.endswith(ARCHIVE_ENDING):
                yield info.filename, _nested(path, info.filename)
            elif name.endswith(LETTER_ENDINGS):
                hidden_twin = archive.NameToInfo.get(info.filename) is not info
                yield info.filename, _twin(path, info.filename) if hidden_twin else None
    finally:
        _close()


def read_member(path: str, member: str) -> bytes:
    """Read one member of an archive.

    Raises
    ------
    PasswordProtectedError
        If it is encrypted.
    DamagedFileError
        If it is missing, damaged or larger than `LARGEST_MEMBER`.
    UnsupportedFormatError
        If it is compressed by a method that Python does not know.
    """
    source = member_source(path, member)
    archive = _open(path)
    try:
        info = archive.getinfo(member)
    except KeyError:
        raise DamagedFileError(source, "the archive has no such member", _PACK_AGAIN) from None
    if info.flag_bits & _ENCRYPTED:
        raise PasswordProtectedError(
            source, "it is encrypted in the archive", "Unpack the archive with its password first."
        )
    if info.file_size > LARGEST_MEMBER:
        raise _too_large(source)
    try:
        with archive.open(info) as stream:
            data = stream.read(LARGEST_MEMBER + 1)
    except (NotImplementedError, RuntimeError) as error:
        raise UnsupportedFormatError(
            source, f"it cannot be unpacked ({error})", "Unpack the archive first."
        ) from error
    except (*_DAMAGE, OSError) as error:
        raise DamagedFileError(source, f"it cannot be unpacked ({error})", _PACK_AGAIN) from error
    if len(data) > LARGEST_MEMBER:
        raise _too_large(source)
    return data


def _open(path: str) -> zipfile.ZipFile:
    try:
        status = Path(path).stat()
        # With the process: forked children share the place in an open file.
        key = (os.getpid(), path, status.st_ino, status.st_size, status.st_mtime_ns)
        if _OPENED.archive is not None and key == _OPENED.key:
            return _OPENED.archive
        _close()
        _OPENED.archive = zipfile.ZipFile(path)
    except OSError as error:
        raise from_os_error(path, error) from error
    except (*_DAMAGE, NotImplementedError) as error:
        raise DamagedFileError(
            path, "is not a zip archive, or is a damaged one", _PACK_AGAIN
        ) from error
    _OPENED.key = key
    return _OPENED.archive


def _close() -> None:
    if _OPENED.archive is not None:
        _OPENED.archive.close()
    _OPENED.archive, _OPENED.key = None, ()


def _is_hidden(member: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in member.split("/"))


def _nested(path: str, member: str) -> LetterError:
    return UnsupportedFormatError(
        member_source(path, member),
        "archives inside archives are not opened",
        "Unpack the outer archive first.",
    )


def _twin(path: str, member: str) -> LetterError:
    return DamagedFileError(
        member_source(path, member),
        "the archive holds another member of the same name, and only the last can be read",
        "Unpack or pack the letters under different names.",
    )


def _too_large(source: str) -> LetterError:
    return DamagedFileError(
        source,
        f"it unpacks to more than {LARGEST_MEMBER // 1024**2} MiB, as no letter does",
        "If it is a letter indeed, unpack the archive first.",
    )

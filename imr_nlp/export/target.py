"""Files that appear under their name only when they are whole."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imr_nlp.errors import ExportError

# File systems allow 255 bytes for a name; a character has up to four.
_KEPT_OF_NAME = 40


def check_target(path: Path) -> None:
    """Raise an `ExportError` if no file can be written at a path."""
    if path.is_dir():
        raise ExportError(f"{path}: is a folder. Give the name of a file in it.")
    if not path.parent.is_dir():
        raise ExportError(
            f"{path}: the folder {path.parent} does not exist. Create it, or choose another."
        )
    if path.exists() and not os.access(path, os.W_OK):
        raise ExportError(
            f"{path}: the file is there and is write-protected. Remove it, or choose another name."
        )


def check_unused(path: Path, *, folder: bool = False, force: bool = False) -> None:
    """Raise an `ExportError` if something cannot be written at a path, or would replace work.

    Parameters
    ----------
    path
        A file, or a folder that need not be there yet.
    folder
        Whether it is a folder.
    force
        Allow a file, or a folder, that holds something.
    """
    if folder:
        _check_folder(path)
        used = path.is_dir() and any(path.iterdir())
    else:
        check_target(path)
        used = path.is_file() and path.stat().st_size > 0
    if used and not force:
        kind = "the folder" if folder else "the file"
        raise ExportError(
            f"{path}: {kind} is not empty, and what it holds may have been corrected by hand. "
            "Choose another name, or give --force to write over it."
        )


def _check_folder(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise ExportError(f"{path}: is a file. Give the name of a folder.")
    nearest = next((own for own in (path, *path.absolute().parents) if own.exists()), path)
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise ExportError(f"{path}: nothing can be written in {nearest}. Choose another folder.")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside `path`, and move it there when all went well.

    Until then a file that is already there is left as it is. On any error,
    an interrupt by the user included, the temporary file is removed.

    Parameters
    ----------
    path
        The final name. The target of a link is replaced, not the link.

    Raises
    ------
    ExportError
        If the file cannot be created, or not be moved to its place.
    """
    check_target(path)
    final = Path(os.path.realpath(path))
    temporary = final.with_name(f".{final.name[:_KEPT_OF_NAME]}.{secrets.token_hex(4)}.tmp")
    try:
        # Not the module tempfile: its files can be read by their owner alone.
        temporary.touch(exist_ok=False)
        if final.exists():
            shutil.copymode(final, temporary)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise cannot_write(path, error) from error
    try:
        yield temporary
        _move(temporary, final, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def cannot_write(path: Path | str, error: Exception) -> ExportError:
    """Say that, and why, a file cannot be written."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return ExportError(
        f"{path}: cannot be written ({reason}). Check the folder's permissions and free space, "
        "or choose another."
    )


def _move(temporary: Path, final: Path, path: Path) -> None:
    try:
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(final)
    except OSError as error:
        raise cannot_write(path, error) from error

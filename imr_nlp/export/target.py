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

"""Errors of the operating system as errors of letters."""

from __future__ import annotations

from imr_nlp.errors import LetterError, LetterNotFoundError, UnsupportedFormatError


def missing(source: str) -> LetterNotFoundError:
    """Give the error for a path where there is nothing."""
    if "\n" in source:
        # Not the whole letter into the message and the log.
        return LetterNotFoundError(
            ascii(source[:40] + "..."),
            "there is no such file",
            "It looks like a letter's text, not a path: give it to a pipeline, or as bytes.",
        )
    return LetterNotFoundError(
        source or "''",
        "there is no such file or folder",
        "Check the spelling and the current folder.",
    )


def from_os_error(source: str, error: OSError) -> LetterError:
    """Say what an error of the operating system means for a letter."""
    if "\n" in source or isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return missing(source)
    if isinstance(error, IsADirectoryError):
        return UnsupportedFormatError(
            source, "is a folder, not a letter", "Use stream() or find() to read all letters in it."
        )
    reason = error.strerror or str(error) or type(error).__name__
    return LetterError(
        source, f"cannot be read ({reason})", "Check that it is still there and may be read."
    )

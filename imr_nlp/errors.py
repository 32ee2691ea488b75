"""Exceptions raised by `imr_nlp`, all children of `ImrError`."""

from __future__ import annotations


class ImrError(Exception):
    """Root of every error that the library raises on purpose."""


class LetterError(ImrError):
    """A letter could not be read.

    Parameters
    ----------
    source
        The file (or archive member) at fault, as the user would name it.
    problem
        What is wrong with it.
    remedy
        What the user can do about it.
    """

    def __init__(self, source: str, problem: str, remedy: str) -> None:
        super().__init__(f"{source}: {problem}. {remedy}")
        self.source = source
        self.problem = problem
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[LetterError], tuple[str, str, str]]:
        """Rebuild from the three parts, so that worker processes can send it."""
        return type(self), (self.source, self.problem, self.remedy)


class LetterNotFoundError(LetterError):
    """The path does not exist, or a glob or folder holds no letters."""


class UnsupportedFormatError(LetterError):
    """The file is neither a PDF nor text."""


class PasswordProtectedError(LetterError):
    """The PDF needs a password that is not the empty one."""


class DamagedFileError(LetterError):
    """The file is empty, cut off or not what its name says."""


class NoPagesError(LetterError):
    """The PDF opens but holds no pages."""


class NoTextLayerError(LetterError):
    """The PDF holds pictures of pages only: it must go through OCR first."""


class PipelineError(ImrError):
    """A pipeline cannot be found, loaded or used as asked."""


class ExportError(ImrError):
    """A result cannot be written in the format or to the place asked for."""

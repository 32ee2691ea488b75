"""Optional libraries, imported when they are used."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from imr_nlp.errors import ExportError


class MissingExtraError(ExportError, ImportError):
    """A library that this export needs is not installed.

    It is both an `ExportError` and an `ImportError`; the message says what to
    install.
    """


def require(module: str, *, extra: str) -> ModuleType:
    """Import a library of an extra.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        raise MissingExtraError(
            f"{library} is not installed or cannot be imported ({error}). "
            f'Install it with: pip install "imr_nlp[{extra}]"'
        ) from error

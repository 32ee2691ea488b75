"""California workers' compensation IMR determination letters as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imr_nlp.api import extract, read
    from imr_nlp.batch import extract_many
    from imr_nlp.pipeline import load
    from imr_nlp.schema import Determination

__version__ = "0.1.0"
__all__ = ["Determination", "__version__", "extract", "extract_many", "load", "read"]

_HOMES = {
    "extract": "imr_nlp.api",
    "extract_many": "imr_nlp.batch",
    "read": "imr_nlp.api",
    "load": "imr_nlp.pipeline",
    "Determination": "imr_nlp.schema",
}


def __dir__() -> list[str]:
    """Name the public names, those that are not imported yet included."""
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    """Import on first use: `import imr_nlp` loads neither spaCy nor a model."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

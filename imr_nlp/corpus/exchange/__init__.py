"""Annotated letters to and from the files of annotation tools."""

from __future__ import annotations

from imr_nlp.corpus.exchange.formats import (
    FORMATS,
    Imported,
    export_letters,
    import_letters,
)
from imr_nlp.corpus.exchange.relabel import LeftOut, UnknownLabelError
from imr_nlp.corpus.exchange.undecided import Undecided, undecided_letters

__all__ = [
    "FORMATS",
    "Imported",
    "LeftOut",
    "Undecided",
    "UnknownLabelError",
    "export_letters",
    "import_letters",
    "undecided_letters",
]

"""Annotated letters to and from the files of annotation tools."""

from __future__ import annotations

from imr_nlp.corpus.exchange.formats import (
    FORMATS,
    Imported,
    export_letters,
    import_letters,
)

__all__ = ["FORMATS", "Imported", "export_letters", "import_letters"]

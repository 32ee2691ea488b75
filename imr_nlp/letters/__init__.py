"""Files to raw text: PDFs, text files, folders, patterns, archives, standard input."""

from __future__ import annotations

from imr_nlp.letters.letter import Failure, Letter
from imr_nlp.letters.reading import read, stream
from imr_nlp.letters.source import Source, find

__all__ = ["Failure", "Letter", "Source", "find", "read", "stream"]

"""Raw text to readable text, with every character's place in the raw text."""

from __future__ import annotations

from imr_nlp.text.alignment import Alignment
from imr_nlp.text.readable import Readable, make_readable, readable

__all__ = ["Alignment", "Readable", "make_readable", "readable"]

"""Many letters to determinations, on one process or several.

For programs that feed a table or a database: results come one by one, in the
order of the letters, and a letter that fails is a result like any other.
"""

from __future__ import annotations

from imr_nlp.batch.many import Extracted, extract_many
from imr_nlp.export.failures import FailedLetter

__all__ = ["Extracted", "FailedLetter", "extract_many"]

"""Giving memory back while a transformer trains."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

from spacy.language import Language
from spacy.util import registry


def _trim(nlp: Language, state: dict[str, Any]) -> None:
    ctypes.CDLL(None).malloc_trim(0)


def _keep(nlp: Language, state: dict[str, Any]) -> None:
    pass


@registry.callbacks("imr_nlp.trim_memory.v1")
def make_trim_memory() -> Callable[[Language, dict[str, Any]], None]:
    """Make a callback for `training.before_update` that gives freed memory back.

    Batches have all sizes, and glibc keeps what falls between them: a training on a
    processor grew by half a gigabyte a minute. Elsewhere than under Linux it does nothing.
    """
    has_trim = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")
    return _trim if has_trim else _keep

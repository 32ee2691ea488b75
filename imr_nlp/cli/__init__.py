"""The command `imr-nlp`: letters to tables, the corpus, evaluation."""

from __future__ import annotations

from imr_nlp.cli.app import app

__all__ = ["app"]

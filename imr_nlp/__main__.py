"""`python -m imr_nlp` is `imr-nlp`."""

from __future__ import annotations

from imr_nlp.cli import app

app()

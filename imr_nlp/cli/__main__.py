"""`python -m imr_nlp.cli` is `imr-nlp`."""

from __future__ import annotations

from imr_nlp.cli.app import app

app()

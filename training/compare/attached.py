"""What every comparison needs: the posted letters, joined with their text."""

from __future__ import annotations

from pathlib import Path

from imr_nlp.corpus.store import ATTACHED


def check_attached(corpus: Path) -> None:
    """Stop where the posted letters are not attached to a corpus."""
    if not any((corpus / ATTACHED).glob("*.imr")):
        raise SystemExit(
            f"{corpus / ATTACHED}: holds no posted letters, on which the comparisons are made. "
            "Join them by 'imr-nlp corpus attach FOLDER'."
        )

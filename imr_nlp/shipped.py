"""The trained pipelines by name, and where they lie; knows no spaCy."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

SHIPPED = {"sm": "en_imr_sm"}
"""Trained pipelines that come with the package, by the name that `load` takes."""
UNSHIPPED = {"trf": "en_imr_trf"}
"""Those whose weights are too large to come with it."""
TRAINED_ON = "imr_trained_on"
"""In `nlp.meta`: hashes (`imr_nlp.corpus.standoff.text_hash`) of the letters that trained it."""
DEFAULT = "sm"
"""What `load` gives when it is asked for nothing else."""


def trained_path(name: str) -> Path:
    """Give the folder of a trained pipeline, whether it is there or not.

    In a wheel it lies inside the package, in a checkout in `models`.
    """
    folder = {**SHIPPED, **UNSHIPPED}[name]
    package = Path(__file__).parent
    inside = package / "models" / folder
    return inside if inside.exists() else package.parent / "models" / folder


def can_transform() -> bool:
    """Tell whether the extra `transformers` is installed."""
    return all(find_spec(name) is not None for name in ("spacy_transformers", "torch"))


def corpus_path() -> Path:
    """Give the folder of the annotated corpus, whether it is there or not.

    In a wheel it lies inside the package, in a checkout in `corpus`.
    """
    package = Path(__file__).parent
    inside = package / "data" / "corpus"
    return inside if inside.exists() else package.parent / "corpus"

"""What all tests share: the rule pipeline, and the letters that ship with the project."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from spacy.language import Language

import imr_nlp

# How long an example takes says more about the machine than about the code.
settings.register_profile("imr_nlp", deadline=None)
settings.load_profile("imr_nlp")

ROOT = Path(__file__).parent.parent
LETTERS = ROOT / "examples" / "letters"
GOLD = ROOT / "tests" / "regression" / "letters"
ATTRIBUTES = (
    "drug",
    "strength",
    "form",
    "dose",
    "route",
    "frequency",
    "duration",
    "quantity",
    "refills",
)


@pytest.fixture(scope="session")
def nlp() -> Language:
    return imr_nlp.load("rules")


@pytest.fixture(scope="session")
def letters() -> dict[str, str]:
    """Raw texts of the example letters by name."""
    return {path.stem: imr_nlp.read(path).text for path in sorted(LETTERS.glob("*.txt"))}


def without_places(value: Any) -> Any:
    """Leave out the offsets of a dumped determination."""
    if isinstance(value, dict):
        return {k: without_places(v) for k, v in value.items() if k not in {"start", "end"}}
    if isinstance(value, list):
        return [without_places(v) for v in value]
    return value

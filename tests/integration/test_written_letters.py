"""Every written letter that is not held for the test, layer by layer, against its annotation.

`known_failures.json` counts what the rules get wrong in a letter, by layer. A
count that changes, up or down, must be renewed, so that what was mended stays
mended: `python -m tests.integration.test_written_letters`.
"""

import json
from collections import Counter
from pathlib import Path

import pytest
from spacy.language import Language

import imr_nlp
from imr_nlp.corpus import AnnotatedLetter, read_letter, read_splits, to_doc
from imr_nlp.evaluation import score_letter

ROOT = Path(__file__).parents[2]
KNOWN_FILE = ROOT / "tests" / "regression" / "written_letters" / "known_failures.json"
KNOWN: dict[str, dict[str, int]] = json.loads(KNOWN_FILE.read_text(encoding="utf-8"))
NAMES = read_splits(ROOT / "corpus" / "splits.json").train
LEARNED = ("reasons", "evidence", "primary_reason")
"""Layers that rules do not fill."""
NEVER = ("issues/item+decision", "issue/decision", "issue/requested", "issue/authorized")


def load(name: str) -> AnnotatedLetter:
    return read_letter(ROOT / "corpus" / "letters" / f"{name}.imr")


def failures(name: str, nlp: Language) -> dict[str, int]:
    letter = load(name)
    errors = score_letter(nlp(letter.text), to_doc(letter)).errors
    counts = Counter(e.layer for e in errors if not e.layer.startswith(LEARNED))
    return dict(sorted(counts.items()))


@pytest.mark.parametrize("name", NAMES)
def test_letter_is_read_but_for_known_failures(name: str, nlp: Language) -> None:
    assert failures(name, nlp) == KNOWN.get(name, {})


def test_what_holds_the_result_together_never_fails() -> None:
    assert not {layer for found in KNOWN.values() for layer in found if layer in NEVER}


if __name__ == "__main__":
    pipeline = imr_nlp.load("rules")
    found = {name: failures(name, pipeline) for name in NAMES}
    text = json.dumps({name: counts for name, counts in found.items() if counts}, indent=1)
    KNOWN_FILE.write_text(text + "\n", encoding="utf-8")

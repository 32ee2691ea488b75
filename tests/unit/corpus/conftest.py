from pathlib import Path

import pytest

from imr_nlp.corpus import read_letter

CORPUS = Path(__file__).parents[3] / "corpus"


@pytest.fixture(scope="session")
def corpus_letters():
    """A dozen of the written letters, of every layout."""
    paths = sorted((CORPUS / "letters").glob("*.imr"))
    letters = [read_letter(path) for path in paths[::9]]
    assert {letter.fields.layout for letter in letters} >= {"F3", "F4a", "F4b", "F5"}
    return letters

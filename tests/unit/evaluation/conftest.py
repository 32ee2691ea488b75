from pathlib import Path

import pytest

from imr_nlp.corpus import read_letter

CORPUS = Path(__file__).parents[3] / "corpus"


@pytest.fixture(scope="session")
def written_letters():
    return [read_letter(path) for path in sorted((CORPUS / "letters").glob("*.imr"))[::5]]

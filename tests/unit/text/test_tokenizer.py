import pytest
from spacy.vocab import Vocab

from imr_nlp.text.tokenizer import LetterTokenizer


@pytest.fixture(scope="module")
def tokenizer():
    return LetterTokenizer(Vocab(), warm=False)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("#75 (seventy-five): Upheld", "# 75 ( seventy - five ) : Upheld"),
        ("visits (8)", "visits ( 8 )"),
        ("5 g. Then", "5 g . Then"),
        ("t.i.d., e.g. Dr. Smith", "t.i.d . , e.g. Dr. Smith"),
        ("Lidocaine/ Prilocaine /Menthol w/o", "Lidocaine / Prilocaine / Menthol w/o"),
        ("EMG (electromyography)/NCV", "EMG ( electromyography ) / NCV"),
        ("low back .Although", "low back . Although"),
        ("10/325mg #60", "10 / 325 mg # 60"),
    ],
)
def test_brackets_units_and_abbreviations(tokenizer, text, tokens):
    assert [token.text for token in tokenizer(text)] == tokens.split()

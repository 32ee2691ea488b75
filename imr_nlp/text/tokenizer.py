"""The tokenizer of the pipeline: raw letter in, Doc of readable text out.

Its rules are spaCy's English ones plus the cuts that dosages need: "10/325mg",
"#60", "5%/2%", "7.5-325mg", "2x6", "500mg#60".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from spacy.lang.en import English
from spacy.lang.tokenizer_exceptions import BASE_EXCEPTIONS
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found,unused-ignore]
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry
from spacy.vocab import Vocab

from imr_nlp.resources import read_lines
from imr_nlp.text.layer import keep_text, set_text_layer
from imr_nlp.text.readable import make_readable

_INFIXES = (
    r"(?<=[0-9%])[/x\u00d7](?=[0-9#])",
    r"(?<=[0-9A-Za-z%)\]])[/#%&;,:](?=[^\s])",
    r"(?<=[0-9A-Za-z%])[)\]](?=[/#&;,:]\S)",
    r"(?<=[0-9])[-\u2013](?=[0-9])",
    r"(?<=[A-Za-z%)])[-\u2013](?=[0-9])",
    # No character is taken: the cut falls between a number and its unit.
    r"(?<=[0-9])(?=(?:mg|mcg|ug|gm?s?|grams?|kg|ml|cc|l|oz|units?|iu|meq|mm|cm|hz|days?|wks?|weeks?"
    r"|months?|tabs?|caps?|visits?|sessions?|yrs?|years?|x|%|tablets?|capsules?|patch(?:es)?|hours?"
    r"|hrs?)(?![a-z]))",
    r"(?<=[0-9])(?=%)",
    r"(?<=[0-9]x)(?=[0-9])",
    r"(?<=[A-Za-z]{4})(?=[0-9])",
    r"(?<=[a-z)])\.(?=[A-Z(])",
)
_PREFIXES = ("#", "/", r"\.(?=[A-Z])", r"[xX\u00d7](?=[0-9])", r"\u00b1")
_SUFFIXES = ("%", "/", r"(?<=[0-9a-z)])\.(?=$)", r"(?<=-[A-Z])\.", "#", r"(?<=[0-9])x")


# spaCy takes affixes off one by one, in time that grows with the square of their
# number; what is this long without a space is no word and stays one token.
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_UNBROKEN = re.compile(r"\S{400}")


def _compile(nlp_defaults: Any) -> dict[str, Any]:
    # "x3" and "2x6" are counts here, so spaCy's rule that keeps "x" infixes
    # between digits only is widened; everything else of English stays.
    return {
        "prefix_search": compile_prefix_regex([*_PREFIXES, *nlp_defaults.prefixes]).search,
        "suffix_search": compile_suffix_regex([*nlp_defaults.suffixes, *_SUFFIXES]).search,
        "infix_finditer": compile_infix_regex([*_INFIXES, *nlp_defaults.infixes]).finditer,
    }


def _rules(exceptions: dict[str, Any]) -> dict[str, Any]:
    # "g." is a letter with a full stop for English, and a unit at a sentence's end here;
    # "):" and "8)" are smileys for English, and the end of a bracket here.
    return {
        text: rule
        for text, rule in exceptions.items()
        if text not in BASE_EXCEPTIONS or not text.strip()
    }


class LetterTokenizer:
    """Turns a raw letter into a Doc of its readable text.

    The Doc keeps the raw text and the alignment (`doc._.raw_text`,
    `token._.raw_start`, `span._.raw_start`, ...). Tokenizing is not
    destructive: `doc.text` is exactly the readable text.

    Parameters
    ----------
    vocab
        The pipeline's vocabulary.
    warm
        Fill the tokenizer's cache from the word list that ships with the
        package. spaCy stops caching within a document after its first special
        case, which every letter meets early; a filled cache makes tokenizing
        about three times faster and changes no token.
    """

    def __init__(self, vocab: Vocab, *, warm: bool = True) -> None:
        self.vocab = vocab
        defaults = English.Defaults
        self._tokenizer = Tokenizer(
            vocab,
            rules=_rules(defaults.tokenizer_exceptions),
            url_match=defaults.url_match,
            token_match=_UNBROKEN.match,
            **_compile(defaults),
        )
        self._warm = warm
        if warm:
            self._fill_cache()

    def __call__(self, text: str) -> Doc:
        """Tokenize one raw letter."""
        if not text.isascii():
            # Half a character, which broken PDFs can hold, cannot be stored.
            text = _HALF_CHARACTER.sub("\ufffd", text)
        clean, alignment = make_readable(text)
        doc: Doc = self._tokenizer(clean)
        set_text_layer(doc, text, alignment)
        keep_text(doc, clean)
        return doc

    def pipe(self, texts: Iterable[str], batch_size: int = 1000) -> Iterable[Doc]:
        """Tokenize a stream of raw letters."""
        del batch_size
        for text in texts:
            yield self(text)

    def explain(self, text: str) -> list[tuple[str, str]]:
        """Say which rule made each token, as `spacy.tokenizer.Tokenizer.explain` does."""
        return list(self._tokenizer.explain(make_readable(text).text))

    def _fill_cache(self) -> None:
        for word in read_lines("words.txt"):
            self._tokenizer(word)

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Serialize the tokenization rules."""
        return bytes(self._tokenizer.to_bytes(exclude=["vocab", *exclude]))

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> LetterTokenizer:
        """Load the tokenization rules that `to_bytes` gave."""
        self._tokenizer.from_bytes(data, exclude=["vocab", *exclude])
        if self._warm:
            self._fill_cache()
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the tokenization rules to a file."""
        Path(path).write_bytes(self.to_bytes(exclude=exclude))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> LetterTokenizer:
        """Read the tokenization rules from a file that `to_disk` wrote."""
        return self.from_bytes(Path(path).read_bytes(), exclude=exclude)


@registry.tokenizers("imr_nlp.LetterTokenizer.v1")
def make_letter_tokenizer(warm: bool = True) -> Any:
    """Give the function that spaCy calls to make the tokenizer of a pipeline."""

    def create(nlp: Language) -> LetterTokenizer:
        return LetterTokenizer(nlp.vocab, warm=warm)

    return create

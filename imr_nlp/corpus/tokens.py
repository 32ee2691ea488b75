"""Marks and tokens: where the pipeline's tokenizer cuts an annotated letter."""

from __future__ import annotations

from functools import cache

from spacy.lang.en import English
from spacy.tokens import Doc, Span
from spacy.vocab import create_vocab

from imr_nlp.text.layer import alignment_of
from imr_nlp.text.tokenizer import LetterTokenizer


@cache
def _tokenizer() -> LetterTokenizer:
    return LetterTokenizer(create_vocab("en", English.Defaults), warm=False)


def tokenize(text: str) -> Doc:
    """Tokenize a letter as every pipeline of this library does."""
    return _tokenizer()(text)


def token_span(doc: Doc, start: int, end: int, label: str = "") -> Span | None:
    """Give the tokens of the raw characters `[start, end)`; None where they cut a token."""
    clean_start, clean_end = alignment_of(doc).to_clean(start, end)
    return doc.char_span(clean_start, clean_end, label=label)


def widened(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Give the raw span of the tokens that hold the raw characters `[start, end)`."""
    alignment = alignment_of(doc)
    clean_start, clean_end = alignment.to_clean(start, end)
    span = doc.char_span(clean_start, clean_end, alignment_mode="expand")
    return alignment.to_raw(span.start_char, span.end_char) if span is not None else (start, end)

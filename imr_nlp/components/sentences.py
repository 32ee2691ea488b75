"""Sentence boundaries for clinical prose with abbreviations, decimals and labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from spacy.attrs import IDX, SENT_START  # type: ignore[import-not-found,unused-ignore]
from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.text.layer import text_of

# One set of characters comes first: the engine skips to it.
_BOUNDARY = re.compile(
    r"[.!?\n](?:(?<=\n)\n*|(?<=[.!?])[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c(\[]*[A-Z0-9])"
    r"|(?<=[a-z)]\.)(?=[A-Z][a-z]))"
)
_REFERENCE = re.compile(r"(?:\([^()\n]{2,80}\b(?:19|20)\d\d[a-z]?\)\s*)+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Drs|Mr|Mrs|Ms|No|vs|St|Jr|Sr|Inc|e\.g|i\.e|pg|pp|p|ed|Fig|approx|b\.i\.d|t\.i\.d"
    r"|p\.o|q\.d)|\b[A-Z]|(?:^|\n)\s*\d{1,2})\.\Z"
)


class LetterSentences:
    """Marks where sentences begin.

    A sentence ends at a full stop, a question or an exclamation mark before a
    capital or a digit, and at every line break of the readable text; not
    behind an abbreviation or a list number.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Mark the sentences of one letter."""
        text = text_of(doc)
        if not len(doc):
            return doc
        # One array instead of `token.is_sent_start = ...`: that setter looks through
        # the whole Doc for a parse each time.
        starts = np.full((len(doc),), -1, dtype="int64")
        starts[0] = 1
        places = list(_boundaries(text))
        starts[np.searchsorted(doc.to_array([IDX]), places, side="right") - 1] = 1
        return doc.from_array([SENT_START], starts.astype("uint64"))  # type: ignore[arg-type]


def _boundaries(text: str) -> Iterator[int]:
    """Yield the offsets of the first characters of sentences, but for the first sentence."""
    for match in _BOUNDARY.finditer(text):
        place = match.end()
        if place >= len(text):
            return
        before = text[max(0, match.start() - 12) : match.start() + 1]
        if not match.group().startswith("\n") and _ABBREVIATION.search(before):
            continue
        # "... in CRPS. (Li, 2005) The use ...": a reference belongs to what it supports.
        if reference := _REFERENCE.match(text, place):
            place = reference.end()
        if place < len(text):
            yield place


@Language.factory("imr_sentences", assigns=["token.is_sent_start", "doc.sents"])
def make_sentences(nlp: Language, name: str) -> LetterSentences:
    """Make the `imr_sentences` component."""
    return LetterSentences()

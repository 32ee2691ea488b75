"""The component that marks where sentences begin."""

from __future__ import annotations

import numpy as np
from spacy.attrs import IDX, SENT_START  # type: ignore[import-not-found,unused-ignore]
from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.text.layer import text_of
from imr_nlp.text.sentences import sentence_starts


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
        places = list(sentence_starts(text))
        starts[np.searchsorted(doc.to_array([IDX]), places, side="right") - 1] = 1
        return doc.from_array([SENT_START], starts.astype("uint64"))  # type: ignore[arg-type]


@Language.factory("imr_sentences", assigns=["token.is_sent_start", "doc.sents"])
def make_sentences(nlp: Language, name: str) -> LetterSentences:
    """Make the `imr_sentences` component."""
    return LetterSentences()

"""What a trained `spancat` is asked about: the sentences of the rationales."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Ops, get_current_ops
from thinc.types import Ragged

from imr_nlp.components.findings import findings
from imr_nlp.text.layer import text_of
from imr_nlp.text.sentences import sentence_spans

SENTENCE_SCORES = "reason_sentences"
"""Key in `doc.spans` of the sentences that `spancat` scored; of its gold spans, too."""

Suggester = Callable[..., Ragged]


def token_places(doc: Doc, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the tokens of character spans, widened to whole tokens; (0, 0) where there are none."""
    found = [doc.char_span(start, end, alignment_mode="expand") for start, end in spans]
    return [(span.start, span.end) if span is not None else (0, 0) for span in found]


def candidate_places(doc: Doc) -> list[tuple[int, int]]:
    """Give the tokens of each sentence that may state a reason, in order and each once.

    They are the sentences of the rationales as `imr_reasons` reads them; of a Doc
    in which no rationale was found, all its sentences.
    """
    rationales = [issue["rationale"] for issue in findings(doc)["issues"]]
    text = text_of(doc)
    spans = [place for own in rationales if own for place in sentence_spans(text, *own)]
    if spans:
        places = token_places(doc, spans)
    elif doc.has_annotation("SENT_START"):
        places = [(sentence.start, sentence.end) for sentence in doc.sents]
    else:
        places = token_places(doc, sentence_spans(text))
    return [place for place in dict.fromkeys(places) if place[0] < place[1]]


def suggest_sentences(docs: Iterable[Doc], *, ops: Ops | None = None) -> Ragged:
    """Give the candidates of Docs as spaCy's `spancat` wants them.

    Returns
    -------
    Ragged
        First and last (exclusive) token of each candidate, shape (candidates, 2),
        and how many each Doc has.
    """
    ops = ops or get_current_ops()
    places = [candidate_places(doc) for doc in docs]
    lengths = ops.asarray1i([len(own) for own in places])
    flat = [place for own in places for place in own]
    rows = ops.asarray2i(flat) if flat else ops.alloc2i(0, 0)
    return Ragged(rows, lengths)


@registry.misc("imr_nlp.sentence_suggester.v1")
def make_sentence_suggester() -> Suggester:
    """Make the suggester of the sentences of rationales."""
    return suggest_sentences

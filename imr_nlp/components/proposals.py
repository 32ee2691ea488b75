"""The component that sets aside what a trained recogniser found beside the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span

from imr_nlp.components.findings import PROPOSALS, findings
from imr_nlp.components.medications.unknown import has_unknown
from imr_nlp.components.medications.zones import find_zones
from imr_nlp.text.layer import text_of
from imr_nlp.text.sentences import sentence_spans


class LetterProposals:
    """Keeps what a trained recogniser found beside the rules in `doc.spans["ner"]`.

    `imr_medications` takes from there the drugs that the lexicon does not hold.
    A recogniser that runs in the pipeline before this component has put its
    entities into `doc.ents`, where the rulers have none; they move. One that is
    disabled is run here, on no more than is needed: the sentences of items,
    summary and rationales with a word that neither the lexicon nor the ordinary
    vocabulary of letters holds.

    Parameters
    ----------
    nlp
        The pipeline.
    run
        Names of disabled components, in order, the last of which sets entities
        (`["tok2vec", "ner"]`); none if the recogniser is part of the pipeline.
    """

    def __init__(self, nlp: Language, *, run: Sequence[str] = ()) -> None:
        self._nlp = nlp
        self._run = list(run)

    def __call__(self, doc: Doc) -> Doc:
        """Keep the proposals of one letter."""
        ruled = {(start, end) for start, end in findings(doc)["ruled"]}
        if self._run:
            doc.spans[PROPOSALS] = list(self._recognise(doc))
        else:
            doc.spans[PROPOSALS] = [e for e in doc.ents if (e.start, e.end) not in ruled]
            doc.set_ents([e for e in doc.ents if (e.start, e.end) in ruled])
        return doc

    def _recognise(self, doc: Doc) -> Iterator[Span]:
        pieces = list(_unknown_pieces(doc))
        docs = [
            Doc(doc.vocab, words=[t.text for t in p], spaces=[bool(t.whitespace_) for t in p])
            for p in pieces
        ]
        if docs:
            for name in self._run:
                component = cast(TrainablePipe, self._nlp.get_pipe(name))
                component.set_annotations(docs, component.predict(docs))
        taken = {token for entity in doc.ents for token in range(entity.start, entity.end)}
        for piece, read in zip(pieces, docs, strict=True):
            for entity in read.ents:
                start, end = piece.start + entity.start, piece.start + entity.end
                if taken.isdisjoint(range(start, end)):
                    yield Span(doc, start, end, label=entity.label_)


def _unknown_pieces(doc: Doc) -> Iterator[Span]:
    """Give the items and sentences in which a drug that nobody listed may stand."""
    text = text_of(doc)
    for start, end, kind, _ in find_zones(doc):
        places = [(start, end)] if kind == "item" else sentence_spans(text, start, end)
        for a, b in places:
            if has_unknown(text[a:b]):
                piece = doc.char_span(a, b, alignment_mode="expand")
                if piece is not None:
                    yield piece


@Language.factory(
    "imr_proposals",
    default_config={"run": []},
    requires=["doc.ents"],
    assigns=["doc.spans", "doc.ents"],
)
def make_proposals(nlp: Language, name: str, run: list[str]) -> LetterProposals:
    """Make the `imr_proposals` component."""
    return LetterProposals(nlp, run=run)

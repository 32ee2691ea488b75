"""The component that sets aside what a trained recogniser found beside the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span

from imr_nlp.components.findings import PROPOSALS, findings
from imr_nlp.components.medications.unknown import has_unknown
from imr_nlp.components.medications.zones import find_zones
from imr_nlp.errors import PipelineError
from imr_nlp.text.layer import text_of
from imr_nlp.text.sentences import sentence_spans

# A recogniser needs 3 kB for each character that it reads at once. No sentence of the annotated
# letters has 700 characters, and none of them has 5,000 in all its sentences with an unknown word.
_LONGEST_PIECE = 2_000
_AT_ONCE = 10_000


class LetterProposals:
    """Keeps what a trained recogniser found beside the rules in `doc.spans["ner"]`.

    `imr_medications` takes from there the drugs that the lexicon does not hold.
    A recogniser that runs in the pipeline before this component has put its
    entities into `doc.ents`, where the rulers have none; they move. One that is
    disabled is run here, on no more than is needed: the sentences of items,
    summary and rationales with a word that neither the lexicon nor the ordinary
    vocabulary of letters holds. A sentence of more than 2,000 characters is cut
    between tokens, and no more than 10,000 characters are read at once.

    Parameters
    ----------
    nlp
        The pipeline.
    run
        Names of disabled components, in order, the last of which sets entities
        (`["tok2vec", "ner"]`); none if the recogniser is part of the pipeline. If they
        are enabled all the same, what they find in the whole letter is added to what
        they find here.

    Raises
    ------
    PipelineError
        When it is called, if the pipeline lacks a component that is to be run.
    """

    def __init__(self, nlp: Language, *, run: Sequence[str] = ()) -> None:
        self._nlp = nlp
        self._run = list(run)

    def __call__(self, doc: Doc) -> Doc:
        """Keep the proposals of one letter."""
        ruled = {(start, end) for start, end in findings(doc)["ruled"]}
        moved = [e for e in doc.ents if (e.start, e.end) not in ruled]
        if moved:
            doc.set_ents([e for e in doc.ents if (e.start, e.end) in ruled])
        read = list(self._recognise(doc, self._parts())) if self._run else []
        taken = _tokens(read)
        moved = [e for e in moved if taken.isdisjoint(range(e.start, e.end))]
        doc.spans[PROPOSALS] = sorted([*read, *moved], key=lambda span: span.start)
        return doc

    def _parts(self) -> list[TrainablePipe]:
        missing = [name for name in self._run if name not in self._nlp.component_names]
        if missing:
            raise PipelineError(
                f"imr_proposals runs {' and '.join(self._run)}, but the pipeline has no "
                f"{' and no '.join(missing)}. Keep all of them, or exclude imr_proposals, too."
            )
        return [cast(TrainablePipe, self._nlp.get_pipe(name)) for name in self._run]

    @staticmethod
    def _recognise(doc: Doc, parts: Sequence[TrainablePipe]) -> Iterator[Span]:
        taken = _tokens(doc.ents)
        for pieces in _portions(_unknown_pieces(doc)):
            docs = [
                Doc(doc.vocab, words=[t.text for t in p], spaces=[bool(t.whitespace_) for t in p])
                for p in pieces
            ]
            for part in parts:
                part.set_annotations(docs, part.predict(docs))
            for piece, read in zip(pieces, docs, strict=True):
                for entity in read.ents:
                    start, end = piece.start + entity.start, piece.start + entity.end
                    if taken.isdisjoint(range(start, end)):
                        yield Span(doc, start, end, label=entity.label_)


def _tokens(spans: Iterable[Span]) -> set[int]:
    return {token for span in spans for token in range(span.start, span.end)}


def _unknown_pieces(doc: Doc) -> Iterator[Span]:
    """Give the items and sentences in which a drug that nobody listed may stand."""
    text = text_of(doc)
    for start, end, kind, _ in find_zones(doc):
        places = [(start, end)] if kind == "item" else sentence_spans(text, start, end)
        for a, b in places:
            if has_unknown(text[a:b]):
                piece = doc.char_span(a, b, alignment_mode="expand")
                if piece is not None:
                    yield from _cut(piece)


def _cut(piece: Span) -> Iterator[Span]:
    """Cut a span before each token that would make it too long; one token is never cut."""
    start = piece.start
    if piece.end_char - piece.start_char >= _LONGEST_PIECE:
        for token in piece:
            end = token.idx + len(token.text_with_ws)
            if token.i > start and end - piece.doc[start].idx > _LONGEST_PIECE:
                yield piece.doc[start : token.i]
                start = token.i
    yield piece.doc[start : piece.end]


def _portions(pieces: Iterable[Span]) -> Iterator[list[Span]]:
    """Put together as many pieces as are read at once."""
    portion: list[Span] = []
    size = 0
    for piece in pieces:
        length = piece.end_char - piece.start_char
        if portion and size + length > _AT_ONCE:
            yield portion
            portion, size = [], 0
        portion.append(piece)
        size += length
    if portion:
        yield portion


@Language.factory(
    "imr_proposals",
    default_config={"run": []},
    requires=["doc.ents"],
    assigns=["doc.spans", "doc.ents"],
)
def make_proposals(nlp: Language, name: str, run: list[str]) -> LetterProposals:
    """Make the `imr_proposals` component."""
    return LetterProposals(nlp, run=run)

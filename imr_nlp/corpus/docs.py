"""Annotated letters to spaCy Docs and back.

In a Doc the entities are `doc.ents`, the parts `doc.spans["parts"]` and the
evidence `doc.spans["reasons"]`, one span for each label. What spans cannot say
(fields, links, whose part it is) lies in `doc.user_data`, so that Docs can go
through DocBin with `store_user_data=True`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from imr_nlp.corpus.gold import to_determination
from imr_nlp.corpus.labels import ATTRIBUTES
from imr_nlp.corpus.letter import (
    AnnotatedLetter,
    Entity,
    Evidence,
    LetterFields,
    Part,
    default_drug,
)
from imr_nlp.corpus.problems import CorpusError, LabelledText, Problem
from imr_nlp.corpus.resolve import default_issues
from imr_nlp.corpus.tokens import token_span, tokenize
from imr_nlp.schema import DETERMINATION_KEY
from imr_nlp.text.layer import raw_text, to_raw

PARTS_KEY = "parts"
REASONS_KEY = "reasons"
_KEY = "imr_nlp.annotation"


class Misaligned(LabelledText):
    """An annotated span that falls within a token."""

    __slots__ = ()


def to_doc(
    letter: AnnotatedLetter,
    nlp: Language | None = None,
    *,
    misaligned: list[Misaligned] | None = None,
) -> Doc:
    """Give an annotated letter as a Doc.

    Parameters
    ----------
    letter
        The letter.
    nlp
        A pipeline of this library, whose tokenizer and vocabulary are used.
    misaligned
        Where given, spans that cut a token, and entities that overlap a longer
        one, are left out of the Doc and added here.

    Raises
    ------
    CorpusError
        If a span does not fall on tokens and `misaligned` is not given.
    """
    doc = nlp.make_doc(letter.text) if nlp is not None else tokenize(letter.text)
    found: list[Misaligned] = []

    def span(start: int, end: int, label: str) -> Span | None:
        tokens = token_span(doc, start, end, label)
        if tokens is None:
            found.append(Misaligned(letter.id, label, start, end, letter.snippet(start, end)))
        return tokens

    entities = [span(e.start, e.end, e.label) for e in letter.entities]
    parts = [span(p.start, p.end, p.label) for p in letter.parts]
    reasons = [span(e.start, e.end, label) for e in letter.evidence for label in e.labels]
    whole = [entity for entity in entities if entity is not None]
    flat = filter_spans(whole)
    for entity in set(whole) - set(flat):
        start, end = to_raw(doc, entity.start_char, entity.end_char)
        found.append(Misaligned(letter.id, entity.label_, start, end, entity.text))
    if found and misaligned is None:
        problems = [
            Problem(letter.id, 0, f"{f.label} '{f.text}' does not fall on tokens") for f in found
        ]
        raise CorpusError(problems)
    if misaligned is not None:
        misaligned += found
    doc.set_ents(sorted(flat, key=lambda entity: entity.start))
    doc.spans[PARTS_KEY] = [part for part in parts if part is not None]
    doc.spans[REASONS_KEY] = [reason for reason in reasons if reason is not None]
    doc.user_data[_KEY] = _relations(letter)
    doc.user_data[DETERMINATION_KEY] = to_determination(letter).model_dump(mode="json")
    return doc


def _relations(letter: AnnotatedLetter) -> dict[str, Any]:
    links = [
        [entity.start, letter.entities[entity.drug].start]
        for entity in letter.entities
        if entity.drug is not None
    ]
    return {
        "id": letter.id,
        "fields": letter.fields.model_dump(mode="json", exclude_defaults=True),
        "links": links,
        "parts": [[p.start, p.end, p.label, list(p.issues)] for p in letter.parts],
        "evidence": [[e.start, e.end, list(e.labels), list(e.issues)] for e in letter.evidence],
    }


def from_doc(doc: Doc) -> AnnotatedLetter:
    """Read an annotated letter from a Doc, edited or not since `to_doc` made it.

    The spans of the Doc are what counts. A new attribute goes to the last drug
    before it in its part, new evidence to the issues of its rationale.

    Raises
    ------
    CorpusError
        If the Doc carries no annotation of this library.
    """
    known = cast("dict[str, Any] | None", doc.user_data.get(_KEY))
    if known is None:
        problem = "holds no annotated letter; to_doc makes such Docs, and DocBin keeps them with "
        raise CorpusError([Problem("Doc", 0, problem + "store_user_data=True")])
    parts = _parts(doc, known)
    return AnnotatedLetter(
        id=known["id"],
        text=raw_text(doc),
        fields=LetterFields.model_validate(known["fields"]),
        parts=parts,
        entities=_entities(doc, known, parts),
        evidence=_evidence(doc, known, parts),
    )


def _places(doc: Doc, spans: Iterable[Span]) -> list[tuple[int, int, str]]:
    return [(*to_raw(doc, span.start_char, span.end_char), span.label_) for span in spans]


def _parts(doc: Doc, known: dict[str, Any]) -> list[Part]:
    issues = {(start, end, label): tuple(own) for start, end, label, own in known["parts"]}
    places = _places(doc, doc.spans.get(PARTS_KEY, []))
    bare = [Part.model_validate({"start": s, "end": e, "label": label}) for s, e, label in places]
    return [
        part.model_copy(update={"issues": issues.get(place, default_issues(bare, part))})
        for place, part in zip(places, bare, strict=True)
    ]


def _entities(doc: Doc, known: dict[str, Any], parts: list[Part]) -> list[Entity]:
    places = _places(doc, doc.ents)
    entities = [
        Entity.model_validate({"start": s, "end": e, "label": label}) for s, e, label in places
    ]
    drugs = {e.start: position for position, e in enumerate(entities) if e.label == "DRUG"}
    links = {attribute: drugs[drug] for attribute, drug in known["links"] if drug in drugs}
    for position, entity in enumerate(entities):
        if entity.label in ATTRIBUTES:
            drug = links.get(entity.start, default_drug(entities, position, parts))
            entities[position] = entity.model_copy(update={"drug": drug})
    return entities


def _evidence(doc: Doc, known: dict[str, Any], parts: list[Part]) -> list[Evidence]:
    left = dict.fromkeys(_places(doc, doc.spans.get(REASONS_KEY, [])))
    evidence = []
    for start, end, labels, issues in known["evidence"]:
        kept = [label for label in labels if (start, end, label) in left]
        if kept:
            evidence.append(Evidence(start=start, end=end, labels=tuple(kept), issues=issues))
    for record in evidence:
        for stated in record.labels:
            left.pop((record.start, record.end, stated), None)
    rationales = [part for part in parts if part.label == "RATIONALE"]
    for start, end, label in left:
        own = [p.issues for p in rationales if p.start <= start and end <= p.end]
        evidence.append(
            Evidence.model_validate(
                {"start": start, "end": end, "labels": (label,), "issues": own[0] if own else ()}
            )
        )
    return sorted(evidence, key=lambda record: (record.start, -record.end))


def write_docbin(letters: Iterable[AnnotatedLetter], path: str | Path) -> list[Misaligned]:
    """Write letters as a spaCy DocBin; gives the spans that do not fall on tokens."""
    misaligned: list[Misaligned] = []
    docs = DocBin(store_user_data=True)
    for letter in letters:
        docs.add(to_doc(letter, misaligned=misaligned))
    docs.to_disk(path)
    return misaligned


def read_docbin(path: str | Path, vocab: Vocab | None = None) -> Iterator[AnnotatedLetter]:
    """Read letters from a DocBin that `write_docbin` or a user's own script wrote."""
    for doc in DocBin().from_disk(path).get_docs(vocab or Vocab()):
        yield from_doc(doc)

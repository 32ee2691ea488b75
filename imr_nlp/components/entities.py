"""Flat named entities: who gives way where two of them meet."""

from __future__ import annotations

from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from imr_nlp.components.findings import findings

Entity = tuple[int, int, str]
"""A half-open character span of the readable text with its label."""


def collect_entities(doc: Doc, entities: list[Entity]) -> None:
    """Keep entities for `set_entities`: writing `doc.ents` looks through the whole Doc."""
    findings(doc)["entities"] += [list(entity) for entity in entities]


def set_entities(doc: Doc, present: list[Span], entities: list[Entity]) -> None:
    """Set `doc.ents` to spans that are there and stay, and to character spans.

    Character spans are widened to whole tokens; among those that meet, the
    longer wins.
    """
    spans = [
        doc.char_span(start, end, label=label, alignment_mode="expand")
        for start, end, label in entities
    ]
    taken = {token for span in present for token in range(span.start, span.end)}
    fresh = [
        span
        for span in filter_spans([span for span in spans if span is not None])
        if taken.isdisjoint(range(span.start, span.end))
    ]
    doc.set_ents(sorted([*present, *fresh], key=lambda span: span.start))


def set_collected(doc: Doc) -> None:
    """Add what was collected to `doc.ents`; what is there already stays."""
    entities = findings(doc)["entities"]
    set_entities(doc, list(doc.ents), [(start, end, label) for start, end, label in entities])
    entities.clear()

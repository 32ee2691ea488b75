"""Flat named entities: who gives way where two of them meet."""

from __future__ import annotations

from spacy.tokens import Doc, Span
from spacy.util import filter_spans


def add_entities(doc: Doc, entities: list[tuple[int, int, str]]) -> None:
    """Add character spans to `doc.ents`, widened to whole tokens.

    Those that are there already stay; among the new ones the longer wins.
    """
    spans: list[Span] = []
    for start, end, label in entities:
        span = doc.char_span(start, end, label=label, alignment_mode="expand")
        if span is not None:
            spans.append(span)
    present = list(doc.ents)
    taken = {token for span in present for token in range(span.start, span.end)}
    fresh = [span for span in filter_spans(spans) if taken.isdisjoint(range(span.start, span.end))]
    doc.set_ents(sorted([*present, *fresh], key=lambda span: span.start))

"""The parts of a letter that can hold mentions of medications."""

from __future__ import annotations

from spacy.tokens import Doc

from imr_nlp.components.findings import findings, section_text_spans
from imr_nlp.text.layer import text_of

Zone = tuple[int, int, str, "int | None"]
"""A half-open character span, the kind of part, and the issue that it belongs to."""


def find_zones(doc: Doc) -> list[Zone]:
    """Give the parts of a letter that can hold mentions."""
    state = findings(doc)
    zones: list[Zone] = [
        (start, end, "summary", None) for start, end in section_text_spans(doc, "case_summary")
    ]
    for number, issue in enumerate(state["issues"]):
        if issue["item"]:
            zones.append((issue["item"][0], issue["item"][1], "item", number))
        for name in ("requested", "authorized"):
            field = issue["fields"].get(name)
            for start, end in field["spans"] if field else []:
                if [start, end] != issue["item"]:
                    zones.append((start, end, "item", number))
        if issue["rationale"]:
            zones.append((issue["rationale"][0], issue["rationale"][1], "rationale", number))
    if not zones and not state["labels"]:
        zones.append((0, len(text_of(doc)), "other", None))
    # Several issues of 2013 can share one rationale; it is read once.
    unique: dict[tuple[int, int], Zone] = {}
    for zone in zones:
        unique.setdefault(zone[:2], zone)
    return list(unique.values())

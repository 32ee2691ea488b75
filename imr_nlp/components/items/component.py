"""The component that reads item lines: category, sessions, body parts, dates of service."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.entities import collect_entities
from imr_nlp.components.findings import Found, IssueFinding, findings, found
from imr_nlp.components.items.body_parts import find_body_parts
from imr_nlp.components.items.category import categorize, find_services
from imr_nlp.components.items.found import Found as Span
from imr_nlp.components.items.retro import find_retrospective
from imr_nlp.components.items.sessions import find_sessions
from imr_nlp.text.layer import text_of

# "right shoulder arthroscopy with rotator cuff repair" is about the right shoulder.
_TISSUE = re.compile(
    r"(?:(?:right|left|bilateral)\s+)?(?:(?:proximal|distal|medial|lateral)\s+)?"
    r"(?:rotator\s+cuffs?|biceps|clavicles?|labrum|acromion|menisc(?:us|i)|cruciate\s+ligaments?"
    r"|supraspinatus|stellate\s+ganglion)(?:\s+tendons?)?",
    re.IGNORECASE,
)
_STRUCTURE = re.compile(r"(?:facets?|medial\s+branch|paraspinal|plexus)", re.IGNORECASE)
_GENERAL = re.compile(r"\s+(?P<name>(?:therapy|injections?|blocks?|supports?)\b)", re.IGNORECASE)


class LetterItems:
    """Reads each disputed item.

    Sets in the findings, for each issue, `category`, `sessions`, `body_parts`,
    `retrospective` and `date_of_service`, and collects the entities `SERVICE`
    and `BODY_PART`, which `imr_determination` writes to `doc.ents`. It runs
    after the medications, since what is a drug request depends on them.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Read the items of one letter."""
        text = text_of(doc)
        state = findings(doc)
        drugs = [record["drug"][0] for record in state["medications"]]
        entities: list[tuple[int, int, str]] = []
        for issue in state["issues"]:
            if not issue["item"]:
                continue
            start, end = issue["item"]
            first_drug = next((place - start for place in drugs if start <= place < end), None)
            issue["fields"].update(_read_item(text[start:end], start, first_drug))
            _inherit_service_date(text, issue)
            entities += _item_entities(text[start:end], start)
        collect_entities(doc, entities)
        return doc


def _read_item(item: str, offset: int, first_drug: int | None) -> dict[str, Found]:
    flat = item.replace("\n", " ")
    category = categorize(flat, has_drug=first_drug is not None, drug_start=first_drug)
    fields = {"category": found(category, (offset, offset + len(item)))}
    # "weekly for four weeks" in the directions of a drug counts doses.
    if category != "pharmaceuticals" and (sessions := find_sessions(flat)):
        fields["sessions"] = found(sessions.value, (offset + sessions.start, offset + sessions.end))
    parts = _regions(find_body_parts(flat))
    if parts:
        fields["body_parts"] = found(
            [part.value for part in parts],
            *((offset + part.start, offset + part.end) for part in parts),
        )
    retrospective, served = find_retrospective(flat)
    if retrospective:
        fields["retrospective"] = found(True, (offset, offset + len(item)))
    if served:
        span = (offset + served.start, offset + served.end)
        fields["date_of_service"] = found(served.value.isoformat(), span)
    return fields


def _regions(parts: list[Span[str]]) -> list[Span[str]]:
    """Leave out tissues that an operation's name holds beside the region asked for."""
    regions = [part for part in parts if not _TISSUE.fullmatch(part.text)]
    return regions or parts


def _inherit_service_date(text: str, issue: IssueFinding) -> None:
    """A partly authorised item is retrospective where the original request says so."""
    fields = issue["fields"]
    requested = fields.get("requested")
    if requested is None or "retrospective" in fields:
        return
    for start, end in requested["spans"]:
        retrospective, served = find_retrospective(text[start:end].replace("\n", " "))
        if retrospective:
            fields["retrospective"] = found(True, (start, end))
        if served and "date_of_service" not in fields:
            span = (start + served.start, start + served.end)
            fields["date_of_service"] = found(served.value.isoformat(), span)


def _item_entities(item: str, offset: int) -> list[tuple[int, int, str]]:
    flat = item.replace("\n", " ")
    services = [(span.start, span.end) for span in find_services(flat)]
    parts = [(span.start, span.end) for span in find_body_parts(flat)]
    j = 0
    for i, (begin, end) in enumerate(parts):
        while j < len(services) and services[j][0] <= begin:
            j += 1
        if j == len(services) or not services[j][0] < end < services[j][1]:
            continue
        start, stop = services[j]
        # "Lumbar | facet injection", but "left hand | therapy": a side is of the part.
        if _STRUCTURE.match(flat, start):
            parts[i] = (begin, begin + len(flat[begin:start].rstrip()))
        elif rest := _GENERAL.match(flat, end, stop):
            services[j] = (rest.start("name"), stop)
    labelled = [("SERVICE", services), ("BODY_PART", parts)]
    return [
        (offset + start, offset + end, label) for label, spans in labelled for start, end in spans
    ]


@Language.factory("imr_items", requires=["doc.spans"], assigns=["doc.ents"])
def make_items(nlp: Language, name: str) -> LetterItems:
    """Make the `imr_items` component."""
    return LetterItems()

"""The component that finds medications and links their attributes."""

from __future__ import annotations

import re
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.entities import set_entities
from imr_nlp.components.findings import PROPOSALS, findings
from imr_nlp.components.medications.lexicon import SUFFIX, Drug, lexicon
from imr_nlp.components.medications.linking import Link, claimed_before, links_before, links_behind
from imr_nlp.components.medications.lists import mark_compounds, share_strengths
from imr_nlp.components.medications.mentions import is_base, is_other_matter
from imr_nlp.components.medications.misspelled import find_misspelled, nearest_name
from imr_nlp.components.medications.normalise import (
    daily_amounts,
    doses_per_day,
    drug_class_of,
    normalise_days,
    normalise_quantity,
    normalise_refills,
    normalise_strength,
    units_per_dose,
)
from imr_nlp.components.medications.unknown import find_unknown
from imr_nlp.components.medications.zones import Zone, find_zones
from imr_nlp.resources import read_lines
from imr_nlp.text.layer import text_of

# Substances as often spoken of as taken: in prose they count with an attribute.
_DOSED_NAMES = frozenset(read_lines("dosed_names.txt"))
_BEFORE_LABELS = {"REFILLS", "QUANTITY", "STRENGTH", "DOSE", "ROUTE", "FREQUENCY", "FORM"}
_RATIO_BEHIND = re.compile(
    r"\s*\d+(?:\.\d+)?\s?(?:mg)?\s?[/-]\s?\d+(?:\.\d+)?\s?mg\b(?!\s?/)", re.IGNORECASE
)
_JOINED = re.compile(r"\s?[/-]\s?")


class LetterMedications:
    """Finds every medication mention with its attributes.

    The drug names come from an entity ruler before it (label `DRUG`); this
    component drops those in citation lines, takes what a trained recogniser
    proposed where the name is asked for or has an attribute, adds salts, release forms and
    misspelled names, reads the attributes with a grammar, links them by their
    place, and gives values to them. Sets `doc.ents` and the findings'
    `medications`.

    Parameters
    ----------
    misspellings
        Seek names that the lexicon does not hold but that are one slip away
        from one that it does. They must stand before a strength or quantity.
    """

    def __init__(self, *, misspellings: bool = True) -> None:
        self.misspellings = misspellings

    def __call__(self, doc: Doc) -> Doc:
        """Find the medications of one letter."""
        text = text_of(doc)
        zones = find_zones(doc)
        present = list(doc.ents)
        ruled = [span for span in present if span.label_ == "DRUG"]
        names = [(span.start_char, span.end_char) for span in ruled]
        meant = {span.start_char: span.ent_id_ for span in ruled}
        proposed = [
            (span.start_char, span.end_char)
            for span in doc.spans.get(PROPOSALS, ())
            if span.label_ == "DRUG"
        ]
        records: list[dict[str, Any]] = []
        unknown: set[int] = set()
        for zone in zones:
            start, end, kind, _ = zone
            inside = [name for name in names if start <= name[0] and name[1] <= end]
            slips: set[tuple[int, int]] = set()
            if self.misspellings:
                slips = set(find_misspelled(text, start, end, inside, item=kind == "item"))
            meant.update((a, nearest_name(text[a:b])) for a, b in slips)
            inside = sorted({*inside, *slips})
            fresh = set(find_unknown(proposed, text, start, end, inside))
            unknown.update(a for a, _ in fresh)
            named = _merge(text, sorted({*inside, *fresh}), end, meant)
            records.extend(_read_zone(text, zone, named))
        records = _confirmed(text, records, unknown)
        records.sort(key=lambda record: record["drug"][0])
        findings(doc)["medications"] = records
        others = [span for span in present if span.label_ != "DRUG"]
        set_entities(doc, others, [entity for record in records for entity in _entities(record)])
        return doc


def _merge(
    text: str, names: list[tuple[int, int]], stop: int, meant: dict[int, str]
) -> list[tuple[int, int, Drug | None]]:
    """Widen names by salts and release forms, and join combinations."""
    lexical = lexicon()
    merged: list[tuple[int, int, Drug | None]] = []
    for start, end in names:
        if (merged and start < merged[-1][1]) or is_base(text, start, end):
            continue
        while match := SUFFIX.match(text, end, stop):
            end = match.end()
        # A misspelled name, or a pattern that a user added to the ruler under an id.
        drug = lexical.find(text[start:end]) or lexical.find(meant.get(start) or "")
        if merged:
            before_start, before_end, before = merged[-1]
            if _JOINED.fullmatch(text, before_end, start) and before and drug:
                ingredients = (*before.ingredients, *drug.ingredients)
                both = lexical.combination(ingredients)
                if both is None and _RATIO_BEHIND.match(text, end, stop):
                    name = f"{before.name}/{drug.name}"
                    both = Drug(name, "combination", ingredients, before.drug_class)
                if both is not None:
                    merged[-1] = (before_start, end, both)
                    continue
        merged.append((start, end, drug))
    return merged


def _read_zone(
    text: str, zone: Zone, names: list[tuple[int, int, Drug | None]]
) -> list[dict[str, Any]]:
    zone_start, zone_end, kind, issue = zone
    is_item = kind == "item"
    records: list[dict[str, Any]] = []
    begin = zone_start
    for position, (start, end, drug) in enumerate(names):
        if is_other_matter(text, start, end, zone_end, item=is_item):
            continue
        stop = zone_end
        if position + 1 < len(names):
            following = names[position + 1][0]
            ahead = links_before(text, following, end, _BEFORE_LABELS)
            stop = claimed_before(text, ahead, following, end)
        ingredients = len(drug.ingredients) if drug else 0
        links = links_behind(text, end, stop, item=is_item, ingredients=ingredients)
        free = _BEFORE_LABELS - {link.label for link in links}
        links += links_before(text, start, begin, free)
        if not is_item and not links and text[start:end].lower() in _DOSED_NAMES:
            continue
        begin = max([end, *(link.end for link in links if link.start >= end)])
        records.append(_record(text, (start, end), drug, links, kind, issue))
    share_strengths(text, records)
    for record in records:
        _add_values(text, record)
    mark_compounds(text, records)
    return records


def _confirmed(text: str, records: list[dict[str, Any]], unknown: set[int]) -> list[dict[str, Any]]:
    """Leave out proposed names that are neither asked for nor ever given an attribute."""

    def name(record: dict[str, Any]) -> str:
        start, end = record["drug"]
        return text[start:end].lower()

    sure = {name(r) for r in records if r["links"] or r["section"] == "item"}
    return [r for r in records if r["drug"][0] not in unknown or name(r) in sure]


def _record(
    text: str,
    name: tuple[int, int],
    drug: Drug | None,
    links: list[Link],
    kind: str,
    issue: int | None,
) -> dict[str, Any]:
    record: dict[str, Any] = {
        "drug": list(name),
        "spans": {"drug": list(name)},
        "links": {},
        "section": kind,
        "issue": issue,
        "compound": bool(drug and drug.kind == "compound"),
        "name": drug.name if drug else None,
        "kind": drug.kind if drug else None,
        "ingredients": list(drug.ingredients) if drug else [],
        "drug_class": drug.drug_class if drug else None,
        "strengths": [],
    }
    for link in links:
        label = link.label.lower()
        record["spans"][label] = [link.start, link.end]
        record["links"][label] = link.why
    return record


def _add_values(text: str, record: dict[str, Any]) -> None:
    printed = {label: text[start:end] for label, (start, end) in record["spans"].items()}
    record["drug_class"] = drug_class_of(record["drug_class"], printed)
    if "strength" in printed:
        record["strengths"] = normalise_strength(printed["strength"], record["ingredients"])
    if "quantity" in printed:
        amount, unit = normalise_quantity(printed["quantity"])
        record["quantity_value"], record["quantity_unit"] = amount, unit
        if unit == "day supply" and amount is not None:
            record["days"] = round(amount)
    if "refills" in printed:
        record["refills_value"] = normalise_refills(printed["refills"])
    if "frequency" in printed:
        record["doses_per_day"] = doses_per_day(printed["frequency"])
    if "duration" in printed:
        record["days"] = normalise_days(printed["duration"])
    if "dose" in printed:
        record["units_per_dose"] = units_per_dose(printed["dose"])
    record["daily_amounts"] = daily_amounts(record)


def _entities(record: dict[str, Any]) -> list[tuple[int, int, str]]:
    return [(start, end, label.upper()) for label, (start, end) in record["spans"].items()]


@Language.factory(
    "imr_medications",
    default_config={"misspellings": True},
    requires=["doc.ents", "doc.spans"],
    assigns=["doc.ents"],
)
def make_medications(nlp: Language, name: str, misspellings: bool) -> LetterMedications:
    """Make the `imr_medications` component."""
    return LetterMedications(misspellings=misspellings)

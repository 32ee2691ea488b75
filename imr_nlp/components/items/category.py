"""The category of an item, by the services that it names."""

from __future__ import annotations

import re

from imr_nlp.components.items.body_parts import find_body_parts
from imr_nlp.components.items.services import ServiceHit, find_services, scan_services
from imr_nlp.components.items.vocabulary import fold
from imr_nlp.schema import Category

__all__ = ["categorize", "find_services"]

_VISITS = re.compile(
    r"\b(?:sessions?|visits?|treatments?|weekly)\b"
    r"|\b(?:\d{1,2}|once|twice|one|two|three|times|x|a|per|each|/) ?x? ?(?:weeks?|wks?)\b"
    r"|\d ?(?:x|times|by) ?\d|\b(?:one|two|three) (?:x|times|by) "
)
_DOSAGE = re.compile(
    r"\d ?(?:mg|mcg|ml|gms?|grams?|cc|iu)\b|\d ?%|# ?\d{2,}"
    r"|\b(?:tab(?:let)?s?|cap(?:sule)?s?|gel|cream|ointment|patch(?:es)?|lotion|suppository)\b"
)
_LIST_END = re.compile(r"(?:[,;+&]|\band|\bplus)\s*$")


def categorize(item: str, *, has_drug: bool, drug_start: int | None = None) -> Category:
    """Give the treatment category of an item.

    Parameters
    ----------
    item
        The text of one disputed item.
    has_drug
        Whether a drug was recognised in it.
    drug_start
        Where in the item its first drug begins, if that is known; otherwise the
        first dosage stands for it.

    Returns
    -------
    Category
        Of several services the first decides; "other" where none is known.
    """
    text = fold(item)
    hits = scan_services(text)
    strong = []
    for hit in hits:
        role = hit.service.role
        if role == "overrides":
            return hit.service.category or "other"
        if role in ("service", "provider", "drug_form"):
            strong.append(hit)
    dosage = _DOSAGE.search(text)
    if drug_start is None and dosage:
        drug_start = dosage.start()
    if strong and not (has_drug and _drug_leads(text, strong, drug_start)):
        return _of_service(item, text, strong, has_drug=has_drug)
    if has_drug:
        return "pharmaceuticals"
    weak = next((hit for hit in hits if hit.service.category), None)
    if dosage and (weak is None or dosage.start() < weak.start):
        return "pharmaceuticals"
    return (weak.service.category if weak else None) or "other"


def _drug_leads(text: str, strong: list[ServiceHit], drug_start: int | None) -> bool:
    """Tell whether the drug of the item stands before its services."""
    if any(hit.service.category == "injection" for hit in strong):
        # Injected drugs are dosed like any other and still belong to the injection.
        return False
    first = strong[0].start
    if drug_start is not None and drug_start < first:
        return True
    return first > 0 and _LIST_END.search(text[:first]) is not None


def _of_service(item: str, text: str, strong: list[ServiceHit], *, has_drug: bool) -> Category:
    """Give the category of the service that decides."""
    head = strong[0].service
    if head.category == "evaluation_management":
        head = next((hit.service for hit in strong if hit.service.role == "provider"), head)
    if head.role == "drug_form" and has_drug and not find_body_parts(item):
        return "pharmaceuticals"
    if head.with_visits and _VISITS.search(text):
        return head.with_visits
    return head.category or "other"

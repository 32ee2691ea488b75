"""Lists of ingredients: compounds, and strengths that stand together behind a list."""

from __future__ import annotations

import itertools
import re
from typing import Any

from imr_nlp.components.medications.numbers import NUMBER

_PART = re.compile(rf"{NUMBER}\s?%?")
_LIST_GAP = re.compile(r"\s*(?:(?:[/,;&+-]\s*(?:and|with)?|and|with)\s*)\Z")


# "a compound cream of ...", "topical analgesic with ...": the ingredients need no strength.
_HEADED = re.compile(
    r"\b(?:compound\w*|topical\s+(?:analgesics?|creams?|agents?|gels?|ointments?))\b[^.;]{0,40}?"
    r"(?:\bwith|\bof|\bcontain\w*|\binclud\w+|\bconsist\w*\s+of|\bcompris\w+(?:\s+of)?|:|-)\s*\Z",
    re.IGNORECASE,
)
_LONGEST_HEAD = 90


def share_strengths(text: str, records: list[dict[str, Any]]) -> None:
    """Deal out a run of strengths: "A/B/C cream 20%/10%/4%" is 20 %, 10 % and 4 %.

    The run must stand behind the last of as many drugs as it has numbers, none
    of which has a strength of its own.
    """
    for position, record in enumerate(records):
        span = record["spans"].get("strength")
        if span is None or "%" not in text[span[0] : span[1]]:
            continue
        parts = list(_PART.finditer(text, *span))
        first = position - len(parts) + 1
        if len(parts) < 2 or first < 0:
            continue
        members = records[first : position + 1]
        if not _is_list(text, members):
            continue
        for member, part in zip(members, parts, strict=True):
            member["spans"]["strength"] = [part.start(), part.end()]
            member["links"]["strength"] = "shared_list"


def mark_compounds(text: str, records: list[dict[str, Any]]) -> None:
    """Mark the ingredients of a compounded preparation.

    They stand in one list, at least one has a strength in percent, and none but
    the last has anything else: a form or a quantity of its own makes a product.
    """
    group: list[dict[str, Any]] = []
    for record in records:
        if group and not _continues(text, group[-1], record):
            _mark(text, group)
            group = []
        group.append(record)
    _mark(text, group)


def _continues(text: str, record: dict[str, Any], following: dict[str, Any]) -> bool:
    behind = {label for label, span in record["spans"].items() if span[0] >= record["drug"][0]}
    if behind - {"drug", "strength"}:
        return False
    end = max(
        span[1]
        for span in record["spans"].values()
        if record["drug"][0] <= span[0] < following["drug"][0]
    )
    gap = text[end : following["drug"][0]]
    if not gap.strip():
        # "flurbiprofen 10% lidocaine 5%": percentages side by side are one preparation.
        return all("%" in _strength(text, member) for member in (record, following))
    return bool(_LIST_GAP.match(gap))


def _strength(text: str, record: dict[str, Any]) -> str:
    span = record["spans"].get("strength")
    return text[span[0] : span[1]] if span else ""


def _mark(text: str, group: list[dict[str, Any]]) -> None:
    in_percent = ["%" in strength for record in group if (strength := _strength(text, record))]
    if len(group) < 2 or not all(in_percent):
        return
    start = group[0]["drug"][0]
    if not in_percent and not _HEADED.search(text, max(0, start - _LONGEST_HEAD), start):
        return
    for record in group:
        record["compound"] = True
        record["drug_class"] = "topical compounds"


def _is_list(text: str, members: list[dict[str, Any]]) -> bool:
    if any("strength" in member["spans"] for member in members[:-1]):
        return False
    gaps = [text[left["drug"][1] : right["drug"][0]] for left, right in itertools.pairwise(members)]
    return all(_LIST_GAP.match(gap) for gap in gaps)

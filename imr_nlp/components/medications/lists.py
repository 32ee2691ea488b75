"""Lists of ingredients whose strengths stand together behind them."""

from __future__ import annotations

import re
from typing import Any

from imr_nlp.components.medications.numbers import NUMBER

_PART = re.compile(rf"{NUMBER}\s?%?")
_LIST_GAP = re.compile(r"\s*(?:[/,&-]|and)\s*\Z")


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


def _is_list(text: str, members: list[dict[str, Any]]) -> bool:
    if any("strength" in member["spans"] for member in members[:-1]):
        return False
    gaps = [
        text[left["drug"][1] : right["drug"][0]]
        for left, right in zip(members, members[1:], strict=False)
    ]
    return all(_LIST_GAP.match(gap) for gap in gaps)

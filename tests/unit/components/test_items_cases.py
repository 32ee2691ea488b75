"""Item lines of every style with what they say, as data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from imr_nlp.components.items import (
    categorize,
    find_body_parts,
    find_retrospective,
    find_services,
    find_sessions,
)

CASES = Path(__file__).parents[2] / "regression" / "items"


def cases(name: str) -> list[Any]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["item"]) for case in map(json.loads, lines)]


@pytest.mark.parametrize("case", cases("sessions"))
def test_sessions(case: dict[str, Any]) -> None:
    found = find_sessions(case["item"])
    assert (found.value if found else None) == case["sessions"]


@pytest.mark.parametrize("case", cases("body_parts"))
def test_body_parts(case: dict[str, Any]) -> None:
    assert [found.value for found in find_body_parts(case["item"])] == case["body_parts"]


@pytest.mark.parametrize("case", cases("services"))
def test_services(case: dict[str, Any]) -> None:
    assert [found.value for found in find_services(case["item"])] == case["services"]


@pytest.mark.parametrize("case", cases("category"))
def test_category(case: dict[str, Any]) -> None:
    assert categorize(case["item"], has_drug=case["has_drug"]) == case["category"]


@pytest.mark.parametrize("case", cases("retro"))
def test_retrospective(case: dict[str, Any]) -> None:
    retrospective, found = find_retrospective(case["item"])
    served = found.value.isoformat() if found else None
    assert (retrospective, served) == (case["retrospective"], case["date_of_service"])

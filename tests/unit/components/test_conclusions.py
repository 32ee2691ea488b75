"""What a rationale concludes, as data."""

import json
from pathlib import Path
from typing import Any

import pytest

from imr_nlp.components.conclusions import find_conclusion

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "regression" / "conclusions" / "cases.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
RECITAL = "The guideline asks for a trial of exercise first. "


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
@pytest.mark.parametrize("before", ["", RECITAL, RECITAL * 30])
def test_conclusion(case: dict[str, Any], before: str) -> None:
    text = before + case["text"]
    found = find_conclusion(text, 0, len(text))
    assert (found.conclusion if found else None) == case["conclusion"]
    if found:
        assert 0 <= found.start < found.end <= len(text)

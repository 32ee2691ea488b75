"""Item lines behind rationales of many kinds: where they begin, what was authorised."""

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "regression" / "authorization" / "cases.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
OPENING = (
    "IMR ISSUES, DECISIONS AND RATIONALES\nThe Final Determination was based on decisions for "
    "the disputed items/services set forth below:\n"
)
LABELS = (
    "\nClaims Administrator guideline: Decision based on MTUS Knee Complaints 2004.\n"
    "MAXIMUS guideline: Decision based on MTUS Knee Complaints 2004.\nDecision rationale: "
)
# How a rationale can end before the next item; the first is none.
RATIONALES = {
    "first item": "",
    "conclusion": "Nothing in the notes supports this. The request is not medically necessary.",
    "question": "What would another study tell? Not medically necessary.",
    "quotation": 'The note says only "continue therapy."',
    "quoted item": "Twelve visits was the original request. Six visits was authorized by the "
    "Claims Administrator. The remaining six visits are not medically necessary.",
    "bracket": "The request is not medically necessary (see above).",
    "abbreviation": "The patient was seen by Dr. Lee. The request is not medically necessary.",
    "cut off": "The records do not show whether the patient has had this treatment before and",
}


@pytest.mark.parametrize("rationale", RATIONALES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_item_line(case: dict[str, Any], rationale: str, nlp: Language) -> None:
    raw = OPENING
    before = RATIONALES[rationale]
    if before:
        raw += f"X-ray of the wrist: Upheld{LABELS}{before}\n"
    raw += f"{case['line']}{LABELS}The request stands as said above."
    result = nlp(raw)._.determination
    issue = result.issues[-1]
    assert len(result.issues) == (2 if before else 1)
    names = ("item", "requested", "authorized", "decision")
    assert {name: getattr(issue, name) for name in names} == {name: case[name] for name in names}
    if before:
        assert result.issues[0].rationale == " ".join(before.split())
    partial = [note for note in result.warnings if note.code == "partial_decision"]
    assert len(partial) == (case["id"] == "in_part")

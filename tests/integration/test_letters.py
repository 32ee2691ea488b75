"""The example letters, as text and as PDF, against what a perfect reading gives."""

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

import imr_nlp
from tests.conftest import ATTRIBUTES, GOLD, LETTERS

NAMES = sorted(path.stem for path in GOLD.glob("*.json"))


def read(path: Path, nlp: Language) -> dict[str, Any]:
    return imr_nlp.extract(path, nlp=nlp).model_dump(mode="json")


def medications(records: list[dict[str, Any]]) -> list[tuple[str | None, ...]]:
    return [tuple(record.get(name) for name in ATTRIBUTES) for record in records]


def citations(records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    names = ("source", "title", "year", "sections", "pages")
    return [tuple(record[name] for name in names) for record in records]


def test_there_is_a_gold_reading_for_each_letter() -> None:
    assert len(NAMES) >= 12
    assert sorted(path.stem for path in LETTERS.glob("*.txt")) == NAMES
    assert sorted(path.stem for path in LETTERS.glob("*.pdf")) == NAMES


@pytest.mark.parametrize("ending", ["txt", "pdf"])
@pytest.mark.parametrize("name", NAMES)
def test_letter_is_read_as_a_person_reads_it(name: str, ending: str, nlp: Language) -> None:
    gold = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))
    result = read(LETTERS / f"{name}.{ending}", nlp)
    letter_fields = [key for key in gold if key not in {"issues", "medications"}]
    assert {key: result[key] for key in letter_fields} == {key: gold[key] for key in letter_fields}
    assert len(result["issues"]) == len(gold["issues"])
    for issue, expected in zip(result["issues"], gold["issues"], strict=True):
        seen = dict(issue)
        wanted = dict(expected)
        for side in ("claims_citations", "reviewer_citations"):
            assert citations(seen.pop(side)) == citations(wanted.pop(side)), issue["item"]
        assert medications(seen.pop("drugs")) == medications(wanted.pop("drugs"))
        assert {key: seen[key] for key in wanted} == wanted
    prose = [record for record in result["medications"] if record["section"] != "item"]
    assert medications(prose) == medications(gold["medications"])

"""The worker's facts in the case summary: age, sex, date of injury, diagnoses."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_nlp.components.summary import (
    Place,
    find_age,
    find_diagnoses,
    find_injury_date,
    find_sex,
)
from imr_nlp.components.summary.diagnosis_lists import split_list

_CASES = Path(__file__).parents[2] / "regression" / "summary" / "cases.jsonl"
CASES: list[dict[str, Any]] = [
    json.loads(line) for line in _CASES.read_text(encoding="utf-8").splitlines()
]
IDS = [case["id"] for case in CASES]


def test_there_are_cases() -> None:
    assert len(CASES) >= 120
    assert len(set(IDS)) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_age(case: dict[str, Any]) -> None:
    place = find_age(case["text"], 0, len(case["text"]))
    assert (place.value if place else None) == case["age"]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_sex(case: dict[str, Any]) -> None:
    summary = len(case["text"])
    text = f"{case['text']}\n\n{case['rationale']}"
    place = find_sex(text, [(0, summary), (summary + 2, len(text))])
    assert (place.value if place else None) == case["sex"]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_injury_date(case: dict[str, Any]) -> None:
    header = {name: date.fromisoformat(value) for name, value in case["header"].items()}
    place = find_injury_date(case["text"], 0, len(case["text"]), header=header)
    assert (place.value.isoformat() if place else None) == case["injury_date"]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_diagnoses(case: dict[str, Any]) -> None:
    places = find_diagnoses(case["text"], 0, len(case["text"]))
    assert [place.value for place in places] == case["diagnoses"]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("His 45 year old wife drives.", None),
        ("Adults over 50 years of age need radiographs.", None),
        ("She had the same pain when she was 32 years old.", None),
        ("The 12 year old hardware is loose.", None),
        ("a 48 - year - old man", 48),
        ("a 48 year- old man", 48),
        ("a 48 y.o. man", 48),
        ("a forty-eight year old man", 48),
        ("The patient, 48, was hurt.", 48),
        ("She is now 48.", 48),
    ],
)
def test_ages_of_others_are_passed_over(text: str, age: int | None) -> None:
    place = find_age(text, 0, len(text))
    assert (place.value if place else None) == age


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("The worker said he/she felt better.", None),
        ("Pain limits his or her gait.", None),
        ("The surgeon wrote that she would operate.", None),
        ("His wife said that she cooks.", "male"),
        ("The worker says that her son drives. He is 20.", "female"),
        ("This gentleman has back pain.", "male"),
        ("Ms. D has back pain.", "female"),
    ],
)
def test_pronouns_of_others_are_passed_over(text: str, sex: str | None) -> None:
    place = find_sex(text, [(0, len(text))])
    assert (place.value if place else None) == sex


def test_sex_comes_from_the_first_span_that_tells() -> None:
    text = "The worker fell. She asks for care. He asks for care."
    first = text.index("She")
    second = text.index("He asks")
    spans = [(0, first), (second, len(text)), (first, second)]
    assert find_sex(text, spans) == Place("male", second, second + 2)


@pytest.mark.parametrize(
    ("text", "header", "day"),
    [
        ("injured on 3/4/68", {"decision_date": date(2014, 1, 1)}, date(1968, 3, 4)),
        ("injured on 3/4/12", {"decision_date": date(2014, 1, 1)}, date(2012, 3, 4)),
        ("injured on 3/4/12", {"date_of_injury": date(2010, 3, 4)}, date(2012, 3, 4)),
        ("DOI 1/1/11 - 2/2/12", {"date_of_injury": date(2011, 1, 1)}, date(2011, 1, 1)),
        ("DOI 1/1/11 - 2/2/12", {}, date(2012, 2, 2)),
        ("injured on 2/30/2012", {}, None),
        ("The first report of injury dated 5/5/2015 was read.", {}, None),
    ],
)
def test_injury_date_against_the_header(
    text: str, header: dict[str, date], day: date | None
) -> None:
    place = find_injury_date(text, 0, len(text), header=header)
    assert (place.value if place else None) == day


@pytest.mark.parametrize(
    "members",
    [
        ["right foot and right shoulder pain"],
        ["contusion of face, scalp and neck", "acute cervical sprain"],
        ["strain of muscle, fascia and tendon of lower back, initial encounter"],
        ["Rotator cuff tear, left shoulder", "lumbar strain"],
        ["neck, back and shoulder pain"],
        ["sprain and strain of the wrist", "bruise of the hip"],
        ["lumbar strain", "left hip and left knee pain"],
    ],
)
def test_lists_are_cut_between_diagnoses_only(members: list[str]) -> None:
    text = ", ".join(members)
    assert [text[start:end].strip() for start, end in split_list(text, 0, len(text))] == members


def test_only_the_given_span_is_read() -> None:
    text = "Diagnosis: gout. A 50 year old man was injured on 1/1/2010. Diagnosis: sciatica."
    end = text.index(" A 50")
    assert [place.value for place in find_diagnoses(text, 0, end)] == ["gout"]
    assert find_age(text, 0, end) is None
    assert find_injury_date(text, 0, end, header={}) is None


LIST_WORDS = """
diagnosis diagnoses diagnosed with as having of include included was were is are ( ) : ; , . and or
strain sprain pain neck left L4-5 724.2 (847.2) 1) 2) 1. 2. status post rule out treated for
undergoing treatment impression assessment patient he she his/her 45 year old age on date injury
injured DOI 10/10/2010 1-2-12 May 5, 2010 to male the surgeon with without
"""
WORDS = st.sampled_from([*LIST_WORDS.split(), "\n", "\n\n", '"', "\u0130", "\ufb01"])


@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join)), st.data())
def test_any_text_is_read(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    header = {"decision_date": date(2015, 5, 5)}
    places: list[Place[Any]] = list(find_diagnoses(text, start, end))
    for place in places:
        assert place.value == " ".join(text[place.start : place.end].split())
        assert place.value
    assert len({place.value.lower() for place in places}) == len(places)
    assert places == sorted(places, key=lambda place: place.start)
    single: list[Place[Any] | None] = [
        find_age(text, start, end),
        find_sex(text, [(start, end)]),
        find_injury_date(text, start, end, header=header),
    ]
    places.extend(place for place in single if place is not None)
    for place in places:
        assert start <= place.start < place.end <= end


@pytest.mark.parametrize(
    "piece",
    ["diagnoses include strain, ", "diagnosed with ", "impression is ", "(", "1) ", "a, and ",
     "he or she ", "injury on 1/1/10 ", "45 year old ", "strain with ", "724.2 ", '"', "\n"],
)  # fmt: skip
def test_time_grows_with_length_alone(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        begin = time.perf_counter()
        find_age(text, 0, length)
        find_sex(text, [(0, length)])
        find_injury_date(text, 0, length, header={})
        find_diagnoses(text, 0, length)
        return time.perf_counter() - begin

    seconds(1000)
    assert seconds(40_000) < 12 * max(seconds(10_000), 0.005)

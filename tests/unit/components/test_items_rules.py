"""What holds of every item line: offsets, tables, time."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imr_nlp.components.items import (
    categorize,
    find_body_parts,
    find_retrospective,
    find_services,
    find_sessions,
)
from imr_nlp.components.items.numbers import find_counts
from imr_nlp.components.items.patterns import key, openings, shortest
from imr_nlp.components.items.vocabulary import Vocabulary, fold
from imr_nlp.resources import read_csv
from imr_nlp.schema import Category

CASES = Path(__file__).parents[2] / "regression" / "items"
ITEMS = [
    json.loads(line)["item"]
    for file in sorted(CASES.glob("*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
]
WORDS = sorted({word for item in ITEMS for word in item.split()})
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_offsets_hold_the_text(item: str) -> None:
    listed = [find_body_parts(item), find_services(item)]
    for found in listed:
        for before, after in pairwise(found):
            assert before.end <= after.start
    single = [find_sessions(item), find_retrospective(item)[1]]
    for one in [*listed[0], *listed[1], *(found for found in single if found)]:
        assert 0 <= one.start < one.end <= len(item)
        assert item[one.start : one.end] == one.text == one.text.strip()
    assert categorize(item, has_drug=False) in get_args(Category)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_fold_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("item", ITEMS[::7])
def test_case_does_not_matter(item: str) -> None:
    upper = item.upper()
    one, other = find_sessions(item), find_sessions(upper)
    assert (one and one.value) == (other and other.value)
    assert [f.start for f in find_services(item)] == [f.start for f in find_services(upper)]
    assert [f.start for f in find_body_parts(item)] == [f.start for f in find_body_parts(upper)]


def test_dashes_of_print_are_hyphens() -> None:
    assert [found.value for found in find_body_parts("ESI L4\u20135")] == ["L4\u20135"]
    sessions = find_sessions("Physical therapy 2\u20133 times a week for 4\u20136 weeks")
    assert sessions is not None
    assert sessions.value == 18


@pytest.mark.parametrize("table", ["services.csv", "body_parts.csv"])
def test_every_fragment_is_a_lower_case_expression(table: str) -> None:
    for row in read_csv(table):
        pattern = row["pattern"]
        re.compile(pattern)
        plain = re.sub(r"\\.", "", pattern)
        assert plain == plain.lower(), pattern
        assert re.search(r"(?<!\\)\((?!\?)", pattern) is None, f"{pattern}: captures"


def test_every_row_of_the_services_has_a_known_category_and_role() -> None:
    roles = {"overrides", "provider", "service", "drug_form", "weak", "clue", "ignore", "adjective"}
    for row in read_csv("services.csv"):
        assert row["role"] in roles, row
        assert row["visits"] in {"", "any", "product"}, row
        for column in ("category", "with_visits"):
            assert row[column] in {"", *get_args(Category)}, row
        assert (row["category"] == "") == (row["role"] in {"ignore", "adjective"}), row


def test_every_category_is_reached() -> None:
    named = {row["category"] for row in read_csv("services.csv")}
    assert set(get_args(Category)) <= named


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("x ?rays?", ["x ?rays?"]),
        ("(?:hot|cold )?packs?", ["hotpacks?", "cold packs?", "packs?"]),
        ("c(?:ct|at)", ["cct", "cat"]),
        ("[lr]le", ["lle", "rle"]),
    ],
)
def test_openings(fragment: str, expected: list[str]) -> None:
    assert openings(fragment) == expected


def test_an_opening_without_a_letter_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with no letter"):
        openings("#part")
    with pytest.raises(ValueError, match="not closed"):
        openings("(?:part")


@pytest.mark.parametrize(
    ("fragment", "length"),
    [
        ("mri?s?", 2),
        ("pain(?: clinic)?", 4),
        (r"\w{2,3}a+", 3),
        ("(?:ab|c)(?=d)", 1),
        ("[ab]c*", 1),
    ],
)
def test_shortest(fragment: str, length: int) -> None:
    assert shortest(fragment) == length


def test_key() -> None:
    assert key("mri") == "mr"
    assert key("x ?ray") == "x"
    assert key("ab?c") == "a"


def test_the_more_specific_fragment_wins() -> None:
    vocabulary = Vocabulary(["home", "home health(?: aide)?", "health"])
    assert [(hit.start, hit.end, hit.row) for hit in vocabulary.scan("home-health aide")] == [
        (0, 16, 1)
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("twenty-four (24) and ninety nine", [24, 99]),
        ("2-3 or six to eight", [3, 8]),
        ("3.0 l4-5 11/11/2016 5% 2nd 97110 10/325", [3]),
        ("2x6 x8 qty: 8.00", [2, 6, 8, 8]),
        ("once, twice, seventy", [1, 2, 70]),
    ],
)
def test_counts(text: str, values: list[int]) -> None:
    assert [count.value for count in find_counts(text)] == values


@pytest.mark.parametrize(
    "piece",
    ["2 times a week and ", "a ", "1", "(", "left ", "hot cold ", "L4-5-", "x2", "pain and ", "- ",
     "12 physical ", "one to two ", "visits ", "retrospective dos 1/1/14 ", "weekly for 6 weeks "],
)  # fmt: skip
def test_time_grows_with_the_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        begin = perf_counter()
        for function in (find_sessions, find_body_parts, find_services, find_retrospective):
            function(text)
        categorize(text, has_drug=True)
        return perf_counter() - begin

    seconds(500)
    assert seconds(8000) < 1.0


def test_the_place_of_the_drug_decides_where_it_is_known() -> None:
    item = "Naprosyn then physical therapy"
    assert categorize(item, has_drug=True) == "physical_occupational_therapy"
    assert categorize(item, has_drug=True, drug_start=0) == "pharmaceuticals"

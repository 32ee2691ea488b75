"""Guideline lines of every year and form with what they cite, and what holds of any line."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imr_nlp.components.citations import ParsedCitation, parse_citations
from imr_nlp.components.citations.misspelt import misspelt_title
from imr_nlp.components.citations.pages import normalise_pages
from imr_nlp.components.citations.titles import acoem_titles, mtus_titles, odg_titles
from imr_nlp.resources import read_csv

CASES = Path(__file__).parents[2] / "regression" / "citations" / "cases.jsonl"
FRAGMENTS = (
    "Decision based on MTUS ",
    "Decision based on Non-MTUS Citation ",
    "The Expert Reviewer relied on the ",
    "Official Disability Guidelines (ODG), ",
    "ODG ",
    "ACOEM ",
    "Chapter 12 ",
    "Low Back Complaints 2004, ",
    "Section(s): ",
    "Opioids, dosing, ",
    "and ",
    "page 12-13, ",
    "2016 ",
    "(updated 11/02/16) ",
    "(",
    ")",
    ". ",
    "; ",
    "...",
    "\n\n",
    "http://a.example/b ",
    "which is part of the MTUS ",
    "9792.20 - ",
    ", because it is ",
    "; and on the ",
    "page 9 of the ",
    "Table 8-5, 8-6, ",
    "Sholder Complaints, ",
)


def cases() -> list[Any]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["text"][-60:]) for case in map(json.loads, lines)]


def as_dict(citation: ParsedCitation) -> dict[str, Any]:
    return {
        "source": citation.source,
        "title": citation.title,
        "year": citation.year,
        "sections": list(citation.sections),
        "pages": citation.pages,
    }


def check_places(text: str, citations: list[ParsedCitation]) -> None:
    last = 0
    for citation in citations:
        assert last <= citation.start < citation.end <= len(text)
        last = citation.end


@pytest.mark.parametrize("case", cases())
def test_cases(case: dict[str, Any]) -> None:
    citations = parse_citations(case["text"])
    assert [as_dict(citation) for citation in citations] == case["citations"]
    check_places(case["text"], citations)


@pytest.mark.parametrize("case", cases())
def test_white_space_does_not_matter(case: dict[str, Any]) -> None:
    wrapped = case["text"].replace(" ", " \r\n\t")
    citations = parse_citations(wrapped)
    assert [as_dict(citation) for citation in citations] == case["citations"]
    check_places(wrapped, citations)


def test_places_hold_the_whole_citation() -> None:
    text = "Decision based on MTUS ACOEM Chapter 13 Knee Complaints  Page(s): 341-343, Table 13-6."
    (citation,) = parse_citations(text)
    whole = "MTUS ACOEM Chapter 13 Knee Complaints  Page(s): 341-343"
    assert text[citation.start : citation.end] == whole


def test_places_of_several_citations() -> None:
    text = "Decision based on Non-MTUS Citation ODG, Knee (updated 12/12/16); Head Chapter, MRI."
    places = [text[found.start : found.end] for found in parse_citations(text)]
    assert places == ["ODG, Knee", "Head Chapter, MRI"]


def test_places_of_citations_whose_pages_are_printed_first() -> None:
    text = "The reviewer relied on page 12 of the ODG, Pain Chapter and page 4 of ACOEM, Knee."
    places = [text[found.start : found.end] for found in parse_citations(text)]
    assert places == ["page 12 of the ODG, Pain Chapter", "page 4 of ACOEM, Knee"]


@pytest.mark.parametrize(
    ("printed", "misspelt"),
    [
        ("sholder complaints", True),
        ("lowback compliants page", True),
        ("chornic pain medical treatment guidlines", True),
        ("bowel disorders", False),
        ("low back compression", False),
        ("subjective complaints", False),
    ],
)
def test_misspelt_titles(printed: str, misspelt: bool) -> None:
    assert (misspelt_title(printed, 0, len(printed)) is not None) is misspelt


@pytest.mark.parametrize(
    ("printed", "pages"),
    [
        ("page(s): 23; pages 100-102, page 124", "23, 100-102, 124"),
        ("pages 98 - 99", "98-99"),
        ("p. 8 of 127", "8"),
        ("pgs. 4 to 6 and 9", "4-6, 9"),
    ],
)
def test_pages(printed: str, pages: str) -> None:
    assert normalise_pages(printed) == pages


def test_every_title_of_the_table_is_found() -> None:
    tables = {"MTUS": mtus_titles(), "ODG": odg_titles()}
    for row in read_csv("guidelines.csv"):
        if row["source"] not in tables:
            continue
        for name in (row["title"], *row["names"].split("|"), *row["short_names"].split("|")):
            if name:
                hit = tables[row["source"]].match(name.lower(), 0)
                assert hit is not None, name
                assert hit.end == len(name), name
    assert acoem_titles().match("low back", 0) is not None


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=12), max_size=25).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read(text: str) -> None:
    check_places(text, parse_citations(text))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_characters_are_read(text: str) -> None:
    check_places(text, parse_citations(text))


@pytest.mark.parametrize("unit", FRAGMENTS)
@pytest.mark.parametrize("head", FRAGMENTS[:4])
def test_time_grows_with_length(head: str, unit: str) -> None:
    def seconds(length: int) -> float:
        text = head + unit * (length // len(unit))
        best = 60.0
        for _ in range(2):
            begin = perf_counter()
            parse_citations(text)
            best = min(best, perf_counter() - begin)
        return best

    short, long = seconds(4_000), seconds(32_000)
    assert long < 30 * short + 0.05

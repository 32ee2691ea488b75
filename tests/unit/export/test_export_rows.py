from __future__ import annotations

from datetime import date

import pytest

from imr_nlp.errors import ExportError
from imr_nlp.export import (
    CITATION_COLUMNS,
    ISSUE_COLUMNS,
    MEDICATION_COLUMNS,
    REASON_COLUMNS,
    citation_rows,
    issue_rows,
    medication_rows,
    reason_rows,
    table_rows,
)


def test_one_row_for_each_issue_with_the_letter_repeated(full):
    rows = issue_rows(full)
    assert [row["issue"] for row in rows] == [0, 1, 2]
    assert [row["decision"] for row in rows] == ["upheld", "upheld", "overturned"]
    for row in rows:
        assert tuple(row) == ISSUE_COLUMNS
        assert row["id"] == "a.pdf"
        assert row["case_number"] == "CM16-0000001"
        assert row["n_issues"] == 3
        assert row["decision_date"] == date(2017, 1, 6)
        assert row["specialties"] == ["Physical Medicine & Rehabilitation", "Pain Management"]
        assert row["warnings"] == ["no_header"]


def test_issue_fields(full):
    first, _, third = issue_rows(full)
    assert first["requested"] == "Norco 10/325mg #120"
    assert first["authorized"] == "Norco 10/325mg #60"
    assert first["contradiction"] is True
    assert first["reasons"] == ["prolonged_use", "opioid_monitoring_lacking"]
    assert first["primary_reason"] == "opioid_monitoring_lacking"
    assert first["primary_reason_score"] == 0.75
    assert first["primary_reason_text"] == "No pill count is on file. So be it."
    assert (first["item_start"], first["item_end"]) == (500, 518)
    assert (first["rationale_start"], first["rationale_end"]) == (800, 825)
    assert third["retrospective"] is True
    assert third["date_of_service"] == date(2016, 10, 1)
    assert third["sessions"] == 6
    assert third["body_parts"] == ["left knee"]
    assert third["item_start"] is None


def test_the_only_drug_of_an_item(full):
    row = issue_rows(full)[0]
    expected = {
        "n_drugs": 1,
        "drugs": ["Norco"],
        "drug": "Norco",
        "drug_name": "Norco",
        "drug_kind": "brand",
        "ingredients": ["hydrocodone", "acetaminophen"],
        "drug_class": "opioids",
        "strength": "10/325mg",
        "form": "tablets",
        "dose": "1 tab",
        "route": "orally",
        "frequency": "every 6 hours",
        "duration": "for 30 days",
        "quantity": "#120",
        "quantity_value": 120,
        "quantity_unit": "tablet",
        "refills": "with 2 refills",
        "refills_value": 2,
        "doses_per_day": 4,
        "units_per_dose": 1,
        "days": 30,
        "compound": False,
    }
    assert {name: row[name] for name in expected} == expected


def test_a_compound_keeps_what_is_printed_behind_its_last_ingredient(full):
    row = issue_rows(full)[1]
    assert row["drugs"] == ["Baclofen", "Menthol"]
    assert row["drug"] == "Baclofen"
    assert row["strength"] == "5%"
    assert row["quantity"] == "120gm"
    assert row["form"] == "cream base"
    assert row["ingredients"] == ["baclofen", "menthol"]
    assert row["compound"] is True


def test_two_drugs_that_are_no_compound_do_not_share_attributes(full):
    for drug in full.issues[1].drugs:
        drug.compound = False
    row = issue_rows(full)[1]
    assert row["drug"] == "Baclofen"
    assert row["quantity"] is None
    assert row["ingredients"] == ["baclofen"]


def test_an_item_without_drugs_says_so(full):
    row = issue_rows(full)[2]
    assert row["n_drugs"] == 0
    assert row["drugs"] == []
    assert row["drug"] is None
    assert row["compound"] is None


def test_citations_of_both_sides(full):
    first, second, third = issue_rows(full)
    assert first["claims_citations"] == [
        "MTUS Chronic Pain Medical Treatment Guidelines (2009), "
        "Section(s): Opioids, criteria for use, Weaning, Page(s): 76-80, 124",
        "ODG Pain (Chronic), Section(s): Opioids",
    ]
    assert first["claims_sources"] == ["MTUS", "ODG"]
    assert first["claims_titles"] == ["Chronic Pain Medical Treatment Guidelines", "Pain (Chronic)"]
    assert first["claims_sections"] == ["Opioids, criteria for use", "Weaning", "Opioids"]
    assert first["claims_pages"] == ["76-80, 124"]
    assert second["reviewer_citations"] == []
    assert third["reviewer_citations"] == ["other"]


def test_a_letter_without_issues_is_not_lost(bare):
    (row,) = issue_rows(bare)
    assert tuple(row) == ISSUE_COLUMNS
    assert row["id"] == "b.txt"
    assert row["n_issues"] == 0
    assert row["issue"] is None
    assert row["retrospective"] is None
    assert row["drugs"] is None
    assert row["warnings"] == ["no_issues"]


def test_lists_are_joined_on_request(full):
    row = issue_rows(full, join="; ")[0]
    assert row["licensure"] == "Texas; California"
    assert row["reviewer_sources"] == ""
    assert row["n_issues"] == 3


def test_editing_a_row_leaves_the_determination_alone(full):
    issue_rows(full)[0]["licensure"].append("Ohio")
    assert full.licensure == ["Texas", "California"]


def test_medications(full):
    rows = medication_rows(full)
    assert all(tuple(row) == MEDICATION_COLUMNS for row in rows)
    assert [row["drug"] for row in rows] == ["Norco", "Baclofen", "Menthol", "Lyrica"]
    assert [row["issue"] for row in rows] == [0, 1, 1, None]
    assert [row["decision"] for row in rows] == ["upheld", "upheld", "upheld", None]
    assert [row["mention"] for row in rows] == [0, 1, 2, 3]
    assert rows[0]["strength_values"] == [10, 325]
    assert rows[0]["strength_units"] == ["mg", "mg"]
    assert rows[0]["daily_values"] == [40, 1300]
    assert (rows[0]["start"], rows[0]["end"]) == (500, 505)
    assert rows[2]["quantity"] == "120gm"
    assert rows[3]["section"] == "summary"


def test_citations(full):
    rows = citation_rows(full)
    assert all(tuple(row) == CITATION_COLUMNS for row in rows)
    assert [(row["issue"], row["side"], row["citation"]) for row in rows] == [
        (0, "claims", 0),
        (0, "claims", 1),
        (2, "reviewer", 0),
    ]
    assert rows[0]["year"] == 2009
    assert rows[0]["sections"] == ["Opioids, criteria for use", "Weaning"]
    assert rows[0]["start"] == 700
    assert rows[1]["title"] == "Pain (Chronic)"
    assert rows[1]["pages"] is None
    assert rows[2]["category"] == "physical_occupational_therapy"


def test_reasons_give_a_row_for_each_sentence(full):
    rows = reason_rows(full)
    assert all(tuple(row) == REASON_COLUMNS for row in rows)
    assert [(row["label"], row["text"], row["primary"]) for row in rows] == [
        ("prolonged_use", None, False),
        ("opioid_monitoring_lacking", "No pill count is on file.", True),
        ("opioid_monitoring_lacking", "So be it.", True),
    ]


@pytest.mark.parametrize("rows", [medication_rows, citation_rows, reason_rows])
def test_long_tables_of_an_empty_letter_are_empty(rows, bare):
    assert rows(bare) == []


def test_rows_of_many_letters_come_letter_by_letter(full, bare):
    def letters():
        yield full
        yield bare
        raise AssertionError("asked for more than was needed")

    rows = table_rows(letters(), "issues")
    assert [next(rows)["id"] for _ in range(4)] == ["a.pdf", "a.pdf", "a.pdf", "b.txt"]


def test_an_unknown_table_is_refused_at_once():
    with pytest.raises(ExportError, match=r"drugs: there is no such table.*medications"):
        table_rows([], "drugs")

"""The columns of every table: names, order and types, independent of any data frame library."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

TableName = Literal["issues", "medications", "citations", "reasons"]
"""What one row stands for."""

TABLES: tuple[TableName, ...] = get_args(TableName)

Kind = Literal["text", "int", "float", "bool", "date", "texts", "floats"]
"""Type of a column; `texts` and `floats` are lists. Every value can be null."""

Columns: TypeAlias = "dict[str, Kind]"

# Which letter and which issue a row of a long table belongs to.
_KEY: Columns = {"id": "text", "case_number": "text", "decision_date": "date", "issue": "int"}

_LETTER: Columns = {
    "id": "text",
    "case_number": "text",
    "layout": "text",
    "date_assigned": "date",
    "date_of_injury": "date",
    "decision_date": "date",
    "ur_denial_date": "date",
    "application_received": "date",
    "priority": "text",
    "licensure": "texts",
    "specialties": "texts",
    "age": "int",
    "sex": "text",
    "summary_injury_date": "date",
    "diagnoses": "texts",
    "outcome": "text",
    "n_issues": "int",
}
_ISSUE: Columns = {
    "issue": "int",
    "item": "text",
    "decision": "text",
    "decision_score": "float",
    "requested": "text",
    "authorized": "text",
    "retrospective": "bool",
    "date_of_service": "date",
    "category": "text",
    "category_score": "float",
    "sessions": "int",
    "body_parts": "texts",
    "conclusion": "text",
    "contradiction": "bool",
    "primary_reason": "text",
    "primary_reason_score": "float",
    "primary_reason_text": "text",
    "reasons": "texts",
}
_ATTRIBUTES: Columns = {
    "strength": "text",
    "form": "text",
    "dose": "text",
    "route": "text",
    "frequency": "text",
    "duration": "text",
    "quantity": "text",
    "quantity_value": "float",
    "quantity_unit": "text",
    "refills": "text",
    "refills_value": "int",
    "doses_per_day": "float",
    "units_per_dose": "float",
    "days": "int",
}
_DRUG: Columns = {
    "drug": "text",
    "drug_name": "text",
    "drug_kind": "text",
    "ingredients": "texts",
    "drug_class": "text",
    **_ATTRIBUTES,
    "compound": "bool",
}


def _side(side: str) -> Columns:
    return {
        f"{side}_citations": "texts",
        f"{side}_sources": "texts",
        f"{side}_titles": "texts",
        f"{side}_sections": "texts",
        f"{side}_pages": "texts",
    }


SCHEMAS: dict[TableName, Columns] = {
    "issues": {
        **_LETTER,
        **_ISSUE,
        "n_drugs": "int",
        "drugs": "texts",
        **_DRUG,
        **_side("claims"),
        **_side("reviewer"),
        "rationale": "text",
        "item_start": "int",
        "item_end": "int",
        "rationale_start": "int",
        "rationale_end": "int",
        "warnings": "texts",
    },
    "medications": {
        **_KEY,
        "decision": "text",
        "section": "text",
        "mention": "int",
        **_DRUG,
        "strength_values": "floats",
        "strength_units": "texts",
        "daily_values": "floats",
        "daily_units": "texts",
        "start": "int",
        "end": "int",
    },
    "citations": {
        **_KEY,
        "item": "text",
        "category": "text",
        "decision": "text",
        "side": "text",
        "citation": "int",
        "source": "text",
        "title": "text",
        "year": "int",
        "sections": "texts",
        "pages": "text",
        "start": "int",
        "end": "int",
    },
    "reasons": {
        **_KEY,
        "item": "text",
        "category": "text",
        "decision": "text",
        "label": "text",
        "primary": "bool",
        "score": "float",
        "text": "text",
        "start": "int",
        "end": "int",
    },
}
"""Columns of each table, in order, with their types."""

ISSUE_COLUMNS = tuple(SCHEMAS["issues"])
MEDICATION_COLUMNS = tuple(SCHEMAS["medications"])
CITATION_COLUMNS = tuple(SCHEMAS["citations"])
REASON_COLUMNS = tuple(SCHEMAS["reasons"])
LETTER_COLUMNS = tuple(_LETTER)
"""The columns of an issue row that repeat for each issue of the letter."""

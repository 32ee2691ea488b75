"""Determinations to flat rows: one issue, one medication, one citation or one reason a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TypeAlias

from imr_nlp.errors import ExportError
from imr_nlp.export.citations import citation_values
from imr_nlp.export.columns import (
    CITATION_COLUMNS,
    ISSUE_COLUMNS,
    LETTER_COLUMNS,
    MEDICATION_COLUMNS,
    REASON_COLUMNS,
    TABLES,
    TableName,
)
from imr_nlp.export.drugs import drug_values, headline
from imr_nlp.schema import Determination, Issue, Medication, TextSpan

Value: TypeAlias = "str | int | float | bool | date | Sequence[str] | Sequence[float] | None"
Row: TypeAlias = "dict[str, Value]"

JOIN = "; "
"""What stands between the values of a list where a cell holds text only."""

_ISSUE_FIELDS = tuple(name for name in ISSUE_COLUMNS if name in Issue.model_fields)


def issue_rows(determination: Determination, *, join: str | None = None) -> list[Row]:
    """Give one row for each issue, with the letter's own fields repeated in each.

    A letter without issues gives one row whose issue columns are null and
    whose `n_issues` is 0, so that no letter is missing from the table; leave
    it out with `row["issue"] is not None`.

    The columns `drug` to `compound` hold the first medication of the item. For
    a compound, whose form, quantity and directions are printed once, each of
    them is the first one found among the ingredients, and `ingredients` are
    those of all; the table of medications has them one by one.

    Parameters
    ----------
    determination
        One letter.
    join
        Text to join lists with; by default they stay lists.

    Returns
    -------
    list of dict
        Keys are `ISSUE_COLUMNS`, in that order.
    """
    letter = _letter_values(determination)
    warnings = [note.code for note in determination.warnings]
    rows = [
        _row(ISSUE_COLUMNS, {**letter, **_issue_values(issue), "warnings": warnings})
        for issue in determination.issues
    ]
    return _joined(rows or [_row(ISSUE_COLUMNS, {**letter, "warnings": warnings})], join)


def medication_rows(determination: Determination, *, join: str | None = None) -> list[Row]:
    """Give one row for each mention of a medication, wherever in the letter it stands.

    `issue` and `decision` are null for a mention outside items and rationales.
    Keys are `MEDICATION_COLUMNS`; a letter without mentions gives no row.
    """
    issues = {issue.index: issue for issue in determination.issues}
    rows = []
    for number, drug in enumerate(determination.medications):
        issue = issues.get(drug.issue) if drug.issue is not None else None
        values = {**_key(determination, issue), **drug_values(drug), **_amounts(drug)}
        values |= {"section": drug.section, "mention": number, "issue": drug.issue}
        values |= _place(drug.spans.get("drug"))
        rows.append(_row(MEDICATION_COLUMNS, values))
    return _joined(rows, join)


def citation_rows(determination: Determination, *, join: str | None = None) -> list[Row]:
    """Give one row for each guideline that either side cites for an issue.

    `side` is `claims` (the claims administrator) or `reviewer`; `citation`
    counts within issue and side. Keys are `CITATION_COLUMNS`; a letter without
    citations gives no row.
    """
    rows = []
    for issue in determination.issues:
        sides = (("claims", issue.claims_citations), ("reviewer", issue.reviewer_citations))
        for side, citations in sides:
            for number, citation in enumerate(citations):
                values = {**_key(determination, issue), "side": side, "citation": number}
                values |= {
                    "source": citation.source,
                    "title": citation.title,
                    "year": citation.year,
                    "sections": citation.sections,
                    "pages": citation.pages,
                }
                rows.append(_row(CITATION_COLUMNS, {**values, **_place(citation.span)}))
    return _joined(rows, join)


def reason_rows(determination: Determination, *, join: str | None = None) -> list[Row]:
    """Give one row for each sentence that states a reason.

    A reason without sentences gives one row without text. Keys are
    `REASON_COLUMNS`; a letter without reasons gives no row.
    """
    rows = []
    for issue in determination.issues:
        for reason in issue.reasons:
            values = {
                **_key(determination, issue),
                "label": reason.label,
                "primary": reason.label == issue.primary_reason,
                "score": reason.score,
            }
            for sentence in reason.sentences or (None,):
                text = sentence.text if sentence is not None else None
                rows.append(_row(REASON_COLUMNS, {**values, "text": text, **_place(sentence)}))
    return _joined(rows, join)


_ROWS: dict[TableName, Callable[..., list[Row]]] = {
    "issues": issue_rows,
    "medications": medication_rows,
    "citations": citation_rows,
    "reasons": reason_rows,
}


def table_rows(
    determinations: Iterable[Determination], table: TableName, *, join: str | None = None
) -> Iterator[Row]:
    """Give the rows of a table for many letters, one letter at a time.

    Raises
    ------
    ExportError
        If there is no such table; at once, before any letter is asked for.
    """
    check_table(table)
    return (row for found in determinations for row in _ROWS[table](found, join=join))


def check_table(table: str) -> None:
    """Raise an `ExportError` if there is no table of that name."""
    if table not in TABLES:
        raise ExportError(f"{table}: there is no such table. Use {', '.join(TABLES)}.")


def _letter_values(determination: Determination) -> Row:
    values: Row = {
        name: getattr(determination, name) for name in LETTER_COLUMNS if name != "n_issues"
    }
    return {**values, "n_issues": len(determination.issues)}


def _issue_values(issue: Issue) -> Row:
    values: Row = {name: getattr(issue, name) for name in _ISSUE_FIELDS}
    values |= {
        "issue": issue.index,
        "n_drugs": len(issue.drugs),
        "drugs": [drug.drug for drug in issue.drugs],
        "reasons": [reason.label for reason in issue.reasons],
    }
    if issue.drugs:
        values |= drug_values(headline(issue.drugs))
    for reason in issue.reasons:
        if reason.label == issue.primary_reason:
            values["primary_reason_score"] = reason.score
            values["primary_reason_text"] = " ".join(s.text for s in reason.sentences) or None
            break
    values |= citation_values("claims", issue.claims_citations)
    values |= citation_values("reviewer", issue.reviewer_citations)
    for name in ("item", "rationale"):
        spans = issue.spans.get(name)
        if spans:
            values[f"{name}_start"] = min(span.start for span in spans)
            values[f"{name}_end"] = max(span.end for span in spans)
    return values


def _amounts(drug: Medication) -> Row:
    return {
        "strength_values": [amount.value for amount in drug.strengths],
        "strength_units": [amount.unit for amount in drug.strengths],
        "daily_values": [amount.value for amount in drug.daily_amounts],
        "daily_units": [amount.unit for amount in drug.daily_amounts],
    }


def _key(determination: Determination, issue: Issue | None) -> Row:
    values: Row = {
        "id": determination.id,
        "case_number": determination.case_number,
        "decision_date": determination.decision_date,
    }
    if issue is not None:
        values |= {
            "issue": issue.index,
            "item": issue.item,
            "category": issue.category,
            "decision": issue.decision,
        }
    return values


def _place(span: TextSpan | None) -> Row:
    return {"start": span.start, "end": span.end} if span is not None else {}


def _row(columns: Iterable[str], values: Row) -> Row:
    row = {name: values.get(name) for name in columns}
    # Copies: whoever edits a row must not edit the determination.
    return {name: [*value] if isinstance(value, list) else value for name, value in row.items()}


def _joined(rows: list[Row], join: str | None) -> list[Row]:
    if join is None:
        return rows
    return [
        {
            name: join.join(map(str, value)) if isinstance(value, (list, tuple)) else value
            for name, value in row.items()
        }
        for row in rows
    ]

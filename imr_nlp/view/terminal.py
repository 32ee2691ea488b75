"""One determination on a terminal, or as plain text where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from io import StringIO
from typing import TypeAlias

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from imr_nlp.schema import Citation, Determination, Issue, Medication

_LABEL_WIDTH = 18
_DECISION_STYLES = {
    "upheld": "bold red",
    "overturned": "bold green",
    "partially_overturned": "bold yellow",
}
# A letter must not steer the terminal: control characters, and those that
# reverse the direction of what follows.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ATTRIBUTES = (
    "strength", "form", "dose", "route", "frequency", "duration", "quantity", "refills",
)  # fmt: skip

_Field: TypeAlias = "tuple[str, Text | str | int | date | None]"
_Part: TypeAlias = "tuple[Text, list[_Field]]"


def print_determination(determination: Determination, console: Console | None = None) -> None:
    """Print a determination for a person to read.

    On a terminal in panels and colours; otherwise as plain text without any
    escape sequence.

    Parameters
    ----------
    determination
        One letter.
    console
        Where to print; by default standard output.
    """
    console = console if console is not None else Console()
    if console.is_terminal:
        console.print(_panels(determination), highlight=False)
    else:
        console.file.write(plain_text(determination, width=console.width))


def plain_text(determination: Determination, *, width: int = 80) -> str:
    """Give a determination as plain text, lines wrapped at `width` columns."""
    file = StringIO()
    console = Console(file=file, width=width, color_system=None, force_terminal=False)
    for title, fields in _parts(determination):
        title.style = ""
        console.print(title)
        console.print(Padding(_grid(fields), (0, 0, 1, 2)), highlight=False)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()).rstrip() + "\n"


def _panels(determination: Determination) -> RenderableType:
    return Group(
        *(
            Panel(_grid(fields), title=title, title_align="left", padding=(0, 1))
            for title, fields in _parts(determination)
        )
    )


def _grid(fields: Iterable[_Field]) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0), expand=False)
    grid.add_column(style="dim", width=_LABEL_WIDTH)
    grid.add_column(overflow="fold")
    for label, value in fields:
        if value is not None:
            grid.add_row(label, value if isinstance(value, Text) else _text(value))
    return grid


def _parts(determination: Determination) -> Iterator[_Part]:
    yield _letter(determination)
    for title, fields in (
        ("Reviewer", _reviewer(determination)),
        ("Injured worker", _worker(determination)),
    ):
        if any(value is not None for _, value in fields):
            yield Text(title), fields
    for number, issue in enumerate(determination.issues, start=1):
        heading = _text(f"Issue {number} of {len(determination.issues)}: ")
        yield heading.append_text(_decision(issue.decision)), _issue(issue)
    if determination.warnings:
        yield (
            Text("Warnings", "bold yellow"),
            [(note.code, note.message) for note in determination.warnings],
        )


def _letter(determination: Determination) -> _Part:
    outcome = determination.outcome
    fields: list[_Field] = [
        ("Case number", determination.case_number),
        ("Outcome", _decision(outcome) if outcome else None),
        ("Issues", len(determination.issues)),
        ("Priority", determination.priority),
        ("Date of injury", determination.date_of_injury),
        ("UR denial", determination.ur_denial_date),
        ("Application", determination.application_received),
        ("Assigned", determination.date_assigned),
        ("Decision date", determination.decision_date),
        ("Layout", determination.layout),
    ]
    return _text(determination.id or determination.case_number or "Letter", "bold"), fields


def _reviewer(determination: Determination) -> list[_Field]:
    return [
        ("Licensed in", _list(determination.licensure)),
        ("Specialty", _list(determination.specialties)),
    ]


def _worker(determination: Determination) -> list[_Field]:
    return [
        ("Age", determination.age),
        ("Sex", determination.sex),
        ("Injured", determination.summary_injury_date),
        ("Diagnoses", _lines(map(_text, determination.diagnoses))),
    ]


def _issue(issue: Issue) -> list[_Field]:
    retrospective = "yes" if issue.retrospective else None
    return [
        ("Item", _text(issue.item, "bold")),
        ("Requested", issue.requested),
        ("Authorized", issue.authorized),
        ("Category", _words(issue.category)),
        ("Retrospective", retrospective),
        ("Date of service", issue.date_of_service),
        ("Sessions", issue.sessions),
        ("Body parts", _list(issue.body_parts)),
        ("Medications", _lines(map(_medication, issue.drugs))),
        ("Claims guideline", _citations(issue.claims_citations)),
        ("Reviewer guideline", _citations(issue.reviewer_citations)),
        ("Conclusion", _conclusion(issue)),
        ("Reasons", _reasons(issue)),
    ]


def _medication(drug: Medication) -> Text:
    text = _text(drug.drug, "bold")
    name = drug.name if drug.name and drug.name.casefold() != drug.drug.casefold() else None
    known = [name, _words(drug.kind) if drug.kind else None, drug.drug_class]
    if any(known):
        text.append_text(_text(f" ({', '.join(part for part in known if part)})", "dim"))
    printed = [
        f"{name} {value}" for name in _ATTRIBUTES if (value := getattr(drug, name)) is not None
    ]
    if drug.compound:
        printed.append("in a compound")
    return text.append_text(_text(": " + ", ".join(printed))) if printed else text


def _citations(citations: list[Citation]) -> Text:
    return _lines(map(_citation, citations)) or Text("none cited", "dim")


def _citation(citation: Citation) -> Text:
    text = _text(citation.source, "bold")
    if citation.title:
        text.append_text(_text(f" {citation.title}"))
    if citation.year is not None:
        text.append_text(_text(f" {citation.year}"))
    if citation.sections:
        text.append_text(_text(": " + ", ".join(citation.sections)))
    if citation.pages:
        text.append_text(_text(f", p. {citation.pages}", "dim"))
    return text


def _conclusion(issue: Issue) -> Text | None:
    if issue.conclusion is None:
        return None
    text = _text(_words(issue.conclusion))
    if issue.contradiction:
        text.append_text(_text("  CONTRADICTS THE DECISION", "bold yellow"))
    return text


def _reasons(issue: Issue) -> Text | None:
    lines = []
    for reason in issue.reasons:
        line = _text(_words(reason.label), "bold")
        if reason.label == issue.primary_reason:
            line.append_text(_text(" (primary)", "bold"))
        if reason.score is not None:
            line.append_text(_text(f" {reason.score:.2f}", "dim"))
        lines.append(line)
        lines.extend(_text(f'"{sentence.text}"', "italic") for sentence in reason.sentences)
    return _lines(lines)


def _decision(decision: str) -> Text:
    return _text(_words(decision).upper(), _DECISION_STYLES[decision])


def _list(values: list[str]) -> str | None:
    return ", ".join(values) or None


def _lines(lines: Iterable[Text]) -> Text | None:
    return Text("\n").join(lines) or None


def _words(label: str) -> str:
    return label.replace("_", " ")


def _text(value: object, style: str = "") -> Text:
    """Make text of any value: never markup, never an escape sequence."""
    return Text(_CONTROL.sub("", str(value)), style)

"""Header block and the reviewer's credentials."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.dates import DATE_PATTERN, parse_date
from imr_nlp.components.findings import Found, findings, found, section_text_spans, warn
from imr_nlp.resources import read_lines
from imr_nlp.text.labels import label_pattern
from imr_nlp.text.layer import text_of

_CASE_NUMBER = re.compile(r"\bCM\s?[-\u2013]?\s?(\d{2})\s?[-\u2013]\s?(\d{7})\b", re.IGNORECASE)
_LABELS = {
    "date_assigned": ("Date Assigned:", "Date of Assignment:"),
    "date_of_injury": ("Date of Injury:",),
    "decision_date": ("Decision Date:", "Dated:", "Date of Decision:"),
    "ur_denial_date": ("UR Denial Date:", "Date of UR Decision:", "UR Decision Date:"),
    "application_received": ("Application Received:", "IMR Application Received:", "Received:"),
}
# A scan reads the row of a label that is printed on two lines first:
# "Priority: Standard Application 01/31/2017", then "Received:".
_SPLIT_LABEL = r"Application(?=[\s|_]*\d{1,2}\s?/)"
_HEADER_DATE = re.compile(
    "|".join(
        f"(?P<{field}>{'|'.join(label_pattern(label) for label in labels)})"
        for field, labels in _LABELS.items()
    )
    + f"|(?P<application>{_SPLIT_LABEL})|(?P<dated>^Date\\s?:)",
    re.IGNORECASE | re.MULTILINE,
)
_ALIASES = {"application": "application_received", "dated": "decision_date"}
_DATE = re.compile(DATE_PATTERN, re.IGNORECASE)
# Scans lose labels; the form prints these dates to the left of known ones.
_LEFT_OF = {
    field: re.compile(rf"({DATE_PATTERN})[ |_]{{1,6}}{label_pattern(label)}", re.IGNORECASE)
    for field, label in (("decision_date", "UR Denial Date:"), ("date_assigned", "Date of Injury:"))
}
_PRIORITY = re.compile(rf"{label_pattern('Priority:')}\s*(standard|expedited)", re.IGNORECASE)
# A table read column by column prints the labels first and the values then.
_PRIORITY_APART = re.compile(
    rf"{label_pattern('Priority:')}[^.]{{0,120}}?\b(standard|expedited)\b", re.IGNORECASE
)
# F1 tells its dates in a sentence of the decision section.
_F1_DATES = {
    "application_received": re.compile(
        rf"application for Independent Medical Review was (?:filed|received) on\s+({DATE_PATTERN})",
        re.IGNORECASE,
    ),
    "ur_denial_date": re.compile(
        r"Utilization Review (?:Denial|Decision|determination)[^.]{0,40}?(?:dated|made on|issued on"
        rf"|on)\s+({DATE_PATTERN})",
        re.IGNORECASE,
    ),
    "date_assigned": re.compile(
        r"Notice of Assignment[^.]{0,120}?(?:provided|sent|mailed|issued)[^.]{0,60}?\bon\s+"
        rf"({DATE_PATTERN})",
        re.IGNORECASE,
    ),
}
_BOARD = re.compile(
    r"(?:board[- ]certified|certified by the American Board of|board[- ]certification)\s+"
    r"(?:in|of)?\s*(?P<list>.+?)"
    r"(?=,?\s+(?:and\s+)?(?:(?:has|with|holds|have)\s+(?:a\s+)?(?:sub-?specialty|fellowship)"
    r"|(?:is|are|also)\s+licensed|licensed)|[.;])",
    re.IGNORECASE | re.DOTALL,
)
_SUBSPECIALTY = re.compile(
    r"sub-?specialty(?:\s+certificat\w+)?\s+(?:in|of)\s+(?P<list>.+?)"
    r"(?=,?\s+(?:and\s+)?(?:is|are|also)\s+licensed|\s+and\s+licensed|[.;])",
    re.IGNORECASE | re.DOTALL,
)
_LICENSED = re.compile(
    r"licensed\s+to\s+practice\s+(?:medicine\s+)?in\s+(?P<list>[^.;]+)", re.IGNORECASE
)
_SPLIT_STATES = re.compile(r"\s*(?:,\s*and\s+|,|;|/|\band\b|&)\s*")
_SPLIT_SPECIALTIES = re.compile(r"\s*[,;]\s*(?:and\s+)?(?!\w+ fellowship)")


class LetterHeader:
    """Reads the header block and the reviewer's credentials.

    Sets in the findings: `case_number`, the five dates, `priority`,
    `licensure`, `specialties`. A letter without a header block gets none of
    the first seven, without a warning: trimmed copies have none.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Read the header of one letter."""
        text = text_of(doc)
        state = findings(doc)
        end = _header_end(doc)
        fields = state["fields"]
        fields.update(_header_fields(text, end))
        if state["layout"] == "F1":
            for field, pattern in _F1_DATES.items():
                if field not in fields and (match := pattern.search(text)):
                    _add_date(fields, field, match.group(1), match.span(1))
        fields.update(_credentials(doc, text))
        if "case_number" in fields:
            _warn_of_dates(doc, text, end)
        has_block = state["layout"] not in {"F1", "F2"} and "case_number" in fields
        if has_block and "decision_date" not in fields:
            warn(doc, "missing_header_field", "The header block has no decision date.")
        return doc


def _warn_of_dates(doc: Doc, text: str, end: int) -> None:
    for match in _DATE.finditer(text, 0, end):
        if parse_date(match.group()) is None:
            message = f'"{match.group()}" in the header block is no date.'
            warn(doc, "unreadable_date", message, match.span())


def _header_end(doc: Doc) -> int:
    """Where the header block ends: at the first label that is not part of it."""
    for section in findings(doc)["sections"]:
        if section["label"] not in {"header", "preamble", "title"}:
            return section["label_start"]
    return min(len(text_of(doc)), 3000)


def _header_fields(text: str, end: int) -> dict[str, Found]:
    fields: dict[str, Found] = {}
    if match := _CASE_NUMBER.search(text, 0, end):
        fields["case_number"] = found(f"CM{match[1]}-{match[2]}", match.span())
    for field, value, span in _labelled_dates(text, end):
        if field not in fields:
            _add_date(fields, field, value, span)
    for field, pattern in _LEFT_OF.items():
        if field not in fields and (match := pattern.search(text, 0, end)):
            _add_date(fields, field, match.group(1), match.span(1))
    if match := _PRIORITY.search(text, 0, end) or _PRIORITY_APART.search(text, 0, end):
        fields["priority"] = found(match[1].capitalize(), match.span(1))
    return fields


def _labelled_dates(text: str, end: int) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Pair labels with dates: each label takes the first free date behind it.

    PDF text can print two labels and then their two values, so labels wait in
    a queue. Where there are more labels than dates one value is missing, and
    only a date that directly follows its label is taken.
    """
    marks = [
        (match.start(), match.lastgroup or "", match)
        for match in _HEADER_DATE.finditer(text, 0, end)
    ]
    dates = [(match.start(), "", match) for match in _DATE.finditer(text, 0, end)]
    complete = len(dates) >= len(marks)
    waiting: list[str] = []
    for _, field, match in sorted([*marks, *dates], key=lambda mark: mark[0]):
        if field:
            waiting = [*waiting, field] if complete else [field]
        elif waiting:
            field = waiting.pop(0)
            yield _ALIASES.get(field, field), match.group(), match.span()


def _add_date(fields: dict[str, Found], field: str, text: str, span: tuple[int, int]) -> None:
    value = parse_date(text)
    if value is not None:
        fields[field] = found(value.isoformat(), span)


def _credentials(doc: Doc, text: str) -> dict[str, Found]:
    fields: dict[str, Found] = {}
    for label, field, split in (
        ("licensure", "licensure", _SPLIT_STATES),
        ("specialty", "specialties", _SPLIT_SPECIALTIES),
    ):
        for start, end in section_text_spans(doc, label)[:1]:
            line_end = _end_of_list(text, start, end)
            fields[field] = _split_list(text, start, line_end, split)
    if "specialties" not in fields:
        fields.update(_credentials_in_prose(doc, text))
    return fields


def _end_of_list(text: str, start: int, end: int) -> int:
    """A credentials line ends at the first line break after its first word."""
    first = len(text[start:end]) - len(text[start:end].lstrip()) + start
    line_end = text.find("\n", first, end)
    return line_end if line_end >= 0 else end


def _credentials_in_prose(doc: Doc, text: str) -> dict[str, Found]:
    fields: dict[str, Found] = {}
    for start, end in section_text_spans(doc, "reviewer"):
        specialties: list[Found] = []
        for pattern in (_BOARD, _SUBSPECIALTY):
            if match := pattern.search(text, start, end):
                specialties.append(_split_list(text, *match.span("list"), _SPLIT_SPECIALTIES))
        if specialties:
            fields["specialties"] = Found(
                value=[name for part in specialties for name in part["value"]],
                spans=[span for part in specialties for span in part["spans"]],
            )
        if match := _LICENSED.search(text, start, end):
            fields["licensure"] = _states(_split_list(text, *match.span("list"), _SPLIT_STATES))
        if fields:
            break
    return fields


_STATES = frozenset(name.lower() for name in read_lines("states.txt"))


def _states(names: Found) -> Found:
    """Keep what is a state: in prose the list runs into the rest of the sentence."""
    pairs = [
        (name, span)
        for name, span in zip(names["value"], names["spans"], strict=True)
        if name.lower() in _STATES
    ]
    return Found(value=[name for name, _ in pairs], spans=[span for _, span in pairs])


_KNOWN_SPECIALTIES = frozenset(name.lower() for name in read_lines("specialties.txt"))


def _split_list(text: str, start: int, end: int, separator: re.Pattern[str]) -> Found:
    values: list[str] = []
    spans: list[list[int]] = []
    place = start
    cuts = [match.span() for match in separator.finditer(text, start, end)]
    for cut_start, cut_end in [*cuts, (end, end)]:
        part = text[place:cut_start]
        stripped = part.strip(" \t\n.,;")
        if stripped:
            offset = place + part.index(stripped)
            for value, a, b in _split_and(stripped, offset):
                values.append(" ".join(value.split()))
                spans.append([a, b])
        place = cut_end
    return Found(value=values, spans=spans)


def _split_and(name: str, offset: int) -> list[tuple[str, int, int]]:
    """Cut "A and B" where A is a specialty of its own; many hold an "and"."""
    whole = [(name, offset, offset + len(name))]
    if " ".join(name.lower().split()) in _KNOWN_SPECIALTIES:
        return whole
    for match in re.finditer(r"\s+(?:and|/)\s+", name):
        left, right = name[: match.start()], name[match.end() :]
        if left.lower() in _KNOWN_SPECIALTIES and right.lower() in _KNOWN_SPECIALTIES:
            return [
                (left, offset, offset + len(left)),
                (right, offset + match.end(), offset + len(name)),
            ]
    return whole


def header_dates(doc: Doc) -> dict[str, date]:
    """Give the dates that the header block states, by field name."""
    return {
        name: date.fromisoformat(value["value"])
        for name, value in findings(doc)["fields"].items()
        if name in _LABELS
    }


@Language.factory("imr_header")
def make_header(nlp: Language, name: str) -> LetterHeader:
    """Make the `imr_header` component."""
    return LetterHeader()

"""The printed labels of the form, as patterns that survive scanning.

The labels are data (`resources/form_labels.csv`): the words as the form prints
them. A `heading` is matched in its printed case, since the same words occur in
prose ("the following clinical case summary"); a `label` needs its colon, a
`line` the start of a line, and both ignore case.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from imr_nlp.resources import read_csv

# What optical character recognition takes for what, on printed Latin letters.
_CONFUSED = {
    "i": "[il1I|!]",
    "l": "[il1I|!]",
    "I": "[il1I|!]",
    "1": "[il1I|!]",
    "o": "[o0O]",
    "O": "[o0OQ]",
    "0": "[o0OQ]",
    "m": "(?:m|rn)",
    "S": "[S5]",
    "s": "[s5]",
    "'": "['\u2019`]?",
    " ": r"\s{0,3}",
    ":": r"\s?[:;\uff1a]",
    "/": r"\s?/\s?",
    "(": r"\s?[(\[{]",
    ")": r"[)\]}]",
    ",": "[,.]?",
}


class FormLabel(NamedTuple):
    """A label found in a letter: its kind, and its half-open span."""

    kind: str
    start: int
    end: int


def label_pattern(label: str) -> str:
    """Write a printed label as a regular expression that forgives OCR slips."""
    return "".join(_CONFUSED.get(character, re.escape(character)) for character in label)


def _pattern(*styles: str) -> str:
    kinds: dict[str, list[str]] = {}
    rows = [row for row in read_csv("form_labels.csv") if row["style"] in styles]
    for row in sorted(rows, key=lambda row: -len(row["label"])):
        pattern = label_pattern(row["label"])
        if row["style"] != "heading":
            pattern = f"(?i:{pattern})"
        kinds.setdefault(row["kind"], []).append(pattern)
    return "|".join(f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in kinds.items())


STARTS_WITH_LABEL = re.compile(_pattern("heading", "label", "line"))
"""Matches at the start of a line that begins with a printed label."""

_AT_LINE_START = re.compile(rf"^(?:{STARTS_WITH_LABEL.pattern})", re.MULTILINE)
_ANYWHERE = re.compile(rf"(?<![\w-])(?:{_pattern('heading', 'label')})")


def find_labels(text: str) -> list[FormLabel]:
    """Find the printed labels of the form in a readable text, in order.

    They stand at line starts. Where the text has lost its lines (fewer labels
    at line starts than "rationale:" within lines), they are sought anywhere.
    """
    found = _collect(_AT_LINE_START, text)
    rationales = sum(label.kind == "rationale" for label in found)
    if rationales < max(text.count("ecision rationale:"), text.count("ationale for the Decision:")):
        return _collect(_ANYWHERE, text)
    return found


def _collect(pattern: re.Pattern[str], text: str) -> list[FormLabel]:
    return [FormLabel(match.lastgroup or "", *match.span()) for match in pattern.finditer(text)]

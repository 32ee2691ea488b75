"""The printed labels of the form, as patterns that survive scanning.

The labels are data (`resources/form_labels.csv`): the words as the form prints
them. A `heading` is matched in its printed case, since the same words occur in
prose ("the following clinical case summary"); a `label` needs its colon, a
`line` the start of a line, and both ignore case.
"""

from __future__ import annotations

import re
from collections import Counter
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


_HEADER_KINDS = frozenset({"header", "title"})


# Where these occur more often than the labels at line starts, lines were lost.
_SIGNS = (
    ("licensure", "of Licensure:"),
    ("case_summary", "CLINICAL CASE SUMMARY"),
    ("claims_guideline", "laims Administrator guideline:"),
    ("reviewer_guideline", "MAXIMUS guideline:"),
    ("rationale", "ecision rationale:"),
    ("rationale", "ationale for the Decision:"),
    ("rationale", "RATIONALE FOR WHY THE REQUESTED TREATMENT"),
)


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

    They stand at line starts. A text that has lost its lines has more of them
    within lines; there they are sought anywhere.
    """
    found = _collect(_AT_LINE_START, text)
    kinds = Counter(label.kind for label in found)
    if any(kinds[kind] < text.count(words) for kind, words in _SIGNS):
        return _collect(_ANYWHERE, text)
    return found


def _collect(pattern: re.Pattern[str], text: str) -> list[FormLabel]:
    labels: list[FormLabel] = []
    in_header = True
    for match in pattern.finditer(text):
        kind = match.lastgroup or ""
        in_header = in_header and kind in _HEADER_KINDS
        # "Date of Injury:" also opens lines of case summaries.
        if in_header or kind != "header":
            labels.append(FormLabel(kind, *match.span()))
    return labels

"""The grammar of medication attributes, compiled.

The patterns are data: `resources/medication_grammar.txt` says how they are
written. An attribute is sought at a place in the text where it may begin; the
name of the group that matched is its label.
"""

from __future__ import annotations

import re

from imr_nlp.components.medications.numbers import COUNT, FRACTION, NUMBER, NUMBER_WORD
from imr_nlp.resources import read_lines

LABELS = ("STRENGTH", "FORM", "DOSE", "ROUTE", "FREQUENCY", "DURATION", "QUANTITY", "REFILLS")
# A refill count must be tried before a quantity, a dose before a form, ...
_ORDER = (
    "REFILLS", "FREQUENCY", "DURATION", "DOSE", "STRENGTH", "QUANTITY", "RATIO", "FORM", "ROUTE",
)  # fmt: skip
_BEFORE = (
    "BEFORE_REFILLS", "BEFORE_DOSE", "BEFORE_QUANTITY", "BEFORE_STRENGTH", "BEFORE_ROUTE",
    "BEFORE_FREQUENCY", "BEFORE_FORM",
)  # fmt: skip
_REFERENCE = re.compile(r"\{([A-Z_]+)\}")


def _read_definitions() -> dict[str, str]:
    known = {"NUMBER": NUMBER, "NUMBER_WORD": NUMBER_WORD, "FRACTION": FRACTION, "COUNT": COUNT}
    alternatives: dict[str, list[str]] = {}
    name = ""
    for line in read_lines("medication_grammar.txt"):
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            name = line.rstrip(":")
            alternatives[name] = []
            continue
        pattern = _REFERENCE.sub(lambda match: f"(?:{known[match[1]]})", line.strip())
        alternatives[name].append(pattern)
        known[name] = "|".join(alternatives[name])
    return known


_DEFINITIONS = _read_definitions()
_ANY = "|".join(f"(?P<{name}>{_DEFINITIONS[name]})" for name in _ORDER)

ATTRIBUTE = re.compile(rf"(?<![A-Za-z0-9.%])(?:{_ANY})", re.IGNORECASE)
"""Matches one attribute; `lastgroup` is its label. `RATIO` is a strength without
its unit ("10/325"), which counts only right behind a drug of two ingredients."""

GLUED = re.compile(_ANY, re.IGNORECASE)
"""As `ATTRIBUTE`, but also inside a run such as "500mg#60"."""

SKIP = re.compile(_DEFINITIONS["SKIP"], re.IGNORECASE)
"""What may stand between a drug and its attributes, or between attributes."""

BEFORE = tuple(
    re.compile(rf"(?<![\w/.%-])(?:{_DEFINITIONS[name]})\Z", re.IGNORECASE) for name in _BEFORE
)
"""What may stand right before a drug, as patterns that end there."""

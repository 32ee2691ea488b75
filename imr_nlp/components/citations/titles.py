"""Titles of guideline documents, read from `resources/guidelines.csv`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from imr_nlp.resources import read_csv

_KEY = 3
_WORD = re.compile(r"[^\W_]+|[&,:/()-]")
_OTHER_BOUNDARY = re.compile(r"(?:[;,.\x1c-\x1f] ?|\band )(?:and )?(?:the )?(?=[a-z])")
_STEMS = {
    "guidelines": "guid[a-z]*",
    "treatment": "treat[a-z]*",
    "complaints": "compl[a-z]*",
    "conditions": "condit[a-z]*",
    "disorders": "disord[a-z]*",
    "documentation": "document[a-z]*",
    "management": "manag[a-z]*",
}
_JOINTS = {
    "and": " ?(?:and|&) ?",
    "&": " ?(?:and|&) ?",
    ",": ",?",
    "-": " ?[-,:/]? ?",
    "/": " ?/ ?",
    ":": ":?",
    "(": r" ?\(",
    ")": r"\)",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A title found in a line."""

    end: int
    distinct: bool
    """Whether the words say by themselves that a document is named."""
    misspelt: bool = False


@dataclass(slots=True)
class Titles:
    """The titles of one source, to be matched at a place in a folded line."""

    distinct: dict[str, re.Pattern[str]] = field(default_factory=dict)
    short: dict[str, re.Pattern[str]] = field(default_factory=dict)

    def match(self, text: str, pos: int) -> Hit | None:
        """Return the longest title that begins at `pos`."""
        key = text[pos : pos + _KEY]
        best: Hit | None = None
        for table, distinct in ((self.distinct, True), (self.short, False)):
            pattern = table.get(key)
            match = pattern.match(text, pos) if pattern else None
            if match and (best is None or match.end() > best.end):
                best = Hit(match.end(), distinct)
        return best


def _pattern(name: str) -> str:
    words = _WORD.findall(name.lower())
    parts: list[str] = []
    for index, word in enumerate(words):
        joint = word in _JOINTS
        before = words[index - 1] if index else "/"
        if not joint and (before in (",", ":") or before not in _JOINTS):
            parts.append(" ?")
        parts.append(_JOINTS[word] if joint else _STEMS.get(word, re.escape(word)))
    return "".join(parts)


def _compile(names: Iterable[str]) -> dict[str, re.Pattern[str]]:
    groups: dict[str, set[str]] = {}
    for name in names:
        groups.setdefault(name.lower()[:_KEY], set()).add(name)
    return {
        key: re.compile(
            "(?:"
            + "|".join(_pattern(name) for name in sorted(group, key=len, reverse=True))
            + r")(?![a-z])"
        )
        for key, group in groups.items()
    }


def _names(row: dict[str, str]) -> tuple[list[str], list[str]]:
    short = [name for name in row["short_names"].split("|") if name]
    distinct = [name for name in row["names"].split("|") if name]
    if row["title"] not in short:
        distinct.append(row["title"])
    return distinct, short


def _titles(rows: Iterable[dict[str, str]]) -> Titles:
    pairs = [_names(row) for row in rows]
    return Titles(
        _compile(name for distinct, _ in pairs for name in distinct),
        _compile(name for _, short in pairs for name in short),
    )


@cache
def mtus_titles() -> Titles:
    """Chapters of the MTUS, those that it took from ACOEM included."""
    return _titles(row for row in read_csv("guidelines.csv") if row["source"] == "MTUS")


@cache
def acoem_titles() -> Titles:
    """Chapters that ACOEM publishes, also by their short names ("Low Back")."""
    rows = [row for row in read_csv("guidelines.csv") if row["publisher"] == "ACOEM"]
    titles = _titles(rows)
    short = (name for row in rows for name in _names(row)[1])
    bare = (re.sub(r" (?:Disorders|Complaints)$", "", row["title"]) for row in rows)
    titles.short = _compile([*short, *bare])
    return titles


@cache
def odg_titles() -> Titles:
    """Chapters of the Official Disability Guidelines."""
    return _titles(row for row in read_csv("guidelines.csv") if row["source"] == "ODG")


@cache
def _other_names() -> dict[str, re.Pattern[str]]:
    rows = (row for row in read_csv("guidelines.csv") if row["source"] == "other")
    return _compile(name for row in rows for name in row["names"].split("|"))


def find_other(masked: str, start: int, stop: int) -> int:
    """Find where a publisher or work begins that is none of the three sources.

    Parameters
    ----------
    masked
        The masked line.
    start, stop
        The stretch to look through.

    Returns
    -------
    int
        The place behind punctuation or "and"; `stop` where there is none.
    """
    names = _other_names()
    for match in _OTHER_BOUNDARY.finditer(masked, start, stop):
        pattern = names.get(masked[match.end() : match.end() + _KEY])
        if pattern and pattern.match(masked, match.end(), stop):
            return match.start()
    return stop

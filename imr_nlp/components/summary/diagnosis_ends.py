"""Where a list of diagnoses begins, and where it ends."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from imr_nlp.components.dates import DATE_PATTERN
from imr_nlp.components.summary.diagnosis_words import has_head, is_operation
from imr_nlp.resources import read_csv


@cache
def _patterns() -> dict[str, str]:
    roles: dict[str, list[str]] = {}
    for row in read_csv("diagnosis_cues.csv"):
        roles.setdefault(row["role"], []).append(row["pattern"].replace(" ", r"\s"))
    return {role: "(?:" + "|".join(patterns) + ")" for role, patterns in roles.items()}


def compile_cues(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that names roles of the table in angle brackets."""
    named = re.sub(r"(?<!P)<(\w+)>", lambda match: _patterns()[match[1]], pattern)
    return re.compile(named, re.IGNORECASE)


LONGEST_LIST = 1500
"""A list is not followed farther than this, in characters."""
CLAUSE = compile_cues(r"[\s,](?<!\buse\sof\s)(?!may\s\d)(?:<end>)(?:(?<=\s)|(?![\w-]))")
"""Matches the words with which a new clause or another subject begins; May 2019 is a month."""
_STOP = re.compile(
    r"(?P<blank>\n[ \t]*\n)|(?P<line>\n)|(?P<close>[\"\u201d](?=\s))"
    r"|(?P<dot>[.!?])(?<!\bvs\.)(?<!\blt\.)(?<!\brt\.)(?<!\bdr\.)(?<!\bmr\.)(?<!\bms\.)(?<!\bmrs\.)"
    r"(?<!\bst\.)(?<!bilat\.)(?<!approx\.)(?<!\bi\.e\.)(?<!\be\.g\.)"
    r"(?:(?=[\"\u201d')\]]{0,2}(?:\s|\Z))|(?=[A-Z][a-z]))",
    re.IGNORECASE,
)
_LONGEST_SENTENCE_ITEM = 90
# The date of an operation within a list: "status post release on 3/4/2012, neck pain".
_DATED = re.compile(
    rf"\s(?:on|in)\s(?:{DATE_PATTERN}|(?:[A-Z][a-z]{{2,8}}\s)?(?:19|20)\d\d)"
    r"(?=[,;]\s(?!(?:and\s)?(?:has|had|is|was|he|she)\b)|\sand\s(?!has|had|is|was|he|she))"
)


class ListEnd(NamedTuple):
    """Where a list ends, and whether a new clause ends it within its sentence."""

    place: int
    clause: bool


class Cue(NamedTuple):
    """A place where diagnoses are announced.

    Attributes
    ----------
    start
        Where the list begins.
    end
        Where it ends, if the form tells ("current diagnoses (A and B)").
    retry
        Where to look for the next cue.
    weak
        Whether a member must have a head noun that says enough.
    direct
        Whether the list follows so closely that unknown words are taken.
    colon
        Whether a colon opens the list, so that sentences can be members.
    stop
        What `list_end` gives, where it is known already.
    only_disease
        Whether pain and the like are complaints here.
    added
        Whether it only adds to diagnoses that are announced before it.
    """

    start: int
    retry: int
    end: int | None = None
    weak: bool = False
    direct: bool = False
    colon: bool = False
    stop: ListEnd | None = None
    only_disease: bool = False
    added: bool = False


def list_end(text: str, start: int, end: int, *, colon: bool) -> ListEnd:
    """Find where the list that begins at `start` ends.

    It ends with its sentence, or before it where a verb, a new subject or a
    source follows. After a colon, lines and short sentences that hold a
    diagnosis and no verb are members too.
    """
    end = min(end, start + LONGEST_LIST)
    stop, more = _sentence_end(text, start, end)
    cut = _cut(text, start, stop)
    if cut < stop:
        return ListEnd(cut, True)
    # "A, B and C. D": what follows is no member, as the sentence was a list itself.
    more = more and (text[stop] != "." or "," not in text[start:stop])
    while colon and more:
        following, more = _sentence_end(text, stop + 1, end)
        if not _is_sentence_item(text, stop + 1, following):
            break
        stop = following
    return ListEnd(stop, False)


def _is_sentence_item(text: str, start: int, end: int) -> bool:
    sentence = text[start:end]
    return (
        len(sentence) <= _LONGEST_SENTENCE_ITEM
        and ":" not in sentence
        and has_head(sentence)
        and _cut(text, start, end) == end
    )


def _sentence_end(text: str, start: int, end: int) -> tuple[int, bool]:
    """Give the end of the sentence or line, and whether more of the list can follow."""
    for match in _STOP.finditer(text, start, end):
        if match["close"] is not None and '"' in text[start : match.start()]:
            continue
        if not text[start : match.start()].strip(" .:"):
            if match["blank"] is None:
                continue
            return match.start(), False
        return match.start(), match["line"] is not None or match["dot"] is not None
    return end, False


def _cut(text: str, start: int, stop: int) -> int:
    place = max(start - 1, 0)
    while match := CLAUSE.search(text, place, stop):
        dated = _DATED.match(text, match.start(), stop)
        if dated is None or not is_operation(text[start : match.start()]):
            return max(match.start(), start)
        place = dated.end()
    return stop

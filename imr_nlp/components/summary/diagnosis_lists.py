"""Cutting a list of diagnoses into its members.

Commas and "and" stand between diagnoses and inside them ("contusion of face,
scalp and neck"). The list is cut at every one of them, and the pieces are put
together again by what their words are: a piece of nothing but body parts and
qualifiers belongs to a neighbour.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from imr_nlp.components.summary.diagnosis_words import Words, look_at

Piece = tuple[int, int]

_MARK = re.compile(r"(?:(?<=[\s:(;,])|(?<![^.])|\A)[(#]?(\d{1,2})[.)](?=\s|[A-Za-z])")
_FARTHEST_MARK = 220
# It begins with a set of characters, which the engine skips to.
_CUT = re.compile(
    r"[\s,;.(\u2022]"
    r"(?:(?<=\()(?P<inside>[^()]{0,150}\))"
    r"|(?<=[;\u2022\n])(?P<and>\sand\b)?"
    r"|(?<=\.)\s(?=[A-Z])"
    r"|(?<=,)(?:\s(?:and|as\swell\sas|along\swith)\b(?!\s?/?or\b)|(?!\d{3}))"
    r"|(?<=\s)(?:(?P<either>and\s?/?\s?or)\b|and\salso\b|(?:and|&|as\swell\sas|along\swith|plus)\s"
    r"|/\s|(?=(?:rule[-\s]out|r/o)\s)))",
    re.IGNORECASE,
)
_STATUS = re.compile(r"\s(?=(?:status[-\s]post|s/p)\s)", re.IGNORECASE)
_OPEN_START = re.compile(
    r"\s*(?:(?:with(?:out)?|due|secondary|related|involving|including|resulting|worse|greater\sthan"
    r"|of|in|at|on|to|following|after|initial\sencounter|subsequent\sencounter|sequelae?"
    r"|current\sinjury|not|nos|status\spost\ssame|site|kellgren"
    r"|(?:left|right)\s(?:greater|worse)\sthan)\b|(?:in|with)\sremission)",
    re.IGNORECASE,
)
# Operations that do not say on what: they were done on what stands before them.
_OPERATED_ON = re.compile(
    r"\s*(?:status[-\s]post|s/p)\s(?:arthroscopy|decompression|debridement|excision|fixation|fusion"
    r"|operation|reconstruction|release|repair|replacement|revision|surger(?:y|ies))\b",
    re.IGNORECASE,
)
_RULE_OUT = re.compile(r"\s*(?:rule[-\s]out|r/o)\s", re.IGNORECASE)
_COORDINATES = re.compile(r"\b(?:of|in|to|at|on|over)\s[^,;]*\Z", re.IGNORECASE)
_MIXED = re.compile(
    r"\b(?:mixed|adjustment|reaction|state)\b.*\bwith\b(?!.*\sand\s)", re.IGNORECASE
)
_BOTH = re.compile(r"\bwith\s(?:both\s(?!.*\sand\s)|psychological\sfactors\Z)", re.IGNORECASE)
_HARD = frozenset({";", ";and", "rule out", "and also"})
_BEFORE_HEADS = frozenset({"adjective", "noun", "side", "qualifier"})
_MOST_SHARERS = 4
_SHARE_A_SITE = frozenset({"injury", "sensation", "dizzy", "stomach"})


class _Part(NamedTuple):
    """A piece between two cuts; `cut` is what stood before it."""

    start: int
    end: int
    cut: str
    words: Words


def find_marks(text: str, start: int, end: int) -> list[re.Match[str]]:
    """Find the numbers of a numbered list ("1)", "2."), from 1 on, without a gap."""
    marks: list[re.Match[str]] = []
    if not any(character.isdigit() for character in text[start : start + 6]):
        return marks
    for match in _MARK.finditer(text, start, end):
        if int(match[1]) != len(marks) + 1:
            if marks and int(match[1]) == 1:
                break
            continue
        if not marks and match.start() > start + 3:
            break
        if marks and match.start() - marks[-1].end() > _FARTHEST_MARK:
            break
        marks.append(match)
    return marks


def split_list(text: str, start: int, end: int) -> list[Piece]:
    """Cut `text[start:end]` into diagnoses; the pieces are not trimmed."""
    parts = _parts(text, start, end)
    semicolons = [place for place, part in enumerate(parts) if part.cut in {";", ";and"}]
    # Where semicolons make the list, the rest stands inside its members; the
    # last two can be joined by "and" alone ("A; B; C and D").
    whole_until = 0
    if len(semicolons) >= 2:
        whole_until = len(parts) if parts[semicolons[-1]].cut == ";and" else semicolons[-1] + 1
    groups: list[list[_Part]] = []
    for place, part in enumerate(parts):
        if groups and (
            part.cut not in _HARD
            if place < whole_until
            else _belongs(text, groups[-1], parts, place)
        ):
            groups[-1].append(part)
        else:
            groups.append([part])
    pieces = [(group[0].start, group[-1].end) for group in groups]
    return [cut for piece in pieces for cut in _cut_statuses(text, *piece)]


def _parts(text: str, start: int, end: int) -> list[_Part]:
    parts: list[_Part] = []
    place, before = start, ""
    for match in _CUT.finditer(text, start, end):
        if match["inside"] is not None or match["either"] is not None:
            continue
        _add_part(text, parts, place, match.start(), before)
        before = _name_cut(match.group()) if parts and parts[-1].end == match.start() else before
        place = match.end()
    _add_part(text, parts, place, end, before)
    return parts


def _add_part(text: str, parts: list[_Part], start: int, end: int, cut: str) -> None:
    if text[start:end].strip(" .,;:-"):
        parts.append(_Part(start, end, cut, look_at(text[start:end])))


def _name_cut(words: str) -> str:
    words = " ".join(words.lower().split())
    if words in {";", ".", "\u2022"}:
        return ";"
    if words.startswith(","):
        return "," if words == "," else ",and"
    return {"": "rule out", "/": ",", "; and": ";and", "and also": "and also"}.get(words, "and")


def _belongs(text: str, group: list[_Part], parts: list[_Part], place: int) -> bool:
    """Tell whether the part at `place` goes on with the diagnosis that the group holds."""
    part = parts[place]
    if part.cut in _HARD or _RULE_OUT.match(text, part.start, part.end):
        return False
    last = group[-1].words
    if not any(member.words.complete for member in group):
        closed = all(member.words.closed for member in group)
        return closed or part.cut == "and" or not part.words.complete
    if _OPEN_START.match(text, part.start, part.end):
        return True
    if part.cut == "," and last.site and not part.words.site:
        return part.words.closed or _OPERATED_ON.match(text, part.start, part.end) is not None
    if part.words.closed:
        return not _opens_next(text, group, parts, place)
    if part.cut == "and":
        if part.words.kinds[0] == "bound":
            return True
        if _share_a_site(last, part.words) or (last.operated and part.words.operated):
            return True
        whole = text[group[0].start : group[-1].end]
        if _BOTH.search(whole):
            return True
        return part.words.headed and part.words.bare and _MIXED.search(whole) is not None
    return False


def _opens_next(text: str, group: list[_Part], parts: list[_Part], place: int) -> bool:
    """Tell whether a part without a head shares the head of what follows it.

    "left hip and left knee pain", "cervical and lumbar sprain".
    """
    part, sharer = parts[place], _sharer(parts, place)
    if sharer is None:
        return False
    adjective = _last_kind(part.words) == "adjective"
    named = next((member for member in reversed(group) if member.words.headed), group[0])
    if (match := _COORDINATES.search(text, named.start, named.end)) is not None:
        sites = look_at(match.group())
        full = adjective and _last_kind(group[-1].words) == "noun"
        placed = sites.site or named.words.heads[-1:] == ("injury",)
        if placed and not sites.headed and not full:
            return False
    # A diagnosis takes its site after a comma ("tear, left knee"), not after "and".
    if part.cut != "," or set(group[-1].words.heads) == {"mental"}:
        return True
    if not part.words.site or not sharer.words.site:
        return False
    if part.words.side:
        return sharer.words.side or (group[0].words.side and _first_site(sharer.words) == "noun")
    if sharer.words.side or _last_kind(part.words) not in sharer.words.kinds:
        return False
    return _first_site(part.words) == _first_site(sharer.words)


def _sharer(parts: list[_Part], place: int) -> _Part | None:
    """Find the part with the head that the part at `place` can share."""
    for part in parts[place + 1 : place + 1 + _MOST_SHARERS]:
        if part.cut in _HARD:
            return None
        if part.words.closed:
            continue
        shares = part.words.headed and part.words.kinds[0] in _BEFORE_HEADS
        return part if part.cut == "and" and shares else None
    return None


def _last_kind(words: Words) -> str:
    return next((kind for kind in reversed(words.kinds) if kind not in {"function", "side"}), "")


def _first_site(words: Words) -> str:
    return next((kind for kind in words.kinds if kind in {"adjective", "noun"}), "")


def _share_a_site(left: Words, right: Words) -> bool:
    """Tell whether two nouns share what follows: "sprain and strain of the neck"."""
    if not left.heads or not right.heads or left.heads[-1] not in _SHARE_A_SITE:
        return False
    if left.heads[-1] != right.heads[0]:
        return False
    if left.bare:
        return right.kinds[0] == right.heads[0]
    if left.kinds[-1] != left.heads[-1]:
        return False
    return right.kinds[0] == right.heads[0] and (len(right.kinds) == 1 or right.complement == 1)


def _cut_statuses(text: str, start: int, end: int) -> list[Piece]:
    """Cut "status post A status post B", which nothing but the words parts."""
    first = re.match(r"\s*(?:status[-\s]post|s/p)\s", text[start:end], re.IGNORECASE)
    if first is None:
        return [(start, end)]
    pieces: list[Piece] = []
    for match in _STATUS.finditer(text, start + first.end(), end):
        pieces.append((start, match.start()))
        start = match.end()
    return [*pieces, (start, end)]

"""Pattern fragments of the vocabulary tables: taken apart, so that they can be sorted.

The tables in `imr_nlp/resources` hold fragments of regular expressions in lower
case. To try only those that can begin at a word, and the more specific before
the less specific, two things must be known of a fragment: the letters that it
begins with and the length of its shortest match. Both are read from a small
subset of the syntax: literals, classes, `(?:...)`, lookaheads and quantifiers.
"""

from __future__ import annotations

import re

_QUANTIFIER = re.compile(r"[?*+]|\{(\d+)(?:,\d*)?\}")
_CLASS = re.compile(r"\[(?:\\.|[^\]])+\]")


def closing(fragment: str, start: int) -> int:
    """Give the place behind the bracket that closes the group opened at `start`."""
    depth, at = 0, start
    while at < len(fragment):
        char = fragment[at]
        if char == "\\":
            at += 1
        elif char == "[":
            at = _CLASS.match(fragment, at).end() - 1  # type: ignore[union-attr]
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    raise ValueError(f"vocabulary fragment {fragment!r}: a bracket is not closed")


def alternatives(body: str) -> list[str]:
    """Split at the bars that stand outside every bracket."""
    parts, begin, at = [], 0, 0
    while at < len(body):
        char = body[at]
        if char == "\\":
            at += 1
        elif char == "[":
            at = _CLASS.match(body, at).end() - 1  # type: ignore[union-attr]
        elif char == "(":
            at = closing(body, at) - 1
        elif char == "|":
            parts.append(body[begin:at])
            begin = at + 1
        at += 1
    return [*parts, body[begin:]]


def _atom(fragment: str, at: int) -> tuple[int, int]:
    """Give the end of the atom at `at` and the length of its shortest match."""
    char = fragment[at]
    if char == "(":
        end = closing(fragment, at)
        if fragment.startswith(("(?=", "(?!", "(?<"), at):
            return end, 0
        return end, min(shortest(part) for part in alternatives(fragment[at + 3 : end - 1]))
    if char == "[":
        return _CLASS.match(fragment, at).end(), 1  # type: ignore[union-attr]
    if char == "\\":
        return at + 2, int(fragment[at + 1] not in "bB")
    return at + 1, int(char not in "^$ ")


def shortest(fragment: str) -> int:
    """Give the number of characters of the shortest match; spaces do not count."""
    total = at = 0
    while at < len(fragment):
        at, length = _atom(fragment, at)
        if quantifier := _QUANTIFIER.match(fragment, at):
            at = quantifier.end()
            if quantifier.group(1):
                length *= int(quantifier.group(1))
            elif quantifier.group() != "+":
                length = 0
        total += length
    return total


def openings(fragment: str) -> list[str]:
    """Write out the optional and alternative beginnings of a fragment.

    "(?:hot|cold )?packs?" gives "hotpacks?", "cold packs?" and "packs?": each
    begins with a letter or digit that is not optional.
    """
    end, _ = _atom(fragment, 0)
    quantifier = _QUANTIFIER.match(fragment, end)
    rest = fragment[quantifier.end() if quantifier else end :]
    head = fragment[:end]
    if quantifier is None and head.isalnum():
        return _second(fragment)
    if head == " ":
        return openings(rest)
    if head.startswith("(?:"):
        heads = alternatives(head[3:-1])
    elif head.startswith("["):
        heads = list(head[1:-1])
    elif head == r"\d":
        heads = list("0123456789")
    elif head.isalnum():
        heads = [head]
    else:
        raise ValueError(f"vocabulary fragment {fragment!r}: begins with no letter or digit")
    # A repeated group may come again behind its first turn.
    again = f"{head}*" if quantifier and quantifier.group() != "?" else ""
    found = [new for first in heads for new in openings(first + again + rest)]
    if quantifier and (quantifier.group() in "?*" or quantifier.group(1) == "0"):
        found += openings(rest)
    return found


def _second(fragment: str) -> list[str]:
    """Write out an optional or alternative second letter, unless a gap comes first."""
    if len(fragment) < 2 or fragment[1] not in "([":
        return [fragment]
    end, _ = _atom(fragment, 1)
    if fragment.startswith("(?:", 1) and not _QUANTIFIER.match(fragment, end):
        parts = alternatives(fragment[4 : end - 1])
        return [fragment[0] + part + fragment[end:] for part in parts]
    return [fragment]


def key(opening: str) -> str:
    """Give the one or two letters with which every match of an opening begins."""
    two = opening[:2]
    fixed = len(two) == 2 and two.isalnum() and not _QUANTIFIER.match(opening, 2)
    return two if fixed else two[:1]


def spaced(fragment: str) -> str:
    """Let a space of a fragment stand for spaces, a hyphen or nothing."""
    return fragment.replace(" ", r"[\s-]{0,2}")

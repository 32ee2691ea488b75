r"""Inline marks: `{LABEL|text}` in a letter's text, nested and never crossing.

The head of a mark is a label, or labels of reasons joined by `+`, then perhaps
`=name` (this drug is called so), then perhaps `@name` or `@1,2` (it belongs to
that drug, or to those issues). In the text `\{`, `\}` and `\\` stand for the
characters themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_HEAD = re.compile(r"\{([A-Za-z_]+(?:\+[A-Za-z_]+)*)(?:=(\w+))?(?:@(\w+(?:,\w+)*))?\|")
_SPECIAL = re.compile(r"[\\{}]")
_ESCAPED = re.compile(r"\\([\\{}])")


class Mark(NamedTuple):
    """A mark as it is written; offsets refer to the text without marks."""

    start: int
    end: int
    labels: tuple[str, ...]
    name: str | None = None
    refers: tuple[str, ...] = ()
    line: int = 0
    """Line of its opening brace in the marked text, from 1; 0 for a mark that was never read."""


class Fault(NamedTuple):
    """Something wrong in a marked text."""

    line: int
    message: str


def parse_markup(marked: str, first_line: int = 1) -> tuple[str, list[Mark], list[Fault]]:
    """Take the marks out of a text.

    Parameters
    ----------
    marked
        Text with inline marks.
    first_line
        Number of its first line in the file, for messages.

    Returns
    -------
    text, marks, faults
        The text without marks; the marks in the order of their opening braces;
        what could not be read, with its line.
    """
    pieces: list[str] = []
    length = 0
    marks: list[Mark | None] = []
    open_marks: list[tuple[int, Mark]] = []
    faults: list[Fault] = []
    position, line = 0, first_line

    def keep(piece: str) -> None:
        nonlocal length, line
        pieces.append(piece)
        length += len(piece)
        line += piece.count("\n")

    while position < len(marked):
        special = _SPECIAL.search(marked, position)
        stop = special.start() if special else len(marked)
        keep(marked[position:stop])
        position = stop
        if special is None:
            break
        if escaped := _ESCAPED.match(marked, position):
            keep(escaped.group(1))
            position = escaped.end()
        elif head := _HEAD.match(marked, position):
            labels, name, refers = head.groups()
            mark = Mark(
                length,
                length,
                tuple(labels.split("+")),
                name,
                tuple(refers.split(",")) if refers else (),
                line,
            )
            open_marks.append((len(marks), mark))
            marks.append(None)
            position = head.end()
        elif special.group() == "}" and open_marks:
            place, mark = open_marks.pop()
            marks[place] = mark._replace(end=length)
            position += 1
        else:
            faults.append(Fault(line, _stray(special.group(), marked[position : position + 30])))
            keep(special.group())
            position += 1
    for place, mark in open_marks:
        # Closed at the end of the text, so that one slip is not told as many.
        marks[place] = mark._replace(end=length)
        faults.append(Fault(mark.line, f"the mark {{{'+'.join(mark.labels)}| is never closed"))
    return "".join(pieces), [mark for mark in marks if mark is not None], faults


def _stray(character: str, context: str) -> str:
    shown = context.split("\n")[0]
    if character == "{":
        return f"'{shown}' opens no mark; write {{LABEL|text}}, or \\{{ for a brace"
    if character == "}":
        return "'}' closes no mark; write \\} for a brace"
    return f"'{shown}': a backslash stands before {{, }} or \\ only; write \\\\ for a backslash"


def write_markup(text: str, marks: Iterable[Mark]) -> str:
    """Put marks into a text; the opposite of `parse_markup`.

    Marks on the same characters nest in the order in which they are given.

    Raises
    ------
    ValueError
        If two marks cross.
    """
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    pieces: list[str] = []
    open_ends: list[int] = []
    position = 0

    def move_to(place: int) -> None:
        nonlocal position
        while open_ends and open_ends[-1] <= place:
            end = open_ends.pop()
            pieces.append(_escape(text[position:end]) + "}")
            position = end
        pieces.append(_escape(text[position:place]))
        position = place

    for mark in ordered:
        move_to(mark.start)
        if open_ends and mark.end > open_ends[-1]:
            raise ValueError(
                f"the mark {'+'.join(mark.labels)} at [{mark.start}, {mark.end}) crosses another"
            )
        pieces.append(_head(mark))
        open_ends.append(mark.end)
    move_to(len(text))
    return "".join(pieces)


def _head(mark: Mark) -> str:
    name = f"={mark.name}" if mark.name else ""
    refers = f"@{','.join(mark.refers)}" if mark.refers else ""
    return f"{{{'+'.join(mark.labels)}{name}{refers}|"


def _escape(text: str) -> str:
    return _SPECIAL.sub(lambda match: "\\" + match.group(), text)

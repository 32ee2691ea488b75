"""Documents of one source, cited one after the other: chapter, topics, pages, year."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from imr_nlp.components.citations.fold import HOLE, PAGE, YEAR, Line
from imr_nlp.components.citations.names import ACOEM_NAME, CHAPTER_NUMBER
from imr_nlp.components.citations.topics import split_topics

BOUNDARY = re.compile(
    r"(?P<of>\x1d+ of (?:the )?)|[,;.)\x1d-\x1f]+ ?(?:and (?:(?:up)?on )?(?:the )?|& )?"
    r"|\band (?:(?:up)?on )?(?:the )?"
)
SECTION_LABEL = re.compile(r"\bsections? ?(?:\(s\) ?:?|:)")
_AFTER_TITLE = re.compile(
    r" ?(?:[\x1f]+|\x1e+|,? ?(?P<part>chapters?|sections?|procedures?(?: summary)?)\b(?! ?\(s\))"
    r"|(?P<kind>(?:medical )?(?:treatment )?guid[a-z]*)\b"
    r"|,? ?\((?:acoem|american college)[^()]{0,120}(?:\([^()]{0,40}\)[^()]{0,80})?\)"
    r"|\((?P<inner>[^()]{1,80})\))"
)
_QUALIFIER = re.compile(
    r"[^a-z]*(?:(?:acute|chronic|subacute|lumbar|thoracic|cervical|spine|and|trauma|headaches?|etc|not"
    r"|including|excluding|stress|mental|disorders|type|gestational)(?![a-z])[^a-z]*)+$"
)
_EDGE = re.compile(r" ?(?:$|[,;:./)\x1c-\x1f-]|\(|and )")
_CHAPTER = re.compile(r"chapter|procedures? summary")
_BETWEEN = f" {YEAR}{HOLE}"
_HAS_YEAR = re.compile(r"[ ,(]{0,3}\x1e")


@dataclass(slots=True)
class Document:
    """One document cited, as places in the line."""

    start: int
    title: list[tuple[int, int]] = field(default_factory=list)
    chapter: bool = False
    """Whether the word "chapter" follows its title."""
    body: int = 0
    """Where its topics begin."""
    end: int = 0
    """Where the next document begins."""
    sections: list[tuple[int, int]] = field(default_factory=list)


Find = Callable[[Line, int, int, bool], "Document | None"]


def read_title(line: Line, start: int, end: int, stop: int, *, as_printed: bool) -> Document:
    """Read on behind a title that was found.

    Parameters
    ----------
    line
        The folded line.
    start, end
        Where the title stands.
    stop
        Where the stretch ends that is being read.
    as_printed
        Whether "Chapter", "Section" or "Procedures" behind the title belongs to it.
    """
    parts = [(start, end)]
    pos = end
    chapter = worded = False
    for _ in range(6):
        match = _AFTER_TITLE.match(line.masked, pos, stop)
        if not match:
            break
        inner = match.group("inner")
        if inner is not None:
            if not _QUALIFIER.match(inner):
                break
            parts.append((match.start() + (line.masked[match.start()] == " "), match.end()))
        elif match.group("kind") is not None:
            if match.start() == parts[-1][1]:
                parts.append((match.start("kind"), match.end()))
        elif part := match.group("part"):
            attached = not line.masked[parts[-1][1] : match.start("part")].strip(_BETWEEN)
            chapter = chapter or (attached and _CHAPTER.match(part) is not None)
            if as_printed and attached and not worded:
                worded = True
                parts.append((match.start("part"), match.end()))
        pos = match.end()
    return Document(start, _joined(line, parts), chapter=chapter, body=pos)


def _joined(line: Line, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined = [parts[0]]
    for start, end in parts[1:]:
        if line.masked[joined[-1][1] : start].strip(" "):
            joined.append((start, end))
        else:
            joined[-1] = (joined[-1][0], end)
    return joined


def exact(line: Line, document: Document, stop: int) -> bool:
    """Tell whether nothing but punctuation follows the title."""
    return document.body >= stop or _EDGE.match(line.masked, document.body, stop) is not None


def has_year(line: Line, pos: int) -> bool:
    """Tell whether a year follows."""
    return _HAS_YEAR.match(line.masked, pos) is not None


def chain(
    line: Line, first: Document, stop: int, find: Find, *, as_printed: bool
) -> list[Document]:
    """Find the documents that follow the first one, and give each its topics.

    Parameters
    ----------
    line
        The folded line.
    first
        The document at the head of the stretch.
    stop
        Where the stretch ends.
    find
        Told the line, a place behind punctuation or "and", the end of the
        stretch and whether a "Section(s):" label was passed; returns the
        document that begins there, or None.
    as_printed
        Whether "section" and "topic" behind a topic belong to it.
    """
    documents = [first]
    label = SECTION_LABEL.search(line.masked, first.body, stop)
    pos = first.body
    while match := BOUNDARY.search(line.masked, pos, stop):
        pos = match.end()
        if pos >= stop:
            break
        labelled = label is not None and label.start() < pos
        document = find(line, pos, stop, labelled)
        if document is None:
            continue
        documents[-1].end = match.end()
        if match.group("of") is not None:
            documents[-1].end = document.start = match.start()
        documents.append(document)
        pos = max(document.body, pos)
        if label is not None and label.start() < pos:
            label = SECTION_LABEL.search(line.masked, pos, stop)
    documents[-1].end = stop
    for document in documents:
        document.sections.extend(
            split_topics(line, document.body, document.end, as_printed=as_printed)
        )
    return documents


def skip_prefix(line: Line, pos: int, stop: int) -> tuple[int, tuple[int, int] | None]:
    """Skip "ACOEM Practice Guidelines, Chapter 12" before a chapter title.

    Returns
    -------
    tuple
        Where the title can begin, and the place of the words skipped that could
        stand for a title themselves.
    """
    start = pos
    masked = line.masked
    named: tuple[int, int] | None = None
    if masked.startswith(("a", "o", "the "), pos) and (
        match := ACOEM_NAME.match(masked, pos, stop)
    ):
        named = (start, match.end())
        pos = _skip(masked, match.end(), stop)
    if masked.startswith(("c", "(c"), pos) and (number := CHAPTER_NUMBER.match(masked, pos, stop)):
        named = (number.start(), number.end())
        pos = _skip(masked, number.end(), stop)
    return pos, named


_SKIP = re.compile(rf"[ ,:;./({HOLE}{YEAR}{PAGE}-]*(?:\) ?)?(?:the |on )?")


def _skip(masked: str, pos: int, stop: int) -> int:
    match = _SKIP.match(masked, pos, stop)
    return match.end() if match else pos

"""Chapters of the Official Disability Guidelines and of ACOEM, outside the MTUS."""

from __future__ import annotations

import re
from collections.abc import Callable

from imr_nlp.components.citations.book import (
    Document,
    chain,
    exact,
    read_title,
    skip_prefix,
)
from imr_nlp.components.citations.fold import Line
from imr_nlp.components.citations.misspelt import closest_name
from imr_nlp.components.citations.names import ACOEM_NAME, ODG_NAME
from imr_nlp.components.citations.titles import Titles, acoem_titles, odg_titles
from imr_nlp.components.citations.topics import split_topics, wrapped

_LEAD = re.compile(
    r"(?:[ ,:;./)\[\]\x1c-\x1f-]+|\((?=[a-z])"
    r"|(?:the|and|on|in|of|for|chapters?|guidelines?)\b:?(?= (?:[^\d]|$))|chapters?:|guidelines?$)*"
)
_NAMES_DOCUMENT = re.compile(
    r"\bguid[a-z]{2,7}\b|\bformulary\b|\bappendix\b|(?:\bchapters?|procedures? summary)$"
)
_CHAPTER_END = re.compile(r" (?:chapters?|sections?|procedures?(?: summary)?)$")
_PIECE_END = re.compile(r"[,;\x1c-\x1f]|: |\. (?=[a-z])|\.?$| - |(?<=[a-z])/(?=[a-z])")
_WORD_START = re.compile(r"(?<![a-z])[a-z]")
_LONGEST_PIECE = 120


def odg_documents(line: Line, start: int, stop: int) -> list[Document]:
    """Read the chapters of the Official Disability Guidelines in a stretch."""
    match = ODG_NAME.match(line.masked, start, stop)
    return _documents(line, start, match.end() if match else start, stop, odg_titles(), _topic)


def acoem_documents(line: Line, start: int, stop: int) -> list[Document]:
    """Read the ACOEM chapters in a stretch."""
    match = ACOEM_NAME.match(line.masked, start, stop)
    return _documents(line, start, match.end() if match else start, stop, acoem_titles(), _unknown)


def _documents(
    line: Line,
    start: int,
    pos: int,
    stop: int,
    titles: Titles,
    otherwise: Callable[[Line, int, int], Document],
) -> list[Document]:
    def find(line: Line, pos: int, stop: int, labelled: bool) -> Document | None:
        begin = pos
        pos, prefix = skip_prefix(line, pos, stop)
        hit = titles.match(line.masked, pos)
        if not hit or hit.end > stop:
            return None
        document = read_title(line, pos, hit.end, stop, as_printed=True)
        document.start = begin
        named = prefix is not None or document.chapter
        return document if named or exact(line, document, stop) else None

    pos = _skip(line, pos, stop)
    pos, prefix = skip_prefix(line, pos, stop)
    pos = _skip(line, pos, stop)
    document = (
        _leading(line, pos, stop, titles)
        or _last_in_piece(line, pos, stop, titles)
        or otherwise(line, pos, stop)
    )
    if not document.title and prefix is not None and line.masked[prefix[0]] == "c":
        document.title = [prefix]
    document.start = start
    return chain(line, document, stop, find, as_printed=True)


def _skip(line: Line, pos: int, stop: int) -> int:
    match = _LEAD.match(line.masked, pos, stop)
    return match.end() if match else pos


def _leading(line: Line, pos: int, stop: int, titles: Titles) -> Document | None:
    """Return the known chapter at the head of the stretch."""
    hit = titles.match(line.masked, pos)
    if not hit or hit.end > stop:
        return None
    document = read_title(line, pos, hit.end, stop, as_printed=True)
    begins_topic = line.printed[document.body + 1 : document.body + 2].isupper()
    if exact(line, document, stop) or begins_topic or document.body > hit.end:
        return document
    return document if " " in line.masked[pos : hit.end] else None


def _last_in_piece(line: Line, pos: int, stop: int, titles: Titles) -> Document | None:
    """Return the chapter that its topic precedes: "physical therapy, elbow chapter"."""
    topics_end = pos
    limit = min(stop, pos + 2 * _LONGEST_PIECE)
    for _ in range(4):
        match = _PIECE_END.search(line.masked, topics_end, limit)
        end = match.start() if match else limit
        for word in _WORD_START.finditer(line.masked, topics_end, end):
            hit = titles.match(line.masked, word.start())
            if hit is None or hit.end > end:
                continue
            document = read_title(line, word.start(), hit.end, end, as_printed=True)
            alone = not line.masked[topics_end : word.start()].strip()
            if document.body >= end and (alone or document.chapter):
                if word.start() > pos:
                    document.sections = split_topics(line, pos, word.start(), as_printed=True)
                return document
        if not match or match.end() >= limit or match.group().startswith(";"):
            break
        topics_end = match.end() if match.end() > topics_end else topics_end + 1
    return None


def _unknown(line: Line, pos: int, stop: int) -> Document:
    """Return the first words as the title: a chapter unknown to us."""
    masked = line.masked
    match = _PIECE_END.search(masked, pos, stop)
    end = match.start() if match else stop
    while end > pos and masked[end - 1] in " .,":
        end -= 1
    if not any(char.isalnum() for char in masked[pos:end]):
        return Document(pos, body=pos)
    return Document(pos, [(pos, end)], body=end)


def _topic(line: Line, pos: int, stop: int) -> Document:
    """Return the first words as the title only if they name a document: else they are a topic."""
    document = _unknown(line, pos, stop)
    if document.title:
        first, last = document.title[0]
        words = line.masked[first:last]
        chapter = _CHAPTER_END.search(words, max(0, len(words) - 20))
        bare = words[: chapter.start()] if chapter else words
        if _NAMES_DOCUMENT.search(words) or closest_name(bare, "ODG"):
            return document
    return Document(pos, body=pos)


def lone_chapter(line: Line, start: int, end: int) -> Document | None:
    """Return the chapter that a stretch cites without saying whose it is.

    Parameters
    ----------
    line
        The folded line.
    start, end
        The stretch.

    Returns
    -------
    Document or None
        "Low Back (Traction)", "Shoulder Chapter, Arthroscopy"; None for anything
        that may be the name of a work.
    """
    masked = line.masked
    if end - start > _LONGEST_PIECE or masked.find(". ", start, end) >= 0:
        return None
    hit = odg_titles().match(masked, start) or acoem_titles().match(masked, start)
    if not hit or hit.end > end:
        return None
    document = read_title(line, start, hit.end, end, as_printed=True)
    rest = masked[document.body : end].lstrip(" ")
    bracketed = rest.startswith("(") and wrapped(rest)
    if not bracketed and not (document.chapter and exact(line, document, end)):
        return None
    document.sections = split_topics(line, document.body, end, as_printed=True)
    return document

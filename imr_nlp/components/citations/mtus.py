"""Documents of the MTUS in one stretch of a guideline line."""

from __future__ import annotations

import re

from imr_nlp.components.citations.book import (
    Document,
    chain,
    has_year,
    read_title,
    skip_prefix,
)
from imr_nlp.components.citations.fold import Line
from imr_nlp.components.citations.misspelt import misspelt_title
from imr_nlp.components.citations.names import MTUS_NAME
from imr_nlp.components.citations.titles import acoem_titles, mtus_titles

_LEAD = re.compile(r"[ ,:;./()\x1c-\x1f-]*(?:(?:the|on|in|of|and|its|see)(?= ))?")
_GUIDELINE_WORD = re.compile(
    r"(?:(?:medical )?(?:treatment )?guidelines?(?: and citations?)?|citations?)\b(?= ?[,:;-])"
)
_STRONG = re.compile(r".*(?:compl[a-z]*|guid[a-z]*|conditions?)$")
_TITLE_END = re.compile(r" ?(?:[,;:\x1c-\x1f]|\(|\bsections?\b|\.(?: |$)|$)| - ")
_LISTED = re.compile(r"[,;\x1c-\x1f] ?and (?:the )?$")
_LONGEST_TITLE = 90


def mtus_documents(line: Line, start: int, stop: int) -> list[Document]:
    """Read the documents cited between two places.

    Parameters
    ----------
    line
        The folded line.
    start, stop
        The stretch, which may begin with the name of the MTUS.

    Returns
    -------
    list of Document
        At least one; without a title where nothing but the MTUS is named.
    """
    pos = _skip_lead(line, start, stop)
    document = _named(line, pos, stop, labelled=False, first=True) or _unknown(line, pos, stop)
    document.start = min(start, document.start)
    return chain(line, document, stop, _find, as_printed=False)


def _skip_lead(line: Line, pos: int, stop: int) -> int:
    """Skip the name of the MTUS, however often it is repeated."""
    for _ in range(6):
        before = pos
        if lead := _LEAD.match(line.masked, pos, stop):
            pos = lead.end()
        for pattern in (MTUS_NAME, _GUIDELINE_WORD):
            if match := pattern.match(line.masked, pos, stop):
                formulary = line.masked.startswith(" drug ", match.end())
                pos = match.end() + formulary
        if pos == before:
            break
    return pos


def _find(line: Line, pos: int, stop: int, labelled: bool) -> Document | None:
    if match := MTUS_NAME.match(line.masked, pos, stop):
        start, pos = pos, _skip_lead(line, match.end(), stop)
        document = _named(line, pos, stop, labelled=False, first=True)
        if document:
            document.start = start
        return document
    return _named(line, pos, stop, labelled=labelled, first=False) or _dated(line, pos, stop)


def _named(line: Line, pos: int, stop: int, *, labelled: bool, first: bool) -> Document | None:
    """Return the document whose title, known to us, begins at `pos`."""
    start = pos
    pos, prefix = skip_prefix(line, pos, stop)
    hit = mtus_titles().match(line.masked, pos) or misspelt_title(line.masked, pos, stop)
    acoem = prefix is not None and line.masked.startswith(("a", "o", "the "), start)
    if hit and hit.end <= stop and not (acoem and _not_acoem(line, pos)):
        document = read_title(line, pos, hit.end, stop, as_printed=False)
        last = document.title[-1][1]
        _skip_repeated(line, document, stop)
        strong = hit.misspelt or bool(_STRONG.match(line.masked, pos, last))
        if (
            first
            or prefix is not None
            or has_year(line, last)
            or (strong if labelled else hit.distinct or last > hit.end)
        ):
            document.start = start
            return document
        return None
    if prefix is None or (labelled and not acoem):
        return None
    if not first and not acoem:
        return None
    return Document(start, [prefix], body=prefix[1])


def _skip_repeated(line: Line, document: Document, stop: int) -> None:
    """Skip the title's long form where the form prints it behind the short one."""
    if line.masked[document.body : document.body + 1] != " ":
        return
    hit = mtus_titles().match(line.masked, document.body + 1)
    if hit and hit.distinct and hit.end <= stop:
        again = read_title(line, document.body + 1, hit.end, stop, as_printed=False)
        if line.masked[again.start : again.title[-1][1]].endswith("guidelines"):
            document.body = again.body


def _not_acoem(line: Line, pos: int) -> bool:
    """Tell whether the title at `pos` is one of the Division's own chapters."""
    hit = mtus_titles().match(line.masked, pos)
    own = acoem_titles().match(line.masked, pos)
    return hit is not None and (own is None or own.end < hit.end)


def _dated(line: Line, pos: int, stop: int) -> Document | None:
    """Return a document with a title unknown to us: "and <title> <year>"."""
    masked = line.masked
    if not _LISTED.search(masked, max(0, pos - 12), pos) or not _is_capital(line, pos):
        return None
    year = masked.find("\x1e", pos, min(stop, pos + _LONGEST_TITLE))
    if year < 0 or "section" in masked[pos:year] or ";" in masked[pos:year]:
        return None
    end = len(masked[:year].rstrip(" ,("))
    return Document(pos, [(pos, end)], body=end) if end > pos else None


def _is_capital(line: Line, pos: int) -> bool:
    return line.printed[pos].isupper() and line.masked[pos].isalpha()


def _unknown(line: Line, pos: int, stop: int) -> Document:
    """Return the document at the head of the stretch by its form alone."""
    masked = line.masked
    year = masked.find("\x1e", pos, min(stop, pos + _LONGEST_TITLE))
    if year > pos and not any(mark in masked[pos:year] for mark in ("section", ";", "\x1d")):
        end = len(masked[:year].rstrip(" ,("))
    else:
        match = _TITLE_END.search(masked, pos, stop)
        end = match.start() if match else stop
    while end > pos and masked[end - 1] in " .,":
        end -= 1
    if not any(char.isalnum() for char in masked[pos:end]):
        return Document(pos, body=pos)
    return read_title(line, pos, end, stop, as_printed=False)

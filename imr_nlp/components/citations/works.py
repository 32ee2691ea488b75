"""Citations of anything else: journals, agencies, web pages, policies."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from imr_nlp.components.citations.book import Document
from imr_nlp.components.citations.chapters import lone_chapter
from imr_nlp.components.citations.fold import PAGE, URL, Line
from imr_nlp.components.citations.names import OTHER_GUIDELINE

_CUT = re.compile(r"\x1c+|;(?= [^\d ])")
_LEAD = re.compile(r"(?:[ ,;:.\x1d-]+|(?:and|&|the|on|also|from|per)(?= ))+")
_SHORTEST = 2
_JOINING = (" and", " on", " the", " &")


def works(line: Line, start: int, stop: int) -> list[Document]:
    """Split a stretch into works.

    Parameters
    ----------
    line
        The folded line.
    start, stop
        The stretch.

    Returns
    -------
    list of Document
        One for each web address with the words before it, and for each part
        between semicolons; the title is what is printed, pages left out.
    """
    documents: list[Document] = []
    for first, last in _visible(line, start, stop):
        begin = first
        for match in OTHER_GUIDELINE.finditer(line.masked, first, last):
            _split(line, begin, match.start(), documents)
            begin = match.end()
        _split(line, begin, last, documents)
    return documents


def _visible(line: Line, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield what is left between remarks that were overwritten."""
    index = bisect_left(line.remarks, (start,))
    while index < len(line.remarks) and line.remarks[index][0] < stop:
        yield start, line.remarks[index][0]
        start = min(line.remarks[index][1], stop)
        index += 1
    yield start, stop


def _split(line: Line, start: int, stop: int, documents: list[Document]) -> None:
    for match in _CUT.finditer(line.masked, start, stop):
        end = match.start() if match.group() == ";" else match.end()
        _add(line, start, end, documents)
        start = match.end()
    _add(line, start, stop, documents)


def _add(line: Line, start: int, stop: int, documents: list[Document]) -> None:
    masked = line.masked
    if lead := _LEAD.match(masked, start, stop):
        start = lead.end()
    end = stop
    while end > start:
        if masked[end - 1] in " ,;:.-&" + PAGE:
            end -= 1
        elif masked.endswith(_JOINING, start, end):
            end = masked.rindex(" ", start, end)
        else:
            break
    if _says_something(line, start, end):
        document = lone_chapter(line, start, end) or Document(start, [(start, end)], body=end)
        document.end = stop
        documents.append(document)


def _says_something(line: Line, start: int, end: int) -> bool:
    """Tell a work from what is left over: a placeholder, the date of an update."""
    if "9792" in line.folded[start:end]:
        return True
    letters = sum(char.isalnum() or char == URL for char in line.masked[start:end])
    return letters >= _SHORTEST

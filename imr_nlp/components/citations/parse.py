"""From one guideline line of the form to the guideline documents it cites."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from imr_nlp.components.citations.book import SECTION_LABEL, Document
from imr_nlp.components.citations.fold import Line, fold
from imr_nlp.components.citations.segments import read_segments
from imr_nlp.schema import CitationSource

_OUTER = " ,;:.-&(\x1d\x1e\x1f"
_Value = TypeVar("_Value", int, str)
_LONGEST_CACHED = 1000
_JOINING = (" and", " the", " on")


@dataclass(frozen=True, slots=True)
class ParsedCitation:
    """One guideline document cited in a guideline line.

    `start` and `end` are half-open offsets into the text that was parsed, from
    the first to the last character of the citation.
    """

    source: CitationSource
    title: str | None
    year: int | None
    sections: tuple[str, ...]
    pages: str | None
    start: int
    end: int


# "ODG by MCG, Pain": who publishes the Official Disability Guidelines since 2017.
_PUBLISHERS = frozenset(
    {"by mcg", "by mcg health", "mcg", "mcg health", "work loss data institute"}
)


def parse_citations(text: str) -> list[ParsedCitation]:
    """Read the citations of one guideline line.

    Parameters
    ----------
    text
        What follows the label ("Claims Administrator guideline:"), with any
        white space.

    Returns
    -------
    list of ParsedCitation
        In print order, overlapping nowhere; empty for a line that cites nothing.
    """
    if len(text) > _LONGEST_CACHED:
        return _parse(text)
    return list(_parse_again(text))


def _parse(text: str) -> list[ParsedCitation]:
    line = fold(text)
    citations: list[ParsedCitation] = []
    for source, documents in read_segments(line):
        edition = _edition_year(line, documents)
        for document in documents:
            citation = _citation(line, source, document, edition if source != "MTUS" else None)
            if not citations or citation.start >= citations[-1].end:
                citations.append(citation)
    return citations


@lru_cache(maxsize=4096)
def _parse_again(text: str) -> tuple[ParsedCitation, ...]:
    """Parse a line of usual length; the same lines recur from letter to letter."""
    return tuple(_parse(text))


def _between(
    found: list[tuple[int, int, _Value]], start: int, stop: int
) -> list[tuple[int, int, _Value]]:
    return found[bisect_left(found, (start,)) : bisect_left(found, (stop,))]


def _edition_year(line: Line, documents: list[Document]) -> int | None:
    """Year that is printed before the first title, and so holds for all of them."""
    first = documents[0]
    if not first.title:
        return None
    stop = first.title[0][0]
    return next((value for _, _, value in _between(line.years, first.start, stop)), None)


def _citation(
    line: Line, source: CitationSource, document: Document, edition: int | None
) -> ParsedCitation:
    start, stop = document.start, max(document.end, document.body)
    found = _between(line.pages, start, stop)
    pages = [(end, value) for _, end, value in found]
    dated = stop
    if source == "MTUS" and (label := SECTION_LABEL.search(line.masked, document.body, stop)):
        dated = label.start()
    years = [(end, value) for _, end, value in _between(line.years, start, dated)]
    if source == "other" and len({value for _, value in years}) > 1:
        years = []
    sections = sorted(
        (begin, until)
        for begin, until in document.sections
        if line.printed[begin:until].lower() not in _PUBLISHERS
    )
    ends = [end for _, end in document.title + sections]
    ends += [end for end, _ in pages[-1:]]
    ends += [end for end, _ in years[:1]]
    last = max(ends) if ends else _stripped_end(line, start, document.body)
    first_word = document.title[0][0] if document.title else last - 1
    first_word = min([first_word, *(begin for begin, _, _ in found[:1])])
    while start < first_word and line.masked[start] in _OUTER:
        start += 1
    first, end = line.original(start, last)
    return ParsedCitation(
        source=source,
        title=" ".join(line.printed[begin:until] for begin, until in document.title) or None,
        year=years[0][1] if years else edition,
        sections=tuple(line.printed[begin:until] for begin, until in sections),
        pages=", ".join(value for _, value in pages) or None,
        start=first,
        end=end,
    )


def _stripped_end(line: Line, start: int, end: int) -> int:
    masked = line.masked
    while end > start + 1:
        if masked[end - 1] in _OUTER:
            end -= 1
        elif masked.endswith(_JOINING, start, end):
            end = masked.rindex(" ", start, end)
        else:
            break
    return max(end, start + 1)

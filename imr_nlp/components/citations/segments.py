"""Which stretch of a guideline line cites which source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imr_nlp.components.citations.book import Document
from imr_nlp.components.citations.chapters import acoem_documents, odg_documents
from imr_nlp.components.citations.fold import Line
from imr_nlp.components.citations.mtus import mtus_documents
from imr_nlp.components.citations.names import (
    ACOEM_NAME,
    AUTHOR,
    MTUS_NAME,
    ODG_NAME,
    OTHER_GUIDELINE,
)
from imr_nlp.components.citations.prose import cited_part, hide_remarks, sentences
from imr_nlp.components.citations.titles import find_other, mtus_titles
from imr_nlp.components.citations.works import works
from imr_nlp.schema import CitationSource

Segment = tuple[CitationSource, list[Document]]
Anchor = tuple[int, CitationSource, int, int]
"""Where a source is named, which, where the name ends, where "page 9 of" before it begins."""

_DECISION = re.compile(
    r"decisions? ?(?:is |was )?based ?(?:up)?on ?(?:the (?=non|mtus))?:? ?"
    r"(?P<non>non[ -]{0,3}mtus[ -]{0,3}(?:citations?)?:? ?)?"
)
_REVIEWER = re.compile(
    r"\b(?:the ?)?(?:claims? ?administrator|expert ?reviewer|professional ?reviewer) ?"
    r"(?:did|based|bases|found|stated|relied|used|cited|has)\b"
)
_ANCHOR = re.compile(
    r"\b(?:odg|o\. ?d\. ?g|off?i[a-z]{2,6} ?disab|acoem|american college of occ"
    r"|occupational medicine practice|(?:california |calif\.? |ca )?(?<!non-)(?<!non )mtus"
    r"|(?:california )?medical treatment utilization)"
)
_FIXED = re.compile(
    r"(?:the )?(?:claims administrator|expert reviewer) "
    r"(?:did not cite any medical evidence for its decision"
    r"|based their decision on recommendation\(s\) outside of the mtus guidelines"
    r"|did not base their decision on the mtus)[. ]*$"
)
_ALNUM = re.compile(r"[^\W_]|\x1c")
_PAGES_OF = re.compile(r"\x1d+ of (?:the )?$")
_LONGEST_PAGES_OF = 60
_LONGEST_BARE = 240


def read_segments(line: Line) -> Iterator[Segment]:
    """Yield the documents of each stretch of a line with their source.

    Parameters
    ----------
    line
        The folded line.
    """
    stop = len(line.folded)
    asides = "reviewer" in line.folded or "administrator" in line.folded
    decisions = list(_DECISION.finditer(line.folded))
    yield from _prose(line, 0, decisions[0].start() if decisions else stop)
    for index, decision in enumerate(decisions):
        end = decisions[index + 1].start() if index + 1 < len(decisions) else stop
        aside = _REVIEWER.search(line.folded, decision.end(), end) if asides else None
        middle = aside.start() if aside else end
        start = decision.end()
        if decision.group("non") is None and MTUS_NAME.match(line.masked, start):
            yield from _within_mtus(line, start, middle)
        else:
            yield from _by_name(line, start, middle)
        if aside:
            yield from _prose(line, middle, end)


def _prose(line: Line, start: int, stop: int) -> Iterator[Segment]:
    """Read whole sentences, the only form of 2013."""
    if start == stop or _FIXED.match(line.folded, start, stop):
        return
    for first, last in sentences(line, start, stop):
        cited = cited_part(line, first, last)
        if cited is None or not _ALNUM.search(line.masked, first, last):
            continue
        begin, stated = cited
        part_of_mtus = hide_remarks(line, begin, last)
        named = _ANCHOR.search(line.masked, begin, last)
        begin = _skip_joining(line, begin, last)
        hit = mtus_titles().match(line.masked, begin)
        titled = hit is not None and hit.distinct
        if part_of_mtus or (titled and part_of_mtus is None):
            yield from _within_mtus(line, begin, last)
        elif named or stated or last - begin <= _LONGEST_BARE:
            yield from _by_name(line, begin, last)


_JOINING = re.compile(r"(?:[ ,:;.-]+|(?:the|following)(?= ))*")


def _skip_joining(line: Line, start: int, stop: int) -> int:
    match = _JOINING.match(line.masked, start, stop)
    return match.end() if match else start


def _within_mtus(line: Line, start: int, stop: int) -> Iterator[Segment]:
    """Read a stretch that cites the MTUS, until it names something else."""
    cut = _first_odg(line, start, stop)
    foreign = cut
    if other := _other_guideline(line, start, cut):
        foreign = other.start()
    if (address := line.masked.find("\x1c", start, foreign)) >= 0:
        foreign = address
    if _ALNUM.search(line.masked, start, foreign):
        yield "MTUS", mtus_documents(line, start, foreign)
    if foreign < cut:
        yield from _works(line, foreign, cut)
    if cut < stop:
        yield from _by_name(line, cut, stop)


def _other_guideline(line: Line, start: int, stop: int) -> re.Match[str] | None:
    if line.masked.find("other medical", start, stop) < 0:
        return None
    return OTHER_GUIDELINE.search(line.masked, start, stop)


def _first_odg(line: Line, start: int, stop: int) -> int:
    parts = ("odg", "disab", "d.g", "d. g")
    if all(line.masked.find(part, start, stop) < 0 for part in parts):
        return stop
    for anchor in _ANCHOR.finditer(line.masked, start, stop):
        if ODG_NAME.match(line.masked, anchor.start(), stop):
            return anchor.start()
    return stop


def _by_name(line: Line, start: int, stop: int) -> Iterator[Segment]:
    """Read a stretch in which the sources are told by their names."""
    pos = start
    anchors: list[Anchor] = []
    while anchor := _ANCHOR.search(line.masked, pos, stop):
        at = anchor.start()
        source, end = _source_at(line, at, stop)
        pos = max(end, anchor.end())
        if end > at and not (source == "ACOEM" and _is_part(line, start, at, anchors)):
            anchors.append((at, source, end, _with_pages(line, start, at)))
    leading_stop = anchors[0][3] if anchors else stop
    if anchors and _is_behind(line, start, stop, anchors):
        source = anchors[0][1]
        yield source, _documents(line, source, start, leading_stop)
        return
    if leading_stop > start:
        yield from _works(line, start, leading_stop)
    for index, (at, source, end, first) in enumerate(anchors):
        until = anchors[index + 1][3] if index + 1 < len(anchors) else stop
        if source == "MTUS":
            yield from _within_mtus(line, first, until)
            continue
        cut = _foreign(line, end, until)
        documents = _documents(line, source, at, cut)
        documents[0].start = first
        yield source, documents
        if cut < until:
            yield from _works(line, cut, until)


def _source_at(line: Line, at: int, stop: int) -> tuple[CitationSource, int]:
    if match := ODG_NAME.match(line.masked, at, stop):
        return "ODG", match.end()
    if match := ACOEM_NAME.match(line.masked, at, stop):
        return "ACOEM", match.end()
    match = MTUS_NAME.match(line.masked, at, stop)
    return "MTUS", match.end() if match else at


def _with_pages(line: Line, start: int, at: int) -> int:
    """Return where a citation begins whose pages are printed first: "page 9 of the ODG"."""
    match = _PAGES_OF.search(line.masked, max(start, at - _LONGEST_PAGES_OF), at)
    return match.start() if match else at


def _is_part(line: Line, start: int, at: int, anchors: list[Anchor]) -> bool:
    """Tell whether ACOEM is named within the MTUS, or as the title of an author's work."""
    if anchors and anchors[-1][1] == "MTUS":
        return True
    if line.masked[at] != "o":
        return False
    return AUTHOR.search(line.printed, max(start, at - 30), at + 1) is not None


def _is_behind(line: Line, start: int, stop: int, anchors: list[Anchor]) -> bool:
    """Tell whether the only source is named last: "Low Back Chapter of the ODG"."""
    _, source, end, at = anchors[0]
    if len(anchors) > 1 or source == "MTUS" or _ALNUM.search(line.masked, end, stop):
        return False
    return (
        at - start > 4
        and _ALNUM.search(line.masked, start, at) is not None
        and not any(mark in line.masked[start:at] for mark in (";", "\x1c", "other medical"))
    )


def _documents(line: Line, source: CitationSource, start: int, stop: int) -> list[Document]:
    if source == "ODG":
        return odg_documents(line, start, stop)
    return acoem_documents(line, start, stop)


def _foreign(line: Line, start: int, stop: int) -> int:
    """Find where a citation of another work begins."""
    cut = stop
    while (address := line.masked.find("\x1c", start, cut)) >= 0:
        end = address
        while end < cut and line.masked[end] == "\x1c":
            end += 1
        if not any(name in line.folded[address:end] for name in ("odg", "acoem")):
            cut = address
            break
        line.hide(address, end)
    if other := _other_guideline(line, start, cut):
        cut = other.start()
    cut = find_other(line.masked, start, cut)
    if line.printed.find(". ", start, cut) >= 0 or line.printed.find("et al", start, cut) >= 0:
        author = AUTHOR.search(line.printed, start, cut)
        cut = author.start() if author else cut
    return cut


def _works(line: Line, start: int, stop: int) -> Iterator[Segment]:
    for document in works(line, start, stop):
        first, last = document.title[0]
        odg = "://" in line.folded[first:last] and "odg" in line.folded[first:last]
        yield "ODG" if odg else "other", [document]

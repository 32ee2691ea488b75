"""The text layer of a PDF."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from imr_nlp.errors import (
    DamagedFileError,
    LetterError,
    NoPagesError,
    NoTextLayerError,
    PasswordProtectedError,
)
from imr_nlp.letters.damage import has_broken_streams, is_cut_off
from imr_nlp.letters.letter import Content

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

# PDFium may be used by one thread at a time.
_PDFIUM = threading.Lock()
if hasattr(os, "register_at_fork"):
    # A child that is forked while another thread reads would wait for ever.
    os.register_at_fork(
        before=_PDFIUM.acquire,
        after_in_parent=_PDFIUM.release,
        after_in_child=_PDFIUM.release,
    )

# PDFium's error codes for opening (FPDF_ERR_*).
_NO_ERROR = 0
_WRONG_PASSWORD = 4
_UNKNOWN_SECURITY = 5

# PDFium puts this in place of a hyphen at the end of a line and leaves the
# line end out: U+0002 or U+FFFE, by version and by function.
_LINE_END_HYPHEN = re.compile("[\x02\ufffe](?:\r?\n)?")
_NO_PAGES = re.compile(rb"/Type\s{0,8}/Pages\b[^>]{0,200}/Count\s{1,8}0\b")

# FPDF_PAGEOBJ_TEXT
_TEXT_OBJECT = 1

_FETCH_AGAIN = "Download or copy it again."
_DAMAGED = "is damaged and was left out"
_EMPTY = "is empty: it is blank, or its content is damaged"
_SCANNED = "has no text layer: it was probably scanned, and needs OCR"


class _Page(NamedTuple):
    text: str
    problem: str | None


def pdf_text(data: bytes, source: str) -> Content:
    r"""Read the text of every page.

    Lines end in `\n`; pages are divided by `\f`. A page that is damaged or
    was scanned stays empty and named in the warnings.

    Parameters
    ----------
    data
        The whole PDF.
    source
        Its name in messages.

    Raises
    ------
    DamagedFileError
        If the PDF is cut off, cannot be opened, or none of its pages can.
    PasswordProtectedError
        If it opens only with a password (other than the empty one).
    NoPagesError
        If it has no pages.
    NoTextLayerError
        If no page has text.
    """
    if is_cut_off(data):
        raise DamagedFileError(source, "the PDF is cut off, its end is missing", _FETCH_AGAIN)
    with _PDFIUM, _opened(data, source) as document:
        pages = [_read_page(document, number) for number in range(len(document))]
        broken = has_broken_streams(document)
    if not any(page.text.strip() for page in pages):
        raise _nothing_to_read(pages, broken, source)
    return Content("\f".join(page.text for page in pages), len(pages), _warnings(pages, broken))


@contextmanager
def _opened(data: bytes, source: str) -> Iterator[PdfDocument]:
    # Imported late: it takes longer than the rest of the package's reading
    # side, and many collections are text.
    from pypdfium2 import PdfDocument, PdfiumError
    from pypdfium2.raw import FPDF_GetLastError

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        raise _opening_error(data, source, FPDF_GetLastError()) from error
    with closing(document):
        if len(document) == 0:
            raise _no_pages(source)
        yield document


def _opening_error(data: bytes, source: str, code: int) -> LetterError:
    if code == _WRONG_PASSWORD:
        return PasswordProtectedError(
            source,
            "the PDF needs a password",
            "Save a copy without one, for example with `qpdf --decrypt --password=...`.",
        )
    if code == _UNKNOWN_SECURITY:
        return PasswordProtectedError(
            source,
            "the PDF is protected in a way that cannot be opened (a certificate?)",
            "Save a copy without protection.",
        )
    if code == _NO_ERROR or _NO_PAGES.search(data):
        return _no_pages(source)
    return DamagedFileError(source, "the PDF is damaged and cannot be opened", _FETCH_AGAIN)


def _no_pages(source: str) -> NoPagesError:
    return NoPagesError(source, "the PDF holds no pages", _FETCH_AGAIN)


def _read_page(document: PdfDocument, number: int) -> _Page:
    from pypdfium2 import PdfiumError

    try:
        with closing(document[number]) as page, closing(page.get_textpage()) as layer:
            # What lies outside the page's box no reader sees; but a wrong box
            # must not hide the whole page.
            text: str = layer.get_text_bounded() or layer.get_text_range()
            if not text.strip():
                return _Page("", _why_no_text(page, layer, text))
    except PdfiumError:
        return _Page("", _DAMAGED)
    text = _LINE_END_HYPHEN.sub("-\n", text)
    return _Page(text.replace("\r\n", "\n").replace("\f", "\n"), None)


def _why_no_text(page: PdfPage, layer: PdfTextPage, spaces: str) -> str | None:
    """Say what is wrong with a page without text; nothing if it shows spaces alone."""
    kinds = [shape.type for shape in page.get_objects(max_depth=1)]
    if not kinds:
        return _EMPTY
    unnamed_characters = layer.count_chars() > len(spaces)
    return _SCANNED if unnamed_characters or set(kinds) != {_TEXT_OBJECT} else None


def _warnings(pages: list[_Page], broken: bool) -> tuple[str, ...]:
    total = len(pages)
    named = [
        f"page {number} of {total} {page.problem}"
        for number, page in enumerate(pages, start=1)
        if page.problem is not None
    ]
    return (*named, "a part of the PDF is damaged: text may be missing") if broken else (*named,)


def _nothing_to_read(pages: list[_Page], broken: bool, source: str) -> LetterError:
    if broken or any(page.problem == _DAMAGED for page in pages):
        return DamagedFileError(source, "the PDF is damaged, no page can be read", _FETCH_AGAIN)
    return NoTextLayerError(
        source,
        "the PDF has no text layer, its pages are pictures or blank",
        "Run OCR on it first, for example `ocrmypdf in.pdf out.pdf`.",
    )

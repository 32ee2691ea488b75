"""The bytes of one letter to its text."""

from __future__ import annotations

from imr_nlp.errors import DamagedFileError, UnsupportedFormatError
from imr_nlp.letters.formats import foreign_format, is_pdf
from imr_nlp.letters.letter import Content, Letter
from imr_nlp.letters.pdf import pdf_text
from imr_nlp.letters.plain import decode_text


def letter_of(data: bytes, *, id: str, source: str) -> Letter:
    """Read one letter from its bytes; the format is told by them alone.

    Raises
    ------
    LetterError
        One of its children, by what is wrong.
    """
    text, n_pages, warnings = _content(data, source)
    return Letter(id=id, source=source, text=text, n_pages=n_pages, warnings=warnings)


def _content(data: bytes, source: str) -> Content:
    if is_pdf(data):
        return pdf_text(data, source)
    foreign = foreign_format(data)
    if foreign is not None:
        raise UnsupportedFormatError(source, f"is {foreign.what}", foreign.remedy)
    named_pdf = source.lower().endswith(".pdf")
    try:
        content = decode_text(data, source)
    except UnsupportedFormatError:
        if not named_pdf:
            raise
        raise DamagedFileError(
            source, "is called .pdf but has no PDF header", "Download or copy it again."
        ) from None
    if named_pdf:
        warning = "is called .pdf but holds plain text, and was read as such"
        return content._replace(warnings=(*content.warnings, warning))
    return content

"""Tell a file's format by its content, whatever its name says."""

from __future__ import annotations

import re
from typing import NamedTuple

# Some writers and mail gateways put a few bytes before the header; readers of
# PDF look for it in the first 1,024.
_PDF_HEADER = b"%PDF-"
_PDF_HEADER_WITHIN = 1024

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OFFICE_MARK = b"[Content_Types].xml"
_OPEN_DOCUMENT_MARK = b"mimetypeapplication/vnd.oasis.opendocument"
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,64}<(?:!doctype html|html|\?xml)\b", re.IGNORECASE)

# Printable text has none of these. Tab, the line ends, form feed, escape and
# the end-of-file mark of old systems are left out.
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\v\f\r\x1a\x1b"})
_MOST_CONTROLS = 0.02

_SAVE_AS = "Save it as PDF or as plain text."
_OCR = "Turn it into a PDF with a text layer first, for example with img2pdf and ocrmypdf."
_UNPACK = "Unpack it, or pack the letters as a .zip."


class Foreign(NamedTuple):
    """A format that holds no letter, and what to do with it."""

    what: str
    remedy: str


_SIGNATURES: tuple[tuple[bytes, Foreign], ...] = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Foreign("an Office document of the old kind (.doc, .xls)", _SAVE_AS),
    ),
    (b"{\\rtf", Foreign("a rich-text document (.rtf)", _SAVE_AS)),
    (b"%!PS", Foreign("a PostScript file", _SAVE_AS)),
    (b"\x89PNG\r\n\x1a\n", Foreign("a PNG image", _OCR)),
    (b"\xff\xd8\xff", Foreign("a JPEG image", _OCR)),
    (b"GIF8", Foreign("a GIF image", _OCR)),
    (b"II*\x00", Foreign("a TIFF image", _OCR)),
    (b"MM\x00*", Foreign("a TIFF image", _OCR)),
    (b"\x1f\x8b", Foreign("a gzip archive", _UNPACK)),
    (b"BZh91AY", Foreign("a bzip2 archive", _UNPACK)),
    (b"\xfd7zXZ\x00", Foreign("an xz archive", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", Foreign("a 7-Zip archive", _UNPACK)),
    (b"Rar!\x1a\x07", Foreign("a RAR archive", _UNPACK)),
)


def is_pdf(data: bytes) -> bool:
    """Tell whether the bytes are a PDF."""
    # A zip that stores a PDF as it is carries the PDF's header near its start.
    return data.find(_PDF_HEADER, 0, _PDF_HEADER_WITHIN) >= 0 and not data.startswith(_ZIP_STARTS)


def foreign_format(data: bytes) -> Foreign | None:
    """Name the format of bytes that are known to be neither PDF nor plain text."""
    if data.startswith(_ZIP_STARTS):
        return _zipped_format(data)
    if _WEB_PAGE.match(data):
        return Foreign(
            "a web page (HTML, XML)",
            "It may be the error page of a failed download: fetch it again.",
        )
    return next((foreign for start, foreign in _SIGNATURES if data.startswith(start)), None)


def is_binary(data: bytes) -> bool:
    """Tell whether bytes of an 8-bit encoding hold too many control characters for text."""
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls > min(max(_MOST_CONTROLS * len(data), 3), len(data) / 5)


def _zipped_format(data: bytes) -> Foreign:
    head = data[:4096]
    if _OFFICE_MARK in head or b"word/" in head:
        return Foreign("an Office document (.docx, .xlsx)", _SAVE_AS)
    if _OPEN_DOCUMENT_MARK in head:
        return Foreign("an OpenDocument file (.odt)", _SAVE_AS)
    return Foreign(
        "a zip archive, not a single letter",
        "Give stream() or find() its path, with the ending .zip.",
    )

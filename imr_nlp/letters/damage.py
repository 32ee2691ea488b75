"""Find the damage in PDFs that PDFium passes over without a word."""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# FPDF_REMOVE_SECURITY: what is encrypted with the empty password is written plain.
_DECRYPTED = 3

_STREAM = re.compile(rb">>\s{0,4}stream\r?\n")
_LONGEST_DICTIONARY = 600
_COMPRESSED = re.compile(rb"/Filter\s{0,2}\[?\s{0,2}/FlateDecode")
_LENGTH = re.compile(rb"/Length (\d{1,10})\b(?! \d{1,10} R)")
# PDFium copies the old list of objects as it is, but says that it is compressed.
_OBJECT_LIST = b"/Type/XRef"

_STEP = 1024**2
# What is larger is no text; it is not unpacked to its end.
_MOST_STEPS = 32


def is_cut_off(data: bytes) -> bool:
    """Tell whether the end of a PDF is missing.

    PDFium mends such files by guessing: pages, or the end of a page, would go
    without a word. In a whole file the place of its list of objects
    (`startxref`) is named after the last object.
    """
    last_object = data.rfind(b"endobj")
    return last_object < 0 or data.find(b"startxref", last_object) < 0


def has_broken_streams(document: PdfDocument) -> bool:
    """Tell whether a compressed part of an open PDF does not unpack.

    PDFium takes what comes before the damage for the whole: half a page of
    text may be lost. The check works on a plain copy in memory, since the
    parts of an encrypted file do not unpack by themselves.
    """
    from pypdfium2 import PdfiumError

    copy = io.BytesIO()
    try:
        document.save(copy, flags=_DECRYPTED)
    except PdfiumError:
        return True
    plain = copy.getvalue()
    view = memoryview(plain)
    for stream in _STREAM.finditer(plain):
        dictionary = _dictionary_before(plain, stream.start())
        if not _COMPRESSED.search(dictionary) or _OBJECT_LIST in dictionary:
            continue
        length = _LENGTH.search(dictionary)
        end = stream.end() + int(length[1]) if length else len(plain)
        if not _unpacks(view[stream.end() : end]):
            return True
    return False


def _dictionary_before(plain: bytes, end: int) -> bytes:
    start = plain.rfind(b" obj", max(0, end - _LONGEST_DICTIONARY), end)
    return plain[start:end] if start >= 0 else b""


def _unpacks(packed: memoryview) -> bool:
    try:
        # Some writers leave the checksum out: then the end of the data is looked for without it.
        return _reaches_end(packed, zlib.MAX_WBITS) or _reaches_end(packed[2:], -zlib.MAX_WBITS)
    except zlib.error:
        return False


def _reaches_end(packed: memoryview, window: int) -> bool:
    unpacker = zlib.decompressobj(window)
    rest: bytes | memoryview = packed
    for _ in range(_MOST_STEPS):
        unpacker.decompress(rest, _STEP)
        rest = unpacker.unconsumed_tail
        if unpacker.eof or not rest:
            return unpacker.eof
    return True

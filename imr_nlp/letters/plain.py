"""Bytes of a text file to text, whatever the encoding."""

from __future__ import annotations

import codecs

from imr_nlp.errors import DamagedFileError, UnsupportedFormatError
from imr_nlp.letters.formats import is_binary
from imr_nlp.letters.letter import Content

# UTF-32 first: its little-endian mark starts with the one of UTF-16.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Windows-1252 leaves five bytes undefined; they stand for themselves, as in
# Latin-1, so that every byte decodes.
_WINDOWS_1252 = "".join(
    bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)
)

# Letters are English: nearly every second byte of UTF-16 is NUL, and nearly
# none of the others.
_SAMPLE = 4096
_MANY = 0.7
_FEW = 0.05


def decode_text(data: bytes, source: str) -> Content:
    """Decode a text file, line ends kept as they are.

    The encoding is the one that a byte order mark names; without one UTF-16
    where the pattern of NUL bytes shows it, UTF-8 where the bytes are valid
    UTF-8, and Windows-1252 for the rest. The mark is not part of the text.

    Raises
    ------
    UnsupportedFormatError
        If the bytes are not text.
    DamagedFileError
        If there is no text but blanks.
    """
    text, warnings = _decode(data)
    wide = len(text) != len(data)
    if is_binary(text.encode("utf-8", "replace") if wide else data):
        raise UnsupportedFormatError(
            source, "is neither a PDF nor text", "Give a PDF or a plain text file."
        )
    if not text.strip():
        raise DamagedFileError(source, "the file is empty", "Download or copy it again.")
    return Content(text, None, warnings)


def _decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_leniently(data[len(mark) :], encoding)
    unmarked = _utf16_without_mark(data)
    if unmarked is not None:
        return _decode_leniently(data, unmarked)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return codecs.charmap_decode(data, "strict", _WINDOWS_1252)[0], ()


def _decode_leniently(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Decode what is surely of that encoding; a broken character costs only itself."""
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        name = encoding.upper()
        return text, (f"some bytes are not valid {name}; they are shown as U+FFFD",)


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if half == 0:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd >= _MANY * half and even <= _FEW * half:
        return "utf-16-le"
    if even >= _MANY * half and odd <= _FEW * half:
        return "utf-16-be"
    return None

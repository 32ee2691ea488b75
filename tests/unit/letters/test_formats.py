"""The content tells the format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from imr_nlp.errors import DamagedFileError, UnsupportedFormatError
from imr_nlp.letters import read

MakePdf = Callable[..., bytes]


def zipped(*names: str, data: bytes = b"content") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "what", "remedy"),
    [
        (zipped("[Content_Types].xml", "word/document.xml"), r"\.docx", "Save it as PDF"),
        (zipped("letters/a.pdf"), "zip archive", r"stream\(\) or find\(\)"),
        (zipped("a.pdf", data=b"%PDF-1.4\n"), "zip archive", "find"),
        (zipped(), "zip archive", "find"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), r"\.doc", "Save it as PDF"),
        (b"{\\rtf1\\ansi Dear Reader}", "rich-text", "Save it as PDF"),
        (b"%!PS-Adobe-3.0\n", "PostScript", "Save it as PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG image", "ocrmypdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG image", "ocrmypdf"),
        (b"II*\x00" + bytes(50), "TIFF image", "ocrmypdf"),
        (b"\x1f\x8b\x08\x00" + bytes(50), "gzip", "Unpack"),
        (b"\n <!DOCTYPE html><html><body>Not found</body></html>", "web page", "fetch it again"),
        (b"\xef\xbb\xbf<HTML><body>Sign in</body></html>", "web page", "fetch it again"),
        (b"<?xml version='1.0'?><html/>", "web page", "fetch it again"),
    ],
)
@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "a"])
def test_foreign(data: bytes, what: str, remedy: str, name: str) -> None:
    with pytest.raises(UnsupportedFormatError, match=f"^{name}: is .*{what}.*{remedy}"):
        read(data, name=name)


def test_open_document() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    with pytest.raises(UnsupportedFormatError, match="OpenDocument"):
        read(buffer.getvalue())


def test_pdf_with_another_ending(make_pdf: MakePdf) -> None:
    assert read(make_pdf("one"), name="a.txt").n_pages == 1


def test_text_called_pdf() -> None:
    letter = read(b"Plain text", name="a.PDF")
    assert (letter.text, letter.n_pages) == ("Plain text", None)
    assert letter.warnings == ("is called .pdf but holds plain text, and was read as such",)


def test_rubbish_called_pdf() -> None:
    with pytest.raises(DamagedFileError, match=r"a\.pdf: is called \.pdf but has no PDF header"):
        read(bytes(range(256)) * 20, name="a.pdf")

"""Letters made for the tests, as PDFs and as text."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

TEXT = "Dear Reader,\nThe request is described below.\nMorphine 15 mg #60: Upheld\n"

MakePdf = Callable[..., bytes]
MakeZip = Callable[..., Path]


def print_pdf(
    *pages: str | None, user: str | None = None, owner: str = "owner", strength: int = 128
) -> bytes:
    """Print each page's lines; None stands for a picture of a page."""
    buffer = io.BytesIO()
    encryption = None if user is None else StandardEncryption(user, owner, strength=strength)
    canvas = Canvas(buffer, encrypt=encryption)
    for page in pages:
        if page is None:
            canvas.drawImage(ImageReader(_picture()), 100, 100, 200, 200)
        else:
            for number, line in enumerate(page.splitlines()):
                canvas.drawString(72, 720 - 16 * number, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _picture() -> io.BytesIO:
    """A grey PNG of one pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00\x80"))
        + chunk(b"IEND", b"")
    )


@pytest.fixture(scope="session")
def make_pdf() -> MakePdf:
    """Give the function that prints a PDF."""
    return print_pdf


@pytest.fixture(scope="session")
def pdf() -> bytes:
    """A PDF of one page."""
    return print_pdf(TEXT)


@pytest.fixture
def letters(tmp_path: Path, pdf: bytes) -> Path:
    """A folder of letters and of what is none."""
    files: Mapping[str, bytes] = {
        "b.pdf": pdf,
        "a.TXT": b"Letter a",
        "notes.docx": b"PK\x03\x04",
        ".hidden.txt": b"hidden",
        "sub/c.text": b"Letter c",
        "sub/deeper/d.txt": b"Letter d",
        ".git/e.txt": b"hidden",
        "zoo/a.txt": b"Letter z",
    }
    for name, data in files.items():
        path = tmp_path / "letters" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "letters"


@pytest.fixture
def make_zip(tmp_path: Path) -> MakeZip:
    """Give a function that writes a zip archive of (name, bytes) pairs."""

    def write(
        *members: tuple[str, bytes], name: str = "batch.zip", how: int = zipfile.ZIP_DEFLATED
    ) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", how) as archive:
            for member, data in members:
                archive.writestr(member, data)
        return path

    return write

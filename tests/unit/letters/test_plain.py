"""Text files to text."""

from __future__ import annotations

import codecs
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_nlp.errors import DamagedFileError, LetterError, UnsupportedFormatError
from imr_nlp.letters import read

PROSE = (
    "The patient\u2019s pain is \u201csevere\u201d \u2013 8/10, 37\u00b0, caf\u00e9\r\nnext line\n"
)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "cp1252"),
    ],
)
def test_encodings(mark: bytes, encoding: str) -> None:
    letter = read(mark + PROSE.encode(encoding), name="a.txt")
    assert (letter.text, letter.n_pages, letter.warnings) == (PROSE, None, ())


def test_bytes_without_meaning_stay() -> None:
    text = read(b"Dose\x81\x8d\x8f\x90\x9d 5\x93 mg \xff").text
    assert text == "Dose\x81\x8d\x8f\x90\x9d 5\u201c mg \xff"


def test_line_ends_stay() -> None:
    raw = "a\r\nb\rc\n\r\n\fd\n\r"
    assert read(raw.encode()).text == raw


def test_astral_characters_in_utf16() -> None:
    raw = "smile \U0001f600 " * 3
    assert read(codecs.BOM_UTF16_LE + raw.encode("utf-16-le")).text == raw


@pytest.mark.parametrize("cut", [1, 3])
def test_broken_utf16_is_told(cut: int) -> None:
    data = codecs.BOM_UTF16_LE + ("word " * 20 + "\U0001f600").encode("utf-16-le")
    letter = read(data[:-cut])
    assert letter.text.endswith("word \ufffd")
    assert letter.warnings == ("some bytes are not valid UTF-16-LE; they are shown as U+FFFD",)


def test_bad_byte_behind_a_utf8_mark_costs_itself_only() -> None:
    letter = read(codecs.BOM_UTF8 + "caf\u00e9 \u2013 ".encode() + b"\xff end")
    assert letter.text == "caf\u00e9 \u2013 \ufffd end"
    assert len(letter.warnings) == 1


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_empty(data: bytes) -> None:
    with pytest.raises(DamagedFileError, match=r"a\.txt: the file is empty. Download"):
        read(data, name="a.txt")


@pytest.mark.parametrize(
    "data",
    [
        bytes(1000),
        b"\x00\x01\x02",
        bytes(range(256)) * 4,
        b"MZ\x90\x00\x03\x00\x00\x00" * 50,
        "\x01\x02\x03 ".encode("utf-16") * 20,
    ],
)
def test_binary(data: bytes) -> None:
    with pytest.raises(UnsupportedFormatError, match=r"a\.bin: is neither a PDF nor text"):
        read(data, name="a.bin")


def test_random_bytes_are_no_text() -> None:
    with pytest.raises(UnsupportedFormatError):
        read(b"\x00" + os.urandom(4000), name="a.bin")


def test_a_few_control_characters_are_text() -> None:
    raw = "non\x02certified, " + "and so on, " * 10 + "\x1a"
    assert read(raw.encode()).text == raw


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_comes_back(raw: str) -> None:
    data = b"x" + raw.encode() + b"x"
    assert read(data).text == f"x{raw}x"


@given(st.binary(max_size=400))
def test_any_bytes_give_a_letter_or_a_letter_error(data: bytes) -> None:
    try:
        letter = read(data)
    except LetterError:
        return
    assert letter.text.strip()

"""PDFs to text."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imr_nlp.errors import (
    DamagedFileError,
    LetterError,
    NoPagesError,
    NoTextLayerError,
    PasswordProtectedError,
)
from imr_nlp.letters import read

MakePdf = Callable[..., bytes]

TEXT = "Dear Reader,\nThe request is described below.\nMorphine 15 mg #60: Upheld\n"


def write_pdf_by_hand(*objects: bytes) -> bytes:
    """Number the objects and add what makes them a PDF; the first is the catalog."""
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def page_object(contents: int, extra: bytes = b"") -> bytes:
    """A page below object 2 that prints with the font in object 3."""
    return (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]%s"
        b"/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>" % (extra, contents)
    )


def stream_object(body: bytes, extra: bytes = b"") -> bytes:
    """A stream."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(body), extra, body)


def print_lines(*lines: bytes) -> bytes:
    """The commands that print lines."""
    shown = b" ".join(b"(%s) Tj 0 -16 Td" % line for line in lines)
    return b"BT /F1 12 Tf 50 700 Td %s ET" % shown


def handwritten(*streams: bytes, kids: bytes | None = None, extra: bytes = b"") -> bytes:
    """One page for each stream: the pages are objects 4, 6, ..., the streams 5, 7, ..."""
    kids = kids or b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(streams)))
    count = kids.count(b"R")
    objects = [CATALOG, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), FONT]
    for number, stream in enumerate(streams):
        objects += [page_object(5 + 2 * number, extra), stream]
    return write_pdf_by_hand(*objects)


def test_one_page(make_pdf: MakePdf) -> None:
    letter = read(make_pdf(TEXT), name="a.pdf")
    assert letter.text.split("\n") == TEXT.strip().split("\n")
    assert (letter.id, letter.source, letter.n_pages, letter.warnings) == ("a.pdf", "a.pdf", 1, ())


def test_pages_are_divided_by_form_feeds(make_pdf: MakePdf) -> None:
    letter = read(make_pdf("one", "two\nlines", "three"))
    assert letter.text == "one\ftwo\nlines\fthree"
    assert letter.n_pages == 3


@pytest.mark.parametrize(
    ("first", "second"), [("this was non-", "certified there"), ("x-", "ray of the wrist")]
)
def test_hyphen_at_the_line_end_keeps_its_line_end(
    make_pdf: MakePdf, first: str, second: str
) -> None:
    assert read(make_pdf(f"{first}\n{second}")).text == f"{first}\n{second}"


def test_header_may_come_late(make_pdf: MakePdf) -> None:
    assert read(b"X-Sent-By: gateway\r\n\r\n" + make_pdf("one")).text == "one"


@pytest.mark.parametrize("strength", [40, 128])
def test_empty_password_opens(make_pdf: MakePdf, strength: int) -> None:
    data = make_pdf("one", user="", owner="secret", strength=strength)
    letter = read(data)
    assert b"/Encrypt" in data
    assert (letter.text, letter.warnings) == ("one", ())


@pytest.mark.parametrize("strength", [40, 128])
def test_password(make_pdf: MakePdf, strength: int) -> None:
    data = make_pdf("one", user="secret", strength=strength)
    with pytest.raises(PasswordProtectedError, match=r"a\.pdf.*password.*qpdf"):
        read(data, name="a.pdf")


@pytest.mark.parametrize("user", [None, "", "secret"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.97])
def test_cut_off(make_pdf: MakePdf, user: str | None, share: float) -> None:
    data = make_pdf(TEXT, TEXT, user=user)
    with pytest.raises(DamagedFileError, match=r"a\.pdf: .*cut off.*again"):
        read(data[: int(share * len(data))], name="a.pdf")


def test_damaged_beyond_opening() -> None:
    data = write_pdf_by_hand(b"(nothing)", b"(else)").replace(b"/Root 1 0 R", b"/Root 9 9 R")
    with pytest.raises(DamagedFileError, match=r"a\.pdf: .*cannot be opened"):
        read(data, name="a.pdf")


@pytest.mark.parametrize("broken_list", [False, True])
def test_no_pages(broken_list: bool) -> None:
    data = write_pdf_by_hand(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>")
    if broken_list:
        data = data[: data.rindex(b"startxref")] + b"startxref\n0\n%%EOF\n"
    with pytest.raises(NoPagesError, match=r"a\.pdf: the PDF holds no pages"):
        read(data, name="a.pdf")


def test_pictures_only(make_pdf: MakePdf) -> None:
    with pytest.raises(NoTextLayerError, match=r"a\.pdf: .*no text layer.*ocrmypdf"):
        read(make_pdf(None, None), name="a.pdf")


def test_blank_pages_only(make_pdf: MakePdf) -> None:
    with pytest.raises(NoTextLayerError):
        read(make_pdf("", "  "))


def test_scanned_page_among_others(make_pdf: MakePdf) -> None:
    letter = read(make_pdf("one", None, "three"))
    assert letter.text == "one\f\fthree"
    assert len(letter.warnings) == 1
    assert letter.warnings[0].startswith("page 2 of 3 has no text")


def test_blank_page_loses_nothing(make_pdf: MakePdf) -> None:
    letter = read(make_pdf("one", "   "))
    assert (letter.text, letter.n_pages, letter.warnings) == ("one\f", 2, ())


def test_empty_page_may_have_lost_its_content(make_pdf: MakePdf) -> None:
    letter = read(make_pdf("one", "", "three"))
    assert letter.text == "one\f\fthree"
    assert letter.warnings == ("page 2 of 3 is empty: it is blank, or its content is damaged",)


@pytest.mark.parametrize("kid", [b"9 0 R", b"3 0 R"])
def test_damaged_page_in_the_middle(kid: bytes) -> None:
    stream = stream_object(print_lines(b"here"))
    letter = read(handwritten(stream, kids=b"4 0 R %s 4 0 R" % kid))
    assert letter.text == "here\f\fhere"
    assert letter.n_pages == 3
    assert any("page 2 of 3 is damaged" in warning for warning in letter.warnings)


def test_no_page_can_be_read() -> None:
    with pytest.raises(DamagedFileError, match="no page can be read"):
        read(handwritten(kids=b"8 0 R 9 0 R"))


def test_damage_inside_a_page_is_told() -> None:
    lines = [b"line %d of the page, %d words" % (n, n * 37 % 101) for n in range(40)]
    packed = bytearray(zlib.compress(print_lines(*lines)))
    filtered = b"/Filter/FlateDecode"
    whole = read(handwritten(stream_object(bytes(packed), filtered)))
    middle = len(packed) // 2
    packed[middle : middle + 20] = bytes(20)
    damaged = read(handwritten(stream_object(bytes(packed), filtered)))
    assert whole.warnings == ()
    assert len(damaged.text) < len(whole.text)
    assert damaged.warnings == ("a part of the PDF is damaged: text may be missing",)


def test_missing_checksum_is_no_damage() -> None:
    packed = zlib.compress(print_lines(b"here"))[:-4]
    letter = read(handwritten(stream_object(packed, b"/Filter/FlateDecode")))
    assert (letter.text, letter.warnings) == ("here", ())


def test_wrong_page_box_hides_nothing() -> None:
    stream = stream_object(print_lines(b"here"))
    assert read(handwritten(stream, extra=b"/CropBox[0 0 20 20]")).text == "here"


def test_form_feed_inside_a_page_does_not_count_as_page() -> None:
    letter = read(handwritten(stream_object(print_lines(b"a\\014b"))))
    assert letter.text.count("\f") == 0


def test_threads_take_turns(make_pdf: MakePdf) -> None:
    files = [make_pdf(f"letter {number}") for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        texts = [letter.text for letter in pool.map(read, files)]
    assert texts == [f"letter {number}" for number in range(12)]


def opened(tracker: dict[object, object]) -> int:
    return sum(value if isinstance(value, int) else len(value) for value in tracker.values())


def test_everything_is_closed(make_pdf: MakePdf) -> None:
    internal = pytest.importorskip("pypdfium2.internal")
    tracker = getattr(internal.bases, "ObjectTracker", None)
    if tracker is None:
        pytest.skip("this version of pypdfium2 does not tell what is open")
    before = opened(tracker)
    stream = stream_object(print_lines(b"here"))
    good, damaged = make_pdf("one", None), handwritten(stream, kids=b"9 0 R 4 0 R")
    assert read(good).n_pages == read(damaged).n_pages == 2
    for bad in (make_pdf("one", user="secret"), make_pdf(None), handwritten(kids=b"9 0 R")):
        with pytest.raises(LetterError):
            read(bad)
    assert opened(tracker) == before


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_gives_a_letter_or_a_letter_error(pdf: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(pdf) - 1))
    junk = data.draw(st.binary(min_size=1, max_size=80))
    try:
        letter = read(pdf[:place] + junk + pdf[place + len(junk) :])
    except LetterError:
        return
    assert letter.text.strip()

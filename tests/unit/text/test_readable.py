"""The readable view of a raw letter and its alignment."""

import itertools
import textwrap

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from imr_nlp.text import make_readable, readable

PARAGRAPHS = [
    "The injured worker is a 51 year old woman who hurt her lower back on 03-04-2015 while "
    "she was moving crates. She has chronic, non-malignant pain and takes an anti-inflammatory "
    "drug, ibuprofen 800 mg three times a day, beside a muscle relaxant at bedtime only.",
    "She was seen on 10/28/2016 and reported no change. The range-of-motion of the spine was "
    "limited and the straight-leg test was negative on both sides, with normal strength in "
    "every muscle group that was tested and no loss of sensation anywhere.",
    "Because nothing in these records shows a gain in function from the earlier visits, and "
    "because a home programme was taught already, more of the same is not needed now.",
]


def collapse(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("chronic, non-\nmalignant pain", "chronic, non-malignant pain"),
        ("an anti- inflammatory drug", "an anti-inflammatory drug"),
        ("pre- and post-operative care", "pre- and post-operative care"),
        ("low- to\nmoderate-impact exercise", "low- to moderate-impact exercise"),
        ("levels L4-\n5 and L5-S1", "levels L4-5 and L5-S1"),
        ("seen on 10-\n28-2016", "seen on 10-28-2016"),
        ("treat\xad\nment of the knee", "treatment of the knee"),
        ("\ufb01bromyalgia and \ufb02exion", "fibromyalgia and flexion"),
        ("two  spaces.  And\tmore", "two spaces. And more"),
        ("a\xa0non-breaking\u2009space", "a non-breaking space"),
        ("employed by  .  He fell", "employed by . He fell"),
        ("zero\u200bwidth", "zerowidth"),
        ("the patient\u2019s \u201cpain\u201d", "the patient\u2019s \u201cpain\u201d"),
        ("UpheId by the revi ewer", "UpheId by the revi ewer"),
        ("", ""),
        (" \r\n\f\n ", ""),
    ],
)
def test_what_a_reader_sees(raw: str, expected: str) -> None:
    assert readable(raw) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Norco 10/325mg #60",
        "One line.\nAnother line.\n\nA paragraph.",
        "Norco 10/325 mg\nSoma 350 mg\nXanax 1 mg",
        "1. First item\n2. Second item\n3. Third item",
        "\n".join(PARAGRAPHS),
        "\n\n".join(PARAGRAPHS),
    ],
)
def test_clean_text_is_left_exactly_as_it_is(text: str) -> None:
    result = make_readable(text)
    assert result.text == text
    assert all(result.alignment.to_raw(i, i + 1) == (i, i + 1) for i in range(len(text)))


@pytest.mark.parametrize(
    "furniture",
    [
        "\n\n3\n\f",
        "\n\nPage 2 of 7\n\f",
        "\n\f",
        "\nCM16-0900001 Page 3\n\f\n",
        "\n\fFinal Determination Letter for IMR Case Number CM13-0900001 4\n",
        "\n- 4 -\n\f",
    ],
)
def test_page_furniture_in_mid_sentence_goes(furniture: str) -> None:
    words = PARAGRAPHS[0].split()
    raw = (
        textwrap.fill(" ".join(words[:30]), 70)
        + furniture
        + textwrap.fill(" ".join(words[30:]), 70)
    )
    assert readable(raw) == PARAGRAPHS[0]


def test_the_last_page_has_a_number_too() -> None:
    assert readable("One page of text.\n1\n\fThe other page.\n2") == (
        "One page of text.\n\nThe other page."
    )


def test_a_bare_number_within_a_page_stays() -> None:
    assert readable("Visits requested:\n12\nVisits authorised:\n6") == (
        "Visits requested:\n12\nVisits authorised:\n6"
    )


def test_a_guideline_line_at_two_page_ends_is_no_footer() -> None:
    line = "MAXIMUS guideline: Decision based on MTUS Chronic Pain Medical Treatment 2016,"
    raw = f"Before.\n{line}\n\fSection(s): Opioids.\nMore of it.\n{line}\n\fSection(s): NSAIDs."
    assert readable(raw).count("MAXIMUS guideline:") == 2


wraps = st.integers(min_value=35, max_value=120)
line_ends = st.sampled_from(["\n", "\r\n", "\r"])


@given(width=wraps, line_end=line_ends, double=st.booleans())
def test_wrapping_spacing_and_line_ends_do_not_matter(
    width: int, line_end: str, double: bool
) -> None:
    blocks = [textwrap.wrap(paragraph, width) for paragraph in PARAGRAPHS]
    gap = "\n\n" if double else "\n"
    raw = (gap + "\n").join(gap.join(block) for block in blocks).replace("\n", line_end)
    assert collapse(readable(raw)) == collapse(" ".join(PARAGRAPHS))
    assert readable(raw).split("\n\n") == PARAGRAPHS


letters_like = st.text(
    alphabet=st.sampled_from("aB1. -\n\r\f\t,:;(\xa0\u200b\xad\ufb01\u2019/%#"), max_size=300
)


# Where they stand around a hyphen at a line's end one pass is not always enough.
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\xad"))


@given(raw=st.one_of(letters_like, st.text(max_size=200)).map(lambda t: t.translate(INVISIBLE)))
@example(raw="1\xad-\r1")
@example(raw="1-\u200b\n1")
@example(raw="a-\n\u200bb")
@settings(max_examples=400)
def test_readable_text_is_a_fixed_point(raw: str) -> None:
    once = readable(raw)
    assert readable(once) == once


words = st.text(alphabet="abcXYZ,;\u2019\xe9", min_size=1, max_size=9)
gaps = st.sampled_from(
    [" ", "  ", "\t", "\xa0", " \u200b", "\n", "\n\n", "\r\n", " \r", "\n \n\n", "\x85"]
)


@given(pairs=st.lists(st.tuples(words, gaps), min_size=1, max_size=40), data=st.data())
@settings(max_examples=300)
def test_every_span_points_at_its_source(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    raw = "".join(word + gap for word, gap in pairs)
    text, alignment = make_readable(raw)
    assert text.split() == [word for word, _ in pairs]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    raw_start, raw_end = alignment.to_raw(start, end)
    source = raw[raw_start:raw_end].replace("\u200b", "")
    assert "".join(source.split()) == "".join(text[start:end].split())


@given(raw=letters_like)
def test_alignment_is_monotone(raw: str) -> None:
    text, alignment = make_readable(raw)
    places = [alignment.to_raw(i, i + 1) for i in range(len(text))]
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in itertools.pairwise(places))


def test_a_span_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="outside the readable text of 5 characters"):
        make_readable("Norco").alignment.to_raw(3, 9)


def test_raw_offsets_map_back() -> None:
    raw = "takes  Norco\r\n\r\nevery  day"
    text, alignment = make_readable(raw)
    place = raw.index("Norco")
    start, end = alignment.to_clean(place, place + 5)
    assert text[start:end] == "Norco"

"""The form of annotated letters: nothing is lost, and what is wrong has a line."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imr_nlp.corpus import (
    CorpusError,
    check_file,
    format_letter,
    parse_form,
    read_letter,
    write_letter,
)
from imr_nlp.corpus.markup import Mark, parse_markup, write_markup

from .strategies import letters

CASES = json.loads((Path(__file__).parent / "bad_forms.json").read_text(encoding="utf-8"))


@given(letters())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_letter_comes_back_as_it_was_written(letter):
    again, faults, _ = parse_form(format_letter(letter), id=letter.id)
    assert not faults
    assert again == letter


@given(st.text(alphabet="ab{}\\|@ \n"))
def test_any_text_survives_without_marks(text):
    assert parse_markup(write_markup(text, [])) == (text, [], [])


@given(st.text(alphabet="aD{}\\|@=+,1 \n"))
def test_any_marked_text_is_read_without_a_crash(marked):
    text, marks, faults = parse_markup(marked)
    assert all(0 <= mark.start <= mark.end <= len(text) for mark in marks)
    if not faults:
        again, same, _ = parse_markup(write_markup(text, [m._replace(line=0) for m in marks]))
        assert again == text
        assert len(same) == len(marks)


def test_marks_that_cross_cannot_be_written():
    with pytest.raises(ValueError, match="crosses"):
        write_markup("one two three", [Mark(0, 7, ("DRUG",)), Mark(4, 13, ("FORM",))])


LETTER = """---
layout: F4b
age: 50
sex: male
issues:
- decision: upheld
  category: pharmaceuticals
  primary: prolonged_use
---
CLINICAL CASE SUMMARY
{SUMMARY|A 50 year old man with {DIAGNOSIS|low back pain} takes {DRUG|Norco} {FREQUENCY|daily}.}

{ITEM|{DRUG=n|Norco} {STRENGTH@n|10/325mg} {QUANTITY|#60}}: Upheld
Decision rationale: {RATIONALE|Opioids are for weeks. {prolonged_use|He has used it for years.} No.}
"""


@pytest.fixture
def write(tmp_path):
    def _write(content, name="letter.imr"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return _write


def test_a_sound_letter_has_no_problems(write):
    letter, problems = check_file(write(LETTER))
    assert problems == []
    assert letter.id == "letter"
    norco, strength, quantity = letter.entities[3:]
    assert letter.snippet(strength.start, strength.end) == "10/325mg"
    assert (strength.drug, quantity.drug) == (3, 3)
    assert letter.evidence[0].issues == (0,)
    assert "{" not in letter.text
    assert letter.text.count("Norco") == 2
    assert norco.label == "DRUG"


@pytest.mark.parametrize("content", ["\ufeff" + LETTER, LETTER.replace("\n", "\r\n")])
def test_a_file_that_an_editor_on_windows_saved(tmp_path, content):
    path = tmp_path / "letter.imr"
    path.write_bytes(content.encode("utf-8"))
    letter, problems = check_file(path)
    assert problems == []
    assert letter.fields.age == 50


def test_reading_and_writing_a_file(write, tmp_path):
    letter = read_letter(write(LETTER))
    write_letter(letter, tmp_path / "again.imr")
    again = read_letter(tmp_path / "again.imr")
    assert again.model_copy(update={"id": "letter"}) == letter


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_what_is_wrong_is_named_with_its_line(write, case):
    old, new = case["replace"]
    assert old in LETTER
    path = write(LETTER.replace(old, new, 1))
    _, problems = check_file(path)
    assert [(p.file, p.line) for p in problems] == [(str(path), line) for line in case["lines"]]
    assert all(case["says"] in p.message for p in problems)


def test_reading_a_wrong_letter_raises_with_all_problems(write):
    path = write(LETTER.replace("{DRUG|Norco}", "{DRUGG|Norco}").replace("age: 50", "age: old"))
    with pytest.raises(CorpusError) as raised:
        read_letter(path)
    assert len(raised.value.problems) >= 2
    assert f"{path}:3: age" in str(raised.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no block of fields"),
        (b"---\nlayout: F4b\n", "no block of fields"),
        (b"---\n- a\n---\n", "holds no 'name: value' lines"),
        (b"---\nlayout: [\n---\n", "block of fields"),
        (b"---\nlayout: F4b\xff\n---\n", "is not UTF-8"),
    ],
)
def test_what_is_no_letter_at_all(tmp_path, content, says):
    path = tmp_path / "bad.imr"
    path.write_bytes(content)
    letter, problems = check_file(path)
    assert letter is None
    assert says in problems[0].message


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CorpusError, match="cannot be read"):
        read_letter(tmp_path / "none.imr")

"""Stand-off annotation: no text in it, and only the right letter joins it."""

import json

import pytest

from imr_nlp.corpus import CorpusError, attach, attach_letters, to_standoff
from imr_nlp.corpus.standoff import format_standoff, read_standoff, without_text
from imr_nlp.text import readable


@pytest.fixture(scope="module")
def clean_letters(corpus_letters):
    return [letter.to_readable() for letter in corpus_letters]


def test_marks_move_along_to_the_readable_text(corpus_letters, clean_letters):
    for raw, clean in zip(corpus_letters, clean_letters, strict=True):
        assert readable(clean.text) == clean.text
        for one, other in zip(raw.entities, clean.entities, strict=True):
            assert raw.snippet(one.start, one.end) == clean.snippet(other.start, other.end)


def test_letters_come_back(clean_letters, tmp_path):
    for letter in clean_letters:
        path = tmp_path / f"{letter.id}.json"
        path.write_text(format_standoff(to_standoff(letter)), encoding="utf-8")
        assert attach(read_standoff(path), letter.text) == letter


def test_the_raw_letter_joins_as_well_as_the_readable_one(corpus_letters, clean_letters):
    for raw, clean in zip(corpus_letters, clean_letters, strict=True):
        assert attach(to_standoff(clean), raw.text) == clean


def test_no_sentence_of_the_letter_is_in_it(clean_letters):
    for letter in clean_letters:
        written = format_standoff(to_standoff(letter))
        for part in (*letter.parts_of("SUMMARY"), *letter.parts_of("RATIONALE")):
            for start in range(part.start, part.end - 40, 40):
                assert letter.text[start : start + 40] not in written


def test_another_letter_is_refused(clean_letters):
    letter = clean_letters[0]
    with pytest.raises(CorpusError, match="has the hash"):
        attach(to_standoff(letter), letter.text.replace("the", "teh", 1))


def test_text_that_is_not_readable_text_is_refused(clean_letters):
    letter = clean_letters[0].model_copy(update={"text": "a\r\n\r\nb"})
    with pytest.raises(CorpusError, match="must refer to readable text"):
        to_standoff(letter)


def test_without_its_text_a_letter_can_be_counted(clean_letters):
    letter = clean_letters[0]
    bare = without_text(to_standoff(letter))
    assert bare.text == ""
    assert bare.entities == letter.entities
    assert [i.category for i in bare.fields.issues] == [i.category for i in letter.fields.issues]


def test_attaching_a_folder(clean_letters, tmp_path):
    first, second, *_ = clean_letters
    real, inbox = tmp_path / "real", tmp_path / "inbox"
    real.mkdir()
    inbox.mkdir()
    for letter in (first, second):
        (real / f"{letter.id}.json").write_text(json.dumps(to_standoff(letter)), encoding="utf-8")
    (inbox / "any name.txt").write_text(first.text, encoding="utf-8")
    result = attach_letters(real, [inbox])
    assert result.letters == [first]
    assert result.missing == [second.id]
    (inbox / f"{second.id}.txt").write_text(second.text + "\nmore", encoding="utf-8")
    result = attach_letters(real, [inbox])
    assert [problem.file for problem in result.refused] == [second.id]
    assert result.missing == []


def test_a_folder_without_annotations(tmp_path):
    with pytest.raises(CorpusError, match="holds no stand-off annotation"):
        attach_letters(tmp_path, [tmp_path])


@pytest.mark.parametrize(
    ("content", "says"), [("{", "no JSON"), ("{}", "missing"), ("[]", "missing")]
)
def test_files_that_are_no_annotation(tmp_path, content, says):
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=says):
        read_standoff(tmp_path / "a.json")

"""What always holds of a determination, whatever the letter looks like."""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

import imr_nlp
from imr_nlp.corpus import read_letter
from imr_nlp.text import readable
from tests.conftest import GOLD, LETTERS, ROOT, without_places

NAMES = sorted(path.stem for path in GOLD.glob("*.json"))


def spans(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.keys() == {"start", "end", "text"}:
            yield value
        for part in value.values():
            yield from spans(part)
    elif isinstance(value, list):
        for part in value:
            yield from spans(part)


def rewrap(raw: str, width: int, *, double: bool, line_end: str) -> str:
    """Wrap a letter anew, as another program would have."""
    gap = "\n\n" if double else "\n"
    lines = []
    for paragraph in readable(raw).split("\n"):
        wrapped = textwrap.wrap(paragraph, width, break_long_words=False)
        lines.append(gap.join(wrapped) if wrapped else " ")
    return gap.join(lines).replace("\n", line_end)


def facts(nlp: Language, raw: str) -> dict[str, Any]:
    result = nlp(raw)._.determination.model_dump(mode="json")
    # The blank text between two sections belongs to neither.
    del result["sections"]
    return without_places(result)


WRITTEN = sorted((ROOT / "corpus" / "letters").glob("*.imr"))[::4]


def raw_text(path: Path) -> str:
    return read_letter(path).text if path.suffix == ".imr" else imr_nlp.read(path).text


@pytest.mark.parametrize("path", [*sorted(LETTERS.glob("*.txt")), *WRITTEN], ids=lambda p: p.stem)
def test_every_offset_points_at_the_text_that_is_reported(path: Path, nlp: Language) -> None:
    raw = raw_text(path)
    found = list(spans(nlp(raw)._.determination.model_dump(mode="json")))
    assert len(found) > 20
    for span in found:
        assert 0 <= span["start"] <= span["end"] <= len(raw)
        source = " ".join(readable(raw[span["start"] : span["end"]]).split())
        assert source == span["text"]


@given(
    name=st.sampled_from(NAMES),
    width=st.integers(48, 130),
    double=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_layout_of_the_lines_does_not_change_the_facts(
    name: str,
    width: int,
    double: bool,
    line_end: str,
    nlp: Language,
    letters: dict[str, str],
) -> None:
    raw = letters[name]
    again = rewrap(raw, width, double=double, line_end=line_end)
    assert facts(nlp, again) == facts(nlp, raw)


@pytest.mark.parametrize("name", NAMES)
def test_the_readable_text_gives_the_same_facts(
    name: str, nlp: Language, letters: dict[str, str]
) -> None:
    assert facts(nlp, readable(letters[name])) == facts(nlp, letters[name])


@pytest.mark.parametrize("name", NAMES)
def test_counts_add_up(name: str, nlp: Language, letters: dict[str, str]) -> None:
    doc = nlp(letters[name])
    result = doc._.determination
    assert len(doc.spans["items"]) == len(result.issues)
    assert [issue.index for issue in result.issues] == list(range(len(result.issues)))
    in_items = [record for record in result.medications if record.section == "item"]
    assert len(in_items) >= sum(len(issue.drugs) for issue in result.issues)
    for issue in result.issues:
        contradicts = (issue.decision, issue.conclusion) in {
            ("upheld", "necessary"),
            ("overturned", "not_necessary"),
        }
        assert issue.contradiction == contradicts


@given(text=st.text(max_size=400))
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_gives_a_result(text: str, nlp: Language) -> None:
    result = nlp(text)._.determination
    assert result.issues == []
    assert {note.code for note in result.warnings} >= {"unknown_layout", "no_issues"}


@given(
    name=st.sampled_from(NAMES),
    cut=st.floats(0, 1),
    noise=st.text(alphabet="\n\r\f\t :;.,#%()0aZ", max_size=12),
)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_letter_cut_off_or_stained_still_gives_a_result(
    name: str, cut: float, noise: str, nlp: Language, letters: dict[str, str]
) -> None:
    raw = letters[name]
    place = int(len(raw) * cut)
    for text in (raw[:place], raw[place:], raw[:place] + noise + raw[place:]):
        for span in spans(nlp(text)._.determination.model_dump(mode="json")):
            assert 0 <= span["start"] <= span["end"] <= len(text)

"""Which letters to annotate next: uncertain before certain, and each unlike the others."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import imr_nlp
from imr_nlp.corpus import CorpusError, export_letters, read_letter, read_letters, to_standoff
from imr_nlp.corpus.tokens import tokenize
from imr_nlp.errors import ImrError
from imr_nlp.learning.seen import Seen, read_seen, seen_letters
from imr_nlp.learning.suggest import suggest
from imr_nlp.learning.uncertainty import letter_uncertainty
from imr_nlp.schema import DETERMINATION_KEY, PROBABILITIES_KEY, Determination, Issue, Note

CORPUS = Path(__file__).parents[3] / "corpus"
EXCHANGE = Path(__file__).parents[2] / "data" / "exchange"
TOPICS = {
    "drug": "An opioid calls for screens of urine and for a signed agreement.",
    "knee": "The meniscus is torn and the joint has locked twice since autumn.",
    "bed": "A hospital mattress eases nothing that an ordinary one would not.",
    "scan": "Magnetic imaging shows nerve roots where an operation is planned.",
    "care": "Somebody must cook, wash and shop while both arms are in plaster.",
}
SURE = {"reasons": {"prolonged_use": 0.99}, "category": {"imaging": 1.0}, "decision": 0.99}
UNSURE = {"reasons": {"prolonged_use": 0.5}, "category": {"imaging": 0.5, "surgery": 0.5},
          "decision": 0.6}  # fmt: skip


@pytest.fixture(scope="module")
def nlp():
    return imr_nlp.load("rules")


def letter(name, rationale, *issues, warnings=()):
    """A letter that a pipeline read; `issues` are its probabilities."""
    doc = tokenize(f"Letter {name}\nDecision rationale: {rationale}\n")
    doc.user_data[DETERMINATION_KEY] = Determination(
        id=name,
        issues=[Issue(index=0, item="", decision="upheld", rationale=rationale)],
        warnings=[Note(code=code, message=code) for code in warnings],
    ).model_dump(mode="json")
    if issues:
        doc.user_data[PROBABILITIES_KEY] = list(issues)
    return doc


def names(suggestions):
    return [suggestion.id for suggestion in suggestions]


def uncertainty(*issues, warnings=()):
    return letter_uncertainty(letter("a", "x", *issues, warnings=warnings)).value


def test_uncertain_letters_come_first_and_say_why():
    docs = [
        letter("sure", TOPICS["drug"], SURE),
        letter("unsure", TOPICS["knee"], UNSURE),
        letter("between", TOPICS["bed"], SURE, UNSURE),
    ]
    found = suggest(docs, 3)
    assert names(found) == ["unsure", "between", "sure"]
    assert [suggestion.rank for suggestion in found] == [1, 2, 3]
    assert found[0].why == (
        "issue 1: prolonged_use 50%, category imaging 50% or surgery 50%, decision right with 60%"
    )
    assert found[1].why.startswith("issue 2: ")
    assert found[2].why == "for variety"
    assert found[0].score > found[1].score > found[2].score > 0


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"reasons": {"prolonged_use": 0.02}}, {"reasons": {"prolonged_use": 0.4}}),
        ({"category": {"imaging": 0.97, "surgery": 0.03}}, {"category": {"imaging": 0.6}}),
        ({"decision": 0.95}, {"decision": 0.6}),
        ({"decision": 0.6}, {"decision": 0.1}),
    ],
)
def test_each_kind_of_doubt_counts(less, more):
    assert 0 < uncertainty(less) < uncertainty(more) <= 1


def test_long_label_lists_do_not_drown_a_doubt():
    short = {"a": 0.5, "b": 0.5, "c": 0.5}
    long = {**short, **{f"other {number}": 0.001 for number in range(30)}}
    assert uncertainty({"reasons": long}) == uncertainty({"reasons": short}) == 1


def test_long_letters_do_not_win_by_length():
    assert uncertainty(UNSURE) > uncertainty(UNSURE, *[SURE] * 9)
    assert uncertainty(*[SURE] * 10) == pytest.approx(uncertainty(SURE))


def test_what_is_not_known_counts_for_nothing():
    assert uncertainty({}, UNSURE) == uncertainty(UNSURE)
    assert uncertainty({"reasons": {}, "category": {}}) == uncertainty() == 0


def test_warnings_count_by_kind_with_rules_alone():
    once = uncertainty(warnings=["cut_off"])
    assert 0 < once == uncertainty(warnings=["cut_off", "cut_off"])
    assert once < uncertainty(warnings=["cut_off", "no_issues"]) < 1
    assert letter_uncertainty(letter("a", "x", warnings=["cut_off"])).why == ("warning cut_off",)
    docs = [letter("plain", TOPICS["bed"]), letter("told", TOPICS["knee"], warnings=["cut_off"])]
    assert names(suggest(docs, 1)) == ["told"]


probabilities = st.floats(0, 1)
issues = st.fixed_dictionaries(
    {},
    optional={
        "reasons": st.dictionaries(st.text("ab", max_size=3), probabilities, max_size=9),
        "category": st.dictionaries(st.text("ab", max_size=3), probabilities, max_size=9),
        "decision": probabilities,
    },
)


@given(own=st.lists(issues, max_size=4), codes=st.lists(st.sampled_from("abc"), max_size=4))
def test_uncertainty_lies_between_nothing_and_one(own, codes):
    value = uncertainty(*own, warnings=codes)
    assert 0 <= value <= 1
    assert value <= uncertainty(*own, warnings=[*codes, "another"])


def test_ten_copies_of_stock_text_count_once():
    stock = TOPICS["drug"] * 3
    docs = [letter(f"copy {n}", f"{stock} Patient number {n}.", UNSURE) for n in range(10)]
    docs += [letter(name, TOPICS[name], SURE) for name in ("knee", "bed", "scan")]
    found = names(suggest(docs, 4))
    assert found[0].startswith("copy")
    assert sorted(found[1:]) == ["bed", "knee", "scan"]
    assert all("like copy" in one.why for one in suggest(docs, 13)[4:])


def test_the_same_text_is_one_letter():
    docs = [letter("a", TOPICS["bed"], UNSURE), letter("b", TOPICS["knee"], UNSURE)]
    again = tokenize(docs[0].text.replace(" ", "  "))
    again.user_data.update({**docs[0].user_data, "imr_nlp.text": again.user_data["imr_nlp.text"]})
    assert again._.raw_text != docs[0].text
    assert sorted(names(suggest([*docs, again], 9))) == ["a", "b"]


def test_annotated_letters_are_left_out_and_what_is_like_them_comes_last(nlp):
    golds = read_letters(CORPUS / "letters")[:6]
    pool = [nlp(gold.text) for gold in golds]
    for doc, gold in zip(pool, golds, strict=True):
        doc.user_data[DETERMINATION_KEY].update(id=gold.id, warnings=[])
    seen = golds[0].model_copy(update={"id": "under another name"})
    assert sorted(names(suggest(pool, 6, seen=seen_letters([seen])))) == [g.id for g in golds[1:]]
    other = golds[3].model_copy(update={"id": "twin"})
    twin = seen_letters([other])._replace(hashes=frozenset())
    last = suggest(pool, 6, seen=twin)[-1]
    assert last.id == golds[3].id
    assert last.why.endswith("like twin")


@given(order=st.permutations(range(8)), n=st.integers(1, 10))
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_letters_does_not_matter(order, n):
    words = sorted(TOPICS)
    docs = [
        letter(f"l{k}", TOPICS[words[k % 5]] + f" Case {k // 3}.", [SURE, UNSURE][k % 2], UNSURE)
        for k in range(8)
    ]
    first = suggest(docs, n)
    assert suggest([docs[place] for place in order], n) == first
    assert len(first) == min(n, 8) == len(set(names(first)))
    assert suggest(docs, 1) == first[:1]


def test_there_may_be_nothing_or_nothing_to_tell_them_apart():
    assert suggest([], 3) == []
    assert suggest([letter("a", TOPICS["bed"])], 3, seen=Seen([], frozenset()))[0].id == "a"
    assert len(suggest([letter(name, "!") for name in ("a", "b")], 3)) == 2
    with pytest.raises(ValueError, match="n is 0"):
        suggest([], 0)


def test_letters_without_determination_or_name_are_taken_by_their_text():
    docs = [tokenize(text) for text in TOPICS.values()]
    found = suggest(docs, 9)
    assert len(set(names(found))) == 5


def test_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    with pytest.raises(ImrError, match=r"pip install \"imr_nlp\[train\]\""):
        suggest([letter("a", "x")], 1)


@pytest.mark.parametrize(
    "form", ["imr", "jsonl", "docbin", "prodigy", "label-studio", "doccano", "brat", "datasets"]
)
def test_annotated_letters_are_read_in_every_form(tmp_path, form):
    letters = [read_letter(CORPUS / "letters" / f"{name}.imr") for name in ("w1-01", "w1-02")]
    export_letters(letters, tmp_path / "out", form)
    seen = read_seen(tmp_path / "out")
    assert [letter.id for letter in seen.letters] == ["w1-01", "w1-02"]
    assert seen.hashes == seen_letters(letters).hashes


@pytest.mark.parametrize(
    "path",
    ["cm16-0900431.imr", "brat", "doccano/relations.jsonl", "doccano/triples.jsonl",
     "label_studio/export.json", "prodigy/relations.jsonl", "prodigy/spans.jsonl"],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:.*nobody decided on 1 of 3 letters")
def test_what_the_tools_wrote_is_told_by_its_content(path):
    assert read_seen(EXCHANGE / path).letters[0].id == "cm16-0900431"


def test_a_corpus_folder_holds_letters_and_hashes(tmp_path):
    written = read_letter(CORPUS / "letters" / "w1-01.imr")
    posted = read_letter(CORPUS / "letters" / "w1-02.imr").to_readable()
    (tmp_path / "letters").mkdir()
    (tmp_path / "real").mkdir()
    shutil.copy(CORPUS / "letters" / "w1-01.imr", tmp_path / "letters")
    (tmp_path / "real" / "w1-02.json").write_text(json.dumps(to_standoff(posted)), "utf-8")
    seen = read_seen(tmp_path)
    assert [own.id for own in seen.letters] == ["w1-01"]
    assert seen.hashes == seen_letters([written, posted]).hashes


@pytest.mark.parametrize("content", [None, b"", b"{", b"3\n", b'{"text": "x"}\n', b"\xff\xfe\x00"])
def test_what_holds_no_annotation_is_told(tmp_path, content):
    path = tmp_path / "seen.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CorpusError, match=r"seen\.jsonl"):
        read_seen(path)

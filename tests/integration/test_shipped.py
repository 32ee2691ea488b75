"""The trained pipeline that comes with the package."""

from pathlib import Path
from typing import get_args

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import imr_nlp
from imr_nlp.corpus import read_letters, read_splits, to_doc
from imr_nlp.evaluation import evaluate
from imr_nlp.pipeline import DRUG_RULER, drug_patterns
from imr_nlp.schema import Category
from imr_nlp.shipped import trained_path
from tests.integration.test_invariants import NAMES, facts, rewrap

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def small() -> Language:
    return imr_nlp.load()


@pytest.mark.parametrize("name", NAMES)
def test_reasons_hang_together(name: str, small: Language, letters: dict[str, str]) -> None:
    doc = small(letters[name])
    spans = {(span.start, span.end, span.label_) for span in doc.spans["reasons"]}
    for issue in doc._.determination.issues:
        labels = [reason.label for reason in issue.reasons]
        assert len(set(labels)) == len(labels)
        assert (issue.primary_reason is None) == (not labels)
        assert issue.primary_reason in [*labels, None]
        rationale = issue.spans["rationale"][0] if "rationale" in issue.spans else None
        for reason in issue.reasons:
            assert 0 < reason.score <= 1
            assert reason.sentences
            for sentence in reason.sentences:
                if rationale is not None:
                    assert rationale.start <= sentence.start < sentence.end <= rationale.end
    assert len(spans) == len(doc.spans["reasons"])


def test_all_else_is_what_the_rules_say(
    nlp: Language, small: Language, letters: dict[str, str]
) -> None:
    for raw in letters.values():
        by_rules, trained = facts(nlp, raw), facts(small, raw)
        for issue in [*by_rules["issues"], *trained["issues"]]:
            for name in ("reasons", "primary_reason", "decision_score", "category_score"):
                del issue[name]
        assert trained == by_rules


@pytest.mark.parametrize("name", NAMES)
def test_every_issue_has_its_probabilities(
    name: str, small: Language, letters: dict[str, str]
) -> None:
    doc = small(letters[name])
    issues = doc._.determination.issues
    assert len(doc._.probabilities) == len(issues)
    for issue, own in zip(issues, doc._.probabilities, strict=True):
        assert set(own["category"]) == set(get_args(Category))
        assert sum(own["category"].values()) == pytest.approx(1, abs=1e-4)
        assert issue.category_score == pytest.approx(own["category"][issue.category], abs=1e-4)
        assert 0.9 < issue.decision_score < 1
        for reason in issue.reasons:
            assert reason.score == pytest.approx(own["reasons"][reason.label], abs=1e-4)


def test_a_drug_that_nobody_listed_is_found_where_it_is_asked_for(small: Language) -> None:
    text = """CLINICAL CASE SUMMARY
A 40 year old woman was injured on 1/2/2014. She takes Velodrizan 30 mg twice a day for pain.
IMR ISSUES, DECISIONS AND RATIONALES
Velodrizan 30mg #60: Upheld
Decision rationale: Velodrizan is not recommended as a first-line drug. It is not necessary.
"""
    assert not imr_nlp.load("rules")(text)._.determination.medications
    item = next(m for m in small(text)._.determination.medications if m.section == "item")
    assert (item.drug, item.strength, item.quantity, item.name) == (
        "Velodrizan", "30mg", "#60", None,
    )  # fmt: skip


def test_the_recogniser_is_asked_only_where_a_word_is_unknown(small: Language) -> None:
    text = """CLINICAL CASE SUMMARY
A 40 year old woman was injured on 1/2/2014. She takes Norco 10/325 mg for her back pain.
IMR ISSUES, DECISIONS AND RATIONALES
Norco 10/325mg #60: Upheld
Decision rationale: Norco is not recommended. The request is not medically necessary.
"""
    proposals = small.get_pipe("imr_proposals")
    asked: list[str] = []

    class Listener:
        component_names = ("tok2vec", "ner")

        def get_pipe(self, name: str) -> "Listener":
            return self

        def predict(self, docs: list[Doc]) -> None:
            asked.extend(doc.text for doc in docs)

        def set_annotations(self, docs: list[Doc], scores: None) -> None:
            pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proposals, "_nlp", Listener())
        small(text)
        assert asked == []
        small(text.replace("her back pain", "blorvitis"))
    assert set(asked) == {"She takes Norco 10/325 mg for blorvitis."}


@pytest.mark.parametrize("name", NAMES[::3])
def test_the_layout_of_the_lines_does_not_change_the_reasons(
    name: str, small: Language, letters: dict[str, str]
) -> None:
    again = rewrap(letters[name], 70, double=True, line_end="\r\n")
    assert facts(small, again) == facts(small, letters[name])


def test_it_is_made_from_the_lexicon_of_this_version(small: Language) -> None:
    ruler = small.get_pipe(DRUG_RULER)
    key = lambda pattern: sorted(pattern.items())  # noqa: E731
    assert sorted(ruler.patterns, key=key) == sorted(drug_patterns(), key=key)
    assert small.pipe_names == [*nlp_names()]
    assert small.disabled == ["tok2vec", "ner"]


def nlp_names() -> list[str]:
    names = list(imr_nlp.load("rules").pipe_names)
    place = names.index("imr_medications")
    learned = ["imr_categories", "imr_decisions", "imr_reasons"]
    return [*names[:place], "imr_proposals", *names[place:-1], *learned, names[-1]]


def test_spacy_loads_it_and_docbin_keeps_its_results(letters: dict[str, str]) -> None:
    nlp = spacy.load(trained_path("sm"))
    docs = list(nlp.pipe(letters.values()))
    kept = DocBin(store_user_data=True, docs=docs).to_bytes()
    again = list(DocBin().from_bytes(kept).get_docs(nlp.vocab))
    assert [d._.determination for d in again] == [d._.determination for d in docs]


def test_two_processes_give_the_same(small: Language, letters: dict[str, str]) -> None:
    texts = list(letters.values())[:4]
    one = [d._.determination for d in small.pipe(texts)]
    two = [d._.determination for d in small.pipe(texts, n_process=2, batch_size=2)]
    assert one == two


def test_the_card_quotes_what_it_scores_on_the_test_split(small: Language) -> None:
    names = read_splits(ROOT / "corpus" / "splits.json").test
    gold = [x for x in read_letters(ROOT / "corpus" / "letters") if x.id in names]
    report = evaluate(small, [to_doc(letter) for letter in gold])
    card = (trained_path("sm") / "README.md").read_text(encoding="utf-8")
    (row,) = (line for line in card.splitlines() if line.startswith("| reasons, micro F1"))
    quoted = float(row.split("|")[4].split()[0])
    assert report.scores["reasons/micro"].value == pytest.approx(quoted, abs=0.005)


def test_no_pickle_lies_in_it() -> None:
    assert (trained_path("sm") / "imr_reasons" / "model.msgpack").is_file()
    for path in trained_path("sm").rglob("*"):
        assert path.suffix not in {".pkl", ".pickle", ".joblib"}
        if path.is_file():
            # Every protocol from 2 on begins with 0x80 and its number.
            head = path.read_bytes()[:2]
            assert not (head[:1] == b"\x80" and head[1:2] in {b"\x02", b"\x03", b"\x04", b"\x05"})

"""Scores: what is right counts, what is wrong is listed, intervals resample letters."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.scorer import Scorer as SpacyScorer
from spacy.tokens import Doc, Span
from spacy.training import Example

import imr_nlp
from imr_nlp.corpus import AnnotatedLetter, parse_form, to_doc
from imr_nlp.errors import PipelineError
from imr_nlp.evaluation import evaluate, score_letter, summarize, to_markdown
from imr_nlp.evaluation.entities import LABELS
from imr_nlp.evaluation.intervals import Scorer
from imr_nlp.evaluation.tally import LetterScores, Tally

LETTER = """---
layout: F4b
age: 50
sex: male
issues:
- decision: upheld
  category: pharmaceuticals
  conclusion: not_necessary
  primary: prolonged_use
  claims:
  - {source: MTUS, title: Opioids, year: 2016}
- decision: overturned
  category: imaging
  primary: criteria_met
---
{SUMMARY|A 50 year old man with {DIAGNOSIS|low back pain} takes {DRUG|Norco} {FREQUENCY|daily}.}
{ITEM|{DRUG|Norco} {STRENGTH|10/325mg} {QUANTITY|#60}}: Upheld
Claims Administrator guideline: {CLAIMS|MTUS Opioids 2016}
Decision rationale: {RATIONALE|{prolonged_use|He has used it for years.} It is not necessary.}
{ITEM|{SERVICE|MRI} of the {BODY_PART|lumbar spine}}: Overturned
Decision rationale: {RATIONALE|{criteria_met+approved_context|His foot drops.} It is necessary.}
"""


def read(*replaced) -> AnnotatedLetter:
    content = LETTER
    for old, new in replaced:
        assert old in content
        content = content.replace(old, new, 1)
    letter, faults, _ = parse_form(content, id="a")
    assert not faults
    return letter


def report(*replaced):
    """Score a second reading of the letter against the first."""
    return summarize([score_letter(to_doc(read(*replaced)), to_doc(read()))])


def values(result, *names):
    return [round(result.scores[name].value, 3) for name in names]


def test_the_same_reading_is_right_in_everything():
    result = report()
    assert result.errors == []
    assert (result.n_letters, result.n_issues) == (1, 2)
    for name, score in result.scores.items():
        wanted = 0.0 if name.endswith("hallucination") else 1.0
        assert score.value == wanted or not score.support, name


def test_every_shipped_letter_is_right_against_itself(written_letters):
    docs = [to_doc(letter) for letter in written_letters]
    result = summarize([score_letter(doc, doc) for doc in docs])
    assert result.errors == []


@pytest.mark.parametrize(
    ("replaced", "wrong"),
    [
        (("{FREQUENCY|daily}", "daily"), {"entities/strict/FREQUENCY", "medications/whole/prose"}),
        (("{DIAGNOSIS|low back pain}", "low {DIAGNOSIS|back pain}"), {"diagnoses"}),
        (("decision: upheld", "decision: overturned"), {"issues/item+decision", "issue/decision"}),
        (("category: imaging", "category: surgery"), {"issue/category"}),
        (("title: Opioids, year: 2016", "title: Opioids"), {"citations/claims"}),
        (("age: 50\n", ""), {"letter/age"}),
        (("primary: criteria_met", "primary: approved_context"), {"primary_reason"}),
        (("{criteria_met+approved_context|", "{criteria_met|"), {"reasons", "evidence"}),
        (("conclusion: not_necessary", "conclusion: necessary"), {"issue/conclusion"}),
    ],
)
def test_each_difference_is_an_error_of_its_layer(replaced, wrong):
    assert wrong <= {error.layer for error in report(replaced).errors}


def test_the_errors_say_what_is_right_and_what_was_said():
    (error,) = report(("category: imaging", "category: surgery")).errors
    assert (error.letter, error.kind) == ("a", "wrong")
    assert (error.gold, error.predicted) == ("imaging", "surgery")
    assert read().text[error.start :].startswith("MRI")


def test_partial_matching_gives_half_for_an_overlap():
    result = report(("{DIAGNOSIS|low back pain}", "low {DIAGNOSIS|back pain}"))
    names = ["entities/strict/DIAGNOSIS", "entities/partial/DIAGNOSIS"]
    assert values(result, *names) == [0.0, 0.5]


def test_entities_that_touch_do_not_overlap():
    result = report(
        ("{STRENGTH|10/325mg} {QUANTITY|#60}", "{STRENGTH|10/325mg} #{QUANTITY|60}"),
    )
    assert values(result, "entities/partial/STRENGTH", "entities/partial/QUANTITY") == [1.0, 0.5]


def test_exact_matching_asks_for_the_place_alone():
    result = report(("{QUANTITY|#60}", "{REFILLS|#60}"))
    assert values(result, "entities/exact") == [1.0]
    assert result.scores["entities/strict"].value < 1


def test_a_missed_issue_earns_nothing(nlp):
    gold = to_doc(read())
    blank = nlp(gold._.raw_text)
    blank.user_data["imr_nlp.determination"]["issues"] = []
    result = summarize([score_letter(blank, gold)])
    for name in ("sessions", "requested", "retrospective", "category", "conclusion"):
        assert result.scores[f"issue/{name}/accuracy"].value == 0
    assert not [error for error in result.errors if error.layer.startswith("issue/")]


def test_a_rare_label_that_is_right_has_no_wide_interval():
    letters = []
    for number in range(40):
        scores = LetterScores(str(number))
        scores.add("reasons/common", Tally(1, 1, 1))
        if not number:
            scores.add("reasons/rare", Tally(1, 1, 1))
        letters.append(scores)
    result = summarize(letters)
    for name in ("reasons/macro", "reasons/rare", "reasons/micro"):
        score = result.scores[name]
        assert (score.value, score.low, score.high) == (1, 1, 1)


@pytest.mark.parametrize(
    "content",
    [
        "---\nlayout: F4b\n---\n{SUMMARY|A man.}",
        "---\nlayout: F3\nissues:\n- {decision: upheld, category: imaging}\n---\n"
        "{SUMMARY|A man.} {ITEM|MRI}. {RATIONALE|No.}",
    ],
)
def test_letters_without_issues_or_drugs_are_scored(content, nlp):
    letter, faults, _ = parse_form(content, id="a")
    assert not faults
    result = evaluate(nlp, [to_doc(letter)])
    assert result.scores["letter/layout/accuracy"].support == 1
    assert to_markdown([result])


def test_no_letters_give_an_empty_report():
    result = summarize([])
    assert (result.n_letters, result.errors) == (0, [])


def test_a_wrong_attribute_spoils_the_whole_medication_but_not_its_other_links():
    result = report(("{QUANTITY|#60}", "#60"))
    assert values(result, "medications/whole/items", "medications/whole/prose") == [0.0, 1.0]
    assert values(result, "medications/links/items") == [0.667]


def test_always_upheld_has_a_balanced_accuracy_of_one_half():
    result = report(("decision: overturned", "decision: upheld"))
    assert values(result, "issue/decision/accuracy", "decision/balanced_accuracy") == [0.5, 0.5]


def test_coverage_and_hallucination_are_counted_apart():
    missing = report(("age: 50\n", ""))
    assert values(missing, "letter/age/coverage", "letter/age/accuracy") == [0.0, 0.0]
    invented = report(("sex: male", "sex: male\npriority: Standard"))
    assert values(invented, "letter/priority/hallucination") == [1.0]


def test_evidence_counts_where_half_of_the_shorter_is_shared():
    shorter = report(
        ("{prolonged_use|He has used it for years.}", "He {prolonged_use|has used it for years.}")
    )
    assert values(shorter, "evidence") == [1.0]


def test_the_list_of_scores_survives_json():
    data = json.loads(report(("category: imaging", "category: surgery")).to_json())
    assert data["scores"]["issue/category/accuracy"]["value"] == 0.5
    assert data["errors"][0]["gold"] == "imaging"


def test_tables_show_sets_side_by_side():
    table = to_markdown([report(), report(("age: 50\n", ""))])
    (line,) = (line for line in table.splitlines() if line.startswith("| letter/age/accuracy"))
    assert line == ("| letter/age/accuracy | 1.000 (1.000-1.000), n 1 | 0.000 (0.000-0.000), n 1 |")


def test_a_doc_without_a_determination_is_refused():
    doc = to_doc(read())
    bare = to_doc(read())
    bare.user_data.pop("imr_nlp.determination")
    with pytest.raises(PipelineError, match="predicted Doc holds no determination"):
        score_letter(bare, doc)


def test_docs_of_two_letters_are_refused():
    with pytest.raises(ValueError, match="not of the same letter"):
        score_letter(to_doc(read(("His foot", "Her foot"))), to_doc(read()))


def test_evaluating_the_rules(nlp):
    result = evaluate(nlp, [to_doc(read())])
    assert result.n_letters == 1
    assert "entities/strict/DRUG" in result.scores


tallies = st.builds(
    lambda right, spurious, missed: Tally(right, right + spurious, right + missed),
    *[st.integers(0, 5)] * 3,
)


@given(st.lists(tallies, min_size=1, max_size=12))
def test_intervals_hold_the_extremes_of_resampling(drawn):
    letters = []
    for number, tally in enumerate(drawn):
        scores = LetterScores(str(number))
        scores.add("x", tally)
        letters.append(scores)
    score = Scorer(letters).f1("x")
    assert 0 <= score.low <= score.high <= 1
    assert score.support == sum(t.gold for t in drawn)
    total = np.sum(drawn, axis=0)
    whole = total[1] + total[2]
    assert score.value == pytest.approx(2 * total[0] / whole if whole else 0.0)
    if len(set(drawn)) == 1:
        assert score.low == pytest.approx(score.high)


def test_strict_entities_are_those_of_spacys_scorer(written_letters):
    gold = [to_doc(letter, misaligned=[]) for letter in written_letters[:12]]
    read = list(imr_nlp.load("rules").pipe(letter.text for letter in written_letters[:12]))
    examples = []
    for truth, guess in zip(gold, read, strict=True):
        # The rules mark more than is annotated; spaCy would count that against them.
        guess.set_ents([entity for entity in guess.ents if entity.label_ in LABELS])
        copy = Doc(
            guess.vocab, words=[t.text for t in truth], spaces=[t.whitespace_ == " " for t in truth]
        )
        copy.set_ents([Span(copy, e.start, e.end, label=e.label_) for e in truth.ents])
        examples.append(Example(guess, copy))
    theirs = SpacyScorer.score_spans(examples, "ents")
    ours = summarize([score_letter(p, g) for p, g in zip(read, gold, strict=True)]).scores
    assert 0.5 < theirs["ents_f"] < 1
    assert ours["entities/strict"].value == pytest.approx(theirs["ents_f"])
    assert ours["entities/strict"].recall == pytest.approx(theirs["ents_r"])
    for label, own in theirs["ents_per_type"].items():
        assert ours[f"entities/strict/{label}"].value == pytest.approx(own["f"]), label

import pytest

from imr_nlp.corpus import CorpusError, read_bank, read_rationales
from imr_nlp.corpus.bank import count_labels

GOOD = '{"text": "No drug screen is on file.", "labels": ["opioid_monitoring_lacking"]}\n'


def write(folder, content):
    (folder / "a.jsonl").write_text(content, encoding="utf-8")
    return folder


def test_sentences_with_and_without_reasons(tmp_path):
    other = '{"text": "The MTUS asks for a screen.", "labels": [], "kind": "recital"}\n'
    sentences = read_bank(write(tmp_path, GOOD + "\n" + other))
    assert [sentence.labels for sentence in sentences] == [("opioid_monitoring_lacking",), ()]
    assert count_labels(sentences) == {"opioid_monitoring_lacking": 1, "recital": 1}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "JSON"),
        ('{"text": "a", "labels": ["no_reason"]}', "labels"),
        ('{"text": "a", "labels": []}', "kind"),
        ('{"text": "a", "labels": ["safety_risk"], "kind": "history"}', "kind"),
        ('{"text": "a", "labels": ["safety_risk", "safety_risk"]}', "twice"),
        ('{"text": "", "labels": ["safety_risk"]}', "text"),
        ('{"text": "no  drug screen is on FILE.", "labels": ["safety_risk"]}', "stands in"),
    ],
)
def test_wrong_lines_are_named(tmp_path, line, says):
    with pytest.raises(CorpusError, match=says) as raised:
        read_bank(write(tmp_path, GOOD + line + "\n"))
    assert [problem.line for problem in raised.value.problems] == [2]


RATIONALE = (
    '{"item": "MRI", "decision": "upheld", "category": "imaging", "primary": %s,'
    ' "sentences": [{"text": "ODG asks for a red flag.", "labels": []},'
    ' {"text": "There is none.", "labels": ["criteria_not_met"]}]}\n'
)


def test_rationales(tmp_path):
    (rationale,) = read_rationales(write(tmp_path, RATIONALE % '"criteria_not_met"'))
    assert [len(sentence.labels) for sentence in rationale.sentences] == [0, 1]
    assert count_labels(rationale.sentences) == {"none": 1, "criteria_not_met": 1}


@pytest.mark.parametrize("primary", ["null", '"safety_risk"'])
def test_a_primary_reason_is_one_that_is_stated(tmp_path, primary):
    with pytest.raises(CorpusError, match="primary"):
        read_rationales(write(tmp_path, RATIONALE % primary))

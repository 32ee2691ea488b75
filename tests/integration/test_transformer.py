"""The transformer pipeline: what its parts do, and a training of a tiny encoder."""

from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.tokens import Span, SpanGroup

import imr_nlp
import imr_nlp.pipeline
from imr_nlp.components.findings import findings
from imr_nlp.components.linear import SparseLinear
from imr_nlp.components.reasons.component import LetterReasons
from imr_nlp.components.reasons.model import ReasonModel
from imr_nlp.components.reasons.scorer import make_cross_entropy_scorer
from imr_nlp.components.reasons.span_model import MISSING, SpanReasonModel
from imr_nlp.components.reasons.suggester import SENTENCE_SCORES, suggest_sentences
from imr_nlp.corpus import parse_form, read_letters, read_rationales, to_doc
from imr_nlp.errors import PipelineError
from imr_nlp.evaluation import evaluate
from imr_nlp.learning.memory import make_trim_memory
from imr_nlp.learning.reasons import LABELS
from imr_nlp.learning.span_docs import letter_of, to_training_doc, training_docs
from imr_nlp.pipeline import make_rules
from imr_nlp.text.sentences import sentence_spans

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "training" / "configs" / "en_imr_trf.cfg"
LETTER = """CLINICAL CASE SUMMARY
A 50 year old man was injured. He has back pain.
IMR ISSUES, DECISIONS AND RATIONALES
Soma 350mg #60: Upheld
Decision rationale: It is for weeks. He has taken it too long. It is not medically necessary.
Lumbar MRI: Upheld
Decision rationale: There is no red flag.
"""
SAID = {"He has taken it too long.": ("prolonged_use", 0.9), "There is no red flag.": ("x", 0.9)}


@pytest.fixture(scope="module")
def rules():
    return make_rules()


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(imr_nlp.pipeline, "can_transform", lambda: False)
    with pytest.raises(PipelineError, match=r"pip install 'imr_nlp\[transformers\]'"):
        imr_nlp.load("trf")


def test_without_the_weights_it_says_what_to_run(monkeypatch, tmp_path):
    monkeypatch.setattr(imr_nlp.pipeline, "can_transform", lambda: True)
    monkeypatch.setattr(imr_nlp.pipeline, "trained_path", lambda name: tmp_path / name)
    with pytest.raises(PipelineError, match=r"python training/train_trf\.py"):
        imr_nlp.load("trf")


def suggested(docs):
    ragged = suggest_sentences(docs)
    rows = iter(ragged.dataXd.tolist())
    counts = zip(docs, ragged.lengths, strict=True)
    return [[doc[slice(*next(rows))].text for _ in range(count)] for doc, count in counts]


def test_the_candidates_are_the_sentences_of_the_rationales(rules):
    doc = rules(LETTER)
    assert suggested([doc, rules(" ")]) == [
        [
            "It is for weeks.",
            "He has taken it too long.",
            "It is not medically necessary.",
            "There is no red flag.",
        ],
        [],
    ]
    rationales = [issue["rationale"] for issue in findings(doc)["issues"]]
    places = [place for own in rationales for place in sentence_spans(doc.text, *own)]
    assert [doc.text[a:b] for a, b in places] == suggested([doc])[0]


def test_without_rationales_the_candidates_are_all_sentences():
    blank = spacy.blank("en")
    doc = blank("It is for weeks. It is too long.")
    assert suggested([doc]) == [["It is for weeks.", "It is too long."]]
    blank.add_pipe("sentencizer")
    assert suggested([blank("Is it. so? Yes!")]) == [["Is it.", "so?", "Yes!"]]


def test_giving_memory_back_does_no_harm(rules):
    make_trim_memory()(rules, {})


def test_the_scorer_learns_by_cross_entropy():
    model = make_cross_entropy_scorer(2, 3, gain=10, start=-3, positive_weight=2)
    model.initialize()
    rows = np.ones((1, 3), np.float32)
    chances, backprop = model.begin_update(rows)
    assert chances == pytest.approx(np.full((1, 2), 1 / (1 + np.exp(3))), abs=1e-5)
    backprop(chances - np.array([[1, 0]], np.float32))
    slope = model.layers[0].get_grad("b")
    assert slope == pytest.approx(np.array([2 * (chances[0, 0] - 1), chances[0, 1]]) * 10)


@spacy.Language.component("stub_spancat")
def say(doc):
    group = SpanGroup(doc, name=SENTENCE_SCORES)
    chances = []
    for sentence in doc.sents:
        if sentence.text.strip() in SAID:
            label, chance = SAID[sentence.text.strip()]
            words = [token.i for token in sentence if not token.is_space]
            group.append(Span(doc, words[0], words[-1] + 1, label=label))
            chances.append(chance)
    group.attrs["scores"] = np.array(chances)
    doc.spans[SENTENCE_SCORES] = group
    return doc


@pytest.fixture
def span_model():
    own = (np.array(row, np.float32) for row in ([0.5, 1], [0.1, 0], [0.4, 0.6]))
    return SpanReasonModel(("prolonged_use", "safety_risk"), *own)


def with_spans(model):
    nlp = make_rules()
    nlp.add_pipe("stub_spancat", before="imr_medications")
    nlp.add_pipe("imr_reasons", before="imr_determination").model = model
    return nlp


def test_scored_sentences_become_reasons(span_model, tmp_path):
    nlp = with_spans(span_model)
    nlp.to_disk(tmp_path / "p")
    for pipeline in (nlp, imr_nlp.load(tmp_path / "p")):
        doc = pipeline(LETTER)
        first, second = doc._.determination.issues
        assert [(r.label, r.sentences[0].text) for r in first.reasons] == [
            ("prolonged_use", "He has taken it too long.")
        ]
        odds = 0.5 * np.log(9) + 0.1
        assert first.reasons[0].score == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-3)
        assert (first.primary_reason, second.reasons) == ("prolonged_use", [])


def test_a_missing_spancat_is_said(span_model):
    nlp = with_spans(span_model)
    nlp.disable_pipe("stub_spancat")
    result = nlp(LETTER)._.determination
    assert "no_sentence_scores" in {warning.code for warning in result.warnings}
    assert all(not issue.reasons for issue in result.issues)


def test_the_bytes_tell_the_kind_of_model(span_model):
    again = LetterReasons().from_bytes(LetterReasons(span_model).to_bytes()).model
    assert isinstance(again, SpanReasonModel)
    assert (again.labels, again.key) == (span_model.labels, SENTENCE_SCORES)
    for name in ("scale", "shift", "thresholds"):
        assert getattr(again, name) == pytest.approx(getattr(span_model, name))
    linear = SparseLinear(("a",), {}, ["t:x"], np.ones((1, 1), np.float32), np.zeros(1, np.float32))
    own = LetterReasons(ReasonModel(linear)).to_bytes()
    assert isinstance(LetterReasons().from_bytes(own).model, ReasonModel)


def test_what_was_not_scored_is_improbable(span_model, rules):
    doc = rules(LETTER)
    assert (span_model.scores(doc, [(0, 8)]) == MISSING).all()


def test_a_letter_trains_the_sentences_that_state_reasons():
    letter, faults, _ = parse_form(
        "---\nlayout: F4b\nissues:\n- {decision: upheld, category: other, primary: safety_risk}\n"
        "---\n{SUMMARY|He takes {DRUG|Soma}.} {ITEM|X}: Upheld\n{RATIONALE|It is for weeks. "
        "{safety_risk+prolonged_use|It may harm him, and it has lasted.} No.}\n",
        id="a",
    )
    assert not faults
    doc = to_training_doc(letter)
    assert [(s.text, s.label_) for s in doc.spans[SENTENCE_SCORES]] == [
        ("It may harm him, and it has lasted.", "prolonged_use"),
        ("It may harm him, and it has lasted.", "safety_risk"),
    ]
    assert [(e.text, e.label_) for e in doc.ents] == [("Soma", "DRUG")]


def test_a_rationale_of_the_bank_is_a_letter_whose_entities_are_unknown(rules):
    rationales = read_rationales(ROOT / "corpus" / "rationales")[:40]
    for number, (rationale, doc) in enumerate(
        zip(rationales, training_docs([], rationales), strict=True)
    ):
        read = rules(letter_of(rationale, number).text)
        (issue,) = read._.determination.issues
        assert issue.decision == rationale.decision
        stated = {(s.text, label) for s in rationale.sentences for label in s.labels}
        found = [(s.text, s.label_) for s in doc.spans[SENTENCE_SCORES]]
        # Sentences of the bank are joined where an abbreviation seems to end the first.
        for text, label in stated:
            assert any(text in own and label == said for own, said in found)
        assert {text for text, _ in found} <= set(suggested([read])[0])
        assert all(token.ent_iob_ == "" for token in doc)


def test_invented_drugs_leave_the_reasons_where_they_are():
    letters = read_letters(ROOT / "corpus" / "letters")[:12]
    again = list(training_docs(letters, [], seed=1))
    changed = 0
    for letter, doc in zip(letters, again, strict=True):
        before = to_training_doc(letter)
        places = [(s.start, s.end, s.label) for s in before.spans[SENTENCE_SCORES]]
        assert [(s.start, s.end, s.label) for s in doc.spans[SENTENCE_SCORES]] == places
        changed += doc.text != before.text
    assert 0 < changed < len(letters)


def tiny_encoder(folder, words):
    transformers = pytest.importorskip("transformers")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(words)]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    transformers.BertModel(config).save_pretrained(folder)
    return str(folder)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_tiny_encoder_trains_and_its_pipeline_survives_the_disk(tmp_path, monkeypatch, capsys):
    pytest.importorskip("spacy_transformers")
    pytest.importorskip("sklearn")
    from imr_nlp.learning.transformer import fit_reasons, make_transformer, train_encoder
    from imr_nlp.learning.transformer_card import Built, Measured, name_encoder, write_card

    letters = read_letters(ROOT / "corpus" / "letters")[:6]
    rationales = read_rationales(ROOT / "corpus" / "rationales")[:20]
    words = {word.lower() for letter in letters for word in letter.text.split() if word.isalpha()}
    (tmp_path / "encoder").mkdir()
    trained = train_encoder(
        letters,
        rationales,
        config=CONFIG,
        encoder=tiny_encoder(tmp_path / "encoder", words),
        shown=letters[:1],
        steps=3,
    )
    small = make_rules()
    for name in ("imr_categories", "imr_decisions"):
        small.add_pipe(name, before="imr_determination")
    name, sha256 = name_encoder(str(tmp_path / "encoder"))
    Built(
        encoder=name,
        sha256=sha256,
        letters=6,
        held=0,
        rationales=20,
        posted=False,
        steps=3,
        minutes=0.1,
    ).note(trained)
    reasons = fit_reasons(make_transformer(trained, small), letters)
    assert reasons.labels == LABELS
    nlp = make_transformer(trained, small, reasons)
    nlp.to_disk(tmp_path / "en_imr_trf")
    monkeypatch.setattr(imr_nlp.pipeline, "trained_path", lambda name: tmp_path / "en_imr_trf")
    loaded = imr_nlp.load("trf")
    assert loaded.pipe_names == nlp.pipe_names
    for raw in (letters[0].text, LETTER):
        doc, again = nlp(raw), loaded(raw)
        assert doc._.trf_data is None
        assert len(doc.spans[SENTENCE_SCORES]) > 0
        assert again._.determination == doc._.determination
    report = evaluate(loaded, [to_doc(letters[0], misaligned=[])], name="one")
    card = write_card(Built.of(loaded), Measured([report], seconds=0.1, threads=1, size=10**7))
    assert f"`{name}`" in card
    assert sha256 in card
    assert "| reasons/micro |" in card
    assert not set("{}") & set(card)

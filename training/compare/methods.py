"""Ways of scoring sentences for reasons; each is fitted on rationales.

A method takes examples and gives a function from sentences to scores (log odds),
shape (sentences, labels).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from keywords import PATTERNS
from spacy import util
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.training.initialize import init_nlp
from spacy.training.loop import train

from imr_nlp.components.linear import Floats, log_odds
from imr_nlp.components.reasons.features import Sentence
from imr_nlp.learning import entities  # noqa: F401  registers the silent logger
from imr_nlp.learning.examples import RationaleExample
from imr_nlp.learning.reasons import LABELS, fit, sentence_truth
from imr_nlp.pipeline import fast_ops

CONFIGS = Path(__file__).parents[1] / "configs"
Scorer = Callable[[Sequence[Sentence]], Floats]
Examples = Sequence[RationaleExample]
SURE = 4.0


def keywords(examples: Examples) -> Scorer:
    """Look for words; nothing is learned."""

    def score(sentences: Sequence[Sentence]) -> Floats:
        hits = [[bool(PATTERNS[label].search(s.text)) for label in LABELS] for s in sentences]
        return np.where(np.array(hits).reshape(-1, len(LABELS)), SURE, -SURE).astype(np.float32)

    return score


def tfidf(examples: Examples) -> Scorer:
    """Weigh words and pairs of words of the sentence alone: scikit-learn as it comes."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    texts = [s.text for e in examples for s in e.sentences]
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        OneVsRestClassifier(LogisticRegression(C=10, class_weight="balanced", max_iter=300)),
    )
    model.fit(texts, sentence_truth(examples).astype(int))
    return lambda sentences: model.decision_function([s.text for s in sentences]).astype(np.float32)


def small(examples: Examples) -> Scorer:
    """Do as `en_imr_sm` does."""
    return fit(examples).scores


def textcat(config: str) -> Callable[[Examples], Scorer]:
    """Train spaCy's `textcat_multilabel` on sentences by a configuration."""

    def learn(examples: Examples) -> Scorer:
        blank = util.load_model_from_config(util.load_config(CONFIGS / config), auto_fill=True)
        docs = []
        for example in examples:
            for sentence, own in zip(example.sentences, example.labels, strict=True):
                doc = blank.make_doc(sentence.text)
                doc.cats = {label: float(label in own) for label in LABELS}
                docs.append(doc)
        nlp = _train(config, docs)

        def score(sentences: Sequence[Sentence]) -> Floats:
            read = nlp.pipe([s.text for s in sentences], batch_size=32)
            rows = [[doc.cats[label] for label in LABELS] for doc in read]
            return log_odds(rows).reshape(-1, len(LABELS))

        return score

    return learn


def spancat(examples: Examples) -> Scorer:
    """Train spaCy's `spancat` on a shared `tok2vec`, over the sentences of whole rationales."""
    config = "reasons_spancat.cfg"
    blank = util.load_model_from_config(util.load_config(CONFIGS / config), auto_fill=True)
    docs = [_rationale(blank, e.sentences, e.labels) for e in examples]
    nlp = _train(config, docs)
    component = nlp.get_pipe("spancat")

    def score(sentences: Sequence[Sentence]) -> Floats:
        doc = _rationale(nlp, sentences, [frozenset()] * len(sentences))
        doc = nlp.get_pipe("tok2vec")(doc)
        _, chances = component.predict([doc])
        order = [component.labels.index(label) for label in LABELS]
        return log_odds(np.asarray(chances)[:, order])

    return score


def _rationale(
    nlp: Language, sentences: Sequence[Sentence], labels: Sequence[frozenset[str]]
) -> Doc:
    pieces = [nlp.make_doc(s.text or ".") for s in sentences]
    doc = Doc.from_docs(pieces)
    starts = {0}
    spans = []
    place = 0
    for piece, own in zip(pieces, labels, strict=True):
        starts.add(place)
        spans += [(place, place + len(piece), label) for label in sorted(own)]
        place += len(piece)
    for token in doc:
        token.is_sent_start = token.i in starts
    doc.spans["sc"] = [Span(doc, a, b, label=label) for a, b, label in spans]
    return doc


def _train(config: str, docs: Sequence[Doc]) -> Language:
    with TemporaryDirectory() as folder, fast_ops():
        path, dev = Path(folder) / "train.spacy", Path(folder) / "dev.spacy"
        DocBin(docs=docs).to_disk(path)
        DocBin(docs=list(islice(docs, 20))).to_disk(dev)
        settings = {"paths.train": str(path), "paths.dev": str(dev)}
        loaded = util.load_config(CONFIGS / config, overrides=settings, interpolate=False)
        output = Path(folder) / "model"
        output.mkdir()
        nlp = init_nlp(loaded)
        silence = io.StringIO()
        train(nlp, output, stdout=silence, stderr=silence)
        return util.load_model(output / "model-last")


def minilm_frozen(examples: Examples) -> Scorer:
    """Put logistic regression on frozen sentence embeddings."""
    from transformer import frozen

    return frozen(examples)


def minilm_tuned(examples: Examples) -> Scorer:
    """Fine-tune the encoder with the labels."""
    from transformer import tuned

    return tuned(examples)


METHODS: dict[str, Callable[[Examples], Scorer]] = {
    "keywords": keywords,
    "tfidf": tfidf,
    "sm": small,
    "textcat-bow": textcat("reasons_bow.cfg"),
    "textcat-ensemble": textcat("reasons_ensemble.cfg"),
    "spancat": spancat,
    "minilm-frozen": minilm_frozen,
    "minilm-tuned": minilm_tuned,
}

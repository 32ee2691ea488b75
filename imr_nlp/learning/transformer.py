"""The pipeline `en_imr_trf`: a transformer that is trained on entities and reasons together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import numpy as np
from spacy import util
from spacy.language import Language
from spacy.pipeline import SpanCategorizer
from spacy.tokens import Doc, DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train

from imr_nlp.components.linear import Floats
from imr_nlp.components.reasons.component import LetterReasons
from imr_nlp.components.reasons.span_model import LEAST_PROBABILITY, SpanReasonModel
from imr_nlp.corpus import AnnotatedLetter, BankRationale
from imr_nlp.learning import memory  # noqa: F401  registers what the configuration names
from imr_nlp.learning.calibrate import apply
from imr_nlp.learning.examples import labelled_spans
from imr_nlp.learning.reasons import LABELS, Bools
from imr_nlp.learning.span_docs import to_training_doc, training_docs
from imr_nlp.pipeline import make_rules, register
from imr_nlp.shipped import TRAINED_ON

NAME = "en_imr_trf"
TRAINED = ("transformer", "ner", "spancat")
FROM_SMALL = ("imr_categories", "imr_decisions")
_SHOWN = 8
_KEPT = {"imr_training", TRAINED_ON}
"""Of the meta data of the trained parts, what the whole pipeline says, too."""


def train_encoder(
    letters: Sequence[AnnotatedLetter],
    rationales: Sequence[BankRationale],
    *,
    config: Path,
    encoder: str,
    shown: Sequence[AnnotatedLetter],
    steps: int | None = None,
    overrides: dict[str, Any] | None = None,
) -> Language:
    """Train an encoder with a recogniser of entities and a classifier of sentences.

    Parameters
    ----------
    letters, rationales
        What trains.
    config
        A spaCy training configuration with `paths.train`, `paths.dev` and `paths.encoder`.
    encoder
        A folder with an encoder, or its name on a hub.
    shown
        Letters whose scores are printed meanwhile; nothing is chosen by them.
    steps
        Batches; by default those of the configuration.
    overrides
        Other values of the configuration by dotted name.
    """
    register()
    settings = {"paths.encoder": encoder, **(overrides or {})}
    if steps is not None:
        settings["training.max_steps"] = steps
        settings["training.optimizer.learn_rate.warmup_steps"] = max(1, steps // 12)
    with TemporaryDirectory() as folder:
        places = {name: Path(folder) / f"{name}.spacy" for name in ("train", "dev")}
        _write(training_docs(letters, rationales), places["train"])
        _write(map(to_training_doc, shown[:_SHOWN]), places["dev"])
        settings.update({f"paths.{name}": str(path) for name, path in places.items()})
        nlp = init_nlp(util.load_config(config, overrides=settings, interpolate=False))
        # Without a folder nothing is written, and `nlp` ends with the last weights.
        train(nlp, None)
    return nlp


def _write(docs: Iterable[Doc], path: Path) -> None:
    DocBin(docs=docs).to_disk(path)


def make_transformer(
    trained: Language, small: Language, reasons: SpanReasonModel | None = None
) -> Language:
    """Put the trained parts into the rule pipeline.

    Parameters
    ----------
    trained
        A pipeline with `transformer`, `ner` and `spancat`.
    small
        `en_imr_sm`, whose categories and decisions are taken as they are.
    reasons
        Calibration and thresholds of the reasons; without it none are given.
    """
    nlp = make_rules()
    for name in TRAINED:
        nlp.add_pipe(name, source=trained, before="imr_medications")
    spancat = cast(SpanCategorizer, nlp.get_pipe("spancat"))
    spancat.cfg["threshold"] = LEAST_PROBABILITY
    nlp.add_pipe("imr_proposals", before="imr_medications")
    for name in FROM_SMALL:
        nlp.add_pipe(name, source=small, before="imr_determination")
    component = cast(LetterReasons, nlp.add_pipe("imr_reasons", before="imr_determination"))
    component.model = reasons
    # The encoder's output is large, and nobody needs it behind the determination.
    nlp.add_pipe("doc_cleaner", config={"attrs": {"_.trf_data": None}})
    nlp.batch_size = 8
    nlp.meta.update(
        {name: value for name, value in trained.meta.items() if name in _KEPT},
        name=NAME.removeprefix("en_"),
        description="Rules and a transformer for California IMR determination letters",
    )
    return nlp


def fit_reasons(nlp: Language, letters: Sequence[AnnotatedLetter]) -> SpanReasonModel:
    """Calibrate the scores of sentences, and choose thresholds, on letters that trained nothing."""
    return apply(SpanReasonModel(LABELS), *best_scores(nlp, letters))


def best_scores(nlp: Language, letters: Sequence[AnnotatedLetter]) -> tuple[Floats, Bools]:
    """Give the highest sentence scores of annotated issues, and which reasons they have.

    Returns
    -------
    scores, truth
        Shapes (issues, labels).
    """
    model = SpanReasonModel(LABELS)
    best: list[Floats] = []
    truth: list[list[bool]] = []
    cleaned = [letter.to_readable() for letter in letters]
    docs = nlp.pipe(letter.text for letter in cleaned)
    for clean, doc in zip(cleaned, docs, strict=True):
        for part in clean.parts_of("RATIONALE"):
            for issue in part.issues:
                labelled = list(labelled_spans(clean, part, issue))
                if labelled:
                    best.append(model.scores(doc, [span for span, _ in labelled]).max(axis=0))
                    stated = frozenset().union(*(labels for _, labels in labelled))
                    truth.append([label in stated for label in LABELS])
    return np.array(best, np.float32), np.array(truth, dtype=bool)

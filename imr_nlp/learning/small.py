"""The trained pipeline `en_imr_sm`: the rules, and what was learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from spacy.language import Language

from imr_nlp.components.reasons.component import LetterReasons
from imr_nlp.components.reasons.model import ReasonModel
from imr_nlp.corpus import (
    AnnotatedLetter,
    CorpusError,
    Problem,
    read_bank,
    read_letters,
    read_rationales,
    read_splits,
    to_doc,
)
from imr_nlp.corpus.splits import check_split_file, make_folds
from imr_nlp.corpus.store import ATTACHED, BANK, LETTERS, RATIONALES, SPLITS
from imr_nlp.evaluation import LetterScores, Report, evaluate, score_letter, summarize
from imr_nlp.learning.calibrate import calibration_error, reliability
from imr_nlp.learning.examples import from_letter, from_rationale, from_sentence
from imr_nlp.learning.reasons import stated
from imr_nlp.learning.validation import TrainingSet, calibrate_folds, hold_out, train
from imr_nlp.pipeline import make_rules

NAME = "en_imr_sm"
REASONS = "imr_reasons"
N_FOLDS = 5
"""Folds of the written letters where no posted ones give their number."""


@dataclass(frozen=True)
class Trained:
    """A trained pipeline with what was measured.

    Parameters
    ----------
    nlp
        The pipeline.
    posted
        Posted letters, each scored by a model that was trained without its fold;
        None where no letters are attached.
    written
        Written letters of the training split, cross-validated in the same way.
    test
        The written test split, which trains nothing.
    reliability
        Calibrated probabilities of held-out issues against what is true.
    error_raw, error
        Expected calibration error before and after calibration.
    counts
        How many letters, rationales and sentences it was trained on.
    """

    nlp: Language
    posted: Report | None
    written: Report
    test: Report
    reliability: list[tuple[float, float, int]]
    error_raw: float
    error: float
    counts: dict[str, int]


@dataclass(frozen=True)
class _Material:
    written: list[AnnotatedLetter]
    test: list[AnnotatedLetter]
    posted: list[AnnotatedLetter]
    data: TrainingSet


def make_small(model: ReasonModel) -> Language:
    """Put a model of reasons between the rules and the determination."""
    nlp = make_rules()
    component = cast(LetterReasons, nlp.add_pipe(REASONS, before="imr_determination"))
    component.model = model
    nlp.meta.update(
        name=NAME.removeprefix("en_"),
        description="Rules and trained reasons for California IMR determination letters",
    )
    return nlp


def train_small(corpus: str | Path, *, use_posted: bool = True) -> Trained:
    """Train `en_imr_sm` on a corpus folder and measure it by cross-validation.

    Folds of posted letters are those of `splits.json`; written letters are dealt
    out by the same rule. The same corpus gives the same weights on one machine.

    Parameters
    ----------
    corpus
        A corpus folder, as in a checkout.
    use_posted
        Train on posted letters, too, where they are attached. Without it they
        are still scored, all of them unseen.

    Raises
    ------
    CorpusError
        If anything is wrong in the corpus, or its splits are missing.
    """
    material = _read(Path(corpus), use_posted=use_posted)
    models, held_out = hold_out(material.data)
    calibrate_folds(models, held_out)
    nlp = make_small(train(material.data, held_out))
    scores = _cross_validate(models, material)
    if not use_posted:
        scores.update(_score(nlp, material.posted))
    posted = [scores[letter.id] for letter in material.posted]
    raw = np.array([1 / (1 + np.exp(-held.best)) for held in held_out], np.float32)
    said = np.array([models[h.fold].probabilities(h.scores) for h in held_out], np.float32)
    truth = stated([held.example for held in held_out])
    return Trained(
        nlp=nlp,
        posted=summarize(posted, name="posted") if posted else None,
        written=summarize([scores[letter.id] for letter in material.written], name="written"),
        test=evaluate(nlp, [to_doc(letter) for letter in material.test], name="written, test"),
        reliability=reliability(said, truth),
        error_raw=calibration_error(raw, truth),
        error=calibration_error(said, truth),
        counts={
            "written letters": len(material.written),
            "posted letters": len(material.posted) if use_posted else 0,
            "rationales and sentences of the bank": len(material.data.always),
        },
    )


def _cross_validate(models: Sequence[ReasonModel], material: _Material) -> dict[str, LetterScores]:
    letters = {letter.id: letter for letter in [*material.written, *material.posted]}
    scores: dict[str, LetterScores] = {}
    for model, fold in zip(models, material.data.folds, strict=True):
        scores.update(_score(make_small(model), [letters[name] for name in fold]))
    return scores


def _score(nlp: Language, letters: Sequence[AnnotatedLetter]) -> dict[str, LetterScores]:
    predicted = nlp.pipe(letter.text for letter in letters)
    return {
        letter.id: score_letter(doc, to_doc(letter))
        for letter, doc in zip(letters, predicted, strict=True)
    }


def _read(corpus: Path, *, use_posted: bool = True) -> _Material:
    if not (corpus / SPLITS).exists():
        problem = "is missing; imr-nlp corpus split writes it"
        raise CorpusError([Problem(str(corpus / SPLITS), 0, problem)])
    splits = read_splits(corpus / SPLITS)
    letters = {letter.id: letter for letter in read_letters(corpus / LETTERS)}
    if problems := check_split_file(corpus):
        raise CorpusError(problems)
    written = [letters[name] for name in splits.train]
    posted = read_letters(corpus / ATTACHED) if (corpus / ATTACHED).is_dir() else []
    learned = posted if use_posted else []
    at_hand = {letter.id for letter in learned}
    dealt = make_folds(written, len(splits.folds) or N_FOLDS, seed=splits.seed)
    folds = [
        [*own, *(name for name in fold if name in at_hand)]
        for own, fold in zip(dealt, splits.folds or [[] for _ in dealt], strict=True)
    ]
    always = [from_sentence(s, n) for n, s in enumerate(read_bank(corpus / BANK))]
    always += [from_rationale(r, n) for n, r in enumerate(read_rationales(corpus / RATIONALES))]
    examples = [e for letter in [*written, *learned] for e in from_letter(letter)]
    data = TrainingSet(letters=examples, folds=folds, always=always)
    return _Material(written, [letters[name] for name in splits.test], posted, data)

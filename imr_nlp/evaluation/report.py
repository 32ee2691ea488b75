"""The scores of a pipeline on annotated letters, and what it got wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.errors import PipelineError
from imr_nlp.evaluation.calibration import Calibration, calibrate_pairs, note_probabilities
from imr_nlp.evaluation.entities import entity_spans, score_entities
from imr_nlp.evaluation.intervals import Score, Scorer, as_dict, recall_of
from imr_nlp.evaluation.issues import pair_issues, score_issues
from imr_nlp.evaluation.medications import score_medications
from imr_nlp.evaluation.reasons import score_reasons
from imr_nlp.evaluation.tally import Error, LetterScores
from imr_nlp.schema import DETERMINATION_KEY, Determination
from imr_nlp.text.layer import raw_text


@dataclass(frozen=True)
class Report:
    """Scores by name, of one set of letters.

    Parameters
    ----------
    name
        What the letters are ("written", "posted", "layout F4b").
    n_letters, n_issues
        How many there are.
    scores
        Scores by layer.
    errors
        What is wrong, in the order of the letters.
    calibration
        How the probabilities of reasons, category and decision fit what is true;
        empty for a pipeline that gives none.
    """

    name: str
    n_letters: int
    n_issues: int
    scores: dict[str, Score]
    errors: list[Error] = field(default_factory=list)
    calibration: dict[str, Calibration] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Give plain data: scores with intervals, calibration, and the errors."""
        return {
            "name": self.name,
            "n_letters": self.n_letters,
            "n_issues": self.n_issues,
            "scores": as_dict(self.scores),
            "calibration": {name: own.to_dict() for name, own in self.calibration.items()},
            "errors": [error._asdict() for error in self.errors],
        }

    def to_json(self) -> str:
        """Give the report as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)


def _determination(doc: Doc, side: str) -> Determination:
    stored = doc.user_data.get(DETERMINATION_KEY)
    if stored is None:
        raise PipelineError(
            f"The {side} Doc holds no determination: gold Docs come from imr_nlp.corpus.to_doc, "
            "predicted ones from a pipeline with 'imr_determination'."
        )
    return Determination.model_validate(stored)


def score_letter(predicted: Doc, gold: Doc, letter: str | None = None) -> LetterScores:
    """Score one letter.

    Parameters
    ----------
    predicted
        The letter as a pipeline read it.
    gold
        The same raw text with its annotation, from `imr_nlp.corpus.to_doc`.
    letter
        Its name for the list of errors; by default the id of the annotation.

    Raises
    ------
    PipelineError
        If one of the Docs holds no determination.
    ValueError
        If the two are not the same letter.
    """
    text = raw_text(gold)
    if raw_text(predicted) != text:
        raise ValueError("the two Docs are not of the same letter: their raw texts differ")
    truth, guess = _determination(gold, "gold"), _determination(predicted, "predicted")
    scores = LetterScores(letter or truth.id or "")
    score_entities(scores, entity_spans(gold), entity_spans(predicted), text)
    score_medications(scores, truth, guess)
    pairs = pair_issues(truth, guess)
    score_issues(scores, truth, guess, pairs)
    score_reasons(scores, pairs)
    note_probabilities(scores, predicted, pairs)
    return scores


def evaluate(nlp: Language, gold: Iterable[Doc], *, name: str = "letters") -> Report:
    """Run a pipeline on annotated letters and score what it says.

    Parameters
    ----------
    nlp
        The pipeline.
    gold
        Docs from `imr_nlp.corpus.to_doc`.
    name
        What the letters are, for the report.
    """
    return summarize(score_letters(nlp, gold), name=name)


def score_letters(nlp: Language, gold: Iterable[Doc]) -> list[LetterScores]:
    """Run a pipeline on annotated letters and score each.

    Parameters
    ----------
    nlp
        The pipeline.
    gold
        Docs from `imr_nlp.corpus.to_doc`.
    """
    docs = list(gold)
    predicted = nlp.pipe(raw_text(doc) for doc in docs)
    return [score_letter(p, g) for p, g in zip(predicted, docs, strict=True)]


def summarize(letters: Sequence[LetterScores], *, name: str = "letters") -> Report:
    """Put the scores of letters together."""
    scorer = Scorer(letters)
    scores: dict[str, Score] = {}
    for layer in scorer.layers("entities/"):
        scores[layer] = scorer.f1(layer)
    for kind in ("whole", "links"):
        scores[f"medications/{kind}"] = scorer.f1(scorer.layers(f"medications/{kind}/"))
    single = ("medications/", "issues/", "diagnoses", "citations/", "evidence")
    for start in single:
        scores.update({layer: scorer.f1(layer) for layer in scorer.layers(start)})
    scores["citations"] = scorer.f1(scorer.layers("citations/"))
    decisions = scorer.layers("decisions/")
    if decisions:
        scores["decision/balanced_accuracy"] = scorer.macro(decisions, recall_of)
    for layer in [*scorer.layers("letter/"), *scorer.layers("issue/")]:
        scores[layer] = scorer.rate(layer)
    scores.update(_reason_scores(scorer))
    issues = sum(round(s.tallies.get(d, (0, 0, 0))[2]) for s in letters for d in decisions)
    errors = [error for letter in letters for error in letter.errors]
    return Report(name, len(letters), issues, scores, errors, _calibrations(letters))


def _calibrations(letters: Sequence[LetterScores]) -> dict[str, Calibration]:
    layers = sorted({layer for letter in letters for layer in letter.probabilities})
    return {
        layer: calibrate_pairs(
            pair for letter in letters for pair in letter.probabilities.get(layer, [])
        )
        for layer in layers
    }


def _reason_scores(scorer: Scorer) -> dict[str, Score]:
    layers = scorer.layers("reasons/")
    if not layers:
        return {}
    stated = [layer for layer in layers if scorer.sums(layer)[0, 2] > 0]
    scores = {"reasons/micro": scorer.f1(layers)}
    if stated:
        scores["reasons/macro"] = scorer.macro(stated)
    scores.update({layer: scorer.f1(layer) for layer in layers})
    if scorer.layers("primary_reason"):
        scores["primary_reason"] = scorer.rate("primary_reason")
    return scores

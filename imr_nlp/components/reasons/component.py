"""The component that says why the reviewer decided so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.findings import (
    IssueFinding,
    ReasonFinding,
    findings,
    probabilities_of,
    set_span_group,
    value_of,
    warn,
)
from imr_nlp.components.linear import Floats
from imr_nlp.components.modelled import Modelled
from imr_nlp.components.reasons.choice import choose_decisive, choose_evidence
from imr_nlp.components.reasons.features import sentences_of
from imr_nlp.components.reasons.model import ReasonModel
from imr_nlp.components.reasons.span_model import (
    MISSING,
    SpanReasonModel,
    read_reason_model,
)
from imr_nlp.text.layer import text_of
from imr_nlp.text.sentences import sentence_spans

REASONS = "reasons"
"""Key of the evidence in `doc.spans`."""


class LetterReasons(Modelled[ReasonModel | SpanReasonModel]):
    """Gives each issue its reasons, with the sentences that state them.

    Every sentence of a rationale is scored for every reason, by a linear model
    over its words, its neighbours' words, the decision and the category
    (`ReasonModel`), or by a `spancat` before this component (`SpanReasonModel`); an
    issue has a reason if its calibrated probability passes the threshold of the
    label. Sets `doc.spans["reasons"]`, and in the findings of each issue
    `reasons` (label, probability, sentences), `primary_reason` and the
    probabilities of all reasons.
    """

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Load what `to_bytes` gave; the bytes tell the kind of the model."""
        self.model = read_reason_model(data) if data else None
        return self

    def __call__(self, doc: Doc) -> Doc:
        """Find the reasons of one letter."""
        text = text_of(doc)
        self._check(doc)
        evidence: list[tuple[int, int, str]] = []
        for issue in findings(doc)["issues"]:
            if self.model is not None and issue["rationale"]:
                spans = list(sentence_spans(text, *issue["rationale"]))
                issue["reasons"], issue["primary_reason"] = self._read(doc, issue, spans)
                found = issue["reasons"]
                evidence += [(s, e, r["label"]) for r in found for s, e in r["sentences"]]
        set_span_group(doc, REASONS, sorted(set(evidence)))
        return doc

    def _check(self, doc: Doc) -> None:
        if isinstance(self.model, SpanReasonModel) and self.model.key not in doc.spans:
            message = "No sentence was scored for reasons: a component before imr_reasons is off."
            warn(doc, "no_sentence_scores", message)

    def _scores(self, doc: Doc, issue: IssueFinding, spans: list[tuple[int, int]]) -> Floats:
        assert self.model is not None
        if isinstance(self.model, SpanReasonModel):
            return self.model.scores(doc, spans)
        text = text_of(doc)
        texts = [" ".join(text[start:end].split()) for start, end in spans]
        return self.model.scores(
            sentences_of(
                texts, decision=value_of(issue, "decision"), category=value_of(issue, "category")
            )
        )

    def _read(
        self, doc: Doc, issue: IssueFinding, spans: list[tuple[int, int]]
    ) -> tuple[list[ReasonFinding], str | None]:
        """Give the reasons of an issue, and the decisive one of them."""
        assert self.model is not None
        if not spans:
            return [], None
        scores = self._scores(doc, issue, spans)
        probabilities = self.model.probabilities(scores)
        probabilities_of(issue)["reasons"] = {
            label: float(p) for label, p in zip(self.model.labels, probabilities, strict=True)
        }
        labels = self.model.labels
        chances = probabilities
        if isinstance(self.model, SpanReasonModel):
            # What `spancat` did not put on the Doc is stated by no sentence.
            chances = np.where(scores.max(axis=0) > MISSING, probabilities, 0)
        decisive = choose_decisive(scores, chances, labels, value_of(issue, "decision"))
        columns = {int(c) for c in np.flatnonzero(probabilities >= self.model.thresholds)}
        if decisive is not None:
            columns.add(decisive)
        found = [
            self._reason(column, scores, float(probabilities[column]), spans)
            for column in sorted(columns)
        ]
        return found, None if decisive is None else labels[decisive]

    def _reason(
        self, column: Any, scores: Floats, probability: float, spans: list[tuple[int, int]]
    ) -> ReasonFinding:
        assert self.model is not None
        chosen = choose_evidence(scores[:, column])
        return ReasonFinding(
            label=self.model.labels[column],
            score=round(probability, 4),
            sentences=[list(spans[number]) for number in chosen],
        )


@Language.factory("imr_reasons", assigns=["doc.spans"])
def make_reasons(nlp: Language, name: str) -> LetterReasons:
    """Make the `imr_reasons` component; its model is read from disk or set by training."""
    return LetterReasons()

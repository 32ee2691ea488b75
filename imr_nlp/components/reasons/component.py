"""The component that says why the reviewer decided so."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.findings import (
    IssueFinding,
    ReasonFinding,
    findings,
    set_span_group,
)
from imr_nlp.components.reasons.choice import choose_evidence, choose_primary
from imr_nlp.components.reasons.features import sentences_of
from imr_nlp.components.reasons.model import Floats, ReasonModel
from imr_nlp.text.layer import text_of
from imr_nlp.text.sentences import sentence_spans

REASONS = "reasons"
"""Key of the evidence in `doc.spans`."""
_FILE = "model.msgpack"


class LetterReasons:
    """Gives each issue its reasons, with the sentences that state them.

    Every sentence of a rationale is scored for every reason by a linear model
    over its words, its neighbours' words, the decision and the category; an
    issue has a reason if its calibrated probability passes the threshold of the
    label. Sets `doc.spans["reasons"]`, and in the findings of each issue
    `reasons` (label, probability, sentences) and `primary_reason`.

    Parameters
    ----------
    model
        The model; without one no reason is found.
    """

    def __init__(self, model: ReasonModel | None = None) -> None:
        self.model = model

    def __call__(self, doc: Doc) -> Doc:
        """Find the reasons of one letter."""
        text = text_of(doc)
        evidence: list[tuple[int, int, str]] = []
        for issue in findings(doc)["issues"]:
            if self.model is not None and issue["rationale"]:
                spans = list(sentence_spans(text, *issue["rationale"]))
                reasons = self._read(text, issue, spans)
                issue["reasons"] = reasons
                evidence += [(s, e, r["label"]) for r in reasons for s, e in r["sentences"]]
                decision = _value(issue, "decision")
                issue["primary_reason"] = choose_primary(reasons, decision)
        set_span_group(doc, REASONS, sorted(set(evidence)))
        return doc

    def _read(
        self, text: str, issue: IssueFinding, spans: list[tuple[int, int]]
    ) -> list[ReasonFinding]:
        assert self.model is not None
        if not spans:
            return []
        texts = [" ".join(text[start:end].split()) for start, end in spans]
        sentences = sentences_of(
            texts, decision=_value(issue, "decision"), category=_value(issue, "category")
        )
        scores = self.model.scores(sentences)
        probabilities = self.model.probabilities(scores)
        return [
            self._reason(column, scores, float(probabilities[column]), spans)
            for column in np.flatnonzero(probabilities >= self.model.thresholds)
        ]

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

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Serialize the model; empty without one."""
        return self.model.to_bytes() if self.model is not None else b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> LetterReasons:
        """Load what `to_bytes` gave."""
        self.model = ReasonModel.from_bytes(data) if data else None
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the model into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> LetterReasons:
        """Read the model from a folder that `to_disk` wrote."""
        return self.from_bytes((Path(path) / _FILE).read_bytes())


def _value(issue: IssueFinding, name: str) -> str | None:
    field = issue["fields"].get(name)
    return str(field["value"]) if field and field["value"] is not None else None


@Language.factory("imr_reasons", assigns=["doc.spans"])
def make_reasons(nlp: Language, name: str) -> LetterReasons:
    """Make the `imr_reasons` component; its model is read from disk or set by training."""
    return LetterReasons()

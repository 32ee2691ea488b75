"""Which letters to annotate next: those that a pipeline is unsure of, each unlike the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from imr_nlp.corpus import AnnotatedLetter
from imr_nlp.corpus.standoff import name_of, text_hash
from imr_nlp.export.extras import require
from imr_nlp.learning.seen import Seen
from imr_nlp.learning.uncertainty import Uncertainty, letter_uncertainty
from imr_nlp.schema import DETERMINATION_KEY, Determination
from imr_nlp.text.layer import raw_text

_FLOOR = 0.1
"""Worth of a letter of which the pipeline is sure; so that letters without doubts differ, too."""
_ALIKE = 0.4
_DIGITS = 9


class Suggestion(NamedTuple):
    """A letter that is worth annotating.

    Parameters
    ----------
    rank
        From 1.
    id
        Name of the letter: that of its determination, or else the beginning of
        its text's hash.
    score
        What it was chosen by: uncertainty times novelty.
    uncertainty
        How unsure the pipeline is of it, from 0 to 1.
    why
        In words.
    """

    rank: int
    id: str
    score: float
    uncertainty: float
    why: str


class _Candidate(NamedTuple):
    id: str
    sha256: str
    words: str
    uncertainty: Uncertainty


def suggest(docs: Iterable[Doc], n: int, *, seen: Seen | None = None) -> list[Suggestion]:
    """Give the letters that are most worth annotating, best first.

    Letters are chosen one by one, each time the one whose product of uncertainty
    and novelty is highest. Novelty is 1 less the highest cosine of its items and
    rationales (TF-IDF of words and pairs of words) with what was annotated or
    chosen before: the greedy choice of maximal marginal relevance (Carbonell and
    Goldstein 1998, "The use of MMR, diversity-based reranking", SIGIR), which
    Shen et al. (2004, "Multi-criteria-based active learning for named entity
    recognition", ACL) brought to annotation. Quality and novelty are multiplied
    as in determinantal point processes (Kulesza and Taskar 2012), not added: a
    copy of a chosen letter is worth nothing then, however unsure the pipeline is
    of it.

    Letters with the same readable text count once, and those that were annotated
    not at all. The order of `docs` does not matter.

    Parameters
    ----------
    docs
        Docs that a pipeline of this library read; one is held at a time.
    n
        How many letters; all are given where there are fewer.
    seen
        Letters that are annotated already.

    Raises
    ------
    ValueError
        If `n` is less than 1.
    MissingExtraError
        If scikit-learn is not installed (extra `train`).
    """
    if n < 1:
        raise ValueError(f"n is {n}; it must be 1 or more")
    require("sklearn.feature_extraction.text", extra="train")
    known = seen or Seen([], frozenset())
    taken = set(known.hashes)
    candidates = []
    for candidate in sorted(map(_candidate, docs), key=lambda own: (own.id, own.sha256)):
        if candidate.sha256 not in taken:
            taken.add(candidate.sha256)
            candidates.append(candidate)
    return _choose(candidates, n, known.letters) if candidates else []


def _candidate(doc: Doc) -> _Candidate:
    determination = Determination.model_validate(doc.user_data.get(DETERMINATION_KEY, {}))
    sha256 = text_hash(raw_text(doc))
    texts = [text for issue in determination.issues for text in (issue.item, issue.rationale)]
    return _Candidate(
        determination.id or name_of(sha256),
        sha256,
        " ".join(text for text in texts if text) or doc.text,
        letter_uncertainty(doc),
    )


def _words(letter: AnnotatedLetter) -> str:
    parts = [part for part in letter.parts if part.label in {"ITEM", "RATIONALE"}]
    return " ".join(letter.snippet(part.start, part.end) for part in parts) or letter.text


def _choose(
    candidates: Sequence[_Candidate], n: int, seen: Sequence[AnnotatedLetter]
) -> list[Suggestion]:
    novelty = _Novelty([own.words for own in candidates], [_words(letter) for letter in seen])
    for number, letter in enumerate(seen):
        novelty.take_seen(number, letter.id)
    worth = np.array([own.uncertainty.value + _FLOOR for own in candidates])
    left = np.ones(len(candidates), dtype=bool)
    chosen: list[Suggestion] = []
    for rank in range(1, min(n, len(candidates)) + 1):
        scores = np.round(worth * (1 - novelty.nearest), _DIGITS)
        best = int(np.argmax(np.where(left, scores, -1.0)))
        own = candidates[best]
        why = "; ".join([*own.uncertainty.why, *novelty.say(best)]) or "for variety"
        score = float(scores[best])
        chosen.append(Suggestion(rank, own.id, score, own.uncertainty.value, why))
        left[best] = False
        novelty.take(best, own.id)
    return chosen


class _Novelty:
    """How near each candidate is to what was taken."""

    def __init__(self, texts: Sequence[str], seen: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(
            token_pattern=r"(?u)\w+",  # noqa: S106
            ngram_range=(1, 2),
            sublinear_tf=True,
        )
        # A word of its own, since an empty vocabulary is an error.
        rows = vectorizer.fit_transform([*texts, *seen, "_"])
        self._rows = rows[: len(texts)]
        self._seen = rows[len(texts) : -1]
        self.nearest: NDArray[np.float64] = np.zeros(len(texts))
        self._like = np.zeros(len(texts), dtype=np.int64)
        self._names: list[str] = []

    def take(self, position: int, name: str) -> None:
        """Take a candidate."""
        self._compare(self._rows[position], name)

    def take_seen(self, position: int, name: str) -> None:
        """Take a letter that is annotated already."""
        self._compare(self._seen[position], name)

    def _compare(self, row: Any, name: str) -> None:
        shared = np.minimum((self._rows @ row.T).toarray().ravel(), 1.0)
        self._like[shared > self.nearest] = len(self._names)
        self._names.append(name)
        self.nearest = np.maximum(self.nearest, shared)

    def say(self, position: int) -> list[str]:
        """Say whom a candidate is like, where it is much like somebody."""
        share = self.nearest[position]
        return [f"{share:.0%} like {self._names[self._like[position]]}"] if share >= _ALIKE else []

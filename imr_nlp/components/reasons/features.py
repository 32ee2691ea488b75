"""What a sentence of a rationale looks like to the classifier of reasons."""

from __future__ import annotations

from dataclasses import dataclass

from imr_nlp.components.linear import Idf, weigh_block
from imr_nlp.components.words import letter_groups, word_groups, words_of

_SCALES = {"t": 1.0, "l": 0.7, "b": 0.5, "a": 0.4}
"""Length of each block: word groups, letter groups, words of the neighbours."""
_CATEGORY = 0.4
_PLACE = 0.5


@dataclass(frozen=True)
class Sentence:
    """A sentence of a rationale with what stands around it.

    Parameters
    ----------
    text, before, after
        The sentence and its neighbours; empty at the ends of the rationale.
    decision, category
        Of the issue; None where they are not known.
    place
        0 for the first sentence of the rationale, rising to 1 for the last.
    """

    text: str
    before: str = ""
    after: str = ""
    decision: str | None = None
    category: str | None = None
    place: float = 0.5


def sentences_of(texts: list[str], *, decision: str | None, category: str | None) -> list[Sentence]:
    """Put the sentences of one rationale in their places."""
    last = len(texts) - 1
    return [
        Sentence(
            text,
            before=texts[number - 1] if number else "",
            after=texts[number + 1] if number < last else "",
            decision=decision,
            category=category,
            place=number / last if last else 0.0,
        )
        for number, text in enumerate(texts)
    ]


def feature_names(sentence: Sentence) -> dict[str, list[str]]:
    """Give the names of the features by block: words, letters, words before and after."""
    words = words_of(sentence.text)
    return {
        "t": [f"t:{group}" for group in word_groups(words)],
        "l": [f"l:{group}" for group in letter_groups(words)],
        "b": [f"b:{word}" for word in words_of(sentence.before)],
        "a": [f"a:{word}" for word in words_of(sentence.after)],
    }


def weigh(sentence: Sentence, idf: Idf) -> dict[str, float]:
    """Give the features with their values.

    Words and groups of letters weigh by 1 + log of their count times their
    inverse document frequency, each block brought to a length of its own;
    decision, category and place are added as they are.
    """
    features: dict[str, float] = {}
    for block, names in feature_names(sentence).items():
        features.update(weigh_block(names, idf, _SCALES[block]))
    if sentence.category:
        features[f"category:{sentence.category}"] = _CATEGORY
    if sentence.decision:
        features[f"decision:{sentence.decision}"] = _PLACE
    features["place"] = sentence.place * _PLACE
    if sentence.place == 0:
        features["first"] = _PLACE
    if sentence.place == 1:
        features["last"] = _PLACE
    return features

"""What an item looks like to the classifier of categories."""

from __future__ import annotations

from imr_nlp.components.linear import Idf, weigh_block
from imr_nlp.components.words import letter_groups, word_groups, words_of

_LETTERS = 0.7
_FIRST = 0.5
_RULE = 1.0


def feature_names(item: str) -> dict[str, list[str]]:
    """Give the names of the features by block: words and groups of letters."""
    words = words_of(item)
    return {
        "t": [f"t:{group}" for group in word_groups(words)],
        "l": [f"l:{group}" for group in letter_groups(words)],
    }


def weigh(item: str, rule: str, idf: Idf) -> dict[str, float]:
    """Give the features of an item with their values; `rule` is what the rules say of it."""
    names = feature_names(item)
    features = dict(weigh_block(names["t"], idf, 1.0))
    features.update(weigh_block(names["l"], idf, _LETTERS))
    if words := words_of(item):
        features[f"first:{words[0]}"] = _FIRST
    features[f"rule:{rule}"] = _RULE
    return features

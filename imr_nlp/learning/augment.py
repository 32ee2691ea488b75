"""Drugs that no lexicon holds: names made up for training."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import registry

_ONSETS = ("", "b", "br", "c", "cl", "d", "f", "fl", "g", "l", "m", "n", "p", "pr", "r", "s", "t",
           "tr", "v", "x", "z")  # fmt: skip
_VOWELS = ("a", "e", "i", "o", "u", "y", "ia", "eo")
_ENDS = ("am", "ax", "ec", "ene", "ex", "idol", "il", "ine", "ium", "ol", "one", "or", "pram",
         "ra", "stat", "tab", "tine", "vir", "xin", "zole")  # fmt: skip


def invent_name(rng: random.Random) -> str:
    """Make up a word that looks like the name of a drug."""
    syllables = rng.choice((1, 2, 2, 3))
    start = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(syllables))
    return (
        start + rng.choice(("b", "d", "l", "m", "n", "p", "r", "t", "v", "x")) + rng.choice(_ENDS)
    )


def _as_printed(name: str, like: str) -> str:
    if like.isupper():
        return name.upper()
    return name.capitalize() if like[:1].isupper() else name


def replace_drugs(
    doc: Doc, rng: random.Random, *, which: Callable[[str], bool] = lambda name: True
) -> Doc:
    """Give a copy of an annotated Doc whose drugs have names that nobody knows.

    `which` tells of a printed name whether it is replaced.

    A drug that occurs twice gets the same name; its other words ("ER", "sodium")
    stay. Everything else, entities included, is as it was.
    """
    words = [token.text for token in doc]
    invented: dict[str, str] = {}
    for entity in doc.ents:
        if entity.label_ == "DRUG" and which(entity.text):
            first = entity[0]
            name = invented.setdefault(first.lower_, invent_name(rng))
            words[first.i] = _as_printed(name, first.text)
    copy = Doc(doc.vocab, words=words, spaces=[bool(token.whitespace_) for token in doc])
    copy.set_ents([Span(copy, e.start, e.end, label=e.label_) for e in doc.ents])
    return copy


def _augment(
    nlp: Language, example: Example, *, level: float, rng: random.Random
) -> Iterator[Example]:
    reference = example.reference
    if rng.random() < level:
        reference = replace_drugs(reference, rng)
        words = [token.text for token in reference]
        spaces = [bool(token.whitespace_) for token in reference]
        yield Example(Doc(nlp.vocab, words=words, spaces=spaces), reference)
    else:
        yield example


@registry.augmenters("imr_nlp.unknown_drugs.v1")
def make_unknown_drugs(
    level: float, seed: int = 0
) -> Callable[[Language, Example], Iterator[Example]]:
    """Make an augmenter that gives the drugs of some letters names nobody knows.

    A recogniser that sees the same drugs in every letter learns the names by
    heart; the ruler knows those already. With invented names it must learn where
    a drug stands.

    Parameters
    ----------
    level
        Share of the letters, 0 to 1.
    seed
        Of the names and of the draw.
    """
    return partial(_augment, level=level, rng=random.Random(seed))  # noqa: S311

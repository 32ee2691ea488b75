"""Drugs that no lexicon holds: names made up for training."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
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


_SHORTEST = 4
"""Letters of the shortest word that is taken for a part of a drug's name: no "ER" or "HCl"."""


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


def replace_drugs(doc: Doc, rng: random.Random) -> Doc:
    """Give a copy of an annotated Doc whose drugs have names that nobody knows.

    A drug that occurs twice gets the same name; its other words ("ER", "sodium")
    stay. Everything else, entities included, is as it was.
    """
    firsts = [entity[0] for entity in doc.ents if entity.label_ == "DRUG"]
    invented = _invent([token.text for token in firsts], rng)
    return _renamed(doc, {token.i: invented[token.text.lower()] for token in firsts})


def hide_drugs(doc: Doc, rng: random.Random, which: Callable[[str], bool]) -> Doc:
    """Give a copy of an annotated Doc in which some drugs do not occur at all.

    Every word of their names gets an invented one wherever the letter prints it.

    Parameters
    ----------
    doc
        The letter.
    rng
        Draws the names.
    which
        Tells of the printed name of a drug whether it is hidden.
    """
    words = [
        token.text
        for entity in doc.ents
        if entity.label_ == "DRUG" and which(entity.text)
        for token in entity
        if token.text.isalpha() and len(token.text) >= _SHORTEST
    ]
    invented = _invent(words, rng)
    known = {token.i: invented.get(token.text.lower()) for token in doc}
    return _renamed(doc, {place: name for place, name in known.items() if name})


def _invent(words: Iterable[str], rng: random.Random) -> dict[str, str]:
    # By the text: Docs of annotated letters need no vocabulary with lexical attributes.
    return {word: invent_name(rng) for word in dict.fromkeys(w.lower() for w in words)}


def _renamed(doc: Doc, names: Mapping[int, str]) -> Doc:
    words = [
        _as_printed(names[token.i], token.text) if token.i in names else token.text for token in doc
    ]
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

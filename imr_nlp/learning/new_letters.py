"""New letters before training: what is left out of them, and what is held out to compare on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from imr_nlp.corpus import AnnotatedLetter, CorpusError, Problem, check_letter
from imr_nlp.corpus.duplicates import near_duplicates
from imr_nlp.corpus.splits import group_letters
from imr_nlp.corpus.standoff import text_hash
from imr_nlp.learning.material import Material


class Kept(NamedTuple):
    """New letters that can be used, and in words why others cannot."""

    letters: list[AnnotatedLetter]
    notes: list[str]


class Dealt(NamedTuple):
    """New letters that train, those that are held out, and in words what there is to know."""

    train: list[AnnotatedLetter]
    held_out: list[AnnotatedLetter]
    notes: list[str]


def check_new(letters: Sequence[AnnotatedLetter]) -> None:
    """Refuse letters in which anything is wrong.

    Raises
    ------
    CorpusError
        With everything that `check_letter` finds, under the names of the letters.
    """
    problems = [
        Problem(letter.id, fault.line, fault.message)
        for letter in letters
        for fault in check_letter(letter)
    ]
    if problems:
        raise CorpusError(problems)


def keep_unknown(new: Sequence[AnnotatedLetter], material: Material) -> Kept:
    """Leave out what the corpus holds already.

    A letter of the test split, or one whose rationale shares its wording, may not
    train: scores on the test split would be a lie. A letter that trains already
    counts once, as the corpus annotates it.

    Raises
    ------
    CorpusError
        If two different letters have one name.
    """
    hashes = {letter.id: text_hash(letter.text) for letter in material.test + material.letters}
    of_test = {hashes[letter.id]: letter.id for letter in material.test}
    taken = {hashes[letter.id]: letter.id for letter in material.letters}
    problems, kept, notes = [], [], []
    alike = _alike(new, material.test)
    for position, letter in enumerate(new):
        own = text_hash(letter.text)
        if hashes.setdefault(letter.id, own) != own:
            message = "another letter has this name, with another text; rename one of them"
            problems.append(Problem(letter.id, 0, message))
        elif own in of_test:
            notes.append(f"{letter.id}: left out, it is {of_test[own]} of the test split")
        elif own in taken:
            notes.append(f"{letter.id}: counted once, {taken[own]} has the same text")
        elif position in alike:
            name, share = alike[position]
            notes.append(
                f"{letter.id}: left out, a rationale shares {share:.0%} of its wording with "
                f"{name} of the test split"
            )
        else:
            taken[own] = letter.id
            kept.append(letter)
    if problems:
        raise CorpusError(problems)
    return Kept(kept, notes)


def _alike(
    new: Sequence[AnnotatedLetter], test: Sequence[AnnotatedLetter]
) -> dict[int, tuple[str, float]]:
    """Give the positions of new letters that are near-duplicates of test letters, and of which."""
    texts = [(None, name, text) for name, text in _rationales(test)]
    own = [(n, "", text) for n, letter in enumerate(new) for _, text in _rationales([letter])]
    both = [*texts, *own]
    found: dict[int, tuple[str, float]] = {}
    for first, second, share in near_duplicates([text for *_, text in both]):
        position = both[second][0]
        if first < len(texts) and position is not None:
            found.setdefault(position, (both[first][1], share))
    return found


def _rationales(letters: Sequence[AnnotatedLetter]) -> Iterator[tuple[str, str]]:
    for letter in letters:
        for part in letter.parts_of("RATIONALE"):
            yield letter.id, letter.snippet(part.start, part.end)


def deal(
    letters: Sequence[AnnotatedLetter],
    share: float,
    *,
    seed: int = 0,
    trained_on: AbstractSet[str] = frozenset(),
) -> Dealt:
    """Deal new letters out to training and held-out.

    Letters of one reviewer, or with near-duplicate rationales, stay together.

    Parameters
    ----------
    letters
        The letters.
    share
        About how many of their issues are held out, 0 to 1.
    seed
        Of the draw.
    trained_on
        Hashes of letters (`text_hash`) that the pipeline to compare with was
        trained on: those train again.
    """
    groups = group_letters(sorted(letters, key=lambda letter: letter.id))
    random.Random(seed).shuffle(groups)  # noqa: S311
    total = sum(_issues(group) for group in groups)
    held: list[AnnotatedLetter] = []
    known = 0
    for group in groups:
        if trained_on & {text_hash(letter.text) for letter in group}:
            known += len(group)
        # A group is taken where it brings the sum nearer to what is wanted.
        elif _issues(held) + _issues(group) / 2 < share * total and len(groups) > 1:
            held += group
    notes = []
    if known:
        notes.append(
            f"{known} new letters train only: the old pipeline was trained on such letters"
        )
    if share and not held:
        notes.append(
            f"no new letter is held out: {len(letters)} letters are {len(groups)} groups of one "
            "reviewer or wording, too few to divide; all of them train"
        )
    names = {letter.id for letter in held}
    return Dealt([letter for letter in letters if letter.id not in names], held, notes)


def _issues(letters: Sequence[AnnotatedLetter]) -> int:
    return sum(len(letter.fields.issues) for letter in letters)

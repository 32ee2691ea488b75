"""New letters before training: what is left out of them, and what is held out to compare on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from imr_nlp.corpus import AnnotatedLetter, CorpusError, Problem, check_letter
from imr_nlp.corpus.duplicates import near_duplicates
from imr_nlp.corpus.splits import group_letters, n_issues, reviewer
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
    new: Sequence[AnnotatedLetter], others: Sequence[AnnotatedLetter]
) -> dict[int, tuple[str, float]]:
    """Give the positions of new letters that are near-duplicates of others, and of which."""
    texts = [(None, name, text) for name, text in _rationales(others)]
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
    trained: Sequence[AnnotatedLetter] = (),
    posted: Sequence[AnnotatedLetter] = (),
    trained_on: AbstractSet[str] = frozenset(),
) -> Dealt:
    """Deal new letters out to training and held-out.

    Letters of one reviewer, or with near-duplicate rationales, stay together. A group
    with a letter that is near to one that trains anyway, or by the reviewer of a posted
    one, trains; so does always one group at least.

    Parameters
    ----------
    letters
        The letters.
    share
        About how many of their issues are held out, 0 to 1.
    seed
        Of the draw.
    trained
        Other letters that train: those of the corpus.
    posted
        Those of them that the state posted; reviewers of written letters are
        invented and count as other people.
    trained_on
        Hashes of letters (`text_hash`) that the pipeline to compare with was
        trained on: those train again.
    """
    letters_by_id = sorted(letters, key=lambda letter: letter.id)
    groups = group_letters(letters_by_id)
    random.Random(seed).shuffle(groups)  # noqa: S311
    near = {letters_by_id[n].id for n in _alike(letters_by_id, trained)}
    reviewers = {reviewer(letter) for letter in posted} - {None}
    known = [
        group
        for group in groups
        if any(
            text_hash(letter.text) in trained_on
            or letter.id in near
            or reviewer(letter) in reviewers
            for letter in group
        )
    ]
    free = [group for group in groups if group not in known]
    total = n_issues(letters)
    held: list[AnnotatedLetter] = []
    spare = len(free) if known else len(free) - 1
    for group in free:
        # A group is taken where it brings the sum nearer to what is wanted.
        if spare and n_issues(held) + n_issues(group) / 2 < share * total:
            held += group
            spare -= 1
    names = {letter.id for letter in held}
    notes = _deal_notes(known, free, len(held) if share else None)
    return Dealt([letter for letter in letters if letter.id not in names], held, notes)


def _deal_notes(
    known: Sequence[list[AnnotatedLetter]],
    free: Sequence[list[AnnotatedLetter]],
    n_held: int | None,
) -> list[str]:
    notes = []
    n_known = sum(map(len, known))
    if known:
        notes.append(
            f"{n_known} new letters train only: the old pipeline or the corpus holds letters of "
            "the same text, wording or reviewer"
        )
    if n_held == 0 and free:
        notes.append(
            f"no new letter is held out: the {sum(map(len, free))} others are {len(free)} groups "
            "of one reviewer or wording, too few to divide; all of them train"
        )
    elif n_held == 0:
        notes.append("no new letter is held out: the comparison is on the test split alone")
    return notes

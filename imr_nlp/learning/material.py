"""What the trained parts are trained on: letters, folds, and the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imr_nlp.corpus import (
    AnnotatedLetter,
    BankRationale,
    BankSentence,
    CorpusError,
    Problem,
    read_bank,
    read_letters,
    read_rationales,
    read_splits,
)
from imr_nlp.corpus.splits import check_split_file, group_letters, make_folds
from imr_nlp.corpus.store import ATTACHED, BANK, LETTERS, RATIONALES, SPLITS

N_FOLDS = 5
"""Folds of the written letters where no posted ones give their number."""


@dataclass(frozen=True)
class Material:
    """Letters and bank of a corpus, ready for training.

    Parameters
    ----------
    written, posted
        Letters that train.
    test
        The written test split, which trains nothing.
    unused
        Posted letters that are only scored.
    folds
        Names of letters that are held out together, by reviewer and near-duplicate.
    sentences, rationales
        The bank.
    """

    written: list[AnnotatedLetter]
    posted: list[AnnotatedLetter]
    test: list[AnnotatedLetter]
    unused: list[AnnotatedLetter]
    folds: list[list[str]]
    sentences: list[BankSentence]
    rationales: list[BankRationale]

    @property
    def letters(self) -> list[AnnotatedLetter]:
        """All letters that train."""
        return [*self.written, *self.posted]

    def sides(self, fold: Sequence[str]) -> tuple[list[AnnotatedLetter], list[AnnotatedLetter]]:
        """Give the letters that train without a fold, and those of the fold."""
        held = set(fold)
        train = [letter for letter in self.letters if letter.id not in held]
        return train, [letter for letter in self.letters if letter.id in held]

    @property
    def counts(self) -> dict[str, int]:
        """How much there is of what trains."""
        return {
            "written letters": len(self.written),
            "posted letters": len(self.posted),
            "rationales": len(self.rationales),
            "sentences": len(self.sentences),
        }


def read_material(
    corpus: str | Path, *, use_posted: bool = True, new: Sequence[AnnotatedLetter] = ()
) -> Material:
    """Read what trains from a corpus folder.

    Folds of posted letters are those of `splits.json`; written letters are dealt
    out by the same rule.

    Parameters
    ----------
    corpus
        A corpus folder, as in a checkout.
    use_posted
        Train on the posted letters where they are attached; otherwise they are
        only scored.
    new
        Letters from elsewhere that train beside the written ones.

    Raises
    ------
    CorpusError
        If anything is wrong in the corpus, or its splits are missing.
    """
    corpus = Path(corpus)
    if not (corpus / SPLITS).exists():
        problem = "is missing; imr-nlp corpus split writes it"
        raise CorpusError([Problem(str(corpus / SPLITS), 0, problem)])
    if problems := check_split_file(corpus):
        raise CorpusError(problems)
    splits = read_splits(corpus / SPLITS)
    letters = {letter.id: letter for letter in read_letters(corpus / LETTERS)}
    written = [*(letters[name] for name in splits.train), *new]
    attached = read_letters(corpus / ATTACHED) if (corpus / ATTACHED).is_dir() else []
    at_hand = {letter.id for letter in attached} if use_posted else set()
    posted = [[name for name in fold if name in at_hand] for fold in splits.folds]
    placed = _beside_posted(new, attached, posted)
    free = [letter for letter in written if letter.id not in placed]
    dealt = make_folds(free, len(splits.folds) or N_FOLDS, seed=splits.seed)
    folds = [
        [*own, *fold, *(name for name, place in placed.items() if place == number)]
        for number, (own, fold) in enumerate(zip(dealt, posted or [[] for _ in dealt], strict=True))
    ]
    return Material(
        written=written,
        posted=attached if use_posted else [],
        test=[letters[name] for name in splits.test],
        unused=[] if use_posted else attached,
        folds=folds,
        sentences=read_bank(corpus / BANK),
        rationales=read_rationales(corpus / RATIONALES),
    )


def _beside_posted(
    new: Sequence[AnnotatedLetter],
    posted: Sequence[AnnotatedLetter],
    folds: Sequence[Sequence[str]],
) -> dict[str, int]:
    """Give the fold of new letters that are of a posted letter's reviewer or wording.

    Reviewers of written letters are invented; those of new letters may be posted ones.
    """
    number_of = {name: number for number, fold in enumerate(folds) for name in fold}
    placed: dict[str, int] = {}
    if not new or not number_of:
        return placed
    for group in group_letters([*new, *(own for own in posted if own.id in number_of)]):
        numbers = {number_of[letter.id] for letter in group if letter.id in number_of}
        if numbers:
            placed |= {own.id: min(numbers) for own in group if own.id not in number_of}
    return placed

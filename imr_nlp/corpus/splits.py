"""Splits of a corpus in which nobody sees both sides.

Letters stay together that have the same reviewer (licensure and specialties) or
near-duplicate rationales.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from imr_nlp.corpus.duplicates import near_duplicates
from imr_nlp.corpus.form import read_text
from imr_nlp.corpus.letter import AnnotatedLetter
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.corpus.store import ATTACHED, LETTERS, SPLITS, check_letters


class Splits(BaseModel):
    """Names of letters on each side.

    `test` holds the written letters that no one trains on, `train` all other
    written ones; `folds` the posted letters for cross-validation.
    """

    model_config = ConfigDict(extra="forbid")

    seed: int
    test: list[str] = Field(default_factory=list)
    train: list[str] = Field(default_factory=list)
    folds: list[list[str]] = Field(default_factory=list)


def n_issues(letters: Iterable[AnnotatedLetter]) -> int:
    """Count the issues of letters."""
    return sum(len(letter.fields.issues) for letter in letters)


def reviewer(letter: AnnotatedLetter) -> str | None:
    """Name a letter's reviewer by licensure and specialties; None where nothing is known."""
    fields = letter.fields
    if not fields.specialties:
        return None
    return "; ".join((", ".join(sorted(fields.licensure)), ", ".join(fields.specialties)))


def group_letters(
    letters: Sequence[AnnotatedLetter], *, threshold: float = 0.6
) -> list[list[AnnotatedLetter]]:
    """Give the groups of letters that must stay on one side, largest first.

    Parameters
    ----------
    letters
        The letters.
    threshold
        Share of a rationale's wording that makes two of them near-duplicates,
        as in `near_duplicates`. Below one half it is quoted guidelines that
        rationales of different reviewers share, not a reviewer's own wording.
    """
    owner = list(range(len(letters)))

    def root(position: int) -> int:
        while owner[position] != position:
            position = owner[position]
        return position

    def join(first: int, second: int) -> None:
        low, high = sorted((root(first), root(second)))
        owner[high] = low

    by_reviewer: dict[str, int] = {}
    rationales: list[tuple[int, str]] = []
    for position, letter in enumerate(letters):
        name = reviewer(letter)
        if name is not None:
            join(by_reviewer.setdefault(name, position), position)
        for part in letter.parts_of("RATIONALE"):
            rationales.append((position, letter.snippet(part.start, part.end)))
    for first, second, _ in near_duplicates([t for _, t in rationales], threshold=threshold):
        join(rationales[first][0], rationales[second][0])
    groups: defaultdict[int, list[AnnotatedLetter]] = defaultdict(list)
    for position, letter in enumerate(letters):
        groups[root(position)].append(letter)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0].id))


def make_folds(
    letters: Sequence[AnnotatedLetter], n_folds: int, *, seed: int = 0
) -> list[list[str]]:
    """Deal groups of letters out to folds of about the same number of issues.

    Raises
    ------
    ValueError
        If there are fewer groups than folds.
    """
    groups = group_letters(letters)
    if len(groups) < n_folds:
        raise ValueError(
            f"{len(groups)} groups of letters cannot fill {n_folds} folds: letters with one "
            "reviewer or shared wording stay together"
        )
    random.Random(seed).shuffle(groups)  # noqa: S311
    groups.sort(key=n_issues, reverse=True)
    folds: list[list[str]] = [[] for _ in range(n_folds)]
    sizes = [0] * n_folds
    for group in groups:
        smallest = min(range(n_folds), key=lambda fold: (sizes[fold], len(folds[fold])))
        folds[smallest] += [letter.id for letter in group]
        sizes[smallest] += n_issues(group)
    return [sorted(fold) for fold in folds]


def make_splits(
    written: Sequence[AnnotatedLetter],
    posted: Sequence[AnnotatedLetter],
    *,
    is_test: Callable[[AnnotatedLetter], bool],
    n_folds: int = 5,
    seed: int = 0,
) -> Splits:
    """Split a corpus.

    Parameters
    ----------
    written
        Letters written for the project.
    posted
        Posted letters with their text, for cross-validation.
    is_test
        Which written letters are meant for the test; letters that must stay
        with one of them follow it.
    n_folds, seed
        Number of folds of the posted letters, and the seed that deals them out.
    """
    test: list[str] = []
    train: list[str] = []
    for group in group_letters(written):
        side = test if any(is_test(letter) for letter in group) else train
        side += [letter.id for letter in group]
    return Splits(
        seed=seed,
        test=sorted(test),
        train=sorted(train),
        folds=make_folds(posted, n_folds, seed=seed) if posted else [],
    )


def check_splits(splits: Splits, letters: Mapping[str, AnnotatedLetter]) -> list[str]:
    """Say what is wrong with splits: a letter on no or two sides, a group on two.

    `letters` holds what is at hand, by name; posted letters may be missing. Invented
    reviewers of written letters count as other people than posted ones.
    """
    sides: dict[str, str] = {}
    messages: list[str] = []
    named = {"test": splits.test, "train": splits.train}
    named.update({f"fold {n}": fold for n, fold in enumerate(splits.folds, start=1)})
    for side, members in named.items():
        for name in members:
            if name in sides:
                messages.append(f"{name} stands in {sides[name]} and in {side}")
            sides[name] = side
    messages += [f"{name} stands in no split" for name in sorted(letters.keys() - sides.keys())]
    unknown = sorted({*splits.test, *splits.train} - letters.keys())
    messages += [f"{name}: there is no written letter of this name" for name in unknown]
    posted = {name for fold in splits.folds for name in fold}
    for origin in (letters.keys() - posted, letters.keys() & posted):
        for group in group_letters([letters[name] for name in sorted(origin)]):
            found = {sides[letter.id] for letter in group if letter.id in sides}
            if len(found) > 1:
                joined = ", ".join(letter.id for letter in group)
                where = ", ".join(sorted(found))
                messages.append(f"{joined} belong together, but stand in {where}")
    return messages


def read_splits(path: str | Path) -> Splits:
    """Read splits from a JSON file.

    Raises
    ------
    CorpusError
        If the file cannot be read as splits.
    """
    try:
        return Splits.model_validate_json(read_text(Path(path)))
    except ValidationError as error:
        problems = [
            Problem(str(path), 0, f"{'.'.join(map(str, e['loc']))}: {e['msg']}")
            for e in error.errors()
        ]
        raise CorpusError(problems) from error


def write_splits(splits: Splits, path: str | Path) -> None:
    """Write splits as JSON, one list on a line."""
    data = splits.model_dump()
    folds = ",\n".join(f"    {json.dumps(fold)}" for fold in data.pop("folds"))
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in data.items()]
    lines.append(f'  "folds": [\n{folds}\n  ]')
    Path(path).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def check_split_file(corpus: str | Path) -> list[Problem]:
    """Check the splits of a corpus folder against the letters that are at hand."""
    path = Path(corpus) / SPLITS
    if not path.exists():
        return []
    try:
        splits = read_splits(path)
    except CorpusError as error:
        return error.problems
    letters, _ = check_letters(Path(corpus) / LETTERS)
    letters += check_letters(Path(corpus) / ATTACHED)[0]
    known = {letter.id: letter for letter in letters}
    return [Problem(str(path), 0, message) for message in check_splits(splits, known)]

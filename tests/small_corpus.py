"""A corpus of a few written letters, for training that takes seconds."""

import shutil
from pathlib import Path

from imr_nlp.corpus import AnnotatedLetter, Splits, read_letter, read_splits, write_splits
from tests.conftest import ROOT

CORPUS = ROOT / "corpus"
N_TRAIN, N_TEST, N_NEW = 8, 6, 5
_SHORT = 6000


def names() -> tuple[list[str], list[str], list[str]]:
    """Letters that train, that test, and that are new."""
    splits = read_splits(CORPUS / "splits.json")
    short = [name for name in splits.train[::3] if _size(name) < _SHORT]
    test = sorted(splits.test, key=_size)[:N_TEST]
    return short[:N_TRAIN], test, short[N_TRAIN : N_TRAIN + N_NEW]


def _size(name: str) -> int:
    return (CORPUS / "letters" / f"{name}.imr").stat().st_size


def letter_of(name: str) -> AnnotatedLetter:
    return read_letter(CORPUS / "letters" / f"{name}.imr")


def new_letters() -> list[AnnotatedLetter]:
    return [letter_of(name) for name in names()[2]]


def make_corpus(folder: Path) -> Path:
    """Write the corpus: letters, splits, some sentences for each reason, some rationales."""
    train, test, _ = names()
    for part in ("letters", "bank", "rationales"):
        (folder / part).mkdir(parents=True)
    for name in (*train, *test):
        shutil.copy(CORPUS / "letters" / f"{name}.imr", folder / "letters")
    for path in [*(CORPUS / "bank").glob("*.jsonl"), CORPUS / "rationales" / "r1.jsonl"]:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)[:1]
        (folder / path.parent.name / path.name).write_text("".join(lines), encoding="utf-8")
    write_splits(Splits(seed=0, test=sorted(test), train=sorted(train)), folder / "splits.json")
    return folder

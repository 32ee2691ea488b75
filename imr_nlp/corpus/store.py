"""A corpus folder: written letters, stand-off annotation, attached letters, bank, splits."""

from __future__ import annotations

from pathlib import Path

from imr_nlp.corpus.bank import check_bank, check_rationales
from imr_nlp.corpus.check import check_file, check_letter
from imr_nlp.corpus.form import SUFFIX
from imr_nlp.corpus.letter import AnnotatedLetter
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.corpus.standoff import read_standoff, without_text

LETTERS = "letters"
REAL = "real"
ATTACHED = "attached"
BANK = "bank"
RATIONALES = "rationales"
SPLITS = "splits.json"


def read_letters(folder: str | Path) -> list[AnnotatedLetter]:
    """Read all annotated letters of a folder, in the order of their names.

    Raises
    ------
    CorpusError
        If there are none, or anything is wrong with one: nothing is left out.
    """
    letters, problems = check_letters(folder)
    if problems:
        raise CorpusError(problems)
    if not letters:
        problem = f"holds no annotated letters (*{SUFFIX})"
        raise CorpusError([Problem(str(folder), 0, problem)])
    return letters


def check_letters(folder: str | Path) -> tuple[list[AnnotatedLetter], list[Problem]]:
    """Read all annotated letters of a folder and give what is wrong with them."""
    letters: list[AnnotatedLetter] = []
    problems: list[Problem] = []
    names: dict[str, Path] = {}
    for path in sorted(Path(folder).rglob(f"*{SUFFIX}")):
        letter, found = check_file(path)
        problems += found
        if letter is None:
            continue
        if letter.id in names:
            problems.append(Problem(str(path), 0, f"{names[letter.id]} has the same name"))
        names[letter.id] = path
        letters.append(letter)
    return letters, problems


def check_corpus(folder: str | Path) -> tuple[dict[str, int], list[Problem]]:
    """Check everything in a corpus folder.

    Returns
    -------
    counts, problems
        How many letters, annotations, sentences and rationales were checked, and
        what is wrong.
    """
    folder = Path(folder)
    problems: list[Problem] = []
    counts: dict[str, int] = {}
    for name in (LETTERS, ATTACHED):
        letters, found = check_letters(folder / name)
        counts[name] = len(letters)
        problems += found
    paths = sorted((folder / REAL).glob("*.json"))
    for path in paths:
        try:
            problems += _check_standoff(path)
        except CorpusError as error:
            problems += error.problems
    counts[REAL] = len(paths)
    sentences, found = check_bank(folder / BANK)
    counts[BANK] = len(sentences)
    problems += found
    rationales, found = check_rationales(folder / RATIONALES)
    counts[RATIONALES] = len(rationales)
    problems += found
    if not any(counts.values()):
        problems.append(Problem(str(folder), 0, "holds no corpus; name a folder that does"))
    return counts, problems


def _check_standoff(path: Path) -> list[Problem]:
    """Check what can be checked of an annotation without its letter."""
    data = read_standoff(path)
    letter = without_text(data)
    count = len(letter.fields.issues)
    whose = [part.issues for part in letter.parts] + [e.issues for e in letter.evidence]
    places = [(part.start, part.end) for part in letter.parts]
    places += [(entity.start, entity.end) for entity in letter.entities]
    places += [(evidence.start, evidence.end) for evidence in letter.evidence]
    problems = [
        Problem(str(path), 0, f"the mark at [{start}, {end}) ends before it begins")
        for start, end in places
        if not 0 <= start < end
    ]
    problems += [
        Problem(str(path), 0, f"a mark belongs to issue {issue + 1}; there are {count}")
        for issues in whose
        for issue in issues
        if not 0 <= issue < count
    ]
    problems += [
        Problem(str(path), 0, f"{entity.label} at {entity.start} belongs to no DRUG")
        for entity in letter.entities
        if entity.drug is not None and not _is_drug(letter, entity.drug)
    ]
    if len(data["sha256"]) != 64:
        problems.append(Problem(str(path), 0, "sha256 is no hash"))
    if data["id"] != path.stem:
        problems.append(Problem(str(path), 0, f"the file is not called as its id, {data['id']}"))
    return problems


def _is_drug(letter: AnnotatedLetter, place: int) -> bool:
    return 0 <= place < len(letter.entities) and letter.entities[place].label == "DRUG"


__all__ = [
    "ATTACHED", "BANK", "LETTERS", "RATIONALES", "REAL", "SPLITS", "check_corpus", "check_letter",
    "check_letters", "read_letters",
]  # fmt: skip

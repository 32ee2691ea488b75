"""Joining a folder of letters with the stand-off annotation of a corpus."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from imr_nlp.corpus.letter import AnnotatedLetter
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.corpus.standoff import attach, iter_standoff, text_hash
from imr_nlp.letters import Failure, stream


class Attached(NamedTuple):
    """What came out of joining.

    Parameters
    ----------
    letters
        The letters with their annotation.
    refused
        Letters that bear a name of the corpus, but whose hash differs.
    missing
        Names of annotations for which no letter was found.
    failures
        Files that could not be read.
    """

    letters: list[AnnotatedLetter]
    refused: list[Problem]
    missing: list[str]
    failures: list[Failure]


def attach_letters(real: str | Path, sources: Iterable[str | Path]) -> Attached:
    """Join stand-off annotations with letters, found by hash, whatever their files are called.

    Parameters
    ----------
    real
        Folder of stand-off annotations.
    sources
        Files, folders, archives or patterns of letters, as `imr_nlp.letters.find` takes them.

    Raises
    ------
    CorpusError
        If the folder holds no annotations.
    """
    annotations = list(iter_standoff(real))
    if not annotations:
        problem = "holds no stand-off annotation; name the folder corpus/real of a checkout"
        raise CorpusError([Problem(str(real), 0, problem)])
    texts: dict[str, str] = {}
    stems: dict[str, str] = {}
    failures: list[Failure] = []
    for source in sources:
        for letter in stream(source, on_error="yield"):
            if isinstance(letter, Failure):
                failures.append(letter)
                continue
            texts[text_hash(letter.text)] = letter.text
            stems[Path(letter.id).stem] = letter.text
    joined: list[AnnotatedLetter] = []
    refused: list[Problem] = []
    missing: list[str] = []
    for annotation in annotations:
        text = texts.get(annotation["sha256"], stems.get(annotation["id"]))
        if text is None:
            missing.append(annotation["id"])
            continue
        try:
            joined.append(attach(annotation, text))
        except CorpusError as error:
            refused += error.problems
    return Attached(joined, refused, missing, failures)

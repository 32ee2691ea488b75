"""The stream of results."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from imr_nlp.batch.pool import Pool
from imr_nlp.batch.reader import Given, Reader, attempt
from imr_nlp.errors import PipelineError
from imr_nlp.export.failures import FailedLetter
from imr_nlp.letters import Letter, Source, find
from imr_nlp.letters.source import StrPath
from imr_nlp.schema import Determination
from imr_nlp.shipped import DEFAULT

if TYPE_CHECKING:
    from spacy.language import Language


class Extracted(NamedTuple):
    """A letter that was read.

    Parameters
    ----------
    id, source
        The letter's name, and where it came from.
    determination
        What it says.
    """

    id: str
    source: str
    determination: Determination


def extract_many(
    sources: StrPath | Source | Letter | Iterable[StrPath | Source | Letter],
    *,
    pipeline: StrPath | Language = DEFAULT,
    workers: int = 1,
) -> Generator[Extracted | FailedLetter, None, None]:
    """Extract letters one by one, as results are asked for.

    Memory stays bounded: only the letters under way are held, at most 24 for
    each worker. To end early, close the generator (`contextlib.closing`); its
    processes end with it.

    Parameters
    ----------
    sources
        Paths as `imr_nlp.letters.find` takes them (files, folders, patterns,
        zip archives, `-`), what `find` gives, or letters whose text is at hand:
        `Letter(id="7", source="claims database", text=text)`.
    pipeline
        A name or path that `imr_nlp.load` takes, or, for one worker, a pipeline that is
        loaded already.
    workers
        Processes to use, no more than the machine has processors; 1 is this
        process itself. For more, a script must call this under
        `if __name__ == "__main__":`, since each process imports it.

    Yields
    ------
    Extracted or FailedLetter
        One for each letter, in order. Nothing that a letter does ends the
        batch; a letter that brings its process down costs itself alone.

    Raises
    ------
    ValueError
        If `workers` is less than 1.
    PipelineError
        If the pipeline cannot be loaded, which is found out when the first
        result is asked for; at once, if a loaded one should go to several
        workers.

    Examples
    --------
    >>> [(result.id, result.error) for result in extract_many("nowhere.pdf")]
    [('nowhere.pdf', 'LetterNotFoundError')]
    """
    workers = min(workers, os.cpu_count() or 1) if workers > 1 else workers
    if workers < 1:
        raise ValueError(f"workers is {workers}; it must be 1 or more")
    given = _expand(sources)
    if isinstance(pipeline, (str, os.PathLike)):
        name = os.fspath(pipeline)
        return _here(given, name) if workers == 1 else _elsewhere(given, name, workers)
    if workers > 1:
        raise PipelineError(
            "a loaded pipeline cannot go to several workers. Save it with nlp.to_disk and give "
            "its path, or use one worker."
        )
    return _here(given, pipeline)


def _expand(
    sources: StrPath | Source | Letter | Iterable[StrPath | Source | Letter],
) -> Iterator[Given]:
    if isinstance(sources, (str, os.PathLike, Source, Letter)):
        sources = (sources,)
    for source in sources:
        if isinstance(source, (Source, Letter)):
            yield source
        else:
            yield from find(source)


def _here(
    letters: Iterator[Given], pipeline: str | Language
) -> Generator[Extracted | FailedLetter, None, None]:
    reader = Reader(pipeline)
    for given in letters:
        yield _result(given, attempt(given, reader.determination))


def _elsewhere(
    letters: Iterator[Given], pipeline: str, workers: int
) -> Generator[Extracted | FailedLetter, None, None]:
    with Pool(pipeline, workers) as pool:
        for given, answer in pool.answers(letters):
            yield _result(given, _unpack(given, answer))


def _unpack(given: Given, answer: str | FailedLetter) -> Determination | FailedLetter:
    if isinstance(answer, FailedLetter):
        return answer
    return attempt(given, lambda _: Determination.model_validate_json(answer))


def _result(given: Given, found: Determination | FailedLetter) -> Extracted | FailedLetter:
    if isinstance(found, FailedLetter):
        return found
    return Extracted(given.id, given.source, found)

"""The command `imr-nlp`: letters to tables, and one letter for a person to read.

spaCy, rich and the data frame libraries are imported by the functions that need
them, so that `imr-nlp --help` answers at once.
"""

from __future__ import annotations

import io
import signal
import sys
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, suppress
from functools import cache
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Annotated, NamedTuple, NoReturn, cast

import typer

import imr_nlp
from imr_nlp.api import determine
from imr_nlp.errors import ImrError, LetterError, PipelineError
from imr_nlp.export import TABLES, FailedLetter, FailureFile, TableName, open_writer
from imr_nlp.letters import Source, find
from imr_nlp.schema import Determination

if TYPE_CHECKING:
    from spacy.language import Language

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

_CHUNK = 8  # letters that travel to a worker at once
_AHEAD = 3  # chunks under way for each worker
_DIED = "the process that read it ended abruptly: a crash in a library, or too little memory"

Paths = Annotated[
    list[str],
    typer.Argument(help="Files, folders, zip archives, patterns, or - for standard input."),
]
Output = Annotated[
    str,
    typer.Option("--output", "-o", help=".csv, .jsonl or .parquet; - prints JSON lines."),
]
Workers = Annotated[int, typer.Option("--workers", "-w", min=1, help="Processes to use.")]
Pipeline = Annotated[
    str, typer.Option("--pipeline", "-p", help="'rules', or the path of a saved pipeline.")
]
Table = Annotated[
    str | None,
    typer.Option(
        "--table", "-t", help=f"Table of a .csv or .parquet: {', '.join(TABLES)}.",
        show_default="issues",
    ),
]  # fmt: skip


class Outcome(NamedTuple):
    """What became of one letter: its determination as JSON, or the failure."""

    json: str | None
    failure: FailedLetter | None = None


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"imr-nlp {imr_nlp.__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Turn California workers' compensation IMR determination letters into data."""


@app.command()
def extract(
    paths: Paths,
    output: Output,
    workers: Workers = 1,
    pipeline: Pipeline = "rules",
    table: Table = None,
) -> None:
    """Extract every letter into one file.

    Letters that fail are listed in OUTPUT.failures.csv with the reason; the
    others are written all the same. Exit code 0: every letter was read; 1: a
    letter failed, or the output could not be finished; 2: wrong usage, nothing
    was read.
    """
    counts: Counter[str] = Counter()
    outcomes = _outcomes(find(paths), pipeline, workers)
    try:
        with (
            FailureFile.beside(output) as failures,
            open_writer(output, table=cast("TableName | None", table)) as writer,
            closing(outcomes),
        ):
            for outcome in _with_progress(outcomes, paths):
                if outcome.failure is not None:
                    failures.add(outcome.failure)
                    counts["failures"] += 1
                elif outcome.json is not None:
                    determination = Determination.model_validate_json(outcome.json)
                    writer.write(determination)
                    counts["letters"] += 1
                    counts["issues"] += len(determination.issues)
                    counts["warnings"] += len(determination.warnings)
    except ImrError as error:
        _stop(error, code=1 if counts else 2)
    typer.echo(failures.summary(), err=True, nl=False)
    typer.echo(
        f"{counts['letters']} letters read, {counts['issues']} issues, "
        f"{counts['warnings']} warnings, {counts['failures']} failures",
        err=True,
    )
    if counts["failures"]:
        raise typer.Exit(1)


@app.command()
def show(
    path: Annotated[str, typer.Argument(help="One letter, or - for standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything, as JSON.")] = False,
    pipeline: Pipeline = "rules",
) -> None:
    """Print what one letter says."""
    sources = list(islice(find(path), 2))
    if len(sources) > 1:
        _stop(f"{path}: holds several letters. Give one of them, or use 'extract'.", code=2)
    try:
        nlp = _load(pipeline)
    except PipelineError as error:
        _stop(error, code=2)
    outcome = _extract(sources[0], nlp)
    if outcome.json is None:
        _stop(f"{path}: {outcome.failure.reason if outcome.failure else ''}", code=1)
    determination = Determination.model_validate_json(outcome.json)
    if as_json:
        typer.echo(determination.model_dump_json(indent=2).encode())
        return
    from imr_nlp.view.terminal import print_determination

    if isinstance(sys.stdout, io.TextIOWrapper):  # it may be unable to write every character
        sys.stdout.reconfigure(errors="replace")
    print_determination(determination)


def _stop(message: object, *, code: int) -> NoReturn:
    typer.echo(f"Error: {message}", err=True)
    raise typer.Exit(code)


def _with_progress(outcomes: Iterator[Outcome], paths: list[str]) -> Iterable[Outcome]:
    if not sys.stderr.isatty():
        return outcomes
    from tqdm import tqdm

    # Standard input can be read only once; walking through folders twice costs little.
    total = None if "-" in paths else sum(1 for _ in find(paths))
    return cast("Iterable[Outcome]", tqdm(outcomes, total=total, unit=" letters"))


def _load(pipeline: str) -> Language:
    try:
        return imr_nlp.load(pipeline)
    except ImrError:
        raise
    except Exception as error:
        raise PipelineError(
            f"{pipeline}: the pipeline cannot be loaded ({error}). Use 'rules', or save it again."
        ) from error


def _extract(source: Source, nlp: Language) -> Outcome:
    try:
        letter = source.read()
        determination = determine(letter.text, nlp=nlp, letter=letter)
        # File names need not be UTF-8; JSON must be.
        determination.id = letter.id.encode(errors="backslashreplace").decode()
        return Outcome(determination.model_dump_json())
    except LetterError as error:
        return _failed(source, type(error).__name__, f"{error.problem}. {error.remedy}")
    except Exception as error:  # whatever one letter breaks, the others go on
        return _failed(source, type(error).__name__, str(error))


def _failed(source: Source, error: str, reason: str) -> Outcome:
    return Outcome(None, FailedLetter(source.id, source.source, error, reason))


def _outcomes(
    sources: Iterator[Source], pipeline: str, workers: int
) -> Generator[Outcome, None, None]:
    """Give the outcome of each letter, in order; a pipeline that fails to load comes first."""
    if workers > 1:
        yield from _Pool(pipeline, workers).outcomes(sources)
        return
    nlp = _load(pipeline)
    for source in sources:
        yield _extract(source, nlp)


_load_once = cache(_load)


def _prepare_worker(pipeline: str) -> None:
    # An interrupt by the user ends a worker at once, and without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with suppress(Exception):  # `_work` raises it where it can be reported
        _load_once(pipeline)


def _work(pipeline: str, sources: list[Source]) -> list[Outcome]:
    nlp = _load_once(pipeline)
    return [_extract(source, nlp) for source in sources]


class _Pool:
    """Worker processes that read and parse; the death of one costs one letter."""

    def __init__(self, pipeline: str, workers: int) -> None:
        self._pipeline = pipeline
        self._workers = workers
        self._executor = self._start(workers)

    def outcomes(self, sources: Iterator[Source]) -> Iterator[Outcome]:
        """Give the outcome of each letter, in order, with a bounded number under way."""
        waiting: deque[tuple[list[Source], Future[list[Outcome]]]] = deque()
        try:
            self._check_pipeline()
            while chunk := list(islice(sources, _CHUNK)):
                waiting.append((chunk, self._submit(chunk)))
                if len(waiting) >= self._workers * _AHEAD:
                    yield from self._next(waiting)
            while waiting:
                yield from self._next(waiting)
        finally:
            self._executor.shutdown(cancel_futures=True)

    def _check_pipeline(self) -> None:
        started = [self._submit([]) for _ in range(self._workers)]  # all at the same time
        try:
            for future in started:
                future.result()
        except BrokenProcessPool as error:
            raise PipelineError(
                f"{self._pipeline}: a worker process cannot load the pipeline ({error}). "
                "Try it with --workers 1."
            ) from error

    def _next(
        self, waiting: deque[tuple[list[Source], Future[list[Outcome]]]]
    ) -> Iterator[Outcome]:
        chunk, future = waiting.popleft()
        try:
            yield from future.result()
            return
        except BrokenProcessPool:
            # All chunks under way are lost with the pool, not only the guilty one.
            self._executor.shutdown()
            self._executor = self._start(self._workers)
        for place, (later, lost) in enumerate(waiting):
            if isinstance(lost.exception(), BrokenProcessPool):
                waiting[place] = (later, self._submit(later))
        yield from self._one_by_one(chunk)

    def _one_by_one(self, chunk: list[Source]) -> Iterator[Outcome]:
        """Find the letters that end their process, with a process that has nothing else to lose."""
        executor = self._start(1)
        try:
            for source in chunk:
                try:
                    yield from executor.submit(_work, self._pipeline, [source]).result()
                except BrokenProcessPool as error:
                    executor.shutdown()
                    executor = self._start(1)
                    yield _failed(source, type(error).__name__, _DIED)
        finally:
            executor.shutdown(cancel_futures=True)

    def _submit(self, chunk: list[Source]) -> Future[list[Outcome]]:
        try:
            return self._executor.submit(_work, self._pipeline, chunk)
        except BrokenProcessPool as error:  # broken already, by an earlier chunk
            future: Future[list[Outcome]] = Future()
            future.set_exception(error)
            return future

    def _start(self, workers: int) -> ProcessPoolExecutor:
        # Started afresh, not forked: a fork copies the locks of other threads as they are.
        return ProcessPoolExecutor(
            workers, get_context("spawn"), _prepare_worker, (self._pipeline,)
        )


if __name__ == "__main__":
    app()

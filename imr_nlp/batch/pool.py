"""Worker processes that read letters; the death of one costs one letter."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import cache
from itertools import islice
from typing import TypeAlias

from imr_nlp.batch.reader import Given, Reader, attempt, failed
from imr_nlp.export.failures import FailedLetter
from imr_nlp.threads import OneThreadPool, pool_error

Answer: TypeAlias = "str | FailedLetter"
"""A determination as JSON, or why there is none."""

_Answers: TypeAlias = "list[Answer]"
_Waiting: TypeAlias = "deque[tuple[list[Given], Future[list[Answer]]]]"

_CHUNK = 8  # letters that travel to a worker at once
_AHEAD = 3  # chunks under way for each worker
_DIED = "the process that read it ended abruptly: a crash in a library, or too little memory"

_reader_of = cache(Reader)


def _prepare_worker(pipeline: str) -> None:
    # An interrupt by the user ends a worker at once, and without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with suppress(Exception):  # `_work` raises it where it can be reported
        _reader_of(pipeline)


def _work(pipeline: str, chunk: list[Given]) -> _Answers:
    reader = _reader_of(pipeline)
    return [attempt(given, reader.json) for given in chunk]


class Pool:
    """A number of worker processes with one pipeline; a context manager.

    Parameters
    ----------
    pipeline
        The pipeline's name or path.
    workers
        Number of processes.
    """

    def __init__(self, pipeline: str, workers: int) -> None:
        self._pipeline = pipeline
        self._workers = workers
        self._executor = self._start(workers)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(cancel_futures=True)

    def answers(self, letters: Iterator[Given]) -> Iterator[tuple[Given, Answer]]:
        """Give each letter with its answer, in order, with a bounded number under way.

        Raises
        ------
        PipelineError
            If the workers cannot load the pipeline.
        """
        self._check_pipeline()
        waiting: _Waiting = deque()
        while chunk := list(islice(letters, _CHUNK)):
            waiting.append((chunk, self._submit(chunk)))
            if len(waiting) >= self._workers * _AHEAD:
                yield from self._next(waiting)
        while waiting:
            yield from self._next(waiting)

    def _check_pipeline(self) -> None:
        started = [self._submit([]) for _ in range(self._workers)]  # all at the same time
        try:
            for future in started:
                future.result()
        except BrokenProcessPool as error:
            problem = f"{self._pipeline}: a worker process cannot load the pipeline"
            raise pool_error(problem, error) from error

    def _next(self, waiting: _Waiting) -> Iterator[tuple[Given, Answer]]:
        chunk, future = waiting.popleft()
        try:
            answers = future.result()
        except BrokenProcessPool:
            self._restart(waiting)
            yield from self._one_by_one(chunk)
        else:
            yield from zip(chunk, answers, strict=True)

    def _restart(self, waiting: _Waiting) -> None:
        """Start the workers again: all chunks under way are lost, not only the guilty one."""
        self._executor.shutdown()
        self._executor = self._start(self._workers)
        for place, (chunk, future) in enumerate(waiting):
            if isinstance(future.exception(), BrokenProcessPool):
                waiting[place] = (chunk, self._submit(chunk))

    def _one_by_one(self, chunk: list[Given]) -> Iterator[tuple[Given, Answer]]:
        """Find the letters that end their process, with a process that has nothing else to lose."""
        executor = self._start(1)
        try:
            for given in chunk:
                try:
                    answers = executor.submit(_work, self._pipeline, [given]).result()
                except BrokenProcessPool as error:
                    executor.shutdown()
                    executor = self._start(1)
                    answers = [failed(given, error, _DIED)]
                yield given, answers[0]
        finally:
            executor.shutdown(cancel_futures=True)

    def _submit(self, chunk: list[Given]) -> Future[_Answers]:
        try:
            return self._executor.submit(_work, self._pipeline, chunk)
        except BrokenProcessPool as error:  # broken already, by an earlier chunk
            future: Future[_Answers] = Future()
            future.set_exception(error)
            return future

    def _start(self, workers: int) -> OneThreadPool:
        return OneThreadPool(workers, _prepare_worker, (self._pipeline,))

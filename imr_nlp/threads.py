"""Worker processes that compute in one thread each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from threading import RLock
from typing import Any, ParamSpec, TypeVar

from imr_nlp.errors import PipelineError

_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
# Two threads that set the variables in turn would each restore what the other set.
_LOCK = RLock()

P = ParamSpec("P")
T = TypeVar("T")


class OneThreadPool(ProcessPoolExecutor):
    """Processes that compute in one thread each; they are started when there is work for them.

    Processes that share the processors would wait for each other's threads; and
    sums of floats, so weights, depend on the number of threads. They start afresh: a
    fork copies the locks of other threads as they are.

    Parameters
    ----------
    workers
        Number of processes.
    initializer, initargs
        What each process calls before its work.
    """

    def __init__(
        self,
        workers: int,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
    ) -> None:
        super().__init__(workers, get_context("spawn"), initializer, initargs)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Give the processes a call to work on; one more of them may start for it."""
        # NumPy reads the variables when a process imports it, before any initializer.
        with _one_thread():
            return super().submit(fn, *args, **kwargs)


def pool_error(problem: str, error: BrokenProcessPool) -> PipelineError:
    """Give the error that says why processes did not start, and what to do about it."""
    return PipelineError(
        f"{problem} ({error}). Use one worker; or put the work into a script, and see that it "
        'stands under if __name__ == "__main__":'
    )


@contextmanager
def _one_thread() -> Iterator[None]:
    """Have processes that start within the block compute in one thread."""
    with _LOCK:
        saved = {name: os.environ.get(name) for name in _VARIABLES}
        os.environ.update(dict.fromkeys(_VARIABLES, "1"))
        try:
            yield
        finally:
            for name, value in saved.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value

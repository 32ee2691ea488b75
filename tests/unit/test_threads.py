"""Worker processes: each of them computes in one thread."""

import os
from multiprocessing import get_context

from imr_nlp.batch import extract_many
from imr_nlp.letters import Letter, Source
from imr_nlp.threads import OneThreadPool

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
WORKERS = 3

meeting = None


def set_meeting(barrier):
    global meeting
    meeting = barrier


def environment():
    """Give the variables of a process, once all of the processes have come to this place."""
    meeting.wait(timeout=120)
    return os.getpid(), [os.environ.get(name) for name in VARIABLES]


def test_every_process_computes_in_one_thread(monkeypatch):
    own = ["8", None, None]
    for name, value in zip(VARIABLES, own, strict=True):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    barrier = get_context("spawn").Barrier(WORKERS)
    with OneThreadPool(WORKERS, set_meeting, (barrier,)) as pool:
        answers = [pool.submit(environment) for _ in range(WORKERS)]
        told = dict(answer.result() for answer in answers)
    assert list(told.values()) == [["1"] * len(VARIABLES)] * WORKERS
    assert [os.environ.get(name) for name in VARIABLES] == own


class Meeting(Source):
    """A letter that is called by the number of threads of the process that reads it."""

    def read(self):
        self.data.wait(120)
        return Letter(id=str(os.environ.get("OMP_NUM_THREADS")), source="memory", text="A letter.")


def test_workers_that_read_letters_compute_in_one_thread(monkeypatch, tmp_path):
    import spacy

    from imr_nlp.pipeline import register

    register()
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    nlp = spacy.blank("en")
    nlp.add_pipe("imr_determination")
    nlp.to_disk(tmp_path / "small")
    with get_context("spawn").Manager() as manager:
        # A process reads its letters one by one: each waits for one of the other process.
        barrier = manager.Barrier(2)
        letters = [Meeting(str(number), "memory", data=barrier) for number in range(16)]
        results = list(extract_many(letters, pipeline=tmp_path / "small", workers=2))
    assert [result.determination.id for result in results] == ["1"] * 16

"""Recognisers trained on several sets of letters: in this process, or in others."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import imr_nlp
from imr_nlp.learning.entities import train_many
from tests.small_corpus import new_letters

ONE_STEP = {"training.max_steps": 1}


def weights(nlp):
    return [
        node.get_param(name)
        for pipe in ("tok2vec", "ner")
        for node in nlp.get_pipe(pipe).model.walk()
        for name in node.param_names
    ]


@pytest.fixture
def no_processes(monkeypatch):
    def refuse(*_):
        raise AssertionError("a process is started")

    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", refuse)


@pytest.mark.parametrize(("n_sets", "workers"), [(1, 2), (2, 1)])
def test_one_after_another_needs_no_process(n_sets, workers, no_processes):
    sets = [new_letters()[:1]] * n_sets
    trained = [weights(nlp) for nlp in train_many(sets, workers=workers, overrides=ONE_STEP)]
    assert len(trained) == n_sets
    for same in zip(*trained, strict=True):
        assert all(np.array_equal(own, same[0]) for own in same)


# From standard input, there is no file that a process could import.
SCRIPT = """
import sys
sys.path.insert(0, {package!r})
from imr_nlp.learning.entities import train_many
train_many([[], []], workers=2)
"""


def test_a_script_that_processes_cannot_import_is_told():
    package = str(Path(imr_nlp.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-"],
        input=SCRIPT.format(package=package),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("imr_nlp.errors.PipelineError: a process that trains")
    assert 'stands under if __name__ == "__main__":' in last


@pytest.mark.slow
def test_processes_give_the_weights_of_this_one():
    letters = new_letters()[:2]
    (here,) = train_many([letters], overrides={"training.max_steps": 3})
    there, again = train_many([letters, letters], overrides={"training.max_steps": 3})
    for own in zip(weights(here), weights(there), weights(again), strict=True):
        assert np.array_equal(own[0], own[1])
        assert np.array_equal(own[0], own[2])

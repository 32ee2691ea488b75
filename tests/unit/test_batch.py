"""Many letters at once: order, failures, workers, memory."""

import multiprocessing
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

import imr_nlp
from imr_nlp.batch import Extracted, FailedLetter, extract_many, reader
from imr_nlp.errors import PipelineError
from imr_nlp.letters import Letter, Source

EXAMPLES = Path(__file__).parents[2] / "examples" / "letters"
AHEAD = 24  # letters under way for each worker, as documented


class Deadly(Source):
    """A letter that ends the process that reads it."""

    def read(self):
        os._exit(9)


def letter(number):
    return Letter(id=str(number), source="memory", text=f"IMR Case Number: CM16-{number:07}\n")


class Counted:
    """Letters that know how many of them were asked for."""

    def __init__(self, total):
        self.total, self.given = total, 0

    def __iter__(self):
        for number in range(self.total):
            self.given += 1
            yield letter(number)


@pytest.fixture(scope="module")
def nlp():
    """A pipeline that reads little, and loads fast."""
    from imr_nlp.pipeline import register

    register()
    import spacy

    tokenizer = {"@tokenizers": "imr_nlp.LetterTokenizer.v1", "warm": False}
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": tokenizer}})
    for name in ("imr_sections", "imr_header", "imr_determination"):
        nlp.add_pipe(name)
    return nlp


@pytest.fixture(scope="module")
def saved(nlp, tmp_path_factory):
    path = tmp_path_factory.mktemp("pipeline") / "small"
    nlp.to_disk(path)
    return path


def case_numbers(results):
    return [result.determination.case_number for result in results]


# On this process


def test_results_come_in_order_and_one_by_one(nlp):
    letters = Counted(20)
    results = extract_many(letters, pipeline=nlp)
    assert letters.given == 0
    first = next(results)
    assert isinstance(first, Extracted)
    assert (first.id, first.source, letters.given) == ("0", "memory", 1)
    assert first.determination.id == "0"
    assert case_numbers([first, *results]) == [f"CM16-{number:07}" for number in range(20)]


def test_all_kinds_of_sources_together(nlp, tmp_path):
    (tmp_path / "a.txt").write_text("IMR Case Number: CM16-0000001")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "b.txt").write_text("IMR Case Number: CM16-0000002")
    given = [
        tmp_path / "a.txt",
        str(tmp_path / "folder"),
        Source("c", "nowhere", data=b"IMR Case Number: CM16-0000003"),
        letter(4),
    ]
    results = list(extract_many(given, pipeline=nlp))
    assert case_numbers(results) == [f"CM16-{number:07}" for number in (1, 2, 3, 4)]
    assert [result.id for result in results] == ["a.txt", "b.txt", "c", "4"]
    assert results[1].source == str(tmp_path / "folder" / "b.txt")
    for one, result in zip(given, results, strict=True):
        assert list(extract_many(one, pipeline=nlp)) == [result]


def test_a_letter_that_fails_is_a_result(nlp, tmp_path):
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7 cut off")
    long = Letter(id="long", source="memory", text="word " * (nlp.max_length // 5 + 1))
    given = [tmp_path / "none.txt", letter(1), tmp_path / "cut.pdf", long, letter(2)]
    results = list(extract_many(given, pipeline=nlp))
    assert [result.id for result in results] == ["none.txt", "1", "cut.pdf", "long", "2"]
    errors = ["LetterNotFoundError", None, "DamagedFileError", "ValueError", None]
    assert [getattr(result, "error", None) for result in results] == errors
    assert results[0].source == str(tmp_path / "none.txt")
    assert "cut off" in results[2].reason


def test_the_rules_are_the_default():
    path = EXAMPLES / "f4b_shoulder_surgery.txt"
    (result,) = imr_nlp.extract_many(path)
    assert result.determination == imr_nlp.extract(path)


def test_a_pipeline_is_loaded_afresh_before_its_words_fill_the_memory(nlp, monkeypatch):
    loads = []

    def load(name):
        loads.append(name)
        return nlp

    monkeypatch.setattr(imr_nlp, "load", load)
    monkeypatch.setattr(reader, "LONGEST_LIFE", 3 * len(letter(0).text))
    assert len(list(extract_many(Counted(10)))) == 10
    assert loads == ["sm"] * 3
    loads.clear()
    assert len(list(extract_many(Counted(10), pipeline=nlp))) == 10
    assert loads == []


# What is wrong with the call


@pytest.mark.parametrize("workers", [0, -1])
def test_no_workers(workers):
    with pytest.raises(ValueError, match=f"workers is {workers}; it must be 1 or more"):
        extract_many([], workers=workers)


def test_a_loaded_pipeline_stays_in_its_process(nlp):
    with pytest.raises(PipelineError, match="to_disk"):
        extract_many([], pipeline=nlp, workers=2)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("empty", "message"), [(False, "no pipeline"), (True, "cannot be loaded")])
def test_a_pipeline_that_cannot_be_loaded(workers, empty, message, tmp_path):
    if empty:
        (tmp_path / "pipeline").mkdir()
    letters = Counted(3)
    results = extract_many(letters, pipeline=tmp_path / "pipeline", workers=workers)
    with pytest.raises(PipelineError, match=message):
        next(results)
    assert letters.given == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_what_the_caller_raises_comes_back(saved, workers):
    def letters():
        yield letter(1)
        raise ConnectionError("the database is gone")

    with pytest.raises(ConnectionError, match="the database is gone"):
        list(extract_many(letters(), pipeline=saved, workers=workers))
    assert not multiprocessing.active_children()


def test_a_script_without_a_guard_is_told(saved, tmp_path):
    script = tmp_path / "script.py"
    package = str(Path(imr_nlp.__file__).parents[1])
    script.write_text(
        f"import sys; sys.path.insert(0, {package!r})\n"
        f"import imr_nlp; list(imr_nlp.extract_many('x', pipeline={str(saved)!r}, workers=2))\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert 'stands under if __name__ == "__main__":' in done.stderr.splitlines()[-1]


# On other processes


def test_workers_give_what_one_process_gives():
    given = [EXAMPLES / "nothing.pdf", EXAMPLES, letter(1)]
    assert list(extract_many(given, workers=2)) == list(extract_many(given))


def test_the_letters_under_way_are_few(saved):
    letters = Counted(200)
    ahead = [
        letters.given - number
        for number, _ in enumerate(extract_many(letters, pipeline=saved, workers=2))
    ]
    assert len(ahead) == 200
    assert max(ahead) <= 2 * AHEAD


def test_the_death_of_a_worker_costs_its_letter_only(saved):
    deadly = {3, 4, 17}
    given = [
        Deadly(str(number), "memory") if number in deadly else letter(number)
        for number in range(40)
    ]
    results = list(extract_many(given, pipeline=saved, workers=2))
    assert [result.id for result in results] == [str(number) for number in range(40)]
    failures = {int(result.id): result for result in results if isinstance(result, FailedLetter)}
    assert set(failures) == deadly
    assert failures[3].error == "BrokenProcessPool"
    assert "ended abruptly" in failures[3].reason


def test_closing_ends_the_workers(saved):
    results = extract_many(Counted(1000), pipeline=saved, workers=2)
    assert len(list(islice(results, 3))) == 3
    assert len(multiprocessing.active_children()) == 2
    results.close()
    assert not multiprocessing.active_children()

"""The training project as its README runs it, and the scripts beside it."""

import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest

import imr_nlp
from tests.conftest import ROOT
from tests.small_corpus import N_TEST, make_corpus

TRAINING = ROOT / "training"
NEEDS = {"compare/static_vectors.py": "model2vec", "train_trf.py": "torch"}
SCRIPTS = ["train_small.py", "train_trf.py", "compare/reasons.py", "compare/entities.py",
           "compare/categories.py", "compare/pretrain.py", "compare/static_vectors.py"]  # fmt: skip


def run(*words, cwd):
    return subprocess.run(
        [sys.executable, *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_project_checks_trains_and_scores(tmp_path):
    make_corpus(tmp_path / "corpus")
    (tmp_path / "training").mkdir()
    for name in ("project.yml", "train_small.py"):
        shutil.copy(TRAINING / name, tmp_path / "training")
    (tmp_path / "imr_nlp").symlink_to(ROOT / "imr_nlp")
    words = ("-m", "weasel", "run", "all", "training", "--vars.steps", 3, "--vars.workers", 1)
    first = run(*words, cwd=tmp_path)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "0 problems" in first.stderr
    assert f"written, test ({N_TEST} letters" in first.stdout
    card = (tmp_path / "models" / "en_imr_sm" / "README.md").read_text(encoding="utf-8")
    assert f"written, test ({N_TEST} letters)" in card
    nlp = imr_nlp.load(tmp_path / "models" / "en_imr_sm")
    assert nlp.meta["name"] == "imr_sm"
    again = run(*words, cwd=tmp_path)
    assert "Skipping 'train': nothing changed" in again.stdout


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_starts(script):
    """What it imports is there, and its options can be read."""
    needed = NEEDS.get(script, "spacy")
    if find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed")
    done = run(TRAINING / script, "--help", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert script in done.stdout


def test_a_comparison_says_that_posted_letters_are_missing(tmp_path):
    corpus = make_corpus(tmp_path / "corpus")
    for script in ("reasons.py", "entities.py"):
        words = ("keywords",) if script == "reasons.py" else ("-o", tmp_path / "x.json")
        done = run(TRAINING / "compare" / script, *words, "--corpus", corpus, cwd=ROOT)
        assert done.returncode != 0
        assert "imr-nlp corpus attach" in done.stderr
        assert "Traceback" not in done.stderr

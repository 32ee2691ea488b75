"""Training of the named-entity recogniser: spaCy's `tok2vec` and `ner` on annotated letters."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from spacy import util
from spacy.language import Language
from spacy.tokens import DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import registry

from imr_nlp.corpus import AnnotatedLetter, to_doc
from imr_nlp.export.extras import require
from imr_nlp.learning import augment
from imr_nlp.pipeline import fast_ops, register
from imr_nlp.threads import OneThreadPool, pool_error

CONFIG = Path(__file__).with_name("configs") / "entities.cfg"
"""The configuration of the shipped recogniser, for `spacy train`, too."""


_ENDED = "a process that trains a recogniser could not start, or had too little memory"

Logger = Callable[..., Any]
Hidden = Callable[[str], bool]


@registry.loggers("imr_nlp.Silent.v1")
def make_silent_logger() -> Logger:
    """Make a logger for training that prints nothing."""

    def start(nlp: Language, stdout: IO[str], stderr: IO[str]) -> tuple[Logger, Logger]:
        return lambda info: None, lambda: None

    return start


def write_examples(
    letters: Sequence[AnnotatedLetter], path: Path, *, hidden: Hidden | None = None
) -> None:
    """Write the entities of letters as a DocBin for training.

    Entities that cut a token are left out of it; drugs of which `hidden` is true
    get names that nobody knows.
    """
    docs = DocBin()
    rng = random.Random(0)  # noqa: S311
    for letter in letters:
        doc = to_doc(letter, misaligned=[])
        doc.spans.clear()
        doc.user_data = {}
        docs.add(doc if hidden is None else augment.hide_drugs(doc, rng, hidden))
    docs.to_disk(path)


def train_entities(
    letters: Sequence[AnnotatedLetter],
    *,
    config: Path = CONFIG,
    overrides: dict[str, Any] | None = None,
    hidden: Hidden | None = None,
    start: Path | None = None,
) -> Language:
    """Train a recogniser of entities; the same letters give the same weights on one machine.

    It runs a fixed number of steps without choosing among checkpoints, so that no
    letter is needed to choose by; weights are averages over the steps.

    Parameters
    ----------
    letters
        Annotated letters, all of which train.
    config
        A spaCy training configuration with `paths.train` and `paths.dev`.
    overrides
        Values of the configuration by dotted name, as `spacy train` takes them.
    hidden
        Tells of a printed name of a drug whether training must not see it.
    start
        Folder of a pipeline whose `tok2vec` and `ner` are trained on; by default
        weights begin anew.

    Returns
    -------
    Language
        A pipeline of `tok2vec` and `ner`.
    """
    register()
    with TemporaryDirectory() as folder, fast_ops():
        path = Path(folder) / "train.spacy"
        write_examples(letters, path, hidden=hidden)
        # spaCy wants a development corpus; nothing is chosen by it.
        dev = Path(folder) / "dev.spacy"
        write_examples(letters[:1], dev)
        settings = {"paths.train": str(path), "paths.dev": str(dev), **(overrides or {})}
        loaded = util.load_config(config, overrides=settings, interpolate=False)
        if start is not None:
            for name in loaded["nlp"]["pipeline"]:
                loaded["components"][name] = {"source": str(start)}
        output = Path(folder) / "model"
        output.mkdir()
        nlp = init_nlp(loaded)
        silence = io.StringIO()
        _, last = train(nlp, output, stdout=silence, stderr=silence)
        return util.load_model(last or output / "model-last")


def train_many(
    sets: Sequence[Sequence[AnnotatedLetter]],
    *,
    workers: int = 2,
    overrides: dict[str, Any] | None = None,
    start: Path | None = None,
) -> list[Language]:
    """Train one recogniser on each set of letters.

    One worker, or one set, is trained in this process; more are in processes of
    their own. All compute in one thread: sums of floats, and so weights, depend on
    the number of threads.

    Parameters
    ----------
    sets
        What trains each recogniser.
    workers
        Processes to use. For more than one, a script must call this under
        `if __name__ == "__main__":`, since each process imports it.
    overrides, start
        Those of `train_entities`.

    Raises
    ------
    PipelineError
        If the processes do not start, or end before their time.
    MissingExtraError
        If threadpoolctl, of the extra `train`, is not installed.
    """
    overrides = overrides or {}
    workers = min(workers, len(sets))
    if workers <= 1:
        with require("threadpoolctl", extra="train").threadpool_limits(1):
            return [_restore(*_train_to_bytes(list(own), overrides, start)) for own in sets]
    try:
        with OneThreadPool(workers) as pool:
            jobs = [pool.submit(_train_to_bytes, list(own), overrides, start) for own in sets]
            return [_restore(*job.result()) for job in jobs]
    except BrokenProcessPool as error:
        raise pool_error(_ENDED, error) from error


def _train_to_bytes(
    letters: list[AnnotatedLetter], overrides: dict[str, Any], start: Path | None
) -> tuple[dict[str, Any], bytes]:
    nlp = train_entities(letters, overrides=overrides, start=start)
    # A plain dictionary cannot resolve what refers to another of its values.
    return dict(nlp.config.interpolate()), nlp.to_bytes()


def _restore(config: dict[str, Any], data: bytes) -> Language:
    register()
    with fast_ops():
        return util.load_model_from_config(config).from_bytes(data)

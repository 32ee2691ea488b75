"""Retraining on new letters, compared with the old pipeline on letters that train neither."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from spacy.language import Language

from imr_nlp.corpus import AnnotatedLetter, CorpusError, Problem, to_doc
from imr_nlp.corpus.splits import n_issues
from imr_nlp.corpus.standoff import iter_standoff, text_hash
from imr_nlp.corpus.store import REAL
from imr_nlp.evaluation import Comparison, compare, score_letters
from imr_nlp.export.extras import require
from imr_nlp.learning.material import Material, read_material
from imr_nlp.learning.new_letters import check_new, deal, keep_unknown
from imr_nlp.learning.retrained import Retrained
from imr_nlp.learning.small import RECOGNISER
from imr_nlp.learning.training import train_small
from imr_nlp.pipeline import load, locate
from imr_nlp.shipped import DEFAULT, TRAINED_ON

NAME = "imr_retrained"
STEPS_ON = 500
"""Steps of a recogniser that goes on from weights; one that begins anew takes those of its
configuration."""


def retrain(
    new: Sequence[AnnotatedLetter],
    corpus: str | Path,
    *,
    base: str | Path | None = None,
    from_scratch: bool = False,
    hold_out: float = 0.2,
    seed: int = 0,
    steps: int | None = None,
    workers: int = 1,
) -> Retrained:
    """Train a pipeline on new letters and a corpus, and compare it with an old one.

    The models of reasons and categories are linear, with one best solution: they are
    fitted anew on all letters, and it makes no difference where they start. Their
    probabilities and thresholds come from cross-validation by reviewer among
    the letters that train. Only the recogniser of entities goes on from the
    weights of the old pipeline.

    Parameters
    ----------
    new
        Annotated letters.
    corpus
        A corpus folder, as in a checkout; its test split trains nothing.
    base
        The old pipeline, as `imr_nlp.load` takes it; by default the shipped one.
    from_scratch
        Begin the recogniser anew, too.
    hold_out
        About which share of the new letters' issues is held out for the comparison.
    seed
        Of what is held out, and of the recogniser.
    steps
        Steps of the recogniser; by default `STEPS_ON`, or those of its configuration
        where it begins anew.
    workers
        Processes that train recognisers.

    Raises
    ------
    CorpusError
        If anything is wrong in a new letter or in the corpus, two different letters
        have one name, or no new letter is left.
    PipelineError
        If the old pipeline cannot be loaded.
    MissingExtraError
        If scikit-learn is not installed (extra `train`).
    ValueError
        If `hold_out` is not a share, or the letters are too few for cross-validation.
    """
    if not 0 <= hold_out < 1:
        raise ValueError(f"hold_out is {hold_out}; it must be 0 or more and less than 1")
    require("sklearn.linear_model", extra="train")
    check_new(new)
    base = DEFAULT if base is None else base
    old = load(base)
    known = read_material(corpus)
    kept = keep_unknown(new, known)
    if not kept.letters:
        raise CorpusError([Problem("new letters", 0, "none is left: " + "; ".join(kept.notes))])
    seen = frozenset(old.meta.get(TRAINED_ON, ()))
    dealt = deal(
        kept.letters, hold_out, seed=seed,
        trained=known.letters, posted=known.posted, trained_on=seen,
    )  # fmt: skip
    start = None if from_scratch else _weights(base, old)
    if start is not None and steps is None:
        steps = STEPS_ON
    material = read_material(corpus, new=dealt.train)
    nlp = train_small(
        material, validate=False, workers=workers, steps=steps, seed=seed, start=start
    ).nlp
    nlp.meta.update(
        name=NAME,
        description="Rules and parts retrained on further letters, for California IMR letters",
    )
    if start is not None:
        nlp.meta[TRAINED_ON] = sorted(seen.union(nlp.meta[TRAINED_ON]))
    test = [letter for letter in material.test if text_hash(letter.text) not in seen]
    notes = [*kept.notes, *dealt.notes, *_notes(material, Path(corpus))]
    if len(test) < len(material.test):
        left = len(material.test) - len(test)
        notes.append(f"{left} letters of the test split are not compared on: they trained {base}")
    if not from_scratch and start is None:
        notes.append(f"{base} has no recogniser of entities to go on from: it begins anew")
    comparisons = [_compare(old, nlp, test, "the frozen test split")]
    if dealt.held_out:
        comparisons.append(_compare(old, nlp, dealt.held_out, "the new letters held out"))
    settings: dict[str, str | float | None] = {
        "old pipeline": f"{base} {old.meta['version']}",
        "corpus": str(corpus),
        "hold_out": hold_out,
        "seed": seed,
        "steps": steps or "as configured",
        "recogniser": "anew" if start is None else "trained on",
        "imr_nlp": version("imr_nlp"),
    }
    return Retrained(
        nlp, comparisons, notes, len(dealt.train), n_issues(dealt.train), material.counts, settings
    )


def _compare(
    old: Language, new: Language, letters: Sequence[AnnotatedLetter], name: str
) -> Comparison:
    gold = [to_doc(letter, misaligned=[]) for letter in letters]
    return compare(score_letters(old, gold), score_letters(new, gold), name=name)


def _weights(base: str | Path, old: Language) -> Path | None:
    """Give the folder of a pipeline whose recogniser can be trained on."""
    if not set(RECOGNISER) <= set(old.component_names):
        return None
    return locate(base)


def _notes(material: Material, corpus: Path) -> list[str]:
    if material.posted:
        return [
            f"the {len(material.posted)} posted letters are not compared on: they train the new "
            "pipeline"
        ]
    posted = sum(1 for _ in iter_standoff(corpus / REAL))
    if not posted:
        return []
    return [
        f"{posted} posted letters are not attached and do not train (imr-nlp corpus attach); "
        "the shipped pipeline was trained on them"
    ]

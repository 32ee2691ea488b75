"""The pipelines that ship with the library, and how one is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from inspect import signature
from pathlib import Path
from typing import Any

import spacy
from spacy import util
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from thinc.api import NumpyOps, get_current_ops, use_ops

from imr_nlp.errors import PipelineError
from imr_nlp.shipped import DEFAULT, SHIPPED, UNSHIPPED, can_transform, trained_path

_COMPONENT_MODULES = (
    "imr_nlp.text.tokenizer",
    "imr_nlp.components.sections",
    "imr_nlp.components.header",
    "imr_nlp.components.issues",
    "imr_nlp.components.citations.component",
    "imr_nlp.components.sentences",
    "imr_nlp.components.proposals",
    "imr_nlp.components.medications.component",
    "imr_nlp.components.items.component",
    "imr_nlp.components.summary.component",
    "imr_nlp.components.categories.component",
    "imr_nlp.components.decisions",
    "imr_nlp.components.reasons.component",
    "imr_nlp.components.reasons.suggester",
    "imr_nlp.components.reasons.scorer",
    "imr_nlp.components.determination",
)
_LONGEST_LETTER = 20_000_000
_FIRST_LETTER = """CLINICAL CASE SUMMARY
A 40 year old man was injured on 1/2/2014. The diagnoses are knee strain and pain.
IMR ISSUES, DECISIONS AND RATIONALES
Naproxxen 500mg #60, right knee: Upheld
Claims Administrator guideline: Decision based on MTUS Knee Complaints 2004, Section(s): Opioids.
MAXIMUS guideline: Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), Pain.
Decision based on Non-MTUS Citation ACOEM, Low Back. Decision based on Non-MTUS Citation FDA.
Decision rationale: The request is not medically necessary.
"""
_CHOICES = ("exclude", "disable", "enable")
"""Settings of `load` that are names of components."""
DRUG_RULER = "drug_ruler"
RULES = (
    # First, since a ruler runs its patterns through all components before it.
    DRUG_RULER,
    "imr_sections",
    "imr_header",
    "imr_issues",
    "imr_citations",
    "imr_sentences",
    "imr_medications",
    "imr_items",
    "imr_summary",
    "imr_determination",
)
"""Names of the components of the rule pipeline, in order."""

_CONFIG: dict[str, Any] = {
    "nlp": {
        "lang": "en",
        "tokenizer": {"@tokenizers": "imr_nlp.LetterTokenizer.v1", "warm": True},
        # Letters are long: the default batch of 1,000 would hold a gigabyte of Docs.
        "batch_size": 32,
    }
}


def register() -> None:
    """Import the modules that register components, tokenizer and extensions."""
    for module in _COMPONENT_MODULES:
        import_module(module)


@contextmanager
def fast_ops() -> Iterator[None]:
    """Make models multiply by NumPy's BLAS within the block, where they run on the processor.

    A matrix product of the recogniser's size takes about a quarter less time than with
    the BLIS that spaCy takes by default (one thread of one machine; the processor decides).
    A model keeps what it was made with; nothing outside the block changes.
    """
    if isinstance(get_current_ops(), NumpyOps):
        with use_ops("numpy", use_blis=False):
            yield
    else:
        yield


def make_rules() -> Language:
    """Make the rule pipeline from its resources."""
    register()
    nlp = spacy.blank("en", config=_CONFIG)
    for name in RULES:
        if name == DRUG_RULER:
            # Not `entity_ruler`: its from_bytes loses phrase patterns (spaCy 3.8).
            ruler = nlp.add_pipe(
                "future_entity_ruler", name=name, config={"phrase_matcher_attr": "LOWER"}
            )
            ruler.add_patterns(drug_patterns())  # type: ignore[attr-defined]
        else:
            nlp.add_pipe(name)
    # spaCy's limit of 1,000,000 characters guards models; rules need no such memory.
    nlp.max_length = _LONGEST_LETTER
    nlp.meta.update(
        name="imr_rules",
        description="Rules for California workers' compensation IMR determination letters",
        license="MIT",
        version=version("imr_nlp"),
        requirements=[f"imr_nlp>={version('imr_nlp')}"],
    )
    _warm_up(nlp)
    return nlp


def _check_settings(name: str | Path, settings: Iterable[str]) -> None:
    known = set(_CHOICES if name == "rules" else signature(spacy.load).parameters) - {"name"}
    if unknown := sorted(set(settings) - known):
        wrong, right = ", ".join(unknown), ", ".join(sorted(known))
        raise PipelineError(f"{wrong}: no setting of the pipeline {name}. It takes {right}.")


def _names(value: str | Iterable[str]) -> list[str]:
    """Give names of components: a string is one name."""
    return [value] if isinstance(value, str) else list(value)


def _switch(nlp: Language, disable: list[str], enable: list[str]) -> None:
    """Disable some components, or all but those to be enabled."""
    if both := sorted(set(disable) & set(enable)):
        raise ValueError(f"{', '.join(both)}: to be both disabled and enabled")
    for name in enable:
        nlp.enable_pipe(name)
    for name in [*disable, *(n for n in nlp.component_names if enable and n not in enable)]:
        nlp.disable_pipe(name)


def _warm_up(nlp: Language) -> None:
    """Read a letter of one line, so that vocabularies are compiled at load."""
    nlp(_FIRST_LETTER)


def drug_patterns() -> list[dict[str, str]]:
    """Give the names of the drug lexicon as patterns of spaCy's entity ruler."""
    from imr_nlp.components.medications.lexicon import lexicon

    return [
        {"label": "DRUG", "pattern": form, "id": drug.name}
        for form, drug in lexicon().printed.items()
    ]


def locate(name: str | Path) -> Path:
    """Give the folder of a pipeline, as `load` takes it.

    Raises
    ------
    PipelineError
        If there is none, or an extra is missing; with what to do about it.
    """
    if name not in SHIPPED and name not in UNSHIPPED:
        if Path(name).exists():
            return Path(name)
        if util.is_package(str(name)):
            return _in_package(str(name))
        raise PipelineError(
            f"{name}: no pipeline of this name or at this path, and no installed package. Use "
            "'sm', 'rules', 'trf', the name of a package that spacy package made, or the path of "
            "a folder that nlp.to_disk wrote."
        )
    if name in UNSHIPPED and not can_transform():
        raise PipelineError(
            f"{name}: this pipeline needs spacy-transformers and torch. Install them with "
            "pip install 'imr_nlp[transformers]'."
        )
    path = trained_path(str(name))
    if not path.exists():
        remedy = (
            "Its weights are too large to ship: make them in a checkout with "
            "'python training/train_trf.py'."
            if name in UNSHIPPED
            else "The installation is incomplete: install imr_nlp anew, or in a checkout run "
            "'python training/train_small.py'."
        )
        raise PipelineError(f"{name}: no weights at {path}. {remedy}")
    return path


def _in_package(name: str) -> Path:
    """Give the folder of the pipeline in a package, where `spacy package` puts it."""
    folder = util.get_package_path(name)
    meta = util.load_meta(folder / "meta.json")
    return folder / f"{meta['lang']}_{meta['name']}-{meta['version']}"


def load(name: str | Path = DEFAULT, **kwargs: Any) -> Language:
    """Load a pipeline.

    Parameters
    ----------
    name
        `"sm"` for the rules with everything that was trained (`en_imr_sm`), the
        default; `"trf"` for the transformer (`en_imr_trf`), where its weights
        were made; `"rules"` for the rules alone; a path to a pipeline that was
        saved with `nlp.to_disk`; or the name of an installed package that
        `spacy package` made of one.
    **kwargs
        Settings of `spacy.load`: `exclude`, `disable` and `enable`, each the name of a
        component or several; and for a pipeline that was saved, `config` and `vocab`.

    Raises
    ------
    PipelineError
        If there is no pipeline of that name or at that path, its weights or an
        extra are missing, a setting is unknown, or the pipeline does not work with it.
    """
    _check_settings(name, kwargs)
    path = None if name == "rules" else locate(name)
    try:
        exclude, disable, enable = (_names(kwargs.get(choice, ())) for choice in _CHOICES)
        if path is None:
            nlp = make_rules()
            for component in exclude:
                nlp.remove_pipe(component)
        else:
            register()
            others = {k: v for k, v in kwargs.items() if k not in _CHOICES}
            # Not with spaCy's `disable`: a ruler that is disabled reads its patterns through
            # all components, before these have read their weights (spaCy 3.8).
            with fast_ops():
                nlp = spacy.load(path, exclude=exclude, **others)
        _switch(nlp, disable, enable)
        # One that is disabled is run on pieces of a bounded length (`imr_proposals`).
        if not any(isinstance(component, TrainablePipe) for _, component in nlp.pipeline):
            nlp.max_length = _LONGEST_LETTER
        _warm_up(nlp)
    except (OSError, TypeError, ValueError) as error:
        given = "".join(f", {setting}={value!r}" for setting, value in kwargs.items())
        raise PipelineError(f"{name}{given}: this pipeline cannot be loaded ({error})") from error
    return nlp

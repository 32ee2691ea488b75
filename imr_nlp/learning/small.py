"""The trained pipeline `en_imr_sm`: the rules, and what was learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from spacy.language import Language

from imr_nlp.components.categories.component import LetterCategories
from imr_nlp.components.categories.model import CategoryModel
from imr_nlp.components.reasons.component import LetterReasons
from imr_nlp.components.reasons.model import ReasonModel
from imr_nlp.learning.issues import DecisionRates
from imr_nlp.pipeline import make_rules

NAME = "en_imr_sm"
RECOGNISER = ("tok2vec", "ner")


@dataclass(frozen=True)
class Parts:
    """What was learned.

    Parameters
    ----------
    reasons, categories
        Calibrated models.
    decisions
        How often decisions are right.
    entities
        A pipeline of `tok2vec` and `ner`; None for rules alone.
    """

    reasons: ReasonModel
    categories: CategoryModel
    decisions: DecisionRates
    entities: Language | None = None


def add_entities(nlp: Language, entities: Language) -> Language:
    """Put a recogniser before the medications of a pipeline, and what sets its proposals aside.

    It is disabled: `imr_proposals` runs it where it is needed, on a part of the letter.
    """
    if entities.vocab.vectors_length:
        nlp.vocab.vectors = entities.vocab.vectors
    for name in RECOGNISER:
        nlp.add_pipe(name, source=entities, before="imr_medications")
        nlp.disable_pipe(name)
    config = {"run": list(RECOGNISER)}
    nlp.add_pipe("imr_proposals", before="imr_medications", config=config)
    return nlp


def make_small(parts: Parts) -> Language:
    """Put what was learned into the rule pipeline."""
    nlp = make_rules()
    if parts.entities is not None:
        add_entities(nlp, parts.entities)
    end = "imr_determination"
    categories = cast(LetterCategories, nlp.add_pipe("imr_categories", before=end))
    categories.model = parts.categories
    nlp.add_pipe("imr_decisions", before=end, config=parts.decisions._asdict())
    reasons = cast(LetterReasons, nlp.add_pipe("imr_reasons", before=end))
    reasons.model = parts.reasons
    nlp.meta.update(
        name=NAME.removeprefix("en_"),
        description="Rules and trained parts for California IMR determination letters",
    )
    return nlp

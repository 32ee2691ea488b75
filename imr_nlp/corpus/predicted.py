"""What a pipeline read as an annotated letter, for a person to correct."""

from __future__ import annotations

import warnings
from typing import NamedTuple

from spacy.tokens import Doc

from imr_nlp.corpus.letter import AnnotatedLetter
from imr_nlp.corpus.predicted_fields import find_fields
from imr_nlp.corpus.predicted_marks import find_entities, find_evidence
from imr_nlp.corpus.predicted_parts import Place, find_parts
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.corpus.standoff import name_of, text_hash
from imr_nlp.schema import DETERMINATION_KEY, Determination
from imr_nlp.text.layer import alignment_of, raw_text


class Dropped(NamedTuple):
    """What a pipeline found and an annotated letter cannot hold, with the reason.

    Offsets refer to the letter's text; both are 0 for a field.
    """

    letter: str
    label: str
    start: int
    end: int
    text: str
    why: str

    def __str__(self) -> str:
        place = f" at [{self.start}, {self.end})" if self.end else ""
        return f"{self.letter}: {self.label} '{self.text}'{place}: {self.why}"


def from_prediction(
    doc: Doc, *, id: str | None = None, dropped: list[Dropped] | None = None
) -> AnnotatedLetter:
    """Give what a pipeline of this library read as an annotated letter.

    Entities come from `doc.ents`, everything else from the determination. Where
    the result is sound the letter passes `check_letter`; what is missing (an issue
    without a rationale) is left to the person who corrects it. Decisions are
    fields of annotated letters, and guideline lines that cite nothing are marked
    only where the form labels them.

    Parameters
    ----------
    doc
        The Doc.
    id
        Name of the letter; by default that of the determination, or else the
        beginning of its text's hash.
    dropped
        Where given, what an annotated letter cannot hold is added here: an
        entity outside the parts in which its label is annotated, an attribute
        of no drug, marks that cross.

    Warns
    -----
    UserWarning
        If something was left out and `dropped` is not given.

    Raises
    ------
    CorpusError
        If no pipeline of this library read the Doc.
    """
    stored = doc.user_data.get(DETERMINATION_KEY)
    if stored is None:
        problem = "holds no determination; the pipelines of imr_nlp.load give one"
        raise CorpusError([Problem(id or "Doc", 0, problem)])
    determination = Determination.model_validate(stored)
    raw, text = raw_text(doc), doc.text
    name = id or determination.id or name_of(text_hash(raw))
    left_out: list[Dropped] = []

    def drop(label: str, place: Place, why: str, value: str | None = None) -> None:
        start, end = alignment_of(doc).to_clean(*place)
        shown = " ".join(text[start:end].split()) if value is None else value
        left_out.append(Dropped(name, label, *place, shown, why))

    parts = find_parts(doc, determination, drop)
    evidence = find_evidence(determination, parts, drop)
    entities = find_entities(doc, determination, parts, evidence, drop)
    letter = AnnotatedLetter(
        id=name,
        text=raw,
        fields=find_fields(doc, determination, parts, evidence, drop),
        parts=parts,
        entities=entities,
        evidence=evidence,
    )
    if dropped is not None:
        dropped += left_out
    elif left_out:
        warnings.warn("\n".join(map(str, left_out)), UserWarning, stacklevel=2)
    return letter

"""The component that reads the worker's facts from the case summary."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.entities import collect_entities
from imr_nlp.components.findings import findings, found, section_text_spans
from imr_nlp.components.header import header_dates
from imr_nlp.components.summary.age import find_age
from imr_nlp.components.summary.diagnoses import find_diagnoses
from imr_nlp.components.summary.injury_date import find_injury_date
from imr_nlp.components.summary.sex import find_sex
from imr_nlp.text.layer import text_of


class LetterSummary:
    """Reads age, sex, injury date and diagnoses of the worker.

    Sets `age`, `sex`, `summary_injury_date` and `diagnoses` in the findings,
    and collects the entity `DIAGNOSIS`.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Read the case summary of one letter."""
        text = text_of(doc)
        state = findings(doc)
        fields = state["fields"]
        summaries = section_text_spans(doc, "case_summary")
        rationales = [
            (issue["rationale"][0], issue["rationale"][1])
            for issue in state["issues"]
            if issue["rationale"]
        ]
        if sex := find_sex(text, [*summaries, *rationales]):
            fields["sex"] = found(sex.value, (sex.start, sex.end))
        if not summaries:
            return doc
        # The heading can stand twice; the longest part is the summary.
        start, end = max(summaries, key=lambda span: span[1] - span[0])
        if age := find_age(text, start, end):
            fields["age"] = found(age.value, (age.start, age.end))
        if injured := find_injury_date(text, start, end, header=header_dates(doc)):
            span = (injured.start, injured.end)
            fields["summary_injury_date"] = found(injured.value.isoformat(), span)
        diagnoses = find_diagnoses(text, start, end)
        if diagnoses:
            fields["diagnoses"] = found(
                [place.value for place in diagnoses],
                *((place.start, place.end) for place in diagnoses),
            )
        collect_entities(doc, [(place.start, place.end, "DIAGNOSIS") for place in diagnoses])
        return doc


@Language.factory("imr_summary", requires=["doc.spans"], assigns=["doc.ents"])
def make_summary(nlp: Language, name: str) -> LetterSummary:
    """Make the `imr_summary` component."""
    return LetterSummary()

"""The component that turns the findings into a determination over the raw text."""

from __future__ import annotations

from typing import Any, cast

from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.entities import collect_entities, set_collected
from imr_nlp.components.findings import Found, IssueFinding, findings, value_of, warn
from imr_nlp.schema import DETERMINATION_KEY, PROBABILITIES_KEY, Determination
from imr_nlp.text.alignment import Alignment
from imr_nlp.text.layer import alignment_of, release_text, text_of

_OUTCOMES = {
    frozenset({"upheld"}): "upheld",
    frozenset({"overturned"}): "overturned",
    frozenset({"upheld", "overturned"}): "partially_overturned",
}
_SENTENCE_ENDS = ("", *".!?:;)\"'\u201d\u2019]")
_ATTRIBUTES = (
    "drug", "strength", "form", "dose", "route", "frequency", "duration", "quantity", "refills",
)  # fmt: skip
_PLAIN = (
    "links", "name", "kind", "ingredients", "drug_class", "strengths", "quantity_value",
    "quantity_unit", "refills_value", "doses_per_day", "units_per_dose", "days", "daily_amounts",
    "compound", "section", "issue",
)  # fmt: skip
_LETTER_FIELDS = (
    "case_number", "date_assigned", "date_of_injury", "decision_date", "ur_denial_date",
    "application_received", "priority", "licensure", "specialties", "age", "sex",
    "summary_injury_date", "diagnoses",
)  # fmt: skip
_ISSUE_FIELDS = (
    "item", "decision", "requested", "authorized", "retrospective", "date_of_service", "category",
    "sessions", "body_parts", "rationale", "conclusion", "contradiction",
)  # fmt: skip


class LetterDetermination:
    """Assembles the result of the components before it.

    Sets `doc._.determination` (a `schema.Determination`), and in `doc.ents` the
    entities that were collected, with `DECISION`. An item without a decision
    word takes the decision that its rationale concludes, with a warning; one
    without either is left out, with a warning.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Assemble the determination of one letter."""
        _settle_decisions(doc)
        _check(doc)
        assembler = _Assembler(doc)
        doc.user_data[DETERMINATION_KEY] = assembler.assemble()
        doc.user_data[PROBABILITIES_KEY] = [i.get("probabilities", {}) for i in assembler.issues]
        decisions = [
            (start, end, "DECISION")
            for issue in findings(doc)["issues"]
            for start, end in issue["fields"].get("decision", Found(value=None, spans=[]))["spans"]
        ]
        collect_entities(doc, decisions)
        set_collected(doc)
        release_text(doc)
        return doc


def _check(doc: Doc) -> None:
    """Warn where nothing is left, and where the letter breaks off."""
    state = findings(doc)
    told = {warning["code"] for warning in state["warnings"]}
    kept = any({"item", "decision"} <= issue["fields"].keys() for issue in state["issues"])
    if not kept and "no_issues" not in told:
        warn(doc, "no_issues", "No disputed item was found.")
    text = text_of(doc)
    for number, issue in enumerate(state["issues"], start=1):
        start, end = issue["rationale"] or (0, 0)
        if text[start:end].strip()[-1:] not in _SENTENCE_ENDS:
            last_words = max(start, text.rfind(" ", start, max(start, end - 40)) + 1)
            message = f"The rationale of issue {number} ends within a sentence."
            warn(doc, "cut_off", message, (last_words, end))


def _settle_decisions(doc: Doc) -> None:
    for number, issue in enumerate(findings(doc)["issues"], start=1):
        fields = issue["fields"]
        if "decision" in fields or "item" not in fields:
            continue
        conclusion = fields.get("conclusion")
        if conclusion is None:
            warn(doc, "issue_left_out", f"Issue {number} has no decision and no conclusion.")
            continue
        decision = "overturned" if conclusion["value"] == "necessary" else "upheld"
        fields["decision"] = Found(value=decision, spans=conclusion["spans"])
        warn(
            doc,
            "decision_from_conclusion",
            f"Issue {number} has no decision word; its rationale's conclusion was taken.",
        )


def _scores(issue: IssueFinding) -> dict[str, float]:
    """Give the probabilities of what is reported."""
    known = issue.get("probabilities", {})
    scores = {}
    if "decision" in known:
        scores["decision_score"] = round(known["decision"], 4)
    category = value_of(issue, "category")  # none where `imr_items` did not run
    if "category" in known and category is not None:
        scores["category_score"] = round(known["category"][category], 4)
    return scores


class _Assembler:
    def __init__(self, doc: Doc) -> None:
        self._text = text_of(doc)
        self._alignment: Alignment = alignment_of(doc)
        self._state = findings(doc)
        self.issues = [
            issue
            for issue in self._state["issues"]
            if "item" in issue["fields"] and "decision" in issue["fields"]
        ]

    def assemble(self) -> dict[str, Any]:
        """Give the determination as plain data, offsets into the raw text."""
        state = self._state
        kept = self.issues
        numbers = {id(issue): number for number, issue in enumerate(kept)}
        renumber = {old: numbers.get(id(issue)) for old, issue in enumerate(state["issues"])}
        medications = [self._medication(record, renumber) for record in state["medications"]]
        issues = [self._issue(number, issue, medications) for number, issue in enumerate(kept)]
        result: dict[str, Any] = {
            "layout": state["layout"],
            "outcome": _OUTCOMES.get(frozenset(issue["decision"] for issue in issues)),
            "issues": issues,
            "medications": [self._strip(record) for record in medications],
            "sections": [
                {"label": section["label"], "span": self._span(section["start"], section["end"])}
                for section in state["sections"]
            ],
            "warnings": [
                {**warning, "span": self._span(*warning["span"]) if warning["span"] else None}
                for warning in state["warnings"]
            ],
            "spans": self._spans(state["fields"], _LETTER_FIELDS),
        }
        for name in _LETTER_FIELDS:
            if name in state["fields"]:
                result[name] = state["fields"][name]["value"]
        return result

    def _issue(
        self, number: int, issue: IssueFinding, medications: list[dict[str, Any]]
    ) -> dict[str, Any]:
        fields = issue["fields"]
        start, end = issue["item"] or (0, 0)
        result: dict[str, Any] = {
            "index": number,
            "drugs": [
                self._strip(record) for record in medications if start <= record["_place"] < end
            ],
            "claims_citations": [self._citation(c) for c in issue["citations"]["claims"]],
            "reviewer_citations": [self._citation(c) for c in issue["citations"]["reviewer"]],
            "reasons": [
                {**reason, "sentences": [self._span(*place) for place in reason["sentences"]]}
                for reason in issue.get("reasons", [])
            ],
            "primary_reason": issue.get("primary_reason"),
            **_scores(issue),
            "spans": self._spans(fields, _ISSUE_FIELDS),
        }
        for name in _ISSUE_FIELDS:
            if name in fields:
                result[name] = fields[name]["value"]
        return result

    def _medication(
        self, record: dict[str, Any], renumber: dict[int, int | None]
    ) -> dict[str, Any]:
        result = {name: record[name] for name in _PLAIN if record.get(name) is not None}
        if record["issue"] is not None:
            result["issue"] = renumber.get(record["issue"])
        result["spans"] = {}
        for name in _ATTRIBUTES:
            if name in record["spans"]:
                span = self._span(*record["spans"][name])
                result["spans"][name] = span
                result[name] = span["text"]
        result["_place"] = record["drug"][0]
        return result

    @staticmethod
    def _strip(record: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in record.items() if name != "_place"}

    def _citation(self, citation: dict[str, Any]) -> dict[str, Any]:
        return {**citation, "span": self._span(*citation["span"])}

    def _spans(self, fields: dict[str, Found], names: tuple[str, ...]) -> dict[str, Any]:
        return {
            name: [self._span(start, end) for start, end in fields[name]["spans"]]
            for name in names
            if name in fields
        }

    def _span(self, start: int, end: int) -> dict[str, Any]:
        raw_start, raw_end = self._alignment.to_raw(start, end)
        text = self._text[start:end]
        return {"start": raw_start, "end": raw_end, "text": " ".join(text.split())}


def determination_of(doc: Doc) -> Determination | None:
    """Give the determination of a Doc; None before `imr_determination` ran on it."""
    stored = cast("dict[str, Any] | None", doc.user_data.get(DETERMINATION_KEY))
    return Determination.model_validate(stored) if stored is not None else None


def probabilities_of(doc: Doc) -> list[dict[str, Any]]:
    """Give the probabilities of a Doc's issues (`schema.PROBABILITIES_KEY`); empty before."""
    return cast("list[dict[str, Any]]", doc.user_data.get(PROBABILITIES_KEY, []))


if not Doc.has_extension("determination"):
    Doc.set_extension("determination", getter=determination_of)
if not Doc.has_extension("probabilities"):
    Doc.set_extension("probabilities", getter=probabilities_of)


@Language.factory("imr_determination", requires=["doc.spans", "doc.ents"], assigns=["doc.ents"])
def make_determination(nlp: Language, name: str) -> LetterDetermination:
    """Make the `imr_determination` component."""
    return LetterDetermination()

"""The result of reading a letter, as pydantic models.

Field names and label strings are the contract with users; what each one means
is written in `docs/fields.md`. Every value that was found in the letter carries
its place: half-open character offsets into the raw text that was given to the
pipeline. `TextSpan.text` is that stretch of the raw text as a reader sees it,
with line breaks and runs of space collapsed.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

DETERMINATION_KEY = "imr_nlp.determination"
"""Where a Doc's `user_data` holds its determination as plain data."""

PROBABILITIES_KEY = "imr_nlp.probabilities"
"""Where a Doc's `user_data` holds the probabilities of its issues, if a trained pipeline read it.

A list in the order of the issues; each a dictionary with what was measured of `reasons` (label to
probability that the issue has it), `category` (category to probability, summing to 1) and
`decision` (probability that the decision is right)."""

Decision = Literal["upheld", "overturned"]
Outcome = Literal["upheld", "overturned", "partially_overturned"]
Conclusion = Literal["necessary", "not_necessary"]
CitationSource = Literal["MTUS", "ACOEM", "ODG", "other"]
Layout = Literal["F1", "F2", "F3", "F4a", "F4b", "F5", "unknown"]
Category = Literal[
    "pharmaceuticals",
    "imaging",
    "electrodiagnostics",
    "laboratory",
    "other_diagnostics",
    "durable_medical_equipment",
    "electrical_stimulation",
    "prosthetics_orthotics",
    "supplies",
    "evaluation_management",
    "dental",
    "home_health",
    "injection",
    "programs",
    "psychological",
    "physical_occupational_therapy",
    "chiropractic",
    "acupuncture",
    "other_therapies",
    "surgery",
    "surgical_consult",
    "surgical_adjunct",
    "transportation",
    "other",
]
ReasonLabel = Literal[
    "no_functional_improvement",
    "conservative_care_not_tried",
    "exceeds_guideline_limits",
    "prolonged_use",
    "not_recommended",
    "criteria_not_met",
    "insufficient_documentation",
    "request_unspecified",
    "opioid_monitoring_lacking",
    "safety_risk",
    "compound_ingredient",
    "alternative_available",
    "repeat_or_duplicate",
    "dependent_on_denied",
    "home_program_sufficient",
    "adjunct_only",
    "no_management_impact",
    "not_medical_or_scope",
    "criteria_met",
    "documented_benefit",
    "within_guideline_limits",
    "approved_context",
]
APPROVAL_REASONS = frozenset(
    {"criteria_met", "documented_benefit", "within_guideline_limits", "approved_context"}
)
"""The reasons that speak for the treatment; all others speak against it (`docs/fields.md`)."""
DrugKind = Literal["brand", "generic", "combination", "compound", "medical_food", "supplement"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TextSpan(_Model):
    """A stretch of the letter.

    `start` and `end` are half-open offsets in characters into the raw text.
    """

    start: int
    end: int
    text: str


class Note(_Model):
    """A warning on the result: what may be wrong, in words and as a code."""

    code: str
    message: str
    span: TextSpan | None = None


class Amount(_Model):
    """A number with its unit, for one ingredient where that is known.

    `per_value` and `per_unit` hold the denominator of a concentration:
    "25 mg/5 ml" is value 25, unit "mg", per_value 5, per_unit "ml".
    """

    value: float
    unit: str
    ingredient: str | None = None
    per_value: float | None = None
    per_unit: str | None = None


class Medication(_Model):
    """One mention of a drug with its attributes, verbatim and normalised.

    `drug` to `refills` hold the text as printed; `spans` holds their places
    under the same names; `links` says why each attribute was given to this
    drug: `follows_drug`, `precedes_drug`, `shared_list` (dealt out of a run of
    strengths), or `item` (unknown words of the item line lie between).
    """

    drug: str
    strength: str | None = None
    form: str | None = None
    dose: str | None = None
    route: str | None = None
    frequency: str | None = None
    duration: str | None = None
    quantity: str | None = None
    refills: str | None = None
    spans: dict[str, TextSpan] = Field(default_factory=dict)
    links: dict[str, str] = Field(default_factory=dict)

    name: str | None = None
    """Canonical name in the lexicon; null for a drug that it does not hold."""
    kind: DrugKind | None = None
    ingredients: list[str] = Field(default_factory=list)
    drug_class: str | None = None
    strengths: list[Amount] = Field(default_factory=list)
    """Strength for each ingredient; empty where none is printed."""
    quantity_value: float | None = None
    quantity_unit: str | None = None
    refills_value: int | None = None
    doses_per_day: float | None = None
    """Upper bound: "every 4-6 hours" is 6."""
    units_per_dose: float | None = None
    """Upper bound: "1-2 tabs" is 2."""
    days: int | None = None
    daily_amounts: list[Amount] = Field(default_factory=list)
    """Strength x units per dose x doses a day, where all three are printed."""
    compound: bool = False
    """True for an ingredient of a compounded preparation."""
    section: Literal["item", "summary", "rationale", "other"] = "other"
    issue: int | None = None
    """Index into `Determination.issues`; null outside items and rationales."""


class Citation(_Model):
    """One guideline document cited in a guideline line of the form."""

    source: CitationSource
    title: str | None = None
    year: int | None = None
    sections: list[str] = Field(default_factory=list)
    pages: str | None = None
    """Normalised: "98-99", "23, 100-102, 124"."""
    span: TextSpan | None = None


class Reason(_Model):
    """Why the reviewer decided so, with the sentences that state it."""

    label: ReasonLabel
    sentences: list[TextSpan] = Field(default_factory=list)
    score: float | None = None


class Issue(_Model):
    """One disputed item with its decision."""

    index: int
    item: str
    decision: Decision
    decision_score: float | None = None
    """Calibrated probability that `decision` is right; null where no trained pipeline read it."""
    requested: str | None = None
    authorized: str | None = None
    retrospective: bool = False
    date_of_service: date | None = None
    category: Category = "other"
    category_score: float | None = None
    """Calibrated probability of `category`; null where no trained pipeline read it."""
    drugs: list[Medication] = Field(default_factory=list)
    sessions: int | None = None
    body_parts: list[str] = Field(default_factory=list)
    claims_citations: list[Citation] = Field(default_factory=list)
    reviewer_citations: list[Citation] = Field(default_factory=list)
    rationale: str | None = None
    conclusion: Conclusion | None = None
    contradiction: bool = False
    """True where `conclusion` says the opposite of `decision`."""
    reasons: list[Reason] = Field(default_factory=list)
    primary_reason: ReasonLabel | None = None
    spans: dict[str, list[TextSpan]] = Field(default_factory=dict)
    """Places of the fields above, under the same names."""


class Section(_Model):
    """A part of the form, found by its printed label."""

    label: str
    span: TextSpan


class Determination(_Model):
    """What one letter says."""

    id: str | None = None
    """File name or other name under which the letter was read."""
    layout: Layout = "unknown"
    case_number: str | None = None
    date_assigned: date | None = None
    date_of_injury: date | None = None
    decision_date: date | None = None
    ur_denial_date: date | None = None
    application_received: date | None = None
    priority: str | None = None
    licensure: list[str] = Field(default_factory=list)
    specialties: list[str] = Field(default_factory=list)
    age: int | None = None
    sex: Literal["female", "male"] | None = None
    summary_injury_date: date | None = None
    diagnoses: list[str] = Field(default_factory=list)
    outcome: Outcome | None = None
    issues: list[Issue] = Field(default_factory=list)
    medications: list[Medication] = Field(default_factory=list)
    """Every mention in the letter, those of the items included."""
    sections: list[Section] = Field(default_factory=list)
    warnings: list[Note] = Field(default_factory=list)
    spans: dict[str, list[TextSpan]] = Field(default_factory=dict)
    """Places of the fields above, under the same names."""

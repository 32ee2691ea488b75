"""Keyword rules for reasons: what can be done without training, as a baseline.

The words are those of the labels' definitions (`docs/fields.md`), written down once and
not tuned on any letter.
"""

from __future__ import annotations

import re

KEYWORDS = {
    "no_functional_improvement": r"(?:no|lack of|without|not)\b.{0,60}(?:functional (?:improvement|gain|benefit)"
    r"|(?:pain|symptom) (?:relief|reduction)|improvement in function|efficacy)",
    "conservative_care_not_tried": r"(?:not|no|without|lack|fail\w*)\b.{0,60}(?:conservative|first[- ]line|trial of|tried|exhausted)",
    "exceeds_guideline_limits": r"\bexceed|in excess of|more than the (?:recommended|guideline)|beyond the (?:recommended|guideline)",
    "prolonged_use": r"long[- ]term use|short[- ]term (?:use|treatment)|prolonged use|chronic use|ongoing use",
    "not_recommended": r"\bnot recommended|not supported by|do(?:es)? not (?:recommend|support)|insufficient evidence|lack of evidence",
    "criteria_not_met": r"(?:no|not|without|lack of|absence of)\b.{0,60}(?:findings?|radiculopathy|red flags?|evidence of|criteria|diagnosis)|criteria .{0,20}not (?:been )?met",
    "insufficient_documentation": r"(?:no|not|lack of|insufficient|missing)\b.{0,40}(?:documentation|documented|records?|rationale|report)",
    "request_unspecified": r"(?:not|does not|fails? to|without)\b.{0,20}(?:specif\w+|stat\w+|includ\w+).{0,60}(?:dose|dosage|frequency|quantity|duration|body part|side|number)",
    "opioid_monitoring_lacking": r"(?:no|not|lack of|without)\b.{0,60}(?:urine drug|CURES|pain (?:agreement|contract)|four A|4 A|aberrant|risk assessment|pill count)",
    "safety_risk": r"adverse|side effects?|contraindicat|risk of|overdose|interaction|morphine equivalent|\bMED\b",
    "compound_ingredient": r"compound\w* .{0,80}(?:one|any|ingredient|component|agent)|at least one",
    "alternative_available": r"over[- ]the[- ]counter|generic|oral form|alternative|instead of",
    "repeat_or_duplicate": r"duplicat|already (?:been )?(?:done|authorized|certified|performed|had)|redundant|repeat",
    "dependent_on_denied": r"(?:since|as|because) the .{0,80}(?:not (?:medically )?necessary|denied|not supported).{0,80}|not applicable",
    "home_program_sufficient": r"home exercise|self[- ](?:directed|guided)|independent (?:exercise|program)|home program",
    "adjunct_only": r"adjunct|in conjunction with|stand[- ]alone|sole treatment|isolated",
    "no_management_impact": r"(?:alter|change|affect|influence|impact|guide)\w*.{0,40}(?:treatment|management|plan|care)",
    "not_medical_or_scope": r"not (?:a )?medical|outside the scope|legal matter|convenience|personal comfort",
    "criteria_met": r"(?:meets?|met|satisf\w+|fulfil\w+)\b.{0,40}(?:criteria|guideline|requirements?)|is (?:medically )?(?:indicated|appropriate|supported)",
    "documented_benefit": r"(?:documented|reports?|demonstrat\w+)\b.{0,60}(?:improvement|relief|benefit|reduction)",
    "within_guideline_limits": r"within (?:the )?(?:guideline|recommended|limits)|consistent with (?:the )?guideline",
    "approved_context": r"(?:surgery|procedure) .{0,40}(?:approved|authorized|certified|necessary)|post[- ]?operative",
}  # fmt: skip
PATTERNS = {label: re.compile(pattern, re.IGNORECASE) for label, pattern in KEYWORDS.items()}

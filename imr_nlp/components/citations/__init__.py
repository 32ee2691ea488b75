"""Guideline citations: what each guideline line of the form cites."""

from __future__ import annotations

from imr_nlp.components.citations.parse import ParsedCitation, parse_citations

__all__ = ["ParsedCitation", "parse_citations"]

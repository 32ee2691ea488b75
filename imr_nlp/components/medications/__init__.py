"""Medication mentions: the drug, its attributes, the links between them, and their values."""

from __future__ import annotations

from imr_nlp.components.medications.component import LetterMedications, make_medications

__all__ = ["LetterMedications", "make_medications"]

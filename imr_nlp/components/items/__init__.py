"""What one disputed item says, read from its text alone: no spaCy in here."""

from __future__ import annotations

from imr_nlp.components.items.body_parts import find_body_parts
from imr_nlp.components.items.category import categorize
from imr_nlp.components.items.found import Found
from imr_nlp.components.items.retro import find_retrospective
from imr_nlp.components.items.services import find_services
from imr_nlp.components.items.sessions import find_sessions

__all__ = [
    "Found",
    "categorize",
    "find_body_parts",
    "find_retrospective",
    "find_services",
    "find_sessions",
]

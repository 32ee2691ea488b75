"""What the case summary says about the worker: age, sex, date of injury, diagnoses.

Plain functions on readable text; the spaCy component that calls them is
elsewhere.
"""

from __future__ import annotations

from imr_nlp.components.summary.age import find_age
from imr_nlp.components.summary.diagnoses import find_diagnoses
from imr_nlp.components.summary.injury_date import find_injury_date
from imr_nlp.components.summary.place import Place
from imr_nlp.components.summary.sex import find_sex

__all__ = ["Place", "find_age", "find_diagnoses", "find_injury_date", "find_sex"]

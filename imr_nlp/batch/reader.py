"""One letter after another through one pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import imr_nlp
from imr_nlp.api import determine
from imr_nlp.errors import ImrError, LetterError, PipelineError
from imr_nlp.export.failures import FailedLetter
from imr_nlp.letters import Letter, Source
from imr_nlp.schema import Determination

if TYPE_CHECKING:
    from spacy.language import Language

Given: TypeAlias = "Source | Letter"
"""A letter to be read, or one whose text is at hand."""

_T = TypeVar("_T")

# spaCy keeps every word that it has ever met, some 10 kB for each letter. A pipeline that
# has read so many characters, about 8,000 letters, is loaded afresh; that takes a hundredth
# of the time that the letters took.
LONGEST_LIFE = 50_000_000


class Reader:
    """A pipeline that reads letters without growing for ever.

    Parameters
    ----------
    pipeline
        Its name or path; or the pipeline itself, which is then never loaded
        afresh.

    Raises
    ------
    PipelineError
        If it cannot be loaded.
    """

    def __init__(self, pipeline: str | Language) -> None:
        self._name = pipeline if isinstance(pipeline, str) else None
        self._nlp = _load(pipeline) if isinstance(pipeline, str) else pipeline
        self._characters = 0

    def determination(self, given: Given) -> Determination:
        """Give the determination of one letter, or raise what is wrong with the letter."""
        letter = given if isinstance(given, Letter) else given.read()
        if self._name is not None and self._characters > LONGEST_LIFE:
            self._nlp, self._characters = _load(self._name), 0
        self._characters += len(letter.text)
        determination = determine(letter.text, nlp=self._nlp, letter=letter)
        # File names need not be UTF-8; JSON must be.
        determination.id = letter.id.encode(errors="backslashreplace").decode()
        return determination

    def json(self, given: Given) -> str:
        """Give the determination as JSON: objects, or Docs, take longer to send."""
        return self.determination(given).model_dump_json()


def attempt(given: Given, read: Callable[[Given], _T]) -> _T | FailedLetter:
    """Do something with a letter; whatever it breaks, the others go on."""
    try:
        return read(given)
    except LetterError as error:
        return failed(given, error, f"{error.problem}. {error.remedy}")
    except Exception as error:
        return failed(given, error, str(error))


def failed(given: Given, error: Exception, reason: str) -> FailedLetter:
    """Give the record of a letter that failed."""
    return FailedLetter(given.id, given.source, type(error).__name__, reason)


def _load(pipeline: str) -> Language:
    try:
        return imr_nlp.load(pipeline)
    except ImrError:
        raise
    except Exception as error:
        raise PipelineError(
            f"{pipeline}: the pipeline cannot be loaded ({error}). Use 'rules', or save it again."
        ) from error

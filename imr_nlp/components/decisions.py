"""The component that says how sure the decision on an item is."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.findings import findings, probabilities_of


class LetterDecisions:
    """Gives each decision the probability that it is right, by where it was read.

    A decision is printed in the form; where its word is missing, it is taken
    from what the rationale concludes. How often either was right in annotated
    letters is measured in training.

    Parameters
    ----------
    printed, concluded
        Probability that a decision read from the form, and one taken from the
        conclusion, is right; None where that was not measured.
    """

    def __init__(self, *, printed: float | None = None, concluded: float | None = None) -> None:
        self.printed = printed
        self.concluded = concluded

    def __call__(self, doc: Doc) -> Doc:
        """Weigh the decisions of one letter."""
        for issue in findings(doc)["issues"]:
            probability = self.printed if "decision" in issue["fields"] else self.concluded
            if probability is not None:
                probabilities_of(issue)["decision"] = probability
        return doc


@Language.factory("imr_decisions", default_config={"printed": None, "concluded": None})
def make_decisions(
    nlp: Language, name: str, printed: float | None, concluded: float | None
) -> LetterDecisions:
    """Make the `imr_decisions` component."""
    return LetterDecisions(printed=printed, concluded=concluded)

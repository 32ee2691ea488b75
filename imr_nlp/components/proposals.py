"""The component that sets aside what a trained recogniser found beside the rules."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.findings import findings

NER = "ner"
"""Key in `doc.spans` of what the recogniser proposed."""


class LetterProposals:
    """Takes the entities of a trained recogniser out of `doc.ents`, where rules go on.

    A recogniser (spaCy's `ner`) before this component adds entities where the
    rulers have none. They move to `doc.spans["ner"]`, all of them and with their
    labels, so that they can be compared with what the rules find;
    `imr_medications` takes from there the drugs that the lexicon does not hold.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Move the proposals of one letter."""
        ruled = {(start, end) for start, end in findings(doc)["ruled"]}
        doc.spans[NER] = [e for e in doc.ents if (e.start, e.end) not in ruled]
        doc.set_ents([e for e in doc.ents if (e.start, e.end) in ruled])
        return doc


@Language.factory("imr_proposals", requires=["doc.ents"], assigns=["doc.spans", "doc.ents"])
def make_proposals(nlp: Language, name: str) -> LetterProposals:
    """Make the `imr_proposals` component."""
    return LetterProposals()

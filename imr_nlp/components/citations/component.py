"""The component that reads the guideline lines."""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.citations.parse import parse_citations
from imr_nlp.components.findings import CITATIONS, findings, set_span_group
from imr_nlp.text.layer import text_of


class LetterCitations:
    """Reads what each side cited for each issue.

    Sets `doc.spans["citations"]` (label: the source) and, in the findings, the
    citations of each issue under `claims` and `reviewer`.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Read the citations of one letter."""
        text = text_of(doc)
        spans: list[tuple[int, int, str]] = []
        for issue in findings(doc)["issues"]:
            for side, lines in issue["guidelines"].items():
                citations = [
                    citation
                    for start, end in lines
                    for citation in _read_line(text[start:end], start)
                ]
                issue["citations"][side] = citations
                spans += [(*citation["span"], citation["source"]) for citation in citations]
        set_span_group(doc, CITATIONS, spans)
        return doc


def _read_line(line: str, offset: int) -> list[dict[str, Any]]:
    return [
        {
            "source": citation.source,
            "title": citation.title,
            "year": citation.year,
            "sections": list(citation.sections),
            "pages": citation.pages,
            "span": [offset + citation.start, offset + citation.end],
        }
        for citation in parse_citations(line)
    ]


@Language.factory("imr_citations", requires=["doc.spans"], assigns=["doc.spans"])
def make_citations(nlp: Language, name: str) -> LetterCitations:
    """Make the `imr_citations` component."""
    return LetterCitations()

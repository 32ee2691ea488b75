"""Citations as text, and those of an issue as the values of one row."""

from __future__ import annotations

from imr_nlp.schema import Citation


def citation_text(citation: Citation) -> str:
    """Write a citation much as the form prints it, in the normalised spelling.

    Examples
    --------
    >>> citation_text(Citation(source="MTUS", title="Low Back Complaints", year=2004, pages="303"))
    'MTUS Low Back Complaints (2004), Page(s): 303'
    """
    year = f"({citation.year})" if citation.year is not None else None
    parts = [" ".join(part for part in (citation.source, citation.title, year) if part)]
    if citation.sections:
        parts.append("Section(s): " + ", ".join(citation.sections))
    if citation.pages:
        parts.append(f"Page(s): {citation.pages}")
    return ", ".join(parts)


def citation_values(side: str, citations: list[Citation]) -> dict[str, list[str]]:
    """Give the values of the columns of one side, `claims` or `reviewer`.

    `citations` and `sources` have one value for each citation; the others hold
    what is printed, without gaps. The table of citations has them side by side.
    """
    return {
        f"{side}_citations": [citation_text(citation) for citation in citations],
        f"{side}_sources": [citation.source for citation in citations],
        f"{side}_titles": [citation.title for citation in citations if citation.title],
        f"{side}_sections": [section for citation in citations for section in citation.sections],
        f"{side}_pages": [citation.pages for citation in citations if citation.pages],
    }

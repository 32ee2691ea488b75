"""What annotation tools share: a text, labelled spans and links between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from imr_nlp.corpus.exchange.place import Place

LINK = "drug"
"""Name of the relation from an attribute to its drug."""
PREDICTED_BY = "predicted_by"
"""In `Record.meta`: the pipeline whose marks were shown to the person who annotated."""
# Label Studio writes a line break within a region as a backslash and an n.
_SPACE = re.compile(r"\\n|\s")


@dataclass
class Record:
    """One letter as a tool shows it.

    Parameters
    ----------
    id, text
        The letter.
    spans
        `(start, end, label)`, half-open characters of `text`.
    links
        Pairs of positions in `spans`: an attribute and its drug.
    meta
        The fields, and what issues spans belong to; plain data that the tool
        passes through. Empty for a letter that was not exported from here.
    place
        Where it stands in the tool's file.
    span_lines, link_lines
        The lines of the spans and links, where each has its own.
    undecided
        Why the spans are nobody's annotation; empty where a person made or
        accepted them.
    """

    id: str
    text: str
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)
    meta: dict[str, Any] = field(default_factory=dict)
    place: Place | None = None
    span_lines: list[int] = field(default_factory=list)
    link_lines: list[int] = field(default_factory=list)
    undecided: str = ""

    @property
    def where(self) -> Place:
        """Its place in the tool's file; without one, its name."""
        return self.place or Place(self.id)

    @property
    def predicted_by(self) -> str:
        """The pipeline that made the spans at first; empty where none did."""
        return str(self.meta.get(PREDICTED_BY, ""))


def stands_at(text: str, pieces: list[tuple[int, int]], given: str) -> bool:
    """Tell whether a tool's copy of a marked text is the letter's; space does not count."""
    found = "".join(text[start:end] for start, end in pieces)
    return _SPACE.sub("", found) == _SPACE.sub("", given)


def check_relation(label: str | None, place: Place) -> None:
    """Refuse relations of other names; without a name it is the one that there is.

    Raises
    ------
    CorpusError
        If it has another name.
    """
    if label and label != LINK:
        problem = f"relation {label}: there is only '{LINK}', from an attribute to its DRUG"
        raise place.error(problem)

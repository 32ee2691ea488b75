"""Marks as they are written to parts, entities and evidence: who belongs to whom."""

from __future__ import annotations

from collections.abc import Sequence

from imr_nlp.corpus.labels import ATTRIBUTES, ENTITIES, PARTS, REASONS
from imr_nlp.corpus.letter import Entity, Evidence, Part, default_drug
from imr_nlp.corpus.markup import Fault, Mark


def default_issues(parts: Sequence[Part], part: Part) -> tuple[int, ...]:
    """Give the issues of a part where nothing is said.

    Items count up; a partial authorisation belongs to the next item, guideline
    lines and rationale to the last one before them.
    """
    if part.label == "SUMMARY":
        return ()
    items = [other for other in parts if other.label == "ITEM"]
    before = sum(other.start < part.start for other in items)
    if part.label in {"ITEM", "REQUESTED", "AUTHORIZED"}:
        return (before,)
    return (before - 1,) if before else ()


class Resolver:
    """Gives each mark its meaning.

    Attributes
    ----------
    parts, entities, evidence
        As in `AnnotatedLetter`.
    faults
        Marks that mean nothing, with their lines.
    """

    def __init__(self, text: str, marks: Sequence[Mark]) -> None:
        self.faults: list[Fault] = []
        self.parts: list[Part] = []
        self.entities: list[Entity] = []
        self.evidence: list[Evidence] = []
        known = [mark for mark in marks if self._is_known(text, mark)]
        self._read_parts([mark for mark in known if mark.labels[0] in PARTS])
        self._read_entities([mark for mark in known if mark.labels[0] in ENTITIES])
        self._read_evidence([mark for mark in known if mark.labels[0] in REASONS])

    def _fault(self, mark: Mark, message: str) -> None:
        self.faults.append(Fault(mark.line, message))

    def _is_known(self, text: str, mark: Mark) -> bool:
        shown = "+".join(mark.labels)
        if not text[mark.start : mark.end].strip():
            self._fault(mark, f"the mark {shown} holds no text")
            return False
        if all(label in REASONS for label in mark.labels):
            return True
        if len(mark.labels) > 1 and all(label in PARTS + ENTITIES for label in mark.labels):
            self._fault(mark, f"{shown}: only reasons can be joined by '+'")
            return False
        unknown = [label for label in mark.labels if label not in PARTS + ENTITIES + REASONS]
        if unknown:
            self._fault(mark, f"{', '.join(unknown)}: no such label")
        elif len(mark.labels) == 1:
            return True
        else:
            self._fault(mark, f"{shown}: reasons and other labels cannot be joined")
        return False

    def _issues(self, mark: Mark) -> tuple[int, ...] | None:
        numbers = [refer for refer in mark.refers if refer.isdecimal() and int(refer) > 0]
        if len(numbers) < len(mark.refers):
            self._fault(mark, f"@{','.join(mark.refers)}: issues are given by number, from 1")
            return None
        return tuple(int(number) - 1 for number in numbers)

    def _read_parts(self, marks: list[Mark]) -> None:
        bare = [
            Part.model_validate({"start": mark.start, "end": mark.end, "label": mark.labels[0]})
            for mark in marks
        ]
        for mark, part in zip(marks, bare, strict=True):
            if mark.name:
                self._fault(mark, f"={mark.name}: only drugs have names")
            issues = self._issues(mark)
            if issues is None:
                continue
            if part.label == "SUMMARY" and issues:
                self._fault(mark, "a SUMMARY belongs to no issue")
                continue
            issues = issues or default_issues(bare, part)
            if not issues and part.label != "SUMMARY":
                self._fault(mark, f"{part.label} stands before any ITEM; say whose it is: @1")
                continue
            self.parts.append(part.model_copy(update={"issues": issues}))

    def _read_entities(self, marks: list[Mark]) -> None:
        bare = [
            Entity.model_validate({"start": mark.start, "end": mark.end, "label": mark.labels[0]})
            for mark in marks
        ]
        named: dict[str, int] = {}
        for position, mark in enumerate(marks):
            if mark.name is None:
                continue
            if mark.labels[0] != "DRUG":
                self._fault(mark, f"={mark.name}: only drugs have names")
            elif mark.name in named:
                self._fault(mark, f"={mark.name}: another drug has this name")
            else:
                named[mark.name] = position
        for position, (mark, entity) in enumerate(zip(marks, bare, strict=True)):
            drug = self._drug(mark, bare, position, named)
            self.entities.append(entity.model_copy(update={"drug": drug}))

    def _drug(
        self, mark: Mark, entities: list[Entity], position: int, named: dict[str, int]
    ) -> int | None:
        label = mark.labels[0]
        if label not in ATTRIBUTES:
            if mark.refers:
                self._fault(mark, f"@{','.join(mark.refers)}: {label} belongs to no drug")
            return None
        if not mark.refers:
            drug = default_drug(entities, position, self.parts)
            if drug is None:
                self._fault(mark, f"{label} has no drug before it in its part")
            return drug
        if len(mark.refers) > 1 or mark.refers[0] not in named:
            self._fault(mark, f"@{','.join(mark.refers)}: no drug has this name")
            return None
        return named[mark.refers[0]]

    def _read_evidence(self, marks: list[Mark]) -> None:
        rationales = [part for part in self.parts if part.label == "RATIONALE"]
        for mark in marks:
            if mark.name:
                self._fault(mark, f"={mark.name}: only drugs have names")
            issues = self._issues(mark)
            if issues is None:
                continue
            homes = [
                part.issues
                for part in rationales
                if part.start <= mark.start and mark.end <= part.end
            ]
            if not homes:
                self._fault(mark, f"evidence of {'+'.join(mark.labels)} stands outside a RATIONALE")
                continue
            if not set(issues) <= set(homes[0]):
                self._fault(mark, "this evidence is given to an issue that its RATIONALE is not")
                continue
            if len(set(mark.labels)) < len(mark.labels):
                self._fault(mark, f"{'+'.join(mark.labels)}: the same label twice")
            self.evidence.append(
                Evidence.model_validate(
                    {
                        "start": mark.start,
                        "end": mark.end,
                        "labels": mark.labels,
                        "issues": issues or homes[0],
                    }
                )
            )

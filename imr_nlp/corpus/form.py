"""One annotated letter in one file: a block of fields, then the text with inline marks.

`corpus/GUIDELINES.md` describes the form for the people who write it.
"""

from __future__ import annotations

import re
from pathlib import Path

from imr_nlp.corpus.block import parse_block, write_block
from imr_nlp.corpus.letter import AnnotatedLetter, Evidence, Part, default_drug
from imr_nlp.corpus.markup import Fault, Mark, parse_markup, write_markup
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.corpus.resolve import Resolver, default_issues

SUFFIX = ".imr"
_FENCE = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)


class Lines:
    """The line of each mark of a letter in its file, for later messages."""

    def __init__(self, text_line: int, marks: list[Mark]) -> None:
        self.text_line = text_line
        self._lines = {(mark.start, mark.end): mark.line for mark in marks}
        self._starts = sorted((mark.start, mark.line) for mark in marks)

    def of(self, start: int, end: int | None = None) -> int:
        """Give the line of a mark, or of the last mark that begins before a place."""
        if end is not None and (start, end) in self._lines:
            return self._lines[start, end]
        before = [line for place, line in self._starts if place <= start]
        return before[-1] if before else self.text_line


def parse_form(content: str, *, id: str) -> tuple[AnnotatedLetter | None, list[Fault], Lines]:
    """Read an annotated letter and everything that is wrong with its form.

    Parameters
    ----------
    content
        The file's content.
    id
        Name of the letter.

    Returns
    -------
    letter, faults, lines
        The letter, None where the block of fields cannot be read; what is
        wrong, with lines; the lines of the marks.
    """
    content = content.removeprefix("\ufeff")
    fences = list(_FENCE.finditer(content))[:2]
    if len(fences) < 2 or fences[0].start() != 0:
        fault = Fault(1, "no block of fields: the file begins with a block between two lines '---'")
        return None, [fault], Lines(1, [])
    block = content[fences[0].end() + 1 : fences[1].start()]
    body_start = fences[1].end() + 1
    text_line = content.count("\n", 0, body_start) + 1
    fields, faults = parse_block(block, first_line=2)
    text, marks, mark_faults = parse_markup(content[body_start:], first_line=text_line)
    lines = Lines(text_line, marks)
    resolver = Resolver(text, marks)
    faults = [*faults, *mark_faults, *resolver.faults]
    if fields is None:
        return None, faults, lines
    letter = AnnotatedLetter(
        id=id,
        text=text,
        fields=fields,
        parts=resolver.parts,
        entities=resolver.entities,
        evidence=resolver.evidence,
    )
    return letter, faults, lines


def read_letter(path: str | Path) -> AnnotatedLetter:
    """Read one annotated letter from a file.

    Raises
    ------
    CorpusError
        If anything is wrong with its form; `problems` names file and line of each.
    """
    path = Path(path)
    letter, faults, _ = parse_form(read_text(path), id=path.name.removesuffix(SUFFIX))
    if faults or letter is None:
        raise CorpusError([Problem(str(path), fault.line, fault.message) for fault in faults])
    return letter


def read_text(path: Path) -> str:
    """Read a file of the corpus, its line ends as they are.

    Raises
    ------
    CorpusError
        If it does not exist or is no UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise CorpusError([Problem(str(path), 0, f"cannot be read ({error.strerror})")]) from error
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte {error.start}). Save it as UTF-8"
        raise CorpusError([Problem(str(path), 0, problem)]) from error


def write_letter(letter: AnnotatedLetter, path: str | Path) -> None:
    """Write one annotated letter to a file, from which `read_letter` reads the same."""
    Path(path).write_bytes(format_letter(letter).encode("utf-8"))


def format_letter(letter: AnnotatedLetter) -> str:
    """Write an annotated letter as text.

    Raises
    ------
    ValueError
        If marks cross: such a letter cannot be written in this form.
    """
    return f"---\n{write_block(letter.fields)}---\n{write_markup(letter.text, _marks(letter))}"


def _marks(letter: AnnotatedLetter) -> list[Mark]:
    """Give the marks of a letter, outermost first; what is the default is not said."""
    names = _drug_names(letter)
    marks = [_part_mark(letter, part) for part in letter.parts]
    marks += [_evidence_mark(letter, evidence) for evidence in letter.evidence]
    for position, entity in enumerate(letter.entities):
        refers: tuple[str, ...] = ()
        if entity.drug is not None and entity.drug in names:
            explicit = default_drug(letter.entities, position, letter.parts) != entity.drug
            refers = (names[entity.drug],) if explicit else ()
        marks.append(Mark(entity.start, entity.end, (entity.label,), names.get(position), refers))
    return marks


def _drug_names(letter: AnnotatedLetter) -> dict[int, str]:
    """Name the drugs that an attribute must refer to."""
    wanted = sorted(
        {
            entity.drug
            for position, entity in enumerate(letter.entities)
            if entity.drug is not None
            and default_drug(letter.entities, position, letter.parts) != entity.drug
        }
    )
    return {drug: f"d{number}" for number, drug in enumerate(wanted, start=1)}


def _part_mark(letter: AnnotatedLetter, part: Part) -> Mark:
    same = part.issues == default_issues(letter.parts, part)
    refers = () if same else tuple(str(issue + 1) for issue in part.issues)
    return Mark(part.start, part.end, (part.label,), None, refers)


def _evidence_mark(letter: AnnotatedLetter, evidence: Evidence) -> Mark:
    homes = [
        part.issues
        for part in letter.parts_of("RATIONALE")
        if part.start <= evidence.start and evidence.end <= part.end
    ]
    same = bool(homes) and homes[0] == evidence.issues
    refers = () if same else tuple(str(issue + 1) for issue in evidence.issues)
    return Mark(evidence.start, evidence.end, tuple(evidence.labels), None, refers)

"""What must hold in an annotated letter beyond its form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from spacy.tokens import Doc

from imr_nlp.corpus.form import SUFFIX, Lines, parse_form, read_text
from imr_nlp.corpus.labels import ALLOWED_IN, ATTRIBUTES, PARTS_WITHIN
from imr_nlp.corpus.letter import AnnotatedLetter, CitedGuideline, Part, part_at
from imr_nlp.corpus.markup import Fault
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.corpus.tokens import token_span, tokenize, widened

_OUTER = " \n\t\r.,;:"
# "t.i.d.", "q h.s.": the last full stop belongs to the abbreviation.
_ABBREVIATED = re.compile(r"(?:\w.*\s)?(?:[A-Za-z]\.\s?)+[A-Za-z]\.", re.DOTALL)
_SENTENCE_END = re.compile(r"[.?!:;][\"'\u2019\u201d)\]]*$")
_PAGES = re.compile(r"\d+[a-z]?(?:-\d+[a-z]?)?(?:, \d+[a-z]?(?:-\d+[a-z]?)?)*")
_DECISION_BEHIND = re.compile(r"[\s.,]*(?:(?:is|are|was|were)\b)?[\s:]*([A-Za-z]+)")

_SHOWN = 80

Place = tuple[int, int | None]
Found = Iterator[tuple[Place, str]]


def check_file(path: str | Path) -> tuple[AnnotatedLetter | None, list[Problem]]:
    """Read one annotated letter and give everything that is wrong with it."""
    path = Path(path)
    try:
        content = read_text(path)
    except CorpusError as error:
        return None, error.problems
    letter, faults, lines = parse_form(content, id=path.name.removesuffix(SUFFIX))
    if letter is not None and not faults:
        faults = [*faults, *check_letter(letter, lines)]
    return letter, [Problem(str(path), fault.line, fault.message) for fault in sorted(faults)]


def check_letter(letter: AnnotatedLetter, lines: Lines | None = None) -> list[Fault]:
    """Give what is wrong in a letter whose form is right.

    Parameters
    ----------
    letter
        The letter.
    lines
        The lines of its marks, for messages; without them every line is 0.
    """
    doc = tokenize(letter.text)
    checks: list[Callable[[AnnotatedLetter, Doc], Found]] = [
        _check_parts,
        _check_entities,
        _check_tokens,
        _check_attributes,
        _check_evidence,
        _check_issues,
        _check_citations,
        _check_fields,
    ]
    return [
        Fault(lines.of(*place) if lines else 0, message)
        for check in checks
        for place, message in check(letter, doc)
    ]


def _check_parts(letter: AnnotatedLetter, doc: Doc) -> Found:
    del doc
    for position, part in enumerate(letter.parts):
        for other in letter.parts[position + 1 :]:
            if other.start >= part.end:
                continue
            if (part.label, other.label) not in PARTS_WITHIN:
                yield (other.start, other.end), f"{other.label} overlaps {part.label}"
    summaries = letter.parts_of("SUMMARY")
    if len(summaries) != 1:
        yield (0, None), f"{len(summaries)} SUMMARY marks; a letter has one"


def _check_entities(letter: AnnotatedLetter, doc: Doc) -> Found:
    del doc
    last = None
    for entity in letter.entities:
        place = (entity.start, entity.end)
        shown = f"{entity.label} '{letter.snippet(*place)}'"
        if last is not None and entity.start < last.end:
            yield place, f"{shown} overlaps {last.label} '{letter.snippet(last.start, last.end)}'"
        last = entity
        text = letter.text[entity.start : entity.end]
        if text.strip(_OUTER) != text and not _ABBREVIATED.fullmatch(text):
            yield place, f"{shown} begins or ends with space or punctuation"
        home = part_at(letter.parts, *place)
        allowed = ALLOWED_IN[entity.label]
        if home is None or home.label not in allowed:
            where = f"in {home.label}" if home else "outside all parts"
            yield place, f"{shown} stands {where}; it belongs in {', '.join(sorted(allowed))}"


def _check_tokens(letter: AnnotatedLetter, doc: Doc) -> Found:
    marks: list[tuple[int, int, str]] = [(e.start, e.end, e.label) for e in letter.entities]
    marks += [(p.start, p.end, p.label) for p in letter.parts]
    marks += [(e.start, e.end, "+".join(e.labels)) for e in letter.evidence]
    for start, end, label in marks:
        if token_span(doc, start, end) is None:
            near = _short(letter.snippet(*widened(doc, start, end)))
            shown = _short(letter.snippet(start, end))
            message = f"{label} '{shown}' is off the token boundaries; nearest: '{near}'"
            yield (start, end), message


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN // 2]} ... {text[-_SHOWN // 2 :]}"


def _check_attributes(letter: AnnotatedLetter, doc: Doc) -> Found:
    del doc
    seen: set[tuple[int, str]] = set()
    for entity in letter.entities:
        if entity.label not in ATTRIBUTES or entity.drug is None:
            continue
        place = (entity.start, entity.end)
        drug = letter.entities[entity.drug]
        name = letter.snippet(drug.start, drug.end)
        if (entity.drug, entity.label) in seen:
            yield place, f"a second {entity.label} for {name}"
        seen.add((entity.drug, entity.label))
        if drug.label != "DRUG":
            yield place, f"{entity.label} belongs to {drug.label} '{name}', which is no DRUG"
        elif part_at(letter.parts, *place) != part_at(letter.parts, drug.start, drug.end):
            yield place, f"{entity.label} belongs to {name}, which stands in another part"


def _check_evidence(letter: AnnotatedLetter, doc: Doc) -> Found:
    del doc
    rationales = letter.parts_of("RATIONALE")
    for evidence in letter.evidence:
        place = (evidence.start, evidence.end)
        shown = "+".join(evidence.labels)
        homes = [r for r in rationales if r.start <= evidence.start and evidence.end <= r.end]
        if not homes:
            yield place, f"evidence of {shown} stands outside a RATIONALE"
            continue
        before = letter.text[homes[0].start : evidence.start].rstrip()
        if (
            before
            and not _SENTENCE_END.search(before)
            and not _at_paragraph(letter.text, evidence.start)
        ):
            yield place, f"evidence of {shown} begins within a sentence"
        behind = letter.text[evidence.end : homes[0].end].strip()
        if behind and not _SENTENCE_END.search(letter.text[evidence.start : evidence.end]):
            yield place, f"evidence of {shown} ends within a sentence"


def _at_paragraph(text: str, start: int) -> bool:
    return text[:start].endswith("\n\n")


def _check_issues(letter: AnnotatedLetter, doc: Doc) -> Found:
    del doc
    count = len(letter.fields.issues)
    items = letter.parts_of("ITEM")
    if len(items) != count:
        yield (0, None), f"{len(items)} ITEM marks, but {count} issues in the block of fields"
        return
    for part in letter.parts:
        if any(not 0 <= issue < count for issue in part.issues):
            numbers = ", ".join(str(issue + 1) for issue in part.issues)
            yield (part.start, part.end), f"{part.label} of issue {numbers}; there are {count}"
    if letter.fields.layout in {"F4a", "F4b", "F5"}:
        printed = len(re.findall(r"Decision\s+rationale\s*:", letter.text))
        if printed != count:
            yield (0, None), f"{printed} printed 'Decision rationale:', but {count} issues"
        for item in items:
            yield from _check_decision(letter, item)
    for number, issue in enumerate(letter.fields.issues):
        own = letter.parts_of("ITEM", number)
        place = (own[0].start, own[0].end) if own else (0, None)
        for label in ("ITEM", "RATIONALE"):
            if len(letter.parts_of(label, number)) != 1:
                yield place, f"issue {number + 1} has not one {label} mark"
        labels = {label for e in letter.evidence if number in e.issues for label in e.labels}
        if issue.primary is None and labels:
            yield place, f"issue {number + 1} has reasons, but no primary"
        if issue.primary is not None and issue.primary not in labels:
            yield place, f"issue {number + 1}: primary {issue.primary} has no evidence"


def _check_decision(letter: AnnotatedLetter, item: Part) -> Found:
    behind = _DECISION_BEHIND.match(letter.text, item.end)
    word = behind.group(1).lower() if behind else ""
    decision = letter.fields.issues[item.issues[0]].decision
    if word in {"upheld", "overturned"} and word != decision:
        yield (item.start, item.end), f"the letter says {word}, the block of fields {decision}"
    elif word not in {"upheld", "overturned"}:
        yield (item.start, item.end), "no printed decision behind this ITEM"


def _check_citations(letter: AnnotatedLetter, doc: Doc) -> Found:
    del doc
    for number, issue in enumerate(letter.fields.issues):
        sides = (("CLAIMS", issue.claims), ("REVIEWER", issue.reviewer))
        for label, citations in sides:
            parts = letter.parts_of(label, number)
            text = " ".join(letter.snippet(part.start, part.end) for part in parts)
            shown = parts or letter.parts_of("ITEM", number)
            place = (shown[0].start, shown[0].end) if shown else (0, None)
            if citations and not parts:
                yield place, f"issue {number + 1} cites guidelines, but has no {label} mark"
                continue
            for citation in citations:
                for problem in _citation_problems(citation, text):
                    yield place, f"issue {number + 1}, {label}: {problem}"


def _citation_problems(citation: CitedGuideline, text: str) -> Iterator[str]:
    for value in (citation.title, *citation.sections):
        if value is not None and value not in text:
            yield f"'{value}' does not stand there"
    if citation.year is not None and str(citation.year) not in text:
        yield f"the year {citation.year} does not stand there"
    if citation.pages is not None and not _PAGES.fullmatch(citation.pages):
        yield f"pages '{citation.pages}' are not normalised, as in '23, 100-102'"


def _check_fields(letter: AnnotatedLetter, doc: Doc) -> Found:
    fields = letter.fields
    # The readable text: a hyphen at a line's end is mended there.
    text = " ".join(doc.text.split())
    for name in ("licensure", "specialties"):
        for value in getattr(fields, name):
            if value not in text:
                yield (0, None), f"{name}: '{value}' does not stand in the letter"
    if fields.case_number and fields.case_number not in text:
        yield (0, None), f"case_number {fields.case_number} does not stand in the letter"
    dates = (
        "date_assigned", "date_of_injury", "decision_date", "ur_denial_date",
        "application_received", "summary_injury_date",
    )  # fmt: skip
    for name in dates:
        value = getattr(fields, name)
        if value is not None and not _prints(text, value):
            yield (0, None), f"{name} {value} does not stand in the letter"
    for issue in fields.issues:
        if issue.date_of_service and not _prints(text, issue.date_of_service):
            yield (0, None), f"date_of_service {issue.date_of_service} does not stand in the letter"


def _prints(text: str, value: date) -> bool:
    year = f"(?:{value.year}|'?{value.year % 100:02d})"
    month, day = f"0?{value.month}", f"0?{value.day}"
    names = f"(?:{value:%B}|{value:%b}[a-z]*\\.?)"
    ordinal = "(?:st|nd|rd|th)?"
    patterns = (
        rf"(?<!\d){month}\s?[-/.]\s?{day}\s?[-/.]\s?{year}(?!\d)",
        rf"(?<!\d){value.year}\s?[-/.]\s?{month}\s?[-/.]\s?{day}(?!\d)",
        rf"\b{names} {day}{ordinal},? {year}(?!\d)",
        rf"(?<!\d){day}{ordinal} (?:of )?{names},? {year}(?!\d)",
        rf"(?<!\d){day}[- ]{names}[- ]{year}(?!\d)",
    )
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)

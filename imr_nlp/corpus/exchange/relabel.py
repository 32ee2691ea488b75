"""Labels that the project does not know: which there are, and what the user wants done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from imr_nlp.corpus.exchange.record import Record
from imr_nlp.corpus.labels import ENTITIES, PARTS, REASONS
from imr_nlp.corpus.problems import CorpusError, LabelledText, Problem

Relabel = Mapping[str, str | None]
"""From labels of a file to known ones; None leaves their spans out."""
_LABELS = frozenset(PARTS + ENTITIES + REASONS)
_SHOWN = 5


class LeftOut(LabelledText):
    """A span that was left out, as the user chose."""

    __slots__ = ()


class UnknownLabelError(CorpusError):
    """Letters hold labels that there are not.

    Parameters
    ----------
    problems
        Every such span, with its place.
    advice
        Each label, how often it occurs and where, and what to do about it.
    """

    def __init__(self, problems: Sequence[Problem], advice: str) -> None:
        super().__init__(problems)
        self.advice = advice
        self.args = (f"{self.args[0]}\n{advice}",)

    def __reduce__(self) -> tuple[type[UnknownLabelError], tuple[list[Problem], str]]:  # type: ignore[override]
        """Rebuild from both parts, so that worker processes can send it."""
        return type(self), (self.problems, self.advice)


def check_choice(relabel: Relabel) -> None:
    """Refuse a choice whose target is no label.

    Raises
    ------
    CorpusError
        If a label is to become one that there is not.
    """
    known = ", ".join(PARTS + ENTITIES + REASONS)
    problems = [
        Problem(f"{old}={new}", 0, f"{new}: no such label; there are {known}")
        for old, new in relabel.items()
        if new is not None and new not in _LABELS
    ]
    if problems:
        raise CorpusError(problems)


def with_known_labels(
    records: Iterable[Record], relabel: Relabel
) -> tuple[list[Record], list[LeftOut]]:
    """Give records as the user chose, and the spans that are left out of them.

    Raises
    ------
    UnknownLabelError
        If a label is still unknown; all of them are told at once.
    """
    renamed: list[Record] = []
    left_out: list[LeftOut] = []
    for record in records:
        own, dropped = _relabelled(record, relabel)
        renamed.append(own)
        left_out += dropped
    _check_labels(renamed)
    return renamed, left_out


def _relabelled(record: Record, relabel: Relabel) -> tuple[Record, list[LeftOut]]:
    """Give a record with other labels, and the spans that are left out of it.

    Links to a span that is left out go with it. Two spans of one place that get
    the same label become one.
    """
    spans: list[tuple[int, int, str]] = []
    span_lines: list[int] = []
    left_out: list[LeftOut] = []
    place: dict[int, int] = {}
    first: dict[tuple[int, int, str], int] = {}
    for number, (start, end, label) in enumerate(record.spans):
        new = relabel.get(label, label)
        if new is None:
            text = " ".join(record.text[start:end].split())
            left_out.append(LeftOut(record.id, label, start, end, text))
            continue
        span = (start, end, new)
        if span not in first or label not in relabel:
            first[span] = len(spans)
            spans.append(span)
            span_lines += record.span_lines[number : number + 1]
        place[number] = first[span]
    kept = [n for n, ends in enumerate(record.links) if all(end in place for end in ends)]
    links = [(place[record.links[n][0]], place[record.links[n][1]]) for n in kept]
    link_lines = [record.link_lines[n] for n in kept] if record.link_lines else []
    new_record = replace(
        record, spans=spans, links=links, span_lines=span_lines, link_lines=link_lines,
        meta=_meta(record, relabel),
    )  # fmt: skip
    return new_record, left_out


def _meta(record: Record, relabel: Relabel) -> dict[str, object]:
    """Rename what the passed-through data says of spans, where it is as it was written."""
    issues = record.meta.get("issues")
    if not isinstance(issues, list) or not all(isinstance(i, list) and len(i) == 4 for i in issues):
        return record.meta
    named = [[s, e, relabel.get(label, label), own] for s, e, label, own in issues]
    return {**record.meta, "issues": [entry for entry in named if entry[2] is not None]}


def _check_labels(records: Iterable[Record]) -> None:
    problems: list[Problem] = []
    counts: Counter[str] = Counter()
    letters: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for record in records:
        for number, (start, end, label) in enumerate(record.spans):
            if label not in _LABELS:
                line = record.span_lines[number] if record.span_lines else 0
                message = f"{label}: no such label at [{start}, {end})"
                problems.append(record.where.problem(message, line))
                counts[label] += 1
                letters[label][record.id] = None
    if problems:
        told = [_told(label, count, list(letters[label])) for label, count in counts.items()]
        raise UnknownLabelError(problems, "\n".join([*told, _advice(list(counts))]))


def _told(label: str, count: int, letters: Sequence[str]) -> str:
    more = len(letters) - _SHOWN
    where = ", ".join(letters[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    spans = f"{count} span{'' if count == 1 else 's'}"
    return f"Unknown label {label}: {spans} in {where}."


def _advice(labels: Sequence[str]) -> str:
    one = labels[0]
    # Only one of the commands that read letters takes options for this.
    return (
        f"Say for each what it is: imr-nlp train takes it for a label that there is with "
        f"--rename {one}=KNOWN, and leaves its spans out with --drop-label {one}; so does "
        f"import_letters in Python, with relabel={{'{one}': 'KNOWN'}} or {{'{one}': None}}. For "
        "other commands rename it in the tool, or in the file. "
        f"There are {', '.join(PARTS + ENTITIES + REASONS)}."
    )

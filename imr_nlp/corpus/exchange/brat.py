"""brat's stand-off: a folder with a text (`.txt`) and an annotation (`.ann`) for each letter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from imr_nlp.corpus.exchange.lines import parse_json
from imr_nlp.corpus.exchange.place import Place
from imr_nlp.corpus.exchange.record import LINK, Record, check_relation, stands_at
from imr_nlp.corpus.form import read_text
from imr_nlp.corpus.labels import ENTITIES, PARTS, REASONS

_SPAN = re.compile(r"(T\d+)\t(\S+) (\d+) (\d+)((?:;\d+ \d+)*)(?:\t(.*))?")
_RELATION = re.compile(r"(R\d+)\t(\S+) Arg1:(T\d+) Arg2:(T\d+)\s*")
_NOTE = re.compile(r"#\d+\t(\S+) (\S+)\t(.*)")
_FIELDS = "ImrFields"
# Notes, attributes, modifiers, normalisations and equivalences are for people.
_FOR_PEOPLE = "#AMN*"
# All that brat ends a line of its own files at.
_LINE = re.compile("[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def write(records: Iterable[Record], folder: Path) -> None:
    """Write a folder that brat can serve, with its `annotation.conf`.

    Line breaks at the edges of a span are left out of it: brat cannot mark them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    labels = "\n".join(PARTS + ENTITIES + REASONS)
    config = (
        f"[entities]\n{labels}\n[relations]\n{LINK} Arg1:<ENTITY>, Arg2:DRUG\n"
        "<OVERLAP> Arg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n[events]\n[attributes]\n"
    )
    (folder / "annotation.conf").write_text(config, encoding="utf-8")
    for record in records:
        (folder / f"{record.id}.txt").write_bytes(record.text.encode("utf-8"))
        lines = [
            _span_line(record.text, number, span) for number, span in enumerate(record.spans, 1)
        ]
        lines += [
            f"R{number}\t{LINK} Arg1:T{attribute + 1} Arg2:T{drug + 1}"
            for number, (attribute, drug) in enumerate(record.links, start=1)
        ]
        if record.meta:
            lines.append(f"#1\t{_FIELDS} T1\t{json.dumps(record.meta)}")
        content = "".join(f"{line}\n" for line in lines)
        (folder / f"{record.id}.ann").write_bytes(content.encode("utf-8"))


def _span_line(text: str, number: int, span: tuple[int, int, str]) -> str:
    """Give brat's line of a span: over several lines of the text it is in fragments.

    brat itself checks that the marked text is that of the fragments, joined by spaces.
    """
    start, end, label = span
    pieces = [line.span() for line in _LINE.finditer(text, start, end)] or [(start, end)]
    offsets = ";".join(f"{first} {last}" for first, last in pieces)
    marked = " ".join(_LINE.findall(text, start, end))
    return f"T{number}\t{label} {offsets}\t{marked}"


def read(folder: Path) -> Iterator[Record]:
    """Read a folder of brat; a span in fragments runs from its first to its last character.

    Raises
    ------
    CorpusError
        If a text is missing, or a line is not understood; file and line are named.
    """
    paths = sorted(folder.glob("*.ann"))
    if not paths:
        raise Place(str(folder)).error("holds no .ann files")
    for path in paths:
        yield _read_file(path)


def _read_file(path: Path) -> Record:
    record = Record(path.stem, read_text(path.with_suffix(".txt")), place=Place(str(path)))
    positions: dict[str, int] = {}
    relations: list[tuple[Place, str, str]] = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        line = line.rstrip("\r")
        place = Place(str(path), number)
        if span := _SPAN.fullmatch(line):
            if span.group(1) in positions:
                raise place.error(f"a second {span.group(1)}")
            positions[span.group(1)] = len(record.spans)
            record.spans.append(_read_span(span, record.text, place))
            record.span_lines.append(number)
        elif relation := _RELATION.fullmatch(line):
            check_relation(relation.group(2), place)
            relations.append((place, relation.group(3), relation.group(4)))
        elif (note := _NOTE.fullmatch(line)) and note.group(1) == _FIELDS:
            meta = parse_json(note.group(3), place, _FIELDS)
            if not isinstance(meta, dict):
                raise place.error(f"{_FIELDS}: no JSON object")
            record.meta = meta
        elif line.strip() and line[0] not in _FOR_PEOPLE:
            # Anything else would be lost.
            raise place.error(f"not understood: {line[:60]!r}")
    for place, *ends in relations:
        if missing := [end for end in ends if end not in positions]:
            raise place.error(f"a relation points to {' and '.join(missing)}, which is not there")
        record.links.append((positions[ends[0]], positions[ends[1]]))
        record.link_lines.append(place.line)
    return record


def _read_span(line: re.Match[str], text: str, place: Place) -> tuple[int, int, str]:
    name, label, start, end, more, marked = line.groups()
    pieces = [(int(start), int(end))]
    for piece in more.split(";")[1:]:
        first, last = piece.split(" ")
        pieces.append((int(first), int(last)))
    if marked is not None and not stands_at(text, pieces, marked):
        raise place.error(f"{name}: '{marked[:60]}' does not stand at its place in the text")
    return min(first for first, _ in pieces), max(last for _, last in pieces), label

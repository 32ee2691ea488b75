"""brat's stand-off: a folder with a text (`.txt`) and an annotation (`.ann`) for each letter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from imr_nlp.corpus.exchange.record import LINK, Record
from imr_nlp.corpus.form import read_text
from imr_nlp.corpus.labels import ENTITIES, PARTS, REASONS
from imr_nlp.corpus.problems import CorpusError, Problem

_SPAN = re.compile(r"(T\d+)\t(\S+) (\d+) (\d+)((?:;\d+ \d+)*)(?:\t(.*))?")
_RELATION = re.compile(r"(R\d+)\t(\S+) Arg1:(T\d+) Arg2:(T\d+)\s*")
_NOTE = re.compile(r"#\d+\t(\S+) (\S+)\t(.*)")
_FIELDS = "ImrFields"
_LINE_BREAK = re.compile(r"[\r\n]")


def write(records: Iterable[Record], folder: Path) -> None:
    """Write a folder that brat can serve, with its `annotation.conf`."""
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
            f"T{number}\t{label} {_offsets(record.text, start, end)}"
            f"\t{_LINE_BREAK.sub(' ', record.text[start:end])}"
            for number, (start, end, label) in enumerate(record.spans, start=1)
        ]
        lines += [
            f"R{number}\t{LINK} Arg1:T{attribute + 1} Arg2:T{drug + 1}"
            for number, (attribute, drug) in enumerate(record.links, start=1)
        ]
        if record.meta:
            lines.append(f"#1\t{_FIELDS} T1\t{json.dumps(record.meta, ensure_ascii=False)}")
        content = "".join(f"{line}\n" for line in lines)
        (folder / f"{record.id}.ann").write_bytes(content.encode("utf-8"))


def _offsets(text: str, start: int, end: int) -> str:
    """Give brat's offsets: a span over several lines is written in fragments."""
    fragments = []
    position = start
    for line_break in _LINE_BREAK.finditer(text, start, end):
        if line_break.start() > position:
            fragments.append(f"{position} {line_break.start()}")
        position = line_break.end()
    fragments.append(f"{position} {end}")
    return ";".join(fragments)


def read(folder: Path) -> Iterator[Record]:
    """Read a folder of brat; a span in fragments runs from its first to its last character.

    Raises
    ------
    CorpusError
        If a text is missing, or a line is not understood; file and line are named.
    """
    paths = sorted(folder.glob("*.ann"))
    if not paths:
        raise CorpusError([Problem(str(folder), 0, "holds no .ann files")])
    for path in paths:
        yield _read_file(path)


def _read_file(path: Path) -> Record:
    record = Record(path.stem, read_text(path.with_suffix(".txt")))
    places: dict[str, int] = {}
    pending: list[tuple[int, str, str]] = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        if span := _SPAN.fullmatch(line.rstrip("\r")):
            name, label, start, end, more, _ = span.groups()
            last = int(more.rsplit(" ", 1)[1]) if more else int(end)
            places[name] = len(record.spans)
            record.spans.append((int(start), last, label))
        elif relation := _RELATION.fullmatch(line):
            pending.append((number, relation.group(3), relation.group(4)))
        elif (note := _NOTE.fullmatch(line)) and note.group(1) == _FIELDS:
            record.meta = json.loads(note.group(3))
        elif line[0] not in "#A*":
            # Notes and attributes are for people; anything else would be lost.
            raise CorpusError([Problem(str(path), number, f"not understood: {line[:60]!r}")])
    for number, attribute, drug in pending:
        if attribute not in places or drug not in places:
            problem = f"a relation points to {attribute} or {drug}, which is not there"
            raise CorpusError([Problem(str(path), number, problem)])
        record.links.append((places[attribute], places[drug]))
    return record

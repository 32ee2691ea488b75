"""Annotations of letters whose text is not ours to ship: offsets, labels, values, a hash.

The offsets refer to the readable text of the letter (`imr_nlp.text.readable`).
Titles and sections of citations, which are the letter's own words, are offsets
too. A letter whose readable text has another hash is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from imr_nlp.corpus.form import read_text
from imr_nlp.corpus.letter import AnnotatedLetter
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.text import readable

SUFFIX = ".json"
_SIDES = (("claims", "CLAIMS"), ("reviewer", "REVIEWER"))


def text_hash(raw: str) -> str:
    """Give the SHA-256 of a letter's readable text (UTF-8), in hexadecimal."""
    return hashlib.sha256(readable(raw).encode("utf-8", "surrogatepass")).hexdigest()


def name_of(sha256: str) -> str:
    """Name a letter by the beginning of its hash, where it has no case number."""
    return sha256[:12]


def to_standoff(letter: AnnotatedLetter) -> dict[str, Any]:
    """Give the annotation of a letter without its text.

    Raises
    ------
    CorpusError
        If the letter's text is not readable text, or a cited title does not
        stand in its guideline line.
    """
    if readable(letter.text) != letter.text:
        problem = "offsets must refer to readable text; annotate imr_nlp.text.readable(raw)"
        raise CorpusError([Problem(letter.id, 0, problem)])
    fields = letter.fields.model_dump(mode="json", exclude_defaults=True)
    for number, issue in enumerate(fields.get("issues", [])):
        for side, label in _SIDES:
            _places_for_texts(letter, number, label, issue.get(side, []))
    return {
        "id": letter.id,
        "sha256": text_hash(letter.text),
        "fields": fields,
        "parts": [[p.label, p.start, p.end, *p.issues] for p in letter.parts],
        "entities": [
            [e.label, e.start, e.end] if e.drug is None else [e.label, e.start, e.end, e.drug]
            for e in letter.entities
        ],
        "evidence": [["+".join(e.labels), e.start, e.end, *e.issues] for e in letter.evidence],
    }


def _places_for_texts(
    letter: AnnotatedLetter, issue: int, label: str, citations: list[dict[str, Any]]
) -> None:
    parts = letter.parts_of(label, issue)
    cursor = parts[0].start if parts else 0

    def place(text: str) -> list[int]:
        nonlocal cursor
        for begin in (cursor, parts[0].start if parts else 0):
            for part in parts:
                start = letter.text.find(text, max(begin, part.start), part.end)
                if start >= 0:
                    cursor = start + len(text)
                    return [start, cursor]
        raise CorpusError([Problem(letter.id, 0, f"'{text}' does not stand in {label}")])

    for citation in citations:
        if citation.get("title") is not None:
            citation["title"] = place(citation["title"])
        if citation.get("sections"):
            citation["sections"] = [place(section) for section in citation["sections"]]


def format_standoff(standoff: dict[str, Any]) -> str:
    """Write stand-off annotation as JSON with one mark on a line, so that changes can be read."""
    lines = []
    for name, value in standoff.items():
        if name in {"parts", "entities", "evidence"} and value:
            marks = ",\n".join(f"    {json.dumps(mark)}" for mark in value)
            lines.append(f"  {json.dumps(name)}: [\n{marks}\n  ]")
        elif name == "fields":
            lines.append(f"  {json.dumps(name)}: {_format_fields(value)}")
        else:
            lines.append(f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _format_fields(fields: dict[str, Any]) -> str:
    rest = {name: value for name, value in fields.items() if name != "issues"}
    lines = [f"    {json.dumps(n)}: {json.dumps(v, ensure_ascii=False)}" for n, v in rest.items()]
    issues = ",\n".join(f"      {json.dumps(issue)}" for issue in fields.get("issues", []))
    lines.append(f'    "issues": [\n{issues}\n    ]')
    return "{\n" + ",\n".join(lines) + "\n  }"


def read_standoff(path: str | Path) -> dict[str, Any]:
    """Read one file of stand-off annotation.

    Raises
    ------
    CorpusError
        If it is no such file.
    """
    path = Path(path)
    try:
        data = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise CorpusError([Problem(str(path), error.lineno, f"no JSON: {error.msg}")]) from error
    missing = {"id", "sha256", "fields"} - (data.keys() if isinstance(data, dict) else set())
    if missing:
        problem = f"no stand-off annotation: {', '.join(sorted(missing))} missing"
        raise CorpusError([Problem(str(path), 0, problem)])
    return dict(data)


def attach(standoff: dict[str, Any], text: str) -> AnnotatedLetter:
    """Join stand-off annotation with its letter.

    Parameters
    ----------
    standoff
        What `to_standoff` or `read_standoff` gave.
    text
        The letter, raw or readable.

    Raises
    ------
    CorpusError
        If the letter's hash differs: another letter, or another reading of it.
    """
    clean = readable(text)
    name = str(standoff["id"])
    found = text_hash(clean)
    if found != standoff["sha256"]:
        problem = (
            f"its readable text has the hash {found[:12]}..., not {standoff['sha256'][:12]}...; "
            "this is another letter, another scan of it, or it was read by another version"
        )
        raise CorpusError([Problem(name, 0, problem)])
    fields = json.loads(json.dumps(standoff["fields"]))
    for issue in fields.get("issues", []):
        for citation in (c for side, _ in _SIDES for c in issue.get(side, [])):
            if citation.get("title") is not None:
                citation["title"] = clean[slice(*citation["title"])]
            citation["sections"] = [clean[slice(*place)] for place in citation.get("sections", [])]
    return _build(standoff, clean, fields)


def without_text(standoff: dict[str, Any]) -> AnnotatedLetter:
    """Give stand-off annotation as a letter whose text and citations are not at hand."""
    fields = {**standoff["fields"]}
    sides = [side for side, _ in _SIDES]
    fields["issues"] = [
        {name: value for name, value in issue.items() if name not in sides}
        for issue in fields.get("issues", [])
    ]
    return _build(standoff, "", fields)


def _build(standoff: dict[str, Any], text: str, fields: dict[str, Any]) -> AnnotatedLetter:
    name = str(standoff["id"])
    try:
        return AnnotatedLetter.model_validate(
            {
                "id": name,
                "text": text,
                "fields": fields,
                "parts": [_mark(mark, "label", "issues") for mark in standoff.get("parts", [])],
                "entities": [_mark(mark, "label", "drug") for mark in standoff.get("entities", [])],
                "evidence": [
                    _mark(mark, "labels", "issues") for mark in standoff.get("evidence", [])
                ],
            }
        )
    except ValidationError as error:
        problems = [
            Problem(name, 0, f"{'.'.join(map(str, e['loc']))}: {e['msg']}") for e in error.errors()
        ]
        raise CorpusError(problems) from error


def _mark(mark: list[Any], label_field: str, rest_field: str) -> dict[str, Any]:
    label, start, end, *rest = mark
    result: dict[str, Any] = {
        "start": start,
        "end": end,
        label_field: label.split("+") if label_field == "labels" else label,
    }
    if rest_field == "issues":
        result["issues"] = rest
    elif rest:
        result["drug"] = rest[0]
    return result


def iter_standoff(folder: str | Path) -> Iterator[dict[str, Any]]:
    """Read all stand-off annotations of a folder, in the order of their names."""
    for path in sorted(Path(folder).glob(f"*{SUFFIX}")):
        yield read_standoff(path)

"""JSON and JSON lines, with file and line in every message."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from imr_nlp.corpus.exchange.place import Place
from imr_nlp.corpus.form import read_text


def read_json(path: Path) -> Any:
    """Read a file that is one JSON value.

    Raises
    ------
    CorpusError
        If it is no JSON.
    """
    try:
        return json.loads(_read(path))
    except json.JSONDecodeError as error:
        raise Place(str(path), error.lineno).error(f"no JSON: {error.msg}") from error


def read_json_lines(path: Path) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the place and the object of every line that is not empty.

    Raises
    ------
    CorpusError
        If a line is no JSON object.
    """
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        place = Place(str(path), number)
        data = parse_json(line, place)
        if not isinstance(data, dict):
            raise place.error("no JSON object; every line is to be one")
        yield place, data


def parse_json(content: str, place: Place, name: str = "") -> Any:
    """Read JSON that stands within a file; `name` is where.

    Raises
    ------
    CorpusError
        If it is no JSON.
    """
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        lead = f"{name}: " if name else ""
        raise place.error(f"{lead}no JSON: {error.msg}") from error


def _read(path: Path) -> str:
    # Windows puts the mark in front of what it calls UTF-8.
    return read_text(path).removeprefix("\ufeff")


def write_json_lines(objects: Iterable[dict[str, Any]], path: Path) -> None:
    """Write objects as JSON lines (UTF-8)."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for data in objects:
            file.write(json.dumps(data, ensure_ascii=False) + "\n")

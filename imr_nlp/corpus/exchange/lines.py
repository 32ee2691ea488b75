"""JSON lines, with file and line in every message."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from imr_nlp.corpus.form import read_text
from imr_nlp.corpus.problems import CorpusError, Problem


def read_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number and the object of every line that is not empty.

    Raises
    ------
    CorpusError
        If a line is no JSON object.
    """
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError([Problem(str(path), number, f"no JSON: {error.msg}")]) from error
        if not isinstance(data, dict):
            raise CorpusError([Problem(str(path), number, "no JSON object")])
        yield number, data


def write_json_lines(objects: Iterable[dict[str, Any]], path: Path) -> None:
    """Write objects as JSON lines (UTF-8)."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for data in objects:
            file.write(json.dumps(data, ensure_ascii=False) + "\n")

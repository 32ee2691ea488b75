"""What the rules know, as data: drugs, services, body parts, guidelines, labels."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files


@cache
def read_csv(name: str) -> list[dict[str, str]]:
    """Read a table of this package; every cell is a string.

    Parameters
    ----------
    name
        File name inside `imr_nlp/resources`, such as "drugs.csv".
    """
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@cache
def read_lines(name: str) -> tuple[str, ...]:
    """Read a list of this package, one entry a line; blank lines are left out."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip())

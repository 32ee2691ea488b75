"""Hugging Face `datasets`: one row for each letter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from imr_nlp.corpus.exchange.lines import parse_json
from imr_nlp.corpus.exchange.place import Place, parse
from imr_nlp.corpus.exchange.record import Record
from imr_nlp.errors import ExportError


class _Span(BaseModel):
    start: int
    end: int
    label: str


class _Link(BaseModel):
    head: int
    drug: int


class _Row(BaseModel):
    id: str
    text: str
    spans: list[_Span]
    links: list[_Link]
    meta: str


def _datasets() -> Any:
    try:
        import datasets
    except ImportError as error:
        raise ExportError(
            'Hugging Face datasets is not installed. Run: pip install "imr_nlp[datasets]"'
        ) from error
    return datasets


@contextmanager
def _quiet(datasets: Any) -> Iterator[None]:
    """Keep the progress bars of `datasets` from the terminal."""
    shown = not datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        yield
    finally:
        if shown:
            datasets.enable_progress_bars()


def to_dataset(records: Iterable[Record]) -> Any:
    """Give a `datasets.Dataset` with the columns id, text, spans, links, meta.

    `spans` are lists of `{start, end, label}`, `links` of `{head, drug}`
    (positions in `spans`), `meta` is JSON.
    """
    datasets = _datasets()
    features = datasets.Features(
        {
            "id": datasets.Value("string"),
            "text": datasets.Value("string"),
            "spans": [
                {
                    "start": datasets.Value("int32"),
                    "end": datasets.Value("int32"),
                    "label": datasets.Value("string"),
                }
            ],
            "links": [{"head": datasets.Value("int32"), "drug": datasets.Value("int32")}],
            "meta": datasets.Value("string"),
        }
    )
    rows = [
        {
            "id": record.id,
            "text": record.text,
            "spans": [{"start": s, "end": e, "label": label} for s, e, label in record.spans],
            "links": [{"head": head, "drug": drug} for head, drug in record.links],
            "meta": json.dumps(record.meta, ensure_ascii=False),
        }
        for record in records
    ]
    return datasets.Dataset.from_list(rows, features=features)


def from_dataset(dataset: Iterable[dict[str, Any]], name: str = "dataset") -> Iterator[Record]:
    """Read records from rows as `to_dataset` gives them.

    Raises
    ------
    CorpusError
        If a row has not these columns; `name` and row are named.
    """
    for number, data in enumerate(dataset, start=1):
        place = Place(name, within=f"row {number}")
        row = parse(_Row, data, place)
        meta = parse_json(row.meta, place, "meta")
        if not isinstance(meta, dict):
            raise place.error("meta: no JSON object")
        links = [(link.head, link.drug) for link in row.links]
        if any(not 0 <= end < len(row.spans) for link in links for end in link):
            raise place.error("a link points to a span that is not there")
        spans = [(span.start, span.end, span.label) for span in row.spans]
        yield Record(row.id, row.text, spans, links, meta, place)


def write(records: Iterable[Record], folder: Path) -> None:
    """Write a dataset to a folder with `save_to_disk`."""
    with _quiet(_datasets()):
        to_dataset(records).save_to_disk(str(folder))


def read(folder: Path) -> Iterator[Record]:
    """Read a dataset, or all splits of one, from a folder that `save_to_disk` wrote.

    Raises
    ------
    CorpusError
        If the folder holds none, or a row is not as `to_dataset` gives it.
    """
    datasets = _datasets()
    try:
        with _quiet(datasets):
            found = datasets.load_from_disk(str(folder))
    # What a damaged folder makes `datasets` raise is not documented.
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = "no dataset that save_to_disk wrote, or it is damaged"
        raise Place(str(folder)).error(problem) from error
    splits = found if isinstance(found, Mapping) else {"": found}
    for split, dataset in splits.items():
        yield from from_dataset(dataset, str(folder / split))

"""Hugging Face `datasets`: one row for each letter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from imr_nlp.corpus.exchange.record import Record
from imr_nlp.errors import ExportError


def _datasets() -> Any:
    try:
        import datasets
    except ImportError as error:
        raise ExportError(
            'Hugging Face datasets is not installed. Run: pip install "imr_nlp[datasets]"'
        ) from error
    return datasets


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


def from_dataset(dataset: Iterable[dict[str, Any]]) -> Iterator[Record]:
    """Read records from rows as `to_dataset` gives them."""
    for row in dataset:
        yield Record(
            row["id"],
            row["text"],
            [(span["start"], span["end"], span["label"]) for span in row["spans"]],
            [(link["head"], link["drug"]) for link in row["links"]],
            json.loads(row["meta"]),
        )


def write(records: Iterable[Record], folder: Path) -> None:
    """Write a dataset to a folder with `save_to_disk`."""
    to_dataset(records).save_to_disk(str(folder))


def read(folder: Path) -> Iterator[Record]:
    """Read a dataset from a folder that `save_to_disk` wrote."""
    yield from from_dataset(_datasets().load_from_disk(str(folder)))

"""`imr-nlp extract` and `imr-nlp show`: letters to tables, one letter for a person to read.

spaCy, rich and the data frame libraries are imported by the functions that need
them, so that `imr-nlp --help` answers at once.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from itertools import islice
from typing import Annotated, cast

import typer

from imr_nlp.batch import Extracted, extract_many
from imr_nlp.cli.common import Pipeline, stop
from imr_nlp.errors import ImrError, PipelineError
from imr_nlp.export import TABLES, FailedLetter, FailureFile, TableName, open_writer
from imr_nlp.letters import find
from imr_nlp.shipped import DEFAULT

Paths = Annotated[
    list[str],
    typer.Argument(help="Files, folders, zip archives, patterns, or - for standard input."),
]
Output = Annotated[
    str,
    typer.Option("--output", "-o", help=".csv, .jsonl or .parquet; - prints JSON lines."),
]
Workers = Annotated[int, typer.Option("--workers", "-w", min=1, help="Processes to use.")]
Table = Annotated[
    str | None,
    typer.Option(
        "--table", "-t", help=f"Table of a .csv or .parquet: {', '.join(TABLES)}.",
        show_default="issues",
    ),
]  # fmt: skip


class _NothingReadError(Exception):
    """No letter could be read: an output of an earlier run is left as it is."""


def extract(
    paths: Paths,
    output: Output,
    workers: Workers = 1,
    pipeline: Pipeline = DEFAULT,
    table: Table = None,
) -> None:
    """Extract every letter into one file.

    Letters that fail are listed in OUTPUT.failures.csv with the reason; the
    others are written all the same. Exit code 0: every letter was read; 1: a
    letter failed, or the output could not be finished; 2: wrong usage, nothing
    was read. Where no letter could be read, no output is written.
    """
    counts: Counter[str] = Counter()
    results = extract_many(paths, pipeline=pipeline, workers=workers)
    try:
        with (
            FailureFile.beside(output) as failures,
            suppress(_NothingReadError),
            open_writer(output, table=cast("TableName | None", table)) as writer,
            closing(results),
        ):
            for result in _with_progress(results, paths):
                if isinstance(result, FailedLetter):
                    failures.add(result)
                    counts["failures"] += 1
                    continue
                writer.write(result.determination)
                counts["letters"] += 1
                counts["issues"] += len(result.determination.issues)
                counts["warnings"] += len(result.determination.warnings)
            if not counts["letters"]:
                raise _NothingReadError
    except ImrError as error:
        stop(error, code=1 if counts else 2)
    typer.echo(failures.summary(), err=True, nl=False)
    typer.echo(
        f"{counts['letters']} letters read, {counts['issues']} issues, "
        f"{counts['warnings']} warnings, {counts['failures']} failures",
        err=True,
    )
    if counts["failures"]:
        raise typer.Exit(1)


def show(
    path: Annotated[str, typer.Argument(help="One letter, or - for standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything, as JSON.")] = False,
    pipeline: Pipeline = DEFAULT,
) -> None:
    """Print what one letter says."""
    sources = list(islice(find(path), 2))
    if len(sources) > 1:
        stop(f"{path}: holds several letters. Give one of them, or use 'extract'.", code=2)
    try:
        result = next(extract_many(sources, pipeline=pipeline))
    except PipelineError as error:
        stop(error, code=2)
    if isinstance(result, FailedLetter):
        stop(f"{path}: {result.reason}", code=1)
    if as_json:
        typer.echo(result.determination.model_dump_json(indent=2).encode())
        return
    from imr_nlp.view.terminal import print_determination

    if isinstance(sys.stdout, io.TextIOWrapper):  # it may be unable to write every character
        sys.stdout.reconfigure(errors="replace")
    print_determination(result.determination)


def _with_progress(
    results: Iterator[Extracted | FailedLetter], paths: list[str]
) -> Iterable[Extracted | FailedLetter]:
    if not sys.stderr.isatty():
        return results
    from tqdm import tqdm

    # Standard input can be read only once; walking through folders twice costs little.
    total = None if "-" in paths else sum(1 for _ in find(paths))
    return cast("Iterable[Extracted | FailedLetter]", tqdm(results, total=total, unit=" letters"))

"""What the commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from imr_nlp.shipped import corpus_path

Pipeline = Annotated[
    str,
    typer.Option("--pipeline", "-p", help="'sm', 'rules', 'trf', or the path of a saved pipeline."),
]
Corpus = Annotated[
    str, typer.Option("--corpus", "-c", help="Folder of the corpus, as in a checkout.")
]


def _at_hand(corpus: str) -> str:
    """Take the corpus that came with the package where the folder here has none."""
    there = corpus != _CORPUS or Path(corpus).exists()
    return corpus if there else str(corpus_path())


_CORPUS = "corpus"
ReadCorpus = Annotated[
    str,
    typer.Option(
        "--corpus",
        "-c",
        callback=_at_hand,
        help="Folder of the corpus; where there is none here, that of the package.",
    ),
]


def stop(message: object, *, code: int) -> NoReturn:
    """End with an error message and an exit code."""
    typer.echo(f"Error: {message}", err=True)
    raise typer.Exit(code)

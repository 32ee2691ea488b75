"""What the commands share."""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer

Pipeline = Annotated[
    str, typer.Option("--pipeline", "-p", help="'rules', 'sm', or the path of a saved pipeline.")
]
Corpus = Annotated[
    str, typer.Option("--corpus", "-c", help="Folder of the corpus, as in a checkout.")
]


def stop(message: object, *, code: int) -> NoReturn:
    """End with an error message and an exit code."""
    typer.echo(f"Error: {message}", err=True)
    raise typer.Exit(code)

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


def _at_hand(ctx: typer.Context, param: typer.CallbackParam, corpus: str) -> str:
    """Take the corpus that came with the package where none was asked for and none is here."""
    if Path(corpus).is_dir():
        return corpus
    source = ctx.get_parameter_source(str(param.name))
    # By name: the enumeration is click's or typer's own, depending on typer's version.
    if source is None or source.name != "DEFAULT":
        stop(f"--corpus {corpus}: there is no such folder; it is one as in a checkout", code=2)
    packaged = corpus_path()
    if not packaged.is_dir():
        stop(f"no folder '{corpus}' is here, nor came one with the package; use --corpus", code=2)
    typer.echo(f"corpus: that of the package, {packaged}", err=True)
    return str(packaged)


ReadCorpus = Annotated[
    str,
    typer.Option(
        "--corpus",
        "-c",
        callback=_at_hand,
        help="Folder of the corpus; without the option, where there is none here, that of the "
        "package.",
    ),
]


def stop(message: object, *, code: int) -> NoReturn:
    """End with an error message and an exit code."""
    typer.echo(f"Error: {message}", err=True)
    raise typer.Exit(code)

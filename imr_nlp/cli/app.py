"""The commands, put together.

spaCy, rich and the data frame libraries are imported by the functions that need
them, so that `imr-nlp --help` answers at once.
"""

from __future__ import annotations

from typing import Annotated

import typer

import imr_nlp
from imr_nlp.cli.corpus import corpus_app
from imr_nlp.cli.evaluate import evaluate
from imr_nlp.cli.letters import extract, show
from imr_nlp.cli.suggest import suggest
from imr_nlp.cli.train import train

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"imr-nlp {imr_nlp.__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Turn California workers' compensation IMR determination letters into data."""


app.command()(extract)
app.command()(show)
app.command()(evaluate)
app.command()(suggest)
app.command()(train)
app.add_typer(corpus_app, name="corpus")

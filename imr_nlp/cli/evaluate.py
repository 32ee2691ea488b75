"""`imr-nlp evaluate`: score a pipeline on annotated letters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imr_nlp.cli.common import ReadCorpus, stop
from imr_nlp.errors import ImrError
from imr_nlp.shipped import DEFAULT

if TYPE_CHECKING:
    from imr_nlp.corpus import AnnotatedLetter


def evaluate(
    pipeline: Annotated[
        str, typer.Argument(help="'sm', 'rules', 'trf', or the path of a saved pipeline.")
    ] = DEFAULT,
    against: Annotated[
        str | None, typer.Option(help="Another pipeline, scored on the same letters beside it.")
    ] = None,
    corpus: ReadCorpus = "corpus",
    split: Annotated[
        str | None, typer.Option(help="Written letters of one split only: train or test.")
    ] = None,
    by_layout: Annotated[bool, typer.Option("--by-layout", help="Layouts apart.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Show every layer.")] = False,
    output: Annotated[str | None, typer.Option("--output", "-o", help="Scores as JSON.")] = None,
    errors: Annotated[
        str | None, typer.Option(help="List what is wrong in this file (.tsv).")
    ] = None,
) -> None:
    """Score a pipeline, written and posted letters apart, with 95 % intervals over letters.

    Posted letters are scored where they are attached (`imr-nlp corpus attach`).
    """
    import imr_nlp
    from imr_nlp.corpus import to_doc
    from imr_nlp.evaluation import calibration_to_markdown, error_lines, to_markdown
    from imr_nlp.evaluation import evaluate as run

    try:
        pipelines = {name: imr_nlp.load(name) for name in (pipeline, against) if name is not None}
        groups = _groups(Path(corpus), split, by_layout)
        reports = [
            run(
                nlp,
                [to_doc(letter) for letter in letters],
                name=f"{own}: {name}" if against else name,
            )
            for name, letters in groups.items()
            if letters
            for own, nlp in pipelines.items()
        ]
    except ImrError as error:
        stop(error, code=2)
    typer.echo(to_markdown(reports, every_layer=full))
    typer.echo(calibration_to_markdown(reports), nl=False)
    if output:
        data = {"pipeline": pipeline, "reports": [report.to_dict() for report in reports]}
        text = json.dumps(data, ensure_ascii=False, indent=1)
        Path(output).write_text(text + "\n", encoding="utf-8")
    if errors:
        lines = [line for report in reports for line in error_lines(report)]
        Path(errors).write_text("\n".join([*lines, ""]), encoding="utf-8")


def _groups(corpus: Path, split: str | None, by_layout: bool) -> dict[str, list[AnnotatedLetter]]:
    from imr_nlp.corpus import read_letters, read_splits
    from imr_nlp.corpus.store import ATTACHED, LETTERS, SPLITS

    written = read_letters(corpus / LETTERS)
    name = "written"
    if split is not None:
        splits = read_splits(corpus / SPLITS)
        wanted = {"train": splits.train, "test": splits.test}.get(split)
        if wanted is None:
            stop(f"{split}: no such split; there are train and test", code=2)
        missing = sorted(set(wanted) - {letter.id for letter in written})
        if missing:
            stop(f"splits.json names letters that are not there: {', '.join(missing)}", code=2)
        written = [letter for letter in written if letter.id in wanted]
        name = f"written, {split}"
    groups = {name: written}
    if (corpus / ATTACHED).is_dir():
        groups["posted"] = read_letters(corpus / ATTACHED)
    if not by_layout:
        return groups
    return {
        f"{origin}, {layout}": [own for own in letters if own.fields.layout == layout]
        for origin, letters in groups.items()
        for layout in sorted({letter.fields.layout for letter in letters})
    }

"""`imr-nlp train`: retrain on new letters, and say whether that was any good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imr_nlp.cli.common import ReadCorpus, stop
from imr_nlp.errors import ImrError
from imr_nlp.shipped import DEFAULT

if TYPE_CHECKING:
    from imr_nlp.corpus import AnnotatedLetter, LeftOut
    from imr_nlp.learning.retrained import Retrained


def train(
    new: Annotated[list[str], typer.Argument(help="Files or folders of annotated letters.")],
    output: Annotated[
        str, typer.Option("--output", "-o", help="Folder in which the pipeline is written.")
    ],
    read_as: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="imr, jsonl, docbin, prodigy, label-studio, doccano, brat or datasets; by "
            "default told by the files.",
        ),
    ] = None,
    corpus: ReadCorpus = "corpus",
    base: Annotated[
        str, typer.Option(help="The old pipeline: trained on, and compared with.")
    ] = DEFAULT,
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="Begin the weights of the recogniser anew.")
    ] = False,
    rename: Annotated[
        list[str] | None,
        typer.Option(help="LABEL=KNOWN: take an unknown label of the new letters for a known one."),
    ] = None,
    drop_label: Annotated[
        list[str] | None, typer.Option(help="Leave out the spans of an unknown label.")
    ] = None,
    hold_out: Annotated[
        float, typer.Option(min=0, max=0.9, help="Share of the new issues to compare on.")
    ] = 0.2,
    steps: Annotated[
        int | None, typer.Option(min=1, help="Steps of the recogniser; by default what is usual.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that train.")] = 1,
    seed: Annotated[int, typer.Option(help="Of what is held out, and of the recogniser.")] = 0,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a pipeline that is in the folder.")
    ] = False,
) -> None:
    """Train on new annotated letters and the corpus, and compare with the old pipeline.

    Both are compared on the frozen test split and on new letters that are
    held out. Exit code 0: the pipeline is written, also where it is not shown to be
    better; 1: nothing is trained, since something is wrong in the letters; 2: wrong
    usage. Needs the extra 'train'.
    """
    from imr_nlp.corpus import CorpusError
    from imr_nlp.corpus.splits import n_issues
    from imr_nlp.corpus.store import SPLITS
    from imr_nlp.learning.retrain import retrain
    from imr_nlp.learning.retrained import check_folder, write_retrained

    relabel = _choice(rename or [], drop_label or [])
    try:
        check_folder(Path(output), force=force)
        if not (Path(corpus) / SPLITS).is_file():
            stop(f"{corpus}: holds no {SPLITS}; --corpus names a folder as in a checkout", code=2)
        letters = _read(new, read_as, relabel)
        typer.echo(f"{len(letters)} new letters, {n_issues(letters)} issues", err=True)
        result = retrain(
            letters, corpus, base=base, from_scratch=from_scratch, hold_out=hold_out,
            steps=steps, workers=workers, seed=seed,
        )  # fmt: skip
        _show(result)
        write_retrained(result, output, force=force)
    except CorpusError as error:
        stop(error, code=1)
    except (ImrError, ValueError, OSError) as error:
        stop(error, code=2)
    typer.echo(f"written: {output}", err=True)


def _choice(rename: list[str], drop: list[str]) -> dict[str, str | None]:
    from imr_nlp.corpus import CorpusError
    from imr_nlp.corpus.exchange.relabel import check_choice

    choice: dict[str, str | None] = dict.fromkeys(drop)
    for pair in rename:
        old, _, known = pair.partition("=")
        if not old or not known:
            stop(f"--rename {pair}: write LABEL=KNOWN", code=2)
        if old in choice:
            stop(f"{old}: two choices for one label", code=2)
        choice[old] = known
    try:
        check_choice(choice)
    except CorpusError as error:
        stop(error, code=2)
    return choice


def _read(
    paths: list[str], read_as: str | None, relabel: dict[str, str | None]
) -> list[AnnotatedLetter]:
    from imr_nlp.corpus import FORMATS, CorpusError, import_letters, read_letter
    from imr_nlp.corpus.exchange import Undecided, undecided_letters
    from imr_nlp.corpus.form import SUFFIX
    from imr_nlp.learning.seen import form_of

    if read_as is not None and read_as not in FORMATS:
        stop(f"--from {read_as}: no such format; there are {', '.join(FORMATS)}", code=2)
    letters: list[AnnotatedLetter] = []
    left_out: list[LeftOut] = []
    undecided: list[Undecided] = []
    for path in map(Path, paths):
        if not path.exists():
            stop(f"{path}: there is no such file or folder", code=2)
        if path.is_file() and path.suffix == SUFFIX:
            letters.append(read_letter(path))
            continue
        form = read_as or form_of(path)
        try:
            letters += import_letters(
                path, form, relabel=relabel, left_out=left_out, undecided=undecided
            ).letters
        except CorpusError:
            if read_as is None:
                typer.echo(f"{path}: read as {form}; --from FORMAT names another", err=True)
            raise
    if undecided:
        typer.echo(undecided_letters(undecided, len(letters) + len(undecided)), err=True)
    for span in left_out:
        typer.echo(f"left out: {span}", err=True)
    return letters


def _show(result: Retrained) -> None:
    from imr_nlp.evaluation import comparison_to_markdown

    for note in result.notes:
        typer.echo(note, err=True)
    counts = ", ".join(f"{n} {what}" for what, n in result.counts.items())
    typer.echo(
        f"trained on {counts}; {result.n_new} of the letters, with {result.n_new_issues} issues, "
        "are new",
        err=True,
    )
    for comparison in result.comparisons:
        typer.echo(comparison_to_markdown(comparison))
        typer.echo(f"{comparison.summary()}\n")
    typer.echo(result.verdict())

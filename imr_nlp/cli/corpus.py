"""`imr-nlp corpus`: check, describe, join, split, compare and convert annotated letters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imr_nlp.cli.common import Corpus, stop
from imr_nlp.errors import ImrError

if TYPE_CHECKING:
    from imr_nlp.corpus import AnnotatedLetter

corpus_app = typer.Typer(no_args_is_help=True, help="Annotated letters.")


@corpus_app.command()
def check(corpus: Corpus = "corpus") -> None:
    """Check every mark, field, sentence and split of a corpus.

    Exit code 0: nothing is wrong; 1: something is, each with file and line.
    """
    from imr_nlp.corpus.splits import check_split_file
    from imr_nlp.corpus.store import check_corpus

    counts, problems = check_corpus(corpus)
    if not problems:
        problems = check_split_file(corpus)
    for problem in problems:
        typer.echo(problem)
    shown = (
        f"{counts['letters']} written letters, {counts['real']} posted letters "
        f"({counts['attached']} attached), {counts['bank']} sentences, "
        f"{counts['rationales']} rationales: {len(problems)} problems"
    )
    typer.echo(shown, err=True)
    if problems:
        raise typer.Exit(1)


@corpus_app.command()
def stats(
    corpus: Corpus = "corpus",
    picture: Annotated[
        str | None, typer.Option(help="Draw the counts into this file (.svg or .png).")
    ] = None,
) -> None:
    """Print what a corpus holds, as a Markdown table."""
    from imr_nlp.corpus import read_bank, read_letters, read_rationales
    from imr_nlp.corpus.standoff import iter_standoff, without_text
    from imr_nlp.corpus.stats import bank_to_markdown, count, draw, to_markdown
    from imr_nlp.corpus.store import BANK, LETTERS, RATIONALES, REAL

    folder = Path(corpus)
    try:
        written = count(read_letters(folder / LETTERS), name="written")
        posted = count((without_text(s) for s in iter_standoff(folder / REAL)), name="posted")
        sentences = read_bank(folder / BANK)
        rationales = read_rationales(folder / RATIONALES)
        typer.echo(to_markdown([written, posted]))
        typer.echo(bank_to_markdown(sentences, rationales))
        if picture:
            draw([written, posted], picture)
    except ImrError as error:
        stop(error, code=1)


@corpus_app.command()
def attach(
    letters: Annotated[
        list[str], typer.Argument(help="Files, folders or archives of posted letters.")
    ],
    corpus: Corpus = "corpus",
    annotations: Annotated[
        str | None, typer.Option(help="Folder of the annotations; by default CORPUS/real.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="By default CORPUS/attached.")
    ] = None,
) -> None:
    """Join the annotations of posted letters with the letters themselves.

    Git ignores CORPUS/attached. Letters are found by the hash of
    their readable text, whatever their files are called; one whose hash differs
    is refused. Exit code 1: a letter was refused or could not be read.
    """
    from imr_nlp.corpus import attach_letters, write_letter
    from imr_nlp.corpus.form import SUFFIX
    from imr_nlp.corpus.store import ATTACHED, REAL

    target = Path(output) if output else Path(corpus) / ATTACHED
    try:
        result = attach_letters(annotations or Path(corpus) / REAL, letters)
    except ImrError as error:
        stop(error, code=2)
    if result.letters:
        target.mkdir(parents=True, exist_ok=True)
    for letter in result.letters:
        write_letter(letter, target / f"{letter.id}{SUFFIX}")
    for problem in result.refused:
        typer.echo(f"refused: {problem}", err=True)
    for failure in result.failures:
        typer.echo(f"not read: {failure.error}", err=True)
    for name in result.missing:
        typer.echo(f"no letter for: {name}", err=True)
    typer.echo(
        f"{len(result.letters)} letters attached in {target}, {len(result.refused)} refused, "
        f"{len(result.missing)} without a letter, {len(result.failures)} files not read",
        err=True,
    )
    if result.refused or result.failures:
        raise typer.Exit(1)


@corpus_app.command()
def convert(
    source: Annotated[str, typer.Argument(help="File or folder to read.")],
    target: Annotated[str, typer.Argument(help="File or folder to write.")],
    read_as: Annotated[
        str,
        typer.Option(
            "--from",
            help="imr, jsonl, docbin, prodigy, label-studio, doccano, brat or datasets.",
        ),
    ] = "imr",
    write_as: Annotated[str, typer.Option("--to", help="As for --from.")] = "jsonl",
) -> None:
    """Convert annotated letters between the files of annotation tools.

    Spans that cut a token are listed with letter and text. Exit code 1: there
    are some. Letters that nobody decided on in Prodigy or Label Studio are left out,
    and counted; all that is written to these tools counts as annotated.
    """
    from imr_nlp.corpus import export_letters, import_letters
    from imr_nlp.corpus.exchange import Undecided, undecided_letters

    undecided: list[Undecided] = []
    try:
        letters, misaligned = import_letters(source, read_as, undecided=undecided)
        lost = export_letters(letters, target, write_as)
    except ImrError as error:
        stop(error, code=2)
    if undecided:
        told = undecided_letters(undecided, len(letters) + len(undecided))
        typer.echo(f"{source}: {told}", err=True)
    for span in dict.fromkeys([*misaligned, *lost]):
        typer.echo(f"off the token boundaries: {span}", err=True)
    n_misaligned = len(dict.fromkeys([*misaligned, *lost]))
    typer.echo(f"{len(letters)} letters, {n_misaligned} spans off the token boundaries", err=True)
    if n_misaligned:
        raise typer.Exit(1)


@corpus_app.command()
def agreement(
    first: Annotated[str, typer.Argument(help="Folder of the first annotator's letters.")],
    second: Annotated[str, typer.Argument(help="Folder of the second annotator's letters.")],
    errors: Annotated[
        str | None, typer.Option(help="List the disagreements in this file (.tsv).")
    ] = None,
) -> None:
    """Compare two annotations of the same letters, layer by layer.

    Letters that only one folder holds are left out and counted. F1 is the same
    whichever of the two is taken as right.
    """
    from imr_nlp.corpus import read_letters, to_doc
    from imr_nlp.evaluation import error_lines, score_letter, summarize, to_markdown
    from imr_nlp.export.target import check_target

    try:
        if errors:
            check_target(Path(errors))
        sides = [{letter.id: letter for letter in read_letters(f)} for f in (first, second)]
    except ImrError as error:
        stop(error, code=2)
    both = sorted(sides[0].keys() & sides[1].keys())
    if not both:
        stop(f"{first}, {second}: no letter is in both", code=2)
    changed = [name for name in both if sides[0][name].text != sides[1][name].text]
    if changed:
        stop(f"{', '.join(changed)}: the two texts differ", code=2)
    scores = [score_letter(to_doc(sides[1][name]), to_doc(sides[0][name])) for name in both]
    report = summarize(scores, name="agreement")
    typer.echo(to_markdown([report]))
    if errors:
        Path(errors).write_text("\n".join([*error_lines(report), ""]), encoding="utf-8")
    typer.echo(f"{len(both)} letters in both, {len(sides[0] | sides[1]) - len(both)} in one only",
               err=True)  # fmt: skip


@corpus_app.command()
def split(
    corpus: Corpus = "corpus",
    test_authors: Annotated[
        list[str] | None, typer.Option("--test-author", help="Authors whose letters are the test.")
    ] = None,
    n_folds: Annotated[int, typer.Option(min=2, help="Folds of the posted letters.")] = 5,
    seed: Annotated[int, typer.Option(help="Seed that deals the folds out.")] = 0,
) -> None:
    """Write CORPUS/splits.json; posted letters must be attached."""
    from imr_nlp.corpus import make_splits, read_letters, write_splits
    from imr_nlp.corpus.standoff import iter_standoff
    from imr_nlp.corpus.store import ATTACHED, LETTERS, REAL, SPLITS

    folder = Path(corpus)

    def is_test(letter: AnnotatedLetter) -> bool:
        return letter.fields.author in (test_authors or [])

    try:
        written = read_letters(folder / LETTERS)
        posted = read_letters(folder / ATTACHED) if (folder / ATTACHED).exists() else []
        missing = {a["id"] for a in iter_standoff(folder / REAL)} - {x.id for x in posted}
        if missing:
            stop(f"{len(missing)} posted letters are not attached; see 'corpus attach'", code=2)
        authors = {letter.fields.author for letter in written}
        if unknown := sorted(set(test_authors or []) - authors):
            stop(f"no letter is by {', '.join(unknown)}", code=2)
        splits = make_splits(written, posted, is_test=is_test, n_folds=n_folds, seed=seed)
    except (ImrError, ValueError) as error:
        stop(error, code=2)
    write_splits(splits, folder / SPLITS)
    folds = ", ".join(str(len(fold)) for fold in splits.folds)
    typer.echo(
        f"{len(splits.train)} letters to train, {len(splits.test)} to test, folds of {folds}",
        err=True,
    )

"""`imr-nlp evaluate`: score a pipeline on annotated letters, and compare it with another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from imr_nlp.cli.common import ReadCorpus, stop
from imr_nlp.errors import ImrError
from imr_nlp.shipped import DEFAULT, SHIPPED, TRAINED_ON, UNSHIPPED, trained_path

if TYPE_CHECKING:
    from spacy.language import Language

    from imr_nlp.corpus import AnnotatedLetter
    from imr_nlp.evaluation import Comparison, LetterScores, Report

_RULES = "rules"


def evaluate(
    pipeline: Annotated[
        str, typer.Argument(help="'sm', 'rules', 'trf', or the path of a saved pipeline.")
    ] = DEFAULT,
    against: Annotated[
        str | None, typer.Option(help="Another pipeline, compared on the same letters.")
    ] = None,
    corpus: ReadCorpus = "corpus",
    split: Annotated[
        str | None, typer.Option(help="Written letters of one split only: train or test.")
    ] = None,
    posted: Annotated[
        bool, typer.Option("--posted", help="With --split: the posted letters, too.")
    ] = False,
    by_layout: Annotated[bool, typer.Option("--by-layout", help="Layouts apart.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Show every layer.")] = False,
    output: Annotated[str | None, typer.Option("--output", "-o", help="Scores as JSON.")] = None,
    errors: Annotated[
        str | None, typer.Option(help="List what is wrong in this file (.tsv).")
    ] = None,
) -> None:
    """Score a pipeline, written and posted letters apart, with 95 % intervals over letters.

    Posted letters are scored where they are attached (`imr-nlp corpus attach`); with
    --split only where --posted asks for them. Below the table stands how many of the
    letters trained the pipeline: scores on these say nothing about unseen ones.
    """
    import imr_nlp
    from imr_nlp.evaluation import (
        calibration_to_markdown,
        compare,
        comparison_to_markdown,
        error_lines,
        to_markdown,
    )
    from imr_nlp.export.target import check_target

    if against is not None and _place(against) == _place(pipeline):
        stop(f"--against {against}: is the same pipeline; name another", code=2)
    try:
        for target in (output, errors):
            if target is not None:
                check_target(Path(target))
        pipelines = {name: imr_nlp.load(name) for name in (pipeline, against) if name is not None}
        groups = _groups(Path(corpus), split, posted, by_layout)
        scored = [
            [_score(nlp, own, letters, name, compared=bool(against))
             for own, nlp in pipelines.items()]
            for name, letters in groups.items()
            if letters
        ]  # fmt: skip
    except ImrError as error:
        stop(error, code=2)
    comparisons = [
        compare(both[1].letters, both[0].letters, name=both[0].group)
        for both in scored
        if against is not None
    ]
    every = [own for group in scored for own in group]
    reports = [own.report for own in every]
    typer.echo(to_markdown(reports, every_layer=full))
    for line in _notes(every, pipelines):
        typer.echo(line)
    typer.echo(calibration_to_markdown(reports), nl=False)
    for comparison in comparisons:
        typer.echo(f"\nnew: {pipeline}, old: {against}\n")
        typer.echo(comparison_to_markdown(comparison))
        typer.echo(comparison.summary())
    try:
        if output:
            data = _as_dict(pipeline, against, every, comparisons)
            _write(Path(output), json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        if errors:
            lines = [line for report in reports for line in error_lines(report)]
            _write(Path(errors), "\n".join([*lines, ""]))
    except ImrError as error:
        stop(error, code=2)


class _Scored(NamedTuple):
    """A pipeline's scores on a group of letters; `trained_on` is None where it is not known."""

    pipeline: str
    group: str
    letters: list[LetterScores]
    report: Report
    trained_on: int | None


def _score(
    nlp: Language, pipeline: str, letters: list[AnnotatedLetter], group: str, *, compared: bool
) -> _Scored:
    from imr_nlp.corpus import to_doc
    from imr_nlp.evaluation import score_letters, summarize

    scores = score_letters(nlp, [to_doc(letter) for letter in letters])
    report = summarize(scores, name=f"{pipeline}: {group}" if compared else group)
    return _Scored(pipeline, group, scores, report, _n_trained_on(nlp, letters))


def _n_trained_on(nlp: Language, letters: list[AnnotatedLetter]) -> int | None:
    from imr_nlp.corpus.standoff import text_hash

    if TRAINED_ON not in nlp.meta:
        return None
    hashes = frozenset(nlp.meta[TRAINED_ON])
    return sum(text_hash(letter.text) in hashes for letter in letters)


def _notes(scored: list[_Scored], pipelines: Mapping[str, Language]) -> list[str]:
    """Say which scores are none on unseen letters, as far as the pipelines tell."""
    notes = [
        f"{own.trained_on} of the {own.report.n_letters} letters of '{own.group}' trained "
        f"{own.pipeline}: these are no scores on unseen letters.\n"
        for own in scored
        if own.trained_on
    ]
    silent = {own.pipeline for own in scored if own.trained_on is None} - {_RULES}
    notes += [
        f"{name} does not say which letters trained it: these may be among them.\n"
        for name in pipelines
        if name in silent
    ]
    return notes


def _as_dict(
    pipeline: str, against: str | None, scored: list[_Scored], comparisons: list[Comparison]
) -> dict[str, Any]:
    reports = [
        {**own.report.to_dict(), "pipeline": own.pipeline, "trained_on": own.trained_on}
        for own in scored
    ]
    return {
        "pipeline": pipeline,
        "against": against,
        "reports": reports,
        "comparisons": [comparison.to_dict() for comparison in comparisons],
    }


def _write(path: Path, text: str) -> None:
    from imr_nlp.export.target import replacing

    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _place(name: str) -> Path:
    """Give what tells pipelines apart: the folder, whichever way it is named."""
    if name == _RULES:
        return Path(name)
    return (trained_path(name) if name in {*SHIPPED, *UNSHIPPED} else Path(name)).resolve()


def _groups(
    corpus: Path, split: str | None, posted: bool, by_layout: bool
) -> dict[str, list[AnnotatedLetter]]:
    from imr_nlp.corpus import read_letters, read_splits
    from imr_nlp.corpus.store import ATTACHED, LETTERS, SPLITS

    if split not in {None, "train", "test"}:
        stop(f"{split}: no such split; there are train and test", code=2)
    attached = (corpus / ATTACHED).is_dir()
    if posted and not attached:
        stop(f"--posted: no letters in {corpus / ATTACHED}; see 'imr-nlp corpus attach'", code=2)
    written = read_letters(corpus / LETTERS)
    name = "written"
    if split is not None:
        splits = read_splits(corpus / SPLITS)
        wanted = splits.test if split == "test" else splits.train
        missing = sorted(set(wanted) - {letter.id for letter in written})
        if missing:
            stop(f"splits.json names letters that are not there: {', '.join(missing)}", code=2)
        written = [letter for letter in written if letter.id in wanted]
        name = f"written, {split}"
    groups = {name: written}
    if attached and (posted or split is None):
        groups["posted"] = read_letters(corpus / ATTACHED)
    if not by_layout:
        return groups
    return {
        f"{origin}, {layout}": [own for own in letters if own.fields.layout == layout]
        for origin, letters in groups.items()
        for layout in sorted({letter.fields.layout for letter in letters})
    }

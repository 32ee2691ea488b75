"""`imr-nlp suggest`: which letters to annotate next, annotated beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imr_nlp.cli.common import Pipeline, stop
from imr_nlp.errors import ImrError, PipelineError
from imr_nlp.shipped import DEFAULT

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from imr_nlp.corpus import AnnotatedLetter
    from imr_nlp.export import FailedLetter
    from imr_nlp.learning.suggest import Suggestion
    from imr_nlp.letters import Letter, Source

_DETERMINATION = "imr_determination"
_NO_NAME = re.compile(r"[/\\\0]")
_SHOWN = 5
_FORMATS = ("prodigy", "label-studio", "doccano", "imr", "jsonl")


def suggest(
    letters: Annotated[
        list[str],
        typer.Argument(help="Files, folders, zip archives, patterns, or - for standard input."),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", help="File to write; for 'imr' a folder.")
    ],
    write_as: Annotated[str, typer.Option("--to", help=f"{', '.join(_FORMATS)}.")],
    count: Annotated[int, typer.Option("-n", min=1, help="How many letters.")] = 50,
    pipeline: Pipeline = DEFAULT,
    seen: Annotated[
        str | None,
        typer.Option(help="Letters annotated already: a corpus folder, or a tool's file."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file, or into a folder, that is in use.")
    ] = False,
) -> None:
    """Pick the letters that are most worth annotating next, and write what the pipeline found.

    Those come first of which the pipeline is unsure and that are unlike the
    ones before them and in --seen. They are written on their readable text,
    for a person to correct: Prodigy and Label Studio show them as suggestions, and
    they count as annotated when a person has decided on them. Exit code 0: every
    letter was read; 1: a letter failed, or nothing was written; 2: wrong usage. Needs
    the extra 'train'.
    """
    import imr_nlp
    from imr_nlp.corpus import export_letters
    from imr_nlp.corpus.exchange.label_studio import config_path
    from imr_nlp.export.target import check_unused
    from imr_nlp.learning.seen import read_seen
    from imr_nlp.learning.suggest import suggest as choose

    if write_as not in _FORMATS:
        stop(f"--to {write_as}: no such format; there are {', '.join(_FORMATS)}", code=2)
    try:
        check_unused(Path(output), folder=write_as == "imr", force=force)
        known = read_seen(seen) if seen else None
        pool = _Pool(letters, imr_nlp.load(pipeline))
    except ImrError as error:
        stop(error, code=2)
    try:
        suggestions = choose(pool.docs(), count, seen=known)
        annotated = {one.id: pool.annotated(one.id) for one in suggestions}
        chosen = [letter for letter in annotated.values() if letter is not None]
        if chosen:
            export_letters(chosen, output, write_as, predicted_by=pool.pipeline)
    except ImrError as error:
        stop(error, code=1 if pool.n_read else 2)
    _print_table([one for one in suggestions if annotated[one.id] is not None])
    for line in pool.lines():
        typer.echo(line, err=True)
    if pool.n_read and len(chosen) < count:
        left_out = [f"annotated already, or copies: {pool.n_read - len(suggestions)}"]
        if pool.failures:
            left_out.append(f"failed: {_names(pool.failures)}")
        typer.echo(
            f"{count} letters were asked for, {len(chosen)} are all there are "
            f"({'; '.join(left_out)})",
            err=True,
        )
    if chosen and write_as == "label-studio" and (config := config_path(Path(output))).exists():
        typer.echo(f"labelling interface: {config}", err=True)
    typer.echo(
        f"{pool.n_read} letters read, {len(chosen)} suggested, {len(pool.failures)} failed",
        err=True,
    )
    if pool.failures or not chosen:
        raise typer.Exit(1)


class _Pool:
    """The letters to choose from, read one by one, and once more where they were chosen."""

    def __init__(self, paths: list[str], nlp: Language) -> None:
        from imr_nlp.letters import find

        self.failures: list[FailedLetter] = []
        self.n_read = 0
        self.pipeline = f"{nlp.meta['lang']}_{nlp.meta['name']}-{nlp.meta['version']}"
        if _DETERMINATION not in nlp.pipe_factories.values():
            raise PipelineError(
                f"The pipeline has no component '{_DETERMINATION}'. Use 'sm' or 'rules'."
            )
        self._found = find(paths)
        self._nlp = nlp
        self._notes: list[str] = []
        self._sources: dict[str, Source] = {}

    def docs(self) -> Iterator[Doc]:
        """Yield the letters that can be read; the others go to `failures`."""
        for source in self._found:
            name = self._new_name(source)
            doc = self._read(name, source)
            if doc is not None:
                self.n_read += 1
                self._sources[name] = source
                yield doc

    def annotated(self, name: str) -> AnnotatedLetter | None:
        """Give a letter as the pipeline annotates it; None where it cannot be read any more."""
        from imr_nlp.corpus import check_letter
        from imr_nlp.corpus.predicted import Dropped, from_prediction

        doc = self._read(name, self._sources[name])
        if doc is None:
            return None
        dropped: list[Dropped] = []
        letter = from_prediction(doc, id=name, dropped=dropped).to_readable()
        self._notes += [f"left out: {record}" for record in dropped]
        self._notes += [f"to be mended: {name}: {fault.message}" for fault in check_letter(letter)]
        return letter

    def lines(self) -> list[str]:
        """Say what could not be read, what was left out, and what is to be mended."""
        failed = [f"not read: {failure.id}: {failure.reason}" for failure in self.failures]
        return failed + self._notes

    def _new_name(self, source: Source) -> str:
        """Give the name of a letter without its ending, and with a number where it is taken."""
        stem = _NO_NAME.sub("_", Path(source.id).stem).encode(errors="replace").decode()
        name, number = stem, 1
        while name in self._sources:
            number += 1
            name = f"{stem}-{number}"
        return name

    def _read(self, name: str, source: Source) -> Doc | None:
        from imr_nlp.batch.reader import attempt
        from imr_nlp.export import FailedLetter

        result = attempt(source, lambda given: self._doc(name, given))
        if isinstance(result, FailedLetter):
            self.failures.append(result)
            return None
        return result

    def _doc(self, name: str, given: Source | Letter) -> Doc:
        from imr_nlp.letters import Letter
        from imr_nlp.schema import DETERMINATION_KEY, Note

        letter = given if isinstance(given, Letter) else given.read()
        # Half a surrogate pair, which broken PDFs can give, has no place in UTF-8.
        doc = self._nlp(letter.text.encode(errors="replace").decode())
        stored = doc.user_data[DETERMINATION_KEY]
        stored["id"] = name
        notes = [Note(code="reading", message=message) for message in letter.warnings]
        stored["warnings"] = [*(note.model_dump() for note in notes), *stored["warnings"]]
        return doc


def _names(failures: list[FailedLetter]) -> str:
    names = list(dict.fromkeys(failure.id for failure in failures))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"


def _print_table(suggestions: list[Suggestion]) -> None:
    if not suggestions:
        return
    width = max(len("letter"), *(len(one.id) for one in suggestions))
    typer.echo(f"{'rank':>4}  {'letter':<{width}}  uncertainty  why")
    for one in suggestions:
        typer.echo(f"{one.rank:>4}  {one.id:<{width}}  {one.uncertainty:>11.2f}  {one.why}")

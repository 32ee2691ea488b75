"""The documentation does what it says: every code block is run, every name is explained.

In `docs/*.md` and `README.md` the blocks marked `python` run in order, in one
namespace for each file, in a folder that holds a copy of `examples`. Where a
block marked `text` follows directly, it is what was printed. Blocks marked
`console` run the commands behind `$ imr-nlp`, and hold what these print. A block
with `<!-- skip -->` on the line before it is left out.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
from pydantic import BaseModel
from spacy.language import Language
from typer.testing import CliRunner

from imr_nlp import schema
from imr_nlp.cli import app
from imr_nlp.export.columns import SCHEMAS
from imr_nlp.pipeline import RULES
from imr_nlp.resources import read_csv
from tests.conftest import ROOT

PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
FENCE = re.compile(r"^```(?P<info>.*)\n(?P<body>(?:(?!```).*\n)*)```$", re.MULTILINE)
SKIP = "<!-- skip -->"
COMMAND = "$ imr-nlp "


class Block(NamedTuple):
    """A fenced block; `line` is the number of its first line of content."""

    info: str
    body: str
    line: int
    expected: str | None


def read_blocks(text: str) -> Iterator[Block]:
    fences = list(FENCE.finditer(text))
    for place, fence in enumerate(fences):
        if text[: fence.start()].rstrip("\n").endswith(SKIP):
            continue
        following = fences[place + 1] if place + 1 < len(fences) else None
        printed = (
            following is not None
            and following["info"] == "text"
            and not text[fence.end() : following.start()].strip()
        )
        yield Block(
            fence["info"],
            fence["body"],
            text.count("\n", 0, fence.start("body")) + 1,
            following["body"] if following is not None and printed else None,
        )


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


def run_python(block: Block, page: Path, namespace: dict[str, Any]) -> str:
    # Blank lines in front, so that a traceback names the line of the page.
    code = compile("\n" * (block.line - 1) + block.body, str(page), "exec")
    with redirect_stdout(StringIO()) as printed:
        exec(code, namespace)
    return printed.getvalue()


def run_console(block: Block) -> str:
    printed = []
    for line in block.body.splitlines():
        if line.startswith(COMMAND):
            command = shlex.split(line.removeprefix(COMMAND))
            result = CliRunner().invoke(app, command)
            assert not isinstance(result.exception, Exception), line
            printed.append(f"{line}\n{result.output}")
        else:
            assert not line.startswith("$ "), f"{line}: only imr-nlp can be run"
    return "".join(printed)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_blocks_print_what_the_page_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in read_blocks(page.read_text(encoding="utf-8")):
        if block.info == "python":
            printed, expected = run_python(block, page, namespace), block.expected
        elif block.info == "console":
            printed, expected = run_console(block), block.body
        else:
            continue
        if expected is not None:
            assert lines(printed) == lines(expected), f"{page.name}, line {block.line}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_fence_is_closed_and_known(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count("```") == 2 * len(FENCE.findall(text))
    known = {"", "console", "json", "python", "sh", "text"}
    assert {fence["info"] for fence in FENCE.finditer(text)} <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", text):
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", name.lower()).replace(" ", "-") for name in headings}
            assert anchor in slugs, f"{target}#{anchor}"


def models() -> list[type[BaseModel]]:
    found = [value for value in vars(schema).values() if isinstance(value, type)]
    return [model for model in found if issubclass(model, BaseModel) and model.model_fields]


def labels() -> Iterator[str]:
    for name in ("Decision", "Outcome", "Conclusion", "CitationSource", "Layout", "DrugKind"):
        yield from get_args(getattr(schema, name))
    yield from get_args(schema.Category)
    yield from get_args(schema.ReasonLabel)


def warning_codes() -> set[str]:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "imr_nlp").rglob("*.py"))
    pattern = re.compile(r'(?:\bwarn\(\s*doc,\s*|\bNote\(\s*code=)"(\w+)"')
    return {code for source in sources for code in pattern.findall(source)}


def test_every_field_label_and_column_is_explained(nlp: Language, letters: dict[str, str]) -> None:
    text = (ROOT / "docs" / "fields.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([^`\n]+)`", text))
    docs = [nlp(raw) for raw in letters.values()]
    wanted = {
        *(name for model in models() for name in model.model_fields),
        *labels(),
        *(name for columns in SCHEMAS.values() for name in columns),
        *warning_codes(),
        *RULES,
        *(row["kind"] for row in read_csv("form_labels.csv") if row["kind"] != "kind"),
        *(ent.label_ for doc in docs for ent in doc.ents),
        *(key for doc in docs for key in doc.spans),
    }
    assert len(warning_codes()) > 5
    assert wanted - explained == set()


def test_every_drug_class_is_listed() -> None:
    text = (ROOT / "docs" / "fields.md").read_text(encoding="utf-8")
    flat = " ".join(text.split())
    classes = {row["drug_class"] for row in read_csv("drugs.csv")} - {""}
    assert {name for name in classes if name not in flat} == set()

"""The block of fields at the head of an annotated letter: YAML, every value with its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import ValidationError

from imr_nlp.corpus.letter import LetterFields
from imr_nlp.corpus.markup import Fault

Path = tuple[str | int, ...]
_DEFAULTS_LEFT_OUT = {"exclude_defaults": True}


def parse_block(block: str, first_line: int = 1) -> tuple[LetterFields | None, list[Fault]]:
    """Read the fields from YAML.

    Values are read as text and checked against `LetterFields`, so that a page
    "12" stays text and a date is a date whatever YAML makes of it.

    Parameters
    ----------
    block
        The YAML between the two lines `---`.
    first_line
        Number of its first line in the file, for messages.
    """
    try:
        root = yaml.compose(block, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        return None, [Fault(first_line + (mark.line if mark else 0), f"block of fields: {problem}")]
    if not isinstance(root, yaml.MappingNode):
        return None, [Fault(first_line, "the block of fields holds no 'name: value' lines")]
    lines: dict[Path, int] = {}
    faults: list[Fault] = []
    data = _plain(root, (), lines, faults, first_line)
    try:
        return LetterFields.model_validate(data), faults
    except ValidationError as error:
        faults += [
            Fault(_line(details["loc"], lines, first_line), _message(details))
            for details in error.errors()
        ]
        return None, faults


def _plain(
    node: yaml.Node, path: Path, lines: dict[Path, int], faults: list[Fault], first_line: int
) -> Any:
    lines[path] = first_line + node.start_mark.line
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in result:
                faults.append(Fault(first_line + key_node.start_mark.line, f"{key} is given twice"))
            result[key] = _plain(value_node, (*path, key), lines, faults, first_line)
            lines[(*path, key)] = first_line + key_node.start_mark.line
        return result
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(item, (*path, position), lines, faults, first_line)
            for position, item in enumerate(node.value)
        ]
    is_plain = isinstance(node, yaml.ScalarNode) and node.style is None
    return None if is_plain and node.value in {"", "null", "~"} else node.value


def _line(location: tuple[str | int, ...], lines: dict[Path, int], first_line: int) -> int:
    for length in range(len(location), -1, -1):
        if location[:length] in lines:
            return lines[location[:length]]
    return first_line


def _message(details: Any) -> str:
    name = ".".join(str(part) for part in details["loc"])
    if details["type"] == "extra_forbidden":
        return f"{name} is no field"
    if details["type"] == "missing":
        return f"{name} is missing"
    given = details.get("input")
    return f"{name}: {details['msg']}" + (f", not {given!r}" if isinstance(given, str) else "")


def write_block(fields: LetterFields) -> str:
    """Write the fields as YAML; what has its default value is left out."""
    lines: list[str] = []
    data = fields.model_dump(mode="json", exclude_defaults=True)
    issues = data.pop("issues", [])
    lines += [f"{name}: {_flow(value)}" for name, value in data.items()]
    if issues:
        lines.append("issues:")
        for issue in issues:
            lines += _issue_lines(issue)
    return "".join(f"{line}\n" for line in lines)


def _issue_lines(issue: dict[str, Any]) -> Iterator[str]:
    lead = "- "
    for name, value in issue.items():
        if name in {"claims", "reviewer"}:
            yield f"{lead}{name}:"
            yield from (f"  - {_flow(citation)}" for citation in value)
        else:
            yield f"{lead}{name}: {_flow(value)}"
        lead = "  "


def _flow(value: Any) -> str:
    written = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=10**9, sort_keys=False
    )
    return str(written).removesuffix("\n").removesuffix("\n...")

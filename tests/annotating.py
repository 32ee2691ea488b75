"""What annotation tools and people do with a file of suggested letters."""

import json
from pathlib import Path
from typing import Any


def tasks_of(path: Path, form: str) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    if form == "label-studio":
        return json.loads(text)
    return [json.loads(line) for line in text.splitlines()]


def write_tasks(tasks: list[dict[str, Any]], path: Path, form: str) -> None:
    lines = json.dumps(tasks) if form == "label-studio" else "\n".join(map(json.dumps, tasks))
    path.write_text(lines, encoding="utf-8")


def accept(task: dict[str, Any], form: str) -> None:
    """Agree to what is shown; forms that know no suggestions stay as they are."""
    if form == "label-studio":
        task["annotations"] = [{"id": 1, "result": task["predictions"][0]["result"]}]
    elif form == "prodigy":
        task["answer"] = "accept"


def accept_all(path: Path, form: str) -> None:
    """Agree to every letter of a file."""
    if form in {"label-studio", "prodigy"}:
        tasks = tasks_of(path, form)
        for task in tasks:
            accept(task, form)
        write_tasks(tasks, path, form)

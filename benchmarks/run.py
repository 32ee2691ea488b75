"""Speed and memory of reading and extracting, beside spaCy's blank pipeline and a bare NER.

    python -m benchmarks.run [--letters FOLDER] [--repeat N] [--json FILE]

Every measurement has a process of its own, so that peaks of memory and caches do
not mix; they take turns, and the medians of several rounds are printed, so that
what else happens on the machine falls on all of them alike.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from importlib.metadata import version
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

# The heavy imports are made by the functions that run in processes of their own:
# on Linux a process starts with the peak of the one that started it.

EXAMPLES = Path(__file__).parents[1] / "examples" / "letters"
MANY = 200  # letters that are read from PDFs; where there are fewer, they are repeated
STREAMED = 450  # letters that go through extract_many
STARTED = 150  # the first of them, which are not counted: processes start, caches fill
PEER = "blank_first"

ROWS = {
    "pdfs": "Reading PDFs",
    "blank_first": 'spacy.blank("en"), unseen letters',
    "blank_again": 'spacy.blank("en"), the same letters again',
    "rules_first": "Rule pipeline, unseen letters",
    "rules_again": "Rule pipeline, the same letters again",
    "sm_first": "Default pipeline, unseen letters",
    "sm_again": "Default pipeline, the same letters again",
    "ner_first": "spaCy's tok2vec and ner alone, unseen letters",
    "ner_again": "spaCy's tok2vec and ner alone, the same letters again",
    "one_process": "extract_many, texts at hand, 1 process",
    "two_processes": "extract_many, texts at hand, 2 processes",
}


def read_letters(folder: Path) -> list[str]:
    """Read each letter of a folder once, whether it is there as PDF, as text, or as both."""
    from imr_nlp import letters

    files = {path.stem: path for ending in ("*.txt", "*.pdf") for path in folder.glob(ending)}
    return [letters.read(path).text for _, path in sorted(files.items())]


def measure_pdfs(folder: Path) -> dict[str, float]:
    from imr_nlp import letters

    files = sorted(folder.glob("*.pdf"))
    if not files:
        return {}
    letters.read(files[0])  # loads the library
    count = 0
    start = perf_counter()
    for path in islice(cycle(files), MANY):
        count += letters.read(path).n_pages or 0
    return {"pdfs": (perf_counter() - start) / MANY, "pages": count / MANY}


def measure_blank(texts: list[str]) -> dict[str, float]:
    import spacy

    from imr_nlp.text import readable

    clean = [readable(text) for text in texts]
    start = perf_counter()
    nlp = spacy.blank("en")
    return {"blank_load": perf_counter() - start, **passes("blank", nlp, clean)}


def measure_pipeline(name: str, texts: list[str]) -> dict[str, Any]:
    import imr_nlp

    start = perf_counter()
    nlp = imr_nlp.load(name)
    found = {f"{name}_load": perf_counter() - start, **passes(name, nlp, texts)}
    parts: dict[str, float] = dict.fromkeys(("tokenizer", *nlp.pipe_names), 0)
    gc.collect()
    for text in texts:
        start = perf_counter()
        doc = nlp.make_doc(text)
        parts["tokenizer"] += perf_counter() - start
        for part, component in nlp.pipeline:
            start = perf_counter()
            doc = component(doc)
            parts[part] += perf_counter() - start
    return {**found, f"{name}_parts": {part: spent / len(texts) for part, spent in parts.items()}}


def measure_ner(texts: list[str]) -> dict[str, float]:
    """Time the recogniser of the default pipeline in a pipeline as spaCy makes it."""
    import spacy

    from imr_nlp.pipeline import register
    from imr_nlp.shipped import DEFAULT, trained_path
    from imr_nlp.text import readable

    clean = [readable(text) for text in texts]
    register()
    start = perf_counter()
    source = spacy.load(trained_path(DEFAULT))
    nlp = spacy.blank("en")
    for part in ("tok2vec", "ner"):
        nlp.add_pipe(part, source=source)
    return {"ner_load": perf_counter() - start, **passes("ner", nlp, clean)}


def measure_many(name: str, workers: int, texts: list[str]) -> dict[str, float]:
    from imr_nlp import extract_many
    from imr_nlp.letters import Letter

    repeated = enumerate(islice(cycle(texts), STREAMED))
    letters = (Letter(str(number), "memory", text) for number, text in repeated)
    results = extract_many(letters, workers=workers)
    for _ in islice(results, STARTED):
        pass
    start = perf_counter()
    for _ in results:
        pass
    return {name: (perf_counter() - start) / (STREAMED - STARTED)}


def passes(name: str, nlp: Callable[[str], object], texts: list[str]) -> dict[str, float]:
    """Time the first letter, which may still load something, then the others, twice."""
    first, *others = texts
    return {
        f"{name}_start": seconds(nlp, [first]),
        f"{name}_first": seconds(nlp, others),
        f"{name}_again": seconds(nlp, others),
    }


def seconds(work: Callable[[str], object], texts: list[str]) -> float:
    """Give the time that one text takes, in the mean."""
    gc.collect()  # what came before leaves its garbage to none of them
    start = perf_counter()
    for text in texts:
        work(text)
    return (perf_counter() - start) / len(texts)


def with_peak(measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Add the peak of memory, in bytes, of the largest process."""
    found = measure()
    try:
        import resource
    except ImportError:  # Windows
        return found
    unit = 1 if sys.platform == "darwin" else 1024
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {**found, "peak": unit * max(usage.ru_maxrss for usage in usages)}


def alone(measure: Callable[[], Any]) -> Any:
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        return executor.submit(measure).result()


def measure_round(folder: Path, texts: list[str], *, backwards: bool) -> dict[str, Any]:
    measures: list[Callable[[], dict[str, Any]]] = [
        partial(measure_pdfs, folder),
        partial(measure_blank, texts),
        partial(measure_pipeline, "rules", texts),
        partial(measure_pipeline, "sm", texts),
        partial(measure_ner, texts),
        partial(measure_many, "one_process", 1, texts),
        partial(measure_many, "two_processes", 2, texts),
    ]
    found: dict[str, Any] = {"peaks": {}}
    for measure in reversed(measures) if backwards else measures:
        one = alone(partial(with_peak, measure))
        peak = one.pop("peak", None)
        found["peaks"].update(dict.fromkeys(one.keys() & ROWS.keys(), peak))
        found.update(one)
    return found


def summarize(rounds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the medians; ratios are taken within each round first."""
    rows = []
    for key, label in ROWS.items():
        if key not in rounds[0]:
            continue
        spent = median(one[key] for one in rounds)
        peaks = [one["peaks"][key] for one in rounds]
        rows.append(
            {
                "measurement": label,
                "letters_per_second": 1 / spent,
                "milliseconds": spent * 1e3,
                "speed_beside_blank": median(one[PEER] / one[key] for one in rounds),
                "speed_beside_ner": median(one["ner_first"] / one[key] for one in rounds),
                "peak_mib": None if None in peaks else median(peaks) / 2**20,
            }
        )
        if key == "pdfs":
            rows[-1]["pages_per_second"] = rounds[0]["pages"] / spent
    return rows


def head(rounds: list[dict[str, Any]], n_letters: int) -> dict[str, str]:
    names = ("imr_nlp", "spacy", "pypdfium2", "pydantic", "numpy")
    start = {
        name: [median(one[f"{name}_{step}"] for one in rounds) for step in ("load", "start")]
        for name in ("sm", "rules", "blank")
    }
    return {
        "Machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "Versions": f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in names),
        "Letters": f"{n_letters} different ones, {len(rounds)} rounds, {date.today():%Y-%m-%d}",
        "Start, not counted below": "; ".join(
            f"{name} {load:.2f} s to load, {first:.2f} s for the first letter"
            for name, (load, first) in start.items()
        ),
    }


def report(about: dict[str, str], rows: list[dict[str, Any]], parts: dict[str, float]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(width=120)
    table = Table(
        "", "letters/s", "ms a letter", "blank is 1", "bare NER is 1", "peak MiB", box=box.MARKDOWN
    )
    for row in rows:
        pages = row.get("pages_per_second")
        table.add_row(
            row["measurement"] + (f" ({pages:,.0f} pages/s)" if pages else ""),
            f"{row['letters_per_second']:,.0f}",
            f"{row['milliseconds']:.2f}",
            f"{row['speed_beside_blank']:.2f}",
            f"{row['speed_beside_ner']:.2f}",
            "" if row["peak_mib"] is None else f"{row['peak_mib']:,.0f}",
        )
    for name, value in about.items():
        console.print(f"{name}: {value}", highlight=False, soft_wrap=True)
    console.print(table)
    table = Table("Part of the default pipeline", "ms a letter", "share", box=box.MARKDOWN)
    for name, spent in parts.items():
        table.add_row(name, f"{spent * 1e3:.2f}", f"{spent / sum(parts.values()):.0%}")
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--letters", type=Path, default=EXAMPLES, metavar="FOLDER")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="rounds (3)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to a file")
    asked = parser.parse_args()
    if asked.repeat < 1:
        parser.error("--repeat must be 1 or more")
    texts = alone(partial(read_letters, asked.letters))
    if len(texts) < 2:
        parser.error(f"{asked.letters}: holds fewer than two letters (.pdf, .txt)")
    rounds = [
        measure_round(asked.letters, texts, backwards=bool(number % 2))
        for number in range(asked.repeat)
    ]
    about, rows = head(rounds, len(texts)), summarize(rounds)
    names = rounds[0]["sm_parts"]
    parts = {name: median(one["sm_parts"][name] for one in rounds) for name in names}
    report(about, rows, parts)
    if asked.json:
        result = {"about": about, "summary": rows, "parts": parts, "rounds": rounds}
        asked.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

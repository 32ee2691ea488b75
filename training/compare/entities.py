"""Compare ways of finding entities, cross-validated by reviewer on the posted letters.

    python training/compare/entities.py [--vectors NAME] [--pretrained FILE] -o entities.json

Compared on the same letters: the rules alone; the recogniser alone (in the parts of
the letter where its labels are annotated); both, as `en_imr_sm` joins them. With a fifth
of the drug lexicon taken away, and a recogniser that never saw those names either,
rules and both show what is found of drugs that nobody has listed. Posted letters must
be attached.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import spacy
from attached import check_attached
from pretrain import merged_config
from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.findings import findings
from imr_nlp.components.medications import misspelled
from imr_nlp.components.medications.lexicon import lexicon
from imr_nlp.corpus import AnnotatedLetter, read_letters, read_splits, to_doc
from imr_nlp.corpus.labels import ALLOWED_IN
from imr_nlp.corpus.store import ATTACHED, LETTERS, SPLITS
from imr_nlp.evaluation import Report, score_letter, summarize
from imr_nlp.learning.entities import CONFIG, train_entities
from imr_nlp.learning.small import add_entities
from imr_nlp.pipeline import drug_patterns, make_rules
from imr_nlp.resources import read_csv, read_lines

ROOT = Path(__file__).parents[2]
SHOWN = ("entities/strict", "entities/strict/medications", "entities/strict/DRUG",
         "entities/strict/SERVICE", "entities/strict/BODY_PART", "entities/strict/DIAGNOSIS",
         "medications/whole", "medications/links")  # fmt: skip
TAKEN_AWAY = 0.2


def drawn_drugs(seed: int = 0) -> set[str]:
    """Draw a share of the lexicon's drugs, by their canonical names."""
    names = sorted({pattern["id"] for pattern in drug_patterns()})
    return set(random.Random(seed).sample(names, round(TAKEN_AWAY * len(names))))


def cut_lexicon(gone: set[str]) -> None:
    """Take drugs out of what this process knows, before anything has read it."""
    rows = read_csv("drugs.csv")
    columns = ("name", "aliases", "misspellings")
    forms = {
        part.lower()
        for row in rows
        if row["name"] in gone
        for column in columns
        for form in row[column].split("|")
        for part in form.split()
    }
    rows[:] = [row for row in rows if row["name"] not in gone]
    # The list of ordinary words holds names of common drugs, too.
    words = tuple(word for word in read_lines("words.txt") if word.lower() not in forms)
    misspelled.read_lines = lambda name: words


def is_drawn(gone: set[str]) -> Callable[[str], bool]:
    """Tell of a printed name whether it is of a drawn drug."""

    def tell(name: str) -> bool:
        drug = lexicon().find(name)
        return drug is None or drug.name in gone

    return tell


def _parts(doc: Doc) -> list[tuple[int, int, str]]:
    state = findings(doc)
    parts = [(s["start"], s["end"], "SUMMARY") for s in state["sections"]
             if s["label"] == "case_summary"]  # fmt: skip
    for issue in state["issues"]:
        parts += [(*issue["item"], "ITEM")] if issue["item"] else []
        parts += [(*issue["rationale"], "RATIONALE")] if issue["rationale"] else []
    return parts


def recognised(both: Doc) -> Doc:
    """Give a Doc with what the recogniser alone found, in the parts that its labels belong to."""
    parts = _parts(both)
    kept = [
        span
        for span in both.spans["all"]
        if any(a <= span.start_char and span.end_char <= b and part in ALLOWED_IN[span.label_]
               for a, b, part in parts)
    ]  # fmt: skip
    both.set_ents(kept)
    return both


def _alone(entities: Language, text: str, read: Doc) -> Doc:
    doc = entities(text)
    read.spans["all"] = [
        read.char_span(e.start_char, e.end_char, label=e.label_, alignment_mode="expand")
        for e in doc.ents
    ]
    return recognised(read)


def score(ways: dict[str, Language], letters: Sequence[AnnotatedLetter]) -> dict[str, list]:
    """Score pipelines on letters, and what a recogniser among them proposes by itself."""
    scores: dict[str, list] = {}
    for letter in letters:
        gold = to_doc(letter, misaligned=[])
        for name, nlp in ways.items():
            if name == "recogniser":
                read = _alone(nlp, letter.text, ways["rules"](letter.text))
            else:
                read = nlp(letter.text)
            scores.setdefault(name, []).append(score_letter(read, gold))
    return scores


def score_sets(
    ways: dict[str, Language], sets: dict[str, list[AnnotatedLetter]]
) -> dict[str, Report]:
    """Score pipelines on sets of letters."""
    return {
        f"{name} | {where}": summarize(scores, name=name)
        for where, own in sets.items()
        for name, scores in score(ways, own).items()
    }


def score_cut(folder: str, sets: dict[str, list[AnnotatedLetter]]) -> dict[str, Report]:
    """Score rules and both in a process that knows fewer drugs."""
    ways = {
        "rules, lexicon cut": make_rules(),
        "both, lexicon cut": add_entities(make_rules(), spacy.load(folder)),
    }
    return score_sets(ways, sets)


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--vectors", help="name or folder of a pipeline with word vectors")
    parser.add_argument("--pretrained", type=Path, help="weights that `spacy pretrain` wrote")
    parser.add_argument(
        "--level", type=float, default=0.3, help="share of letters with made-up drugs"
    )
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--folds", type=int, default=None, help="only the first folds")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    overrides = {
        "training.max_steps": options.steps,
        "corpora.train.augmenter.level": options.level,
        "components.tok2vec.model.embed.width": options.width,
        "components.tok2vec.model.encode.width": options.width,
        "components.tok2vec.model.encode.depth": options.depth,
    }
    if options.vectors:
        overrides["paths.vectors"] = options.vectors
        overrides["components.tok2vec.model.embed.include_static_vectors"] = True
    config = CONFIG
    if options.pretrained:
        overrides["paths.init_tok2vec"] = str(options.pretrained)
        config = options.output.with_suffix(".cfg")
        merged_config().to_disk(config)
    check_attached(options.corpus)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    splits = read_splits(options.corpus / SPLITS)
    letters = {letter.id: letter for letter in read_letters(options.corpus / LETTERS)}
    posted = {letter.id: letter for letter in read_letters(options.corpus / ATTACHED)}
    written = [letters[name] for name in splits.train]
    begin = time.time()
    without = train_entities(written, config=config, overrides=overrides)
    print(f"trained in {time.time() - begin:.0f} s", flush=True)
    reports: dict[str, Report] = {}
    sets = {"written test": [letters[name] for name in splits.test],
            "posted, none trained on": list(posted.values())}  # fmt: skip
    ways = {
        "rules": make_rules(),
        "recogniser": without,
        "both": add_entities(make_rules(), without),
    }
    reports |= score_sets(ways, sets)
    gone = drawn_drugs()
    unseen = train_entities(written, config=config, overrides=overrides, hidden=is_drawn(gone))
    with TemporaryDirectory() as folder:
        unseen.to_disk(folder)
        # Lists that are derived of the lexicon are kept for a process: a new one for the cut.
        pool = ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=cut_lexicon, initargs=(gone,)
        )
        with pool:
            reports |= pool.submit(score_cut, folder, sets).result()
    show(reports)
    folded: dict[str, list] = {}
    for fold in splits.folds[: options.folds]:
        others = [posted[n] for other in splits.folds if other is not fold for n in other]
        nlp = train_entities([*written, *others], config=config, overrides=overrides)
        ways = {"rules": make_rules(), "recogniser": nlp, "both": add_entities(make_rules(), nlp)}
        for name, scores in score(ways, [posted[n] for n in fold]).items():
            folded.setdefault(name, []).extend(scores)
    reports |= {f"{n} | posted, by reviewer": summarize(o, name=n) for n, o in folded.items()}
    show(reports)
    data = {name: report.to_dict() for name, report in reports.items()}
    options.output.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def show(reports: dict[str, Report]) -> None:
    """Print the scores."""
    for name, report in reports.items():
        cells = [f"{key.split('/')[-1]} {report.scores[key].value:.3f}" for key in SHOWN
                 if key in report.scores]  # fmt: skip
        print(f"{name}: {', '.join(cells)}", flush=True)


if __name__ == "__main__":
    main()

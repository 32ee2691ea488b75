"""Pretrain the recogniser's `tok2vec` on the text of the letters, for `--pretrained`.

    python training/compare/pretrain.py [--epochs N] -o FOLDER

Texts are the written training letters and the bank's rationales: no posted letter and no
letter of the test split.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import srsly
from confection import Config
from spacy import util
from spacy.training.pretrain import pretrain

from imr_nlp.corpus import read_letters, read_rationales, read_splits
from imr_nlp.corpus.store import LETTERS, RATIONALES, SPLITS
from imr_nlp.learning.entities import CONFIG
from imr_nlp.pipeline import fast_ops, register

ROOT = Path(__file__).parents[2]
SETTINGS = Path(__file__).parents[1] / "configs" / "pretrain.cfg"
PARAGRAPH = 2000
"""Longer texts are cut: spaCy drops whole texts of more tokens than `max_length`."""


def merged_config() -> Config:
    """Give the recogniser's configuration with the block for pretraining.

    spaCy reads pretrained weights only where that block is there, too.
    """
    recogniser = util.load_config(CONFIG, interpolate=False)
    return recogniser.merge(util.load_config(SETTINGS, interpolate=False))


def main() -> None:
    """Write the texts and pretrain."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    train = set(read_splits(options.corpus / SPLITS).train)
    texts = [x.text for x in read_letters(options.corpus / LETTERS) if x.id in train]
    texts += [
        " ".join(s.text for s in r.sentences) for r in read_rationales(options.corpus / RATIONALES)
    ]
    pieces = [t[n : n + PARAGRAPH] for t in texts for n in range(0, len(t), PARAGRAPH)]
    options.output.mkdir(parents=True, exist_ok=True)
    path = options.output / "texts.jsonl"
    srsly.write_jsonl(path, ({"text": piece} for piece in pieces))
    config = merged_config()
    config["paths"].update(raw_text=str(path), train=None, dev=None)
    config["pretraining"]["max_epochs"] = options.epochs
    register()
    with fast_ops():
        # spaCy wants every setting, defaults included.
        filled = util.load_model_from_config(config, auto_fill=True).config
        pretrain(filled.interpolate(), options.output, silent=False)


if __name__ == "__main__":
    main()

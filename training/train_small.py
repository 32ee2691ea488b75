"""Train `en_imr_sm`, measure it, and write it with its card.

    python training/train_small.py [--corpus corpus] [--output models/en_imr_sm]

Takes about five minutes on two cores. Posted letters take part where
`imr-nlp corpus attach` has joined them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from imr_nlp.learning.card import write_card
from imr_nlp.learning.small import NAME, train_small

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Run the training."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--output", type=Path, default=ROOT / "models" / NAME)
    arguments = parser.parse_args()
    trained = train_small(arguments.corpus)
    without_posted = train_small(arguments.corpus, use_posted=False)
    trained.nlp.to_disk(arguments.output)
    card = write_card(trained, without_posted)
    (arguments.output / "README.md").write_text(card, encoding="utf-8")
    print(card)


if __name__ == "__main__":
    main()

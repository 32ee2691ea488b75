"""Train `en_imr_sm`, measure it, and write it with its card.

    python training/train_small.py [--corpus corpus] [--output models/en_imr_sm]

Takes 35 minutes of processor time. Posted letters take part where
`imr-nlp corpus attach` has joined them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from imr_nlp.learning.card import write_card
from imr_nlp.learning.material import read_material
from imr_nlp.learning.small import NAME
from imr_nlp.learning.training import train_small

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Run the training."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--output", type=Path, default=ROOT / "models" / NAME)
    parser.add_argument("--workers", type=int, default=2, help="recognisers trained at a time")
    parser.add_argument(
        "--steps",
        type=int,
        default=0,
        help="of each recogniser; 0: as configured",
    )
    options = parser.parse_args()
    # Before the work: where it cannot be made nothing is lost.
    options.output.parent.mkdir(parents=True, exist_ok=True)
    material = read_material(options.corpus)
    settings = {"workers": options.workers, "steps": options.steps or None}
    trained = train_small(material, **settings)
    without = None
    if material.posted:
        alone = read_material(options.corpus, use_posted=False)
        without = train_small(alone, validate=False, **settings)
    trained.nlp.to_disk(options.output)
    card = write_card(trained, without)
    (options.output / "README.md").write_text(card, encoding="utf-8")
    print(card)


if __name__ == "__main__":
    main()

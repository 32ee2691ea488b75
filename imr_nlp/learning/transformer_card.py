"""The model card of `en_imr_trf`, written from what was measured."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from spacy.language import Language

from imr_nlp.evaluation import Report, calibration_to_markdown, to_markdown
from imr_nlp.learning.reasons import LABELS

_TEMPLATE = Path(__file__).with_name("transformer_card.md")
_META = "imr_training"
_PACKAGES = (
    "imr_nlp", "spacy", "spacy-transformers", "transformers", "torch", "numpy", "scikit-learn",
)  # fmt: skip
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")


@dataclass(frozen=True)
class Built:
    """How the trained parts were made; kept in the meta data of the pipeline.

    Parameters
    ----------
    encoder, sha256
        What was fine-tuned, and the hash of its weights.
    letters, held, rationales
        How many letters trained, how many were held out, how many rationales trained.
    posted
        Whether posted letters were among them.
    steps, minutes
        How long it was trained.
    """

    encoder: str
    sha256: str
    letters: int
    held: int
    rationales: int
    posted: bool
    steps: int
    minutes: float

    def note(self, nlp: Language) -> None:
        """Write it into the meta data of a pipeline."""
        nlp.meta[_META] = asdict(self)

    @classmethod
    def of(cls, nlp: Language) -> Built:
        """Read what `note` wrote."""
        return cls(**nlp.meta[_META])


@dataclass(frozen=True)
class Measured:
    """What was measured of the pipeline.

    Parameters
    ----------
    reports
        Scores of letters that trained nothing.
    seconds
        For a letter, reading it included.
    threads
        How many threads read it.
    size
        Of the folder, in bytes.
    """

    reports: Sequence[Report]
    seconds: float
    threads: int
    size: int


def name_encoder(encoder: str) -> tuple[str, str]:
    """Give an encoder's name for people, and the SHA-256 of its weights.

    Parameters
    ----------
    encoder
        A folder, or a name on a hub whose weights were loaded before.
    """
    folder = Path(encoder)
    if not folder.is_dir():
        return encoder, _hash(_cached(encoder))
    found = (folder / name for name in _WEIGHTS if (folder / name).exists())
    return "/".join(folder.resolve().parts[-2:]), _hash(next(found, None))


def _cached(name: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    paths = (try_to_load_from_cache(name, file) for file in _WEIGHTS)
    return next((Path(path) for path in paths if isinstance(path, str)), None)


def _hash(path: Path | None) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else "unknown"


def write_card(built: Built, measured: Measured) -> str:
    """Write the card of a pipeline."""
    values: dict[str, Any] = asdict(built)
    values["posted"] = "" if built.posted else "No posted letter trained. "
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {version(name)}" for name in _PACKAGES]
    return _TEMPLATE.read_text(encoding="utf-8").format(
        **values,
        n_labels=len(LABELS),
        scores=to_markdown(measured.reports),
        calibration=calibration_to_markdown(measured.reports),
        seconds=measured.seconds,
        threads=measured.threads,
        size=measured.size / 1e6,
        versions=", ".join(versions),
    )

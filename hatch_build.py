"""Puts the trained pipelines and the annotated corpus into the wheel.

An editable install reads them where they are: a copy would go stale. A transformer that
was trained in this checkout is too large to come along.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_CORPUS = ("letters", "real", "bank", "rationales", "splits.json", "GUIDELINES.md", "README.md")


class DataHook(BuildHookInterface):  # type: ignore[type-arg]
    """Includes the corpus, and the folders of `models/` that hold a pipeline, but for transformers.

    Posted letters that are attached in the checkout stay out.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folders to what is built."""
        if version == "editable":
            return
        for config in sorted(Path(self.root, "models").glob("*/config.cfg")):
            folder = config.parent
            if folder.name.endswith("_trf"):
                continue
            build_data["force_include"][str(folder)] = f"imr_nlp/models/{folder.name}"
        for name in _CORPUS:
            build_data["force_include"][str(Path(self.root, "corpus", name))] = (
                f"imr_nlp/data/corpus/{name}"
            )

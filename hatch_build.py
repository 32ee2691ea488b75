"""Puts the trained pipelines into the wheel.

An editable install reads them from `models/` itself: a copy would go stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ModelsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Includes every folder of `models/` that holds a pipeline."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folders to what is built."""
        if version == "editable":
            return
        for config in sorted(Path(self.root, "models").glob("*/config.cfg")):
            folder = config.parent
            build_data["force_include"][str(folder)] = f"imr_nlp/models/{folder.name}"

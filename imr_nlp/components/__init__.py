"""The spaCy components and the rules behind them; each module registers its own factory."""

from __future__ import annotations

"""The spaCy components, one file each; importing this package registers them."""

from __future__ import annotations

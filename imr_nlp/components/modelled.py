"""What components with a model of their own have in common: how it is stored."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Generic, Protocol, Self, TypeVar

_FILE = "model.msgpack"


class Storable(Protocol):
    """A model that can be written as bytes."""

    def to_bytes(self) -> bytes:
        """Give the model as bytes."""
        ...

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Rebuild the model."""
        ...


M = TypeVar("M", bound=Storable)


class Modelled(Generic[M]):
    """Keeps the model of a component through spaCy's serialisation.

    Parameters
    ----------
    model
        The model; without one the component leaves a letter as it is.
    """

    model_type: type[M]

    def __init__(self, model: M | None = None) -> None:
        self.model = model

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Serialize the model; empty without one."""
        return self.model.to_bytes() if self.model is not None else b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Load what `to_bytes` gave."""
        self.model = self.model_type.from_bytes(data) if data else None
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the model into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Read the model from a folder that `to_disk` wrote."""
        return self.from_bytes((Path(path) / _FILE).read_bytes())

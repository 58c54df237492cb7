"""What the overview needs of the outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Space:
    """Room on a disk, in bytes."""

    total: int
    free: int


class Machine(Protocol):
    """The machine that this process runs on."""

    def disk(self) -> Space | None:
        """Where the installation keeps its files; None when that cannot be known."""

"""What the ledger wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.metal import FineWeight


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement as it was just written: `cost` (minor units) and `fine` are of all that moved, with their sign."""

    movement: UUID
    item: UUID
    quantity: int
    cost: int
    fine: FineWeight
    on_hand: int


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the ledger as it is read."""

    id: UUID
    at: datetime
    quantity: int
    on_hand: int
    cost: int
    fine: FineWeight
    reason: str
    note: str
    document: UUID
    person: str

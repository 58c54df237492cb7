"""What the till tells the others. Amounts are minor units of `currency`, metal is in fine units of 0.1 µg."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One line as it was charged. `parts` are the amounts before discount by component: metal, making, profit, …"""

    item: UUID
    sku: str
    quantity: int
    parts: Mapping[str, int]
    discount: int
    taxes: Mapping[str, int]
    cost: int
    metal: str
    fine: int


@dataclass(frozen=True, slots=True)
class OldGold:
    """Metal that came over the counter. `fine` is what was paid for; `amount` is what was paid."""

    item: UUID
    metal: str
    weight_mg: int
    fine: int
    amount: int


@dataclass(frozen=True, slots=True)
class Paid:
    """Money by one method: cash (what stays in the drawer, change given back already taken off), card, transfer."""

    method: str
    amount: int


@dataclass(frozen=True, slots=True)
class SaleCompleted(Event):
    """A sale is done: sum(parts) − discounts + taxes + rounding = payments + old gold."""

    sale: UUID
    number: int
    at: datetime
    branch: UUID
    currency: str
    lines: tuple[SoldLine, ...]
    rounding: int
    payments: tuple[Paid, ...]
    old_gold: tuple[OldGold, ...] = ()


@dataclass(frozen=True, slots=True)
class SaleRefunded(Event):
    """Goods came back against their own sale, at that sale's prices and cost; `payments` is what was given back."""

    refund: UUID
    sale: UUID
    number: int
    at: datetime
    branch: UUID
    currency: str
    lines: tuple[SoldLine, ...]
    rounding: int
    payments: tuple[Paid, ...]


@dataclass(frozen=True, slots=True)
class SaleVoided(Event):
    """A sale never was: everything it did is undone, old gold included."""

    sale: UUID
    at: datetime
    because: str

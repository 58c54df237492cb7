"""What somebody looks for in the stock, and in which order they want to see it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from kernel.i18n import N_
from kernel.karats import karat_of
from kernel.metal import Fineness, Metal, Weight


class State(StrEnum):
    IN_STOCK = "in_stock"
    OUT = "out"
    LOW = "low"
    SCRAP = "scrap"
    INACTIVE = "inactive"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; what is empty is not asked. `finenesses` are tenths of a thousandth, any of them."""

    text: str = ""
    category: UUID | None = None
    branch: UUID | None = None
    metal: Metal | None = None
    finenesses: tuple[int, ...] = ()
    lightest: Weight | None = None
    heaviest: Weight | None = None
    state: State = State.IN_STOCK

    @property
    def asked(self) -> dict[str, Any]:
        """Condition → value."""
        values = {
            "category": self.category,
            "branch": self.branch,
            "metal": self.metal and self.metal.value,
            "finenesses": list(self.finenesses) or None,
            "lightest": self.lightest and self.lightest.mg,
            "heaviest": self.heaviest and self.heaviest.mg,
        }
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Order:
    by: Literal["newest", "name", "sku", "net"] = "newest"
    descending: bool = True


NEWEST = Order()

STATES: dict[State, str] = {
    State.IN_STOCK: N_("In stock"),
    State.OUT: N_("Not in stock"),
    State.LOW: N_("Running low"),
    State.SCRAP: N_("Scrap"),
    State.INACTIVE: N_("Not active"),
    State.ALL: N_("All"),
}


@lru_cache(maxsize=32)
def sold_as(karat: int) -> tuple[int, ...]:
    """Every fineness that is sold by this karat, in tenths of a thousandth: 22 is 916, 916.6, 916.7 …"""
    return tuple(tenths for tenths in range(1, 10_001) if karat_of(Fineness(tenths)) == karat)

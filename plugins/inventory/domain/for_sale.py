"""An item as the till needs it: all that its price is made of, and whether it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from kernel.metal import Fineness, FineWeight, Metal, Weight
from plugins.inventory.domain.item import Kind


@dataclass(frozen=True, slots=True)
class StoneForSale:
    """`value` is of all `count` of them, in minor units."""

    name: str
    count: int
    carats: Decimal | None
    value: int | None


@dataclass(frozen=True, slots=True)
class ItemForSale:
    """One of an item. Amounts are minor units of the shop's currency.

    `fineness` is what it is sold as; `fine` is the pure metal that leaves the books with it (what was assayed counts
    there). `making` is None where the pricing rules decide, else a plain mapping `{kind, value, fineness}`.
    `category_path` are the ids from the root of the tree to its own category.
    """

    id: UUID
    sku: str
    name: str
    kind: Kind
    category: UUID | None
    category_name: str
    category_path: tuple[UUID, ...]
    craftsmanship: str
    branch: UUID
    metal: Metal | None
    fineness: Fineness | None
    gross: Weight
    net: Weight
    fine: FineWeight
    stones: tuple[StoneForSale, ...]
    making: Mapping[str, str | int | None] | None
    wastage_percent: Decimal
    fixed_price: int | None
    cost: int
    on_hand: int
    barcode: str
    active: bool
    investment: bool

    @property
    def is_for_sale(self) -> bool:
        return self.active and self.on_hand > 0 and self.kind is not Kind.SCRAP

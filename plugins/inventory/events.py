"""What the stock tells the others. Amounts are minor units of `currency`, metal is in fine units of 0.1 µg."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, slots=True)
class StockReceived(Event):
    """Goods came in outside the till: opening stock, a purchase by hand, an import. `cost` and `fine` are of all.

    An import tells once per metal: `items` is how many different items came in, `movement` and `item` are the first.
    """

    movement: UUID
    item: UUID
    sku: str
    at: datetime
    quantity: int
    currency: str
    cost: int
    metal: str
    fine: int
    reason: str
    items: int = 1


@dataclass(frozen=True, slots=True)
class StockAdjusted(Event):
    """A count differed or a piece was lost, found or broken: `quantity`, `cost` and `fine` carry the sign.

    What was weighed or valued again has the quantity 0, and the difference in `cost` and `fine`. `kind` is the item's:
    piece, counted or scrap.
    """

    movement: UUID
    item: UUID
    sku: str
    at: datetime
    quantity: int
    currency: str
    cost: int
    metal: str
    fine: int
    reason: str
    kind: str = "piece"

"""A sale as it was made: lines with their frozen prices, the old gold taken in, the money, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.i18n import _
from kernel.metal import Fineness, FineWeight, Metal, Weight
from kernel.money import Money
from plugins.pos.domain.payment import Method, Payment
from plugins.pricing.public import LinePart, PricedLine, PricedOldMetal, part_of, replay

UNNUMBERED = 0  #: Until it is written, a sale has no number: numbers have no gaps.


class NothingToSell(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("There is nothing to sell yet. Scan a piece, or enter old gold."))


class KeyUsedBefore(Conflict):
    """The same idempotency key came with another body."""

    def __init__(self) -> None:
        super().__init__(_("This was already completed with other content. Open the list of sales to see it."))


class DiscountNeedsManager(RuleBroken):
    def __init__(self, percent_max: Decimal) -> None:
        super().__init__(_("A discount above {percent} per cent needs a manager.").format(percent=percent_max))


class PriceNeedsManager(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("The price of “{name}” was changed by hand. That needs a manager.").format(name=name))


class NotForSale(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” is not for sale.").format(name=name))


class NotForSaleHere(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” stands in another branch. Transfer it first.").format(name=name))


class SaleIsVoid(Conflict):
    def __init__(self, number: int) -> None:
        super().__init__(_("Sale {number} was voided.").format(number=number))


class SaleHasRefunds(Conflict):
    def __init__(self, number: int) -> None:
        super().__init__(_("Goods of sale {number} came back already: refund the rest instead.").format(number=number))


class SaleIsExchange(Conflict):
    """Voiding it would leave what the customer brought for it in the shop, and nothing in their hands."""

    def __init__(self, number: int) -> None:
        super().__init__(_("Sale {number} was paid with returned goods: refund it instead.").format(number=number))


class NoSuchLine(NotFound):
    def __init__(self, number: int, line: int) -> None:
        super().__init__(_("Sale {number} has no line {line}.").format(number=number, line=line))


@dataclass(frozen=True, slots=True)
class Customer:
    """Who buys, as written on the receipt."""

    name: str = ""
    phone: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line as it was charged. `price` is the record of its price; `returned` of its pieces came back since."""

    line: int
    item: UUID
    sku: str
    name: str
    quantity: int
    metal: str
    parts: Mapping[str, int]
    discount: int
    taxes: Mapping[str, int]
    total: int
    cost: int
    fine: int
    price: Mapping[str, Any]
    returned: int = 0

    @property
    def left(self) -> int:
        """How many of its pieces the customer still has."""
        return self.quantity - self.returned

    @property
    def priced(self) -> PricedLine:
        """The price made again from its record. Raises ReplayDiffers."""
        priced = replay(self.price)
        assert isinstance(priced, PricedLine)
        return priced

    def part(self, pieces: int) -> LinePart:
        """What `pieces` of those that are left cost. All parts of a line sum to it exactly."""
        return part_of(self.priced, pieces, self.returned)


@dataclass(frozen=True, slots=True)
class OldGoldLine:
    """Metal that was taken in: `fine` of it was paid for with `amount`; `item` is the lot it became."""

    line: int
    item: UUID
    metal: Metal
    weight: Weight
    fineness: Fineness
    fine: FineWeight
    amount: int
    price: Mapping[str, Any]

    @property
    def priced(self) -> PricedOldMetal:
        """The price made again from its record. Raises ReplayDiffers."""
        priced = replay(self.price)
        assert isinstance(priced, PricedOldMetal)
        return priced


@dataclass(frozen=True, slots=True)
class Void:
    """When, by whom and why a sale was undone."""

    at: datetime
    person: str
    because: str


@dataclass(frozen=True, slots=True)
class Sale:
    """`total` − `exchanged` + `rounding` = `due` = the sum of the payments. Below zero the shop paid out.

    `is_new` where it was made just now, and not found again for a request that came twice.
    """

    id: UUID
    number: int
    at: datetime
    branch: UUID
    terminal: UUID
    seller: str
    language: str
    customer: Customer
    currency: str
    lines: tuple[SaleLine, ...]
    old_gold: tuple[OldGoldLine, ...]
    payments: tuple[Payment, ...]
    total: int
    exchanged: int
    rounding: int
    due: int
    void: Void | None = None
    is_new: bool = False

    def money(self, amount: int) -> Money:
        return Money(amount, self.currency)

    @property
    def change(self) -> Money:
        """What the customer got back at once."""
        return self.money(sum(payment.change.amount for payment in self.payments))

    @property
    def worth(self) -> int:
        """What the customer gave for the goods, in money and old gold."""
        return self.total + self.rounding

    @property
    def pieces(self) -> dict[UUID, int]:
        """How many of which item."""
        return pieces_of(self.lines)

    @property
    def is_exchange(self) -> bool:
        """Was it paid with goods of another sale?"""
        return any(payment.method is Method.EXCHANGE for payment in self.payments)

    @property
    def came_back(self) -> bool:
        """Did any of its goods?"""
        return any(line.returned for line in self.lines)

    def check_can_be_voided(self) -> None:
        """Raises SaleIsVoid, SaleHasRefunds, SaleIsExchange."""
        if self.void is not None:
            raise SaleIsVoid(self.number)
        if self.came_back:
            raise SaleHasRefunds(self.number)
        if self.is_exchange:
            raise SaleIsExchange(self.number)


def pieces_of(lines: tuple[SaleLine, ...]) -> dict[UUID, int]:
    """How many of which item; an item may stand on several lines."""
    pieces: dict[UUID, int] = {}
    for line in lines:
        pieces[line.item] = pieces.get(line.item, 0) + line.quantity
    return pieces

"""A sale as it was made: lines with their frozen prices, the old gold taken in, the money, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.i18n import _
from kernel.metal import Fineness, FineWeight, Metal, Weight
from kernel.money import Money
from plugins.pos.domain.payment import Payment
from plugins.pos.events import OldGold, Paid, SaleCompleted, SaleVoided, SoldLine
from plugins.pricing.public import LinePart, PricedLine, PricedOldMetal, part_of, replay


class NothingToSell(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("There is nothing to sell yet. Scan a piece, or enter old gold."))


class KeyUsedBefore(Conflict):
    """The same idempotency key came with another body."""

    def __init__(self) -> None:
        super().__init__(_("This was already completed with other content. Open the list of sales to see it."))


class DiscountNeedsManager(RuleBroken):
    def __init__(self, most: str) -> None:
        super().__init__(_("A discount above {most} needs a manager.").format(most=most))


class PriceNeedsManager(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("The price of “{name}” was changed by hand. That needs a manager.").format(name=name))


class NotForSaleHere(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” stands in another branch. Transfer it first.").format(name=name))


class SaleIsVoid(Conflict):
    def __init__(self, number: int) -> None:
        super().__init__(_("Sale {number} was voided.").format(number=number))


class SaleHasRefunds(Conflict):
    def __init__(self, number: int) -> None:
        super().__init__(_("Goods of sale {number} came back already: refund the rest instead.").format(number=number))


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

    @property
    def sold(self) -> SoldLine:
        return SoldLine(
            self.item,
            self.sku,
            self.quantity,
            self.parts,
            self.discount,
            self.taxes,
            self.cost,
            self.metal,
            self.fine,
        )


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

    @property
    def taken(self) -> OldGold:
        return OldGold(self.item, self.metal.value, self.weight.mg, self.fine.units, self.amount)


@dataclass(frozen=True, slots=True)
class Void:
    """When, by whom and why a sale was undone."""

    at: datetime
    person: str
    because: str


@dataclass(frozen=True, slots=True)
class Sale:
    """`total` − `exchanged` + `rounding` = `due` = the sum of the payments. Below zero the shop paid out."""

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
    def came_back(self) -> bool:
        """Did any of its goods?"""
        return any(line.returned for line in self.lines)

    @property
    def completed(self) -> SaleCompleted:
        return SaleCompleted(
            self.id,
            self.number,
            self.at,
            self.branch,
            self.currency,
            tuple(line.sold for line in self.lines),
            self.rounding,
            tuple(Paid(payment.method.value, payment.amount.amount) for payment in self.payments),
            tuple(old.taken for old in self.old_gold),
        )

    def check_can_be_voided(self) -> None:
        """Raises SaleIsVoid, SaleHasRefunds."""
        if self.void is not None:
            raise SaleIsVoid(self.number)
        if self.came_back:
            raise SaleHasRefunds(self.number)

    def voided(self, void: Void) -> SaleVoided:
        return SaleVoided(self.id, void.at, void.because)


def pieces_of(lines: tuple[SaleLine, ...]) -> dict[UUID, int]:
    """How many of which item; an item may stand on several lines."""
    pieces: dict[UUID, int] = {}
    for line in lines:
        pieces[line.item] = pieces.get(line.item, 0) + line.quantity
    return pieces

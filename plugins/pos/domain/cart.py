"""What lies on the counter with its prices, before it is a sale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from kernel.metal import Fineness
from kernel.money import Money
from plugins.inventory.public import ItemForSale, Kind
from plugins.pos.domain.payment import CashNotAllowed, CustomerUnknown, Payment, cash_of
from plugins.pos.domain.sale import (
    Customer,
    DiscountNeedsManager,
    NotForSale,
    NotForSaleHere,
    PriceNeedsManager,
    SaleLine,
)
from plugins.pricing.public import (
    NO_MAKING,
    CashAnswer,
    Making,
    MakingKind,
    MarketProfile,
    Piece,
    PricedCart,
    PricedLine,
    PricedOldMetal,
    Situation,
    Stone,
    Supply,
    freeze,
)


@dataclass(frozen=True, slots=True)
class CartLine:
    """So many of one item, at the price of the moment."""

    item: ItemForSale
    quantity: int
    priced: PricedLine


@dataclass(frozen=True, slots=True)
class Cart:
    """Lines and old gold priced together, as of one moment, under the customs and laws of one market."""

    at: datetime
    day: date
    market: MarketProfile
    lines: tuple[CartLine, ...]
    priced: PricedCart

    @property
    def due(self) -> Money:
        return self.priced.due

    @property
    def old_gold(self) -> tuple[PricedOldMetal, ...]:
        return self.priced.exchange

    @property
    def discount(self) -> Money:
        """All that is off, on lines and on the whole."""
        return Money(sum(line.priced.discount.amount for line in self.lines), self.due.currency)

    @property
    def pieces(self) -> dict[UUID, int]:
        """How many of which item; an item may stand on several lines."""
        pieces: dict[UUID, int] = {}
        for line in self.lines:
            pieces[line.item.id] = pieces.get(line.item.id, 0) + line.quantity
        return pieces

    def check_discount(self, percent_max: Decimal) -> None:
        """Is no more off than a seller may give alone? Raises DiscountNeedsManager."""
        price = sum(line.priced.price.amount for line in self.lines)
        # A percentage is rounded on each line, and what was rounded up is not held against the seller.
        rounded = self.priced.terms.rounding.line_step * len(self.lines)
        if (self.discount.amount - rounded) * 100 > percent_max * price:
            raise DiscountNeedsManager(percent_max)

    def check_for_sale(self, branch: UUID) -> None:
        """Are these goods sold, and here? Whether they are there, the stock says. Raises NotForSale, NotForSaleHere."""
        for line in self.lines:
            if line.item.kind is Kind.SCRAP or not line.item.active:
                raise NotForSale(line.item.name)
            if line.item.branch != branch:
                raise NotForSaleHere(line.item.name)

    def check_no_price_by_hand(self) -> None:
        """Raises PriceNeedsManager."""
        for line in self.lines:
            if line.priced.line.manual_price is not None:
                raise PriceNeedsManager(line.item.name)

    def check_law(self, payments: Sequence[Payment], customer: Customer) -> None:
        """What the market's law asks of cash, and of a customer. Raises CashNotAllowed, CustomerUnknown."""
        for rule in self.market.cash_rules(cash_of(payments, self.due.currency), self.day):
            if rule.answer is CashAnswer.REFUSE:
                raise CashNotAllowed(rule.because)
        for rule in self.market.cash_rules(self.priced.total, self.day):
            if rule.answer is CashAnswer.IDENTIFY and not customer.tax_number:
                raise CustomerUnknown(rule.because)

    def sold(self, moved: Mapping[UUID, tuple[int, int]]) -> tuple[SaleLine, ...]:
        """The lines as they are charged. `moved` is what left the stock by item: its cost and its fine metal."""
        lines = []
        gone: dict[UUID, int] = {}
        for number, line in enumerate(self.lines, 1):
            item, before = line.item, gone.get(line.item.id, 0)
            after, whole = before + line.quantity, self.pieces[line.item.id]
            gone[item.id] = after
            # An item on two lines: its cost is shared out so that both together carry all of it.
            cost, fine = (each * after // whole - each * before // whole for each in moved[item.id])
            lines.append(
                SaleLine(
                    number,
                    item.id,
                    item.sku,
                    item.name,
                    line.quantity,
                    item.metal.value if item.metal else "",
                    {component.value: amount.amount for component, amount in line.priced.revenue},
                    line.priced.discount_net.amount,
                    {tax.name: tax.amount.amount for tax in line.priced.taxes},
                    line.priced.total.amount,
                    cost,
                    fine,
                    freeze(line.priced),
                )
            )
        return tuple(lines)

    def short_of(self) -> Mapping[UUID, ItemForSale]:
        """Items of which fewer are there than lie here."""
        items = {line.item.id: line.item for line in self.lines}
        return {id: items[id] for id, quantity in self.pieces.items() if items[id].on_hand < quantity}


def piece_of(item: ItemForSale, currency: str) -> Piece:
    """An item of the stock as it is priced."""
    return Piece(
        metal=item.metal,
        fineness=item.fineness,
        gross=item.gross,
        stones_weight=item.gross - item.net,
        making=_making(item),
        wastage_percent=item.wastage_percent,
        stones=tuple(Stone(each.name, value=Money(each.value, currency)) for each in item.stones if each.value),
        fixed_price=None if item.fixed_price is None else Money(item.fixed_price, currency),
    )


def _making(item: ItemForSale) -> Making:
    if item.making is None:
        return NO_MAKING
    fineness = item.making["fineness"]
    return Making(
        MakingKind(str(item.making["kind"])),
        Decimal(str(item.making["value"])),
        None if fineness is None else Fineness(int(fineness)),
    )


def supply_of(item: ItemForSale) -> Supply:
    """From which fineness investment metal is taxed less, the market says."""
    return Supply.INVESTMENT if item.investment else Supply.NEW


def situation_of(item: ItemForSale) -> Situation:
    """What the shop's pricing rules look at."""
    return Situation(
        item.metal,
        item.fineness,
        tuple(str(category) for category in item.category_path),
        item.craftsmanship,
        str(item.branch),
    )

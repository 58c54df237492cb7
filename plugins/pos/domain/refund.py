"""Goods that come back: at their sale's own prices and cost, whole or piece by piece, to the last unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import RuleBroken
from kernel.i18n import _
from kernel.money import Money
from plugins.pos.domain.payment import Payment
from plugins.pos.domain.sale import NoSuchLine, Sale, SaleIsVoid, SaleLine
from plugins.pricing.public import LinePart


class NothingLeft(RuleBroken):
    def __init__(self, number: int) -> None:
        super().__init__(_("All goods of sale {number} came back already.").format(number=number))


class NotSoManyLeft(RuleBroken):
    def __init__(self, name: str, left: int) -> None:
        super().__init__(_("Of “{name}” {left} can come back.").format(name=name, left=left))


class ExchangeOfNothing(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("The new goods cost nothing: refund the old ones, then buy the old gold."))


@dataclass(frozen=True, slots=True)
class Return:
    """So many pieces of one line come back, and what they cost by the sale's own price."""

    line: SaleLine
    quantity: int
    part: LinePart


@dataclass(frozen=True, slots=True)
class GiveBack:
    """What a customer gets for goods that come back. `due` = `total` + `rounding`."""

    returns: tuple[Return, ...]
    total: int
    rounding: int
    currency: str

    @property
    def due(self) -> Money:
        return Money(self.total + self.rounding, self.currency)

    @property
    def pieces(self) -> dict[UUID, int]:
        pieces: dict[UUID, int] = {}
        for each in self.returns:
            pieces[each.line.item] = pieces.get(each.line.item, 0) + each.quantity
        return pieces


def give_back(sale: Sale, wanted: Mapping[int, int | None], already: int) -> GiveBack:
    """What comes back is worth, where `already` was given back before.

    `wanted` says how many pieces by line, None for all that are left of it; empty, all that is left of the sale.

    When everything has come back, everything that was paid has gone back, the sale's own rounding included.
    Raises SaleIsVoid, NoSuchLine, NotSoManyLeft, NothingLeft.
    """
    if sale.void is not None:
        raise SaleIsVoid(sale.number)
    by_number = {line.line: line for line in sale.lines}
    if not wanted:
        wanted = {line.line: line.left for line in sale.lines if line.left}
    if not wanted:
        raise NothingLeft(sale.number)
    returns = []
    for number, count in sorted(wanted.items()):
        line = by_number.get(number)
        if line is None:
            raise NoSuchLine(sale.number, number)
        pieces = count or line.left
        if not 0 < pieces <= line.left:
            raise NotSoManyLeft(line.name, line.left)
        returns.append(Return(line, pieces, line.part(pieces)))
    total = sum(each.part.total.amount for each in returns)
    left = sale.worth - already
    is_last = sum(each.quantity for each in returns) == sum(line.left for line in sale.lines)
    due = left if is_last else min(returns[0].line.priced.terms.rounding.total(total), left)
    return GiveBack(tuple(returns), total, due - total, sale.currency)


@dataclass(frozen=True, slots=True)
class RefundLine:
    """Pieces of one line of the sale that came back, with their share of its price, cost and metal."""

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


@dataclass(frozen=True, slots=True)
class Refund:
    """Goods that came back from one sale, and the money that went out for them."""

    id: UUID
    number: int
    sale: UUID
    sale_number: int
    at: datetime
    branch: UUID
    person: str
    because: str
    currency: str
    lines: tuple[RefundLine, ...]
    payments: tuple[Payment, ...]
    total: int
    rounding: int
    exchange: UUID | None = None
    is_new: bool = False

    def money(self, amount: int) -> Money:
        return Money(amount, self.currency)

    @property
    def due(self) -> int:
        return self.total + self.rounding

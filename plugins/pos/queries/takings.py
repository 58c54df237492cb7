"""What the till took, by day: read from the totals that every document keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.pos.tables import sale_days


@dataclass(frozen=True, slots=True)
class Takings:
    """One day of the shop, all branches. What was refunded or voided counts on the day on which that happened."""

    day: date
    sales: int
    sold: Money
    refunds: int
    refunded: Money
    voids: int
    voided: Money

    @property
    def net(self) -> Money:
        return self.sold - self.refunded - self.voided


def takings(uow: UnitOfWork, first: date, last: date) -> dict[date, Takings]:
    """By day, in the shop's currency; days without a document are left out."""
    currency = uow.shop.currency
    rows = uow.execute(
        select(
            sale_days.c.day,
            func.sum(sale_days.c.sales).label("sales"),
            func.sum(sale_days.c.sold).label("sold"),
            func.sum(sale_days.c.refunds).label("refunds"),
            func.sum(sale_days.c.refunded).label("refunded"),
            func.sum(sale_days.c.voids).label("voids"),
            func.sum(sale_days.c.voided).label("voided"),
        )
        .where(sale_days.c.day.between(first, last), sale_days.c.currency == currency)
        .group_by(sale_days.c.day)
        .order_by(sale_days.c.day)
    )
    return {
        row.day: Takings(
            row.day,
            row.sales,
            Money(int(row.sold), currency),
            row.refunds,
            Money(int(row.refunded), currency),
            row.voids,
            Money(int(row.voided), currency),
        )
        for row in rows
    }

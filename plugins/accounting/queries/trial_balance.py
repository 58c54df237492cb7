"""The trial balance of any days: two rows of `account_days` for each account and unit, whatever lies between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from kernel.uow import UnitOfWork
from plugins.accounting.domain.chart import AccountKind


@dataclass(frozen=True, slots=True)
class Turnover:
    """One account in one unit: what it began with, what went in and out, what it ends with (debit above zero)."""

    account: UUID
    code: str
    name: str
    kind: AccountKind
    unit: str
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        return self.opening + self.debit - self.credit


_TURNOVERS = text(
    """
    SELECT a.id, a.code, a.name, a.kind, booked.unit,
           coalesce(before.debit - before.credit, 0) AS opening,
           until.debit - coalesce(before.debit, 0) AS debit,
           until.credit - coalesce(before.credit, 0) AS credit
    FROM shop.books
    CROSS JOIN unnest(books.units) AS booked (unit)
    CROSS JOIN shop.accounts AS a
    CROSS JOIN LATERAL (
        SELECT d.debit, d.credit FROM shop.account_days AS d
        WHERE d.account = a.id AND d.unit = booked.unit AND d.day <= :until ORDER BY d.day DESC LIMIT 1
    ) AS until
    LEFT JOIN LATERAL (
        SELECT d.debit, d.credit FROM shop.account_days AS d
        WHERE d.account = a.id AND d.unit = booked.unit AND d.day < :since ORDER BY d.day DESC LIMIT 1
    ) AS before ON true
    ORDER BY a.code, booked.unit
    """
)


def turnovers(uow: UnitOfWork, since: date, until: date) -> list[Turnover]:
    """Every account that had an entry up to `until`, by code; one row for each of its units."""
    rows = uow.execute(_TURNOVERS, {"since": since, "until": until})
    return [
        Turnover(row.id, row.code, row.name, AccountKind(row.kind), row.unit, row.opening, row.debit, row.credit)
        for row in rows
    ]

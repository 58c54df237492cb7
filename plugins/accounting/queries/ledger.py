"""The general ledger: the entries of one account in one unit, with what it stood at after each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, text

from kernel.uow import UnitOfWork
from plugins.accounting.tables import account_days


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """`balance` is what the account stands at after this entry."""

    journal: UUID
    number: int
    day: date
    document_kind: str
    reference: str
    memo: str
    amount: int
    balance: int


_ENTRIES = text(
    """
    SELECT j.id, e.number, e.day, j.document_kind, j.reference, j.memo, e.amount,
           (:opening + sum(e.amount) OVER (ORDER BY e.day, e.number ROWS UNBOUNDED PRECEDING))::bigint AS balance
    FROM shop.entries AS e JOIN shop.journals AS j ON j.number = e.number
    WHERE e.account = :account AND e.unit = :unit AND e.day BETWEEN :since AND :until
    ORDER BY e.day, e.number LIMIT :limit OFFSET :offset
    """
)


def units_of(uow: UnitOfWork, account: UUID) -> list[str]:
    """In which units the account has entries."""
    kept = select(account_days.c.unit).where(account_days.c.account == account).distinct()
    return sorted(uow.execute(kept).scalars())


def standing(uow: UnitOfWork, account: UUID, unit: str, before: date) -> int:
    """What the account stood at when `before` began."""
    last = (
        select(account_days.c.debit - account_days.c.credit)
        .where((account_days.c.account == account) & (account_days.c.unit == unit) & (account_days.c.day < before))
        .order_by(account_days.c.day.desc())
        .limit(1)
    )
    found: int | None = uow.execute(last).scalar_one_or_none()
    return found or 0


def entries(
    uow: UnitOfWork, account: UUID, unit: str, since: date, until: date, *, opening: int, limit: int, offset: int = 0
) -> list[LedgerEntry]:
    """In the order of days and numbers. `opening` is what `standing` answered for `since`."""
    rows = uow.execute(
        _ENTRIES,
        {
            "opening": opening,
            "account": account,
            "unit": unit,
            "since": since,
            "until": until,
            "limit": limit,
            "offset": offset,
        },
    )
    return [
        LedgerEntry(row.id, row.number, row.day, row.document_kind, row.reference, row.memo, row.amount, row.balance)
        for row in rows
    ]

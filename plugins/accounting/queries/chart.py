"""The shop's chart of accounts, and which account plays which part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.accounting.domain.chart import Account, AccountKind
from plugins.accounting.tables import account_days, account_roles, accounts, books

_accounts = select(accounts.c.id, accounts.c.code, accounts.c.name, accounts.c.kind, accounts.c.is_active)


def all_accounts(uow: UnitOfWork) -> list[Account]:
    """In use and set aside, by code."""
    return [_account(row) for row in uow.execute(_accounts.order_by(accounts.c.code))]


def account(uow: UnitOfWork, id: UUID) -> Account:
    """Raises NotFound."""
    row = uow.execute(_accounts.where(accounts.c.id == id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such account."))
    return _account(row)


def roles(uow: UnitOfWork) -> Mapping[str, UUID]:
    """Part → the account that plays it."""
    return {
        row.role: row.account
        for row in uow.execute(select(account_roles.c.role, account_roles.c.account).order_by(account_roles.c.role))
    }


def has_entries(uow: UnitOfWork, account: UUID) -> bool:
    kept = select(account_days.c.day).where(account_days.c.account == account).limit(1)
    return uow.execute(kept).first() is not None


def units(uow: UnitOfWork) -> tuple[str, ...]:
    """Every unit that was ever booked: the shop's currency, XAU, …"""
    found: list[str] | None = uow.execute(select(books.c.units)).scalar_one_or_none()
    return tuple(found or ())


def _account(row: Row[Any]) -> Account:
    return Account(row.id, row.code, row.name, AccountKind(row.kind), row.is_active)

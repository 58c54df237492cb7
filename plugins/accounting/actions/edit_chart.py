"""Change the chart of accounts: add, rename, set aside, and choose which account plays which part."""

from __future__ import annotations

from uuid import UUID

from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.accounting import store
from plugins.accounting.domain.chart import Account, AccountKind
from plugins.accounting.domain.errors import AccountSetAside, KindIsFixed, NoAccountFor, StillNeeded
from plugins.accounting.queries import chart


def add_account(uow: UnitOfWork, code: str, name: str, kind: AccountKind) -> Account:
    """Raises CodeTaken."""
    account = Account(new_id(), code, name, kind)
    store.add_account(uow, account)
    return account


def change_account(uow: UnitOfWork, id: UUID, code: str, name: str, kind: AccountKind, *, is_active: bool) -> Account:
    """Raises NotFound, CodeTaken, KindIsFixed where it has entries, StillNeeded where documents are booked to it."""
    before = chart.account(uow, id)
    if kind is not before.kind and chart.has_entries(uow, id):
        raise KindIsFixed(before.name)
    if before.is_active and not is_active and id in chart.roles(uow).values():
        raise StillNeeded(before.name)
    account = Account(id, code, name, kind, is_active)
    store.change_account(uow, account)
    return account


def book_to(uow: UnitOfWork, role: str, account_id: UUID) -> None:
    """From now on documents book this part to the account. Raises NotFound, NoAccountFor, AccountSetAside."""
    account = chart.account(uow, account_id)
    if role not in chart.roles(uow):
        raise NoAccountFor(role)
    if not account.is_active:
        raise AccountSetAside(account.name)
    store.play(uow, role, account.id)

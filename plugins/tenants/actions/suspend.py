"""Suspend a shop: its people can read and leave, and nothing is changed. Reactivate it: all is as before."""

from __future__ import annotations

from uuid import UUID

from kernel.tenancy import ShopState
from kernel.uow import PlatformWork
from plugins.tenants.domain.states import NotNow, Step, check
from plugins.tenants.forms import SuspensionForm
from plugins.tenants.queries import shops as queries
from plugins.tenants.store import shops as store


def suspend(work: PlatformWork, shop_id: UUID, wanted: SuspensionForm) -> None:
    """Raises NotFound, NotNow."""
    shop = queries.shop(work, shop_id)
    check(Step.SUSPEND, shop.state, shop.name)
    if not store.change_state(work, shop.id, shop.state, ShopState.SUSPENDED):
        raise NotNow(Step.SUSPEND, shop.name)
    store.add_suspension(work, shop.id, shop.state, wanted.because)


def reactivate(work: PlatformWork, shop_id: UUID) -> None:
    """Raises NotFound, NotNow."""
    shop = queries.shop(work, shop_id)
    check(Step.REACTIVATE, shop.state, shop.name)
    before = store.end_suspension(work, shop.id)
    if before is None or not store.change_state(work, shop.id, ShopState.SUSPENDED, before):
        raise NotNow(Step.REACTIVATE, shop.name)

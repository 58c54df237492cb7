"""Suspend a shop: its people can read and leave, and nothing is changed. Reactivate it: all is as before.

The shop's own trail says so, too: it is open until the platform's rows are changed, and without them nothing is noted.
"""

from __future__ import annotations

from uuid import UUID

from kernel.tenancy import ShopState, TenantId
from kernel.uow import Database, PlatformWork
from plugins.tenants.domain.states import NotNow, Step, check
from plugins.tenants.forms import SuspensionForm
from plugins.tenants.queries import shops as queries
from plugins.tenants.store import shops as store


def suspend(database: Database, work: PlatformWork, shop_id: UUID, wanted: SuspensionForm) -> None:
    """Raises NotFound, NotNow."""
    shop = queries.shop(work, shop_id)
    check(Step.SUSPEND, shop.state, shop.name)
    with database.for_shop(TenantId(shop.id), work.actor) as uow:
        uow.record("tenants.suspend", because=wanted.because)
        if not store.change_state(work, shop.id, shop.state, ShopState.SUSPENDED):
            raise NotNow(Step.SUSPEND, shop.name)
        store.add_suspension(work, shop.id, shop.state, wanted.because)


def reactivate(database: Database, work: PlatformWork, shop_id: UUID) -> None:
    """Raises NotFound, NotNow."""
    shop = queries.shop(work, shop_id)
    check(Step.REACTIVATE, shop.state, shop.name)
    with database.for_shop(TenantId(shop.id), work.actor) as uow:
        uow.record("tenants.reactivate")
        before = store.end_suspension(work, shop.id)
        if before is None or not store.change_state(work, shop.id, ShopState.SUSPENDED, before):
            raise NotNow(Step.REACTIVATE, shop.name)

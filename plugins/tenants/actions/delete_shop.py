"""Have a shop deleted: it is closed at once, pays no more, waits, and can be kept until its time is over.

The shop's own trail says so, too.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.plans import end_subscriptions, resume
from kernel.tables import tenants
from kernel.tenancy import ShopState, TenantId
from kernel.uow import Database, PlatformWork
from plugins.tenants.domain.override import end_of
from plugins.tenants.domain.shop import NameDoesNotFit
from plugins.tenants.domain.states import NotNow, Step, check
from plugins.tenants.forms import DeletionForm
from plugins.tenants.ports import Waiting
from plugins.tenants.queries import shops as queries
from plugins.tenants.store import deletions
from plugins.tenants.store import shops as store


def schedule_deletion(
    database: Database, work: PlatformWork, shop_id: UUID, wanted: DeletionForm, waiting: Waiting
) -> None:
    """Whole days of the shop's own zone. Raises NotFound, NotNow, NameDoesNotFit."""
    shop = queries.shop(work, shop_id)
    check(Step.SCHEDULE_DELETION, shop.state, shop.name)
    if wanted.name != shop.name:
        raise NameDoesNotFit(shop.name)
    last = work.now.astimezone(ZoneInfo(shop.zone)).date() + timedelta(days=waiting.days)
    due_at = end_of(last, shop.zone, work.now)
    assert due_at is not None
    with database.for_shop(TenantId(shop.id), work.actor) as uow:
        uow.record("tenants.schedule_deletion", because=wanted.because)
        if not store.change_state(work, shop.id, shop.state, ShopState.PENDING_DELETION):
            raise NotNow(Step.SCHEDULE_DELETION, shop.name)
        end_subscriptions(work, tenants.c.id == shop.id, work.now)
        deletions.add(work, shop, wanted.because, due_at)


def cancel_deletion(database: Database, work: PlatformWork, shop_id: UUID) -> None:
    """The shop is what it was, and pays what it paid. Raises NotFound, NotNow."""
    shop = queries.shop(work, shop_id)
    check(Step.CANCEL_DELETION, shop.state, shop.name)
    # Whoever writes in a shop that is to be deleted holds its row, which is changed below: so the trail is written
    # first. Of two who keep a shop at once it may name both.
    with database.for_shop(TenantId(shop.id), work.actor) as uow:
        uow.record("tenants.cancel_deletion")
    cancelled = deletions.cancel(work, shop.id)
    if cancelled is None:
        raise NotNow(Step.CANCEL_DELETION, shop.name)
    before, scheduled_at = cancelled
    if not store.change_state(work, shop.id, ShopState.PENDING_DELETION, before):
        raise NotNow(Step.CANCEL_DELETION, shop.name)
    resume(work, shop.id, scheduled_at, work.now, work.actor.name)

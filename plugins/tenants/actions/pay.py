"""A shop begins to pay, or does not pay in time; its trial is longer or shorter."""

from __future__ import annotations

from uuid import UUID

from kernel.plans import subscribe
from kernel.tables import tenants
from kernel.tenancy import ShopState
from kernel.uow import PlatformWork
from plugins.tenants.domain.override import end_of
from plugins.tenants.domain.shop import NotOnTrial
from plugins.tenants.domain.states import NotNow, Step, check
from plugins.tenants.forms import TrialForm
from plugins.tenants.queries import shops as queries
from plugins.tenants.store import shops as store


def begin_paying(work: PlatformWork, shop_id: UUID) -> None:
    """Its trial is over well, or what was open is paid. Raises NotFound, NotNow."""
    shop = queries.shop(work, shop_id)
    check(Step.BEGIN_PAYING, shop.state, shop.name)
    if not store.change_state(work, shop.id, shop.state, ShopState.ACTIVE):
        raise NotNow(Step.BEGIN_PAYING, shop.name)
    store.end_trial(work, shop.id)
    if not queries.pays(work, shop.id):
        subscribe(work, tenants.c.id == shop.id, work.now, work.actor.name)


def fall_due(work: PlatformWork, shop_id: UUID) -> None:
    """It can be read until it is paid for. Raises NotFound, NotNow."""
    shop = queries.shop(work, shop_id)
    check(Step.FALL_DUE, shop.state, shop.name)
    if not store.change_state(work, shop.id, shop.state, ShopState.PAST_DUE):
        raise NotNow(Step.FALL_DUE, shop.name)


def set_trial(work: PlatformWork, shop_id: UUID, wanted: TrialForm) -> None:
    """Longer or shorter, to the end of a day in the shop's zone. Raises NotFound, BadInput, NotOnTrial."""
    shop = queries.shop(work, shop_id)
    if not store.set_trial(work, shop.id, end_of(wanted.until, shop.zone, work.now)):
        raise NotOnTrial(shop.name)

"""Correct what was said of a shop when it was opened."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.tenancy import ShopState, TenantId
from kernel.uow import Database, PlatformWork, ShopDeleted, SlugTaken, refusing
from plugins.pricing import public as pricing
from plugins.tenants.domain.shop import AlreadyBooked
from plugins.tenants.forms import ShopForm
from plugins.tenants.queries import shops as queries
from plugins.tenants.store import shops as store


def edit_shop(database: Database, work: PlatformWork, shop_id: UUID, wanted: ShopForm) -> None:
    """Raises NotFound, ShopDeleted, BadInput, SlugTaken, AlreadyBooked."""
    before = queries.shop(work, shop_id)
    if before.state is ShopState.DELETED:
        raise ShopDeleted
    market, currency = wanted.market or before.market, wanted.currency or before.currency
    if market not in pricing.market_codes():
        raise BadInput({"market": _("There is no such market.")})
    if (market, currency) != (before.market, before.currency):
        # The platform sees no shop's rows: the shop itself is asked.
        with database.for_shop(TenantId(shop_id), work.actor, read_only=True) as uow:
            if queries.has_booked(uow):
                raise AlreadyBooked(before.name)
    content = wanted.model_dump(include={"name", "slug", "language", "zone", "calendar"})
    with refusing("tenants_slug_key", lambda: SlugTaken(wanted.slug)):
        store.change(work, shop_id, content | {"market": market, "currency": currency})

"""Open a shop: its row, its owner and all that its plugins put down, together or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.errors import BadInput
from kernel.events import PluginEnabled, ShopOpened
from kernel.i18n import _
from kernel.tenancy import Actor, Shop, ShopState
from kernel.uow import Database
from plugins.identity import public as identity
from plugins.pricing import public as pricing
from plugins.tenants.domain.override import end_of
from plugins.tenants.forms import NewShopForm
from plugins.tenants.queries import plans


@dataclass(frozen=True, slots=True)
class Opened:
    """A new shop. Its owner has been invited by letter, unless they were given a password."""

    shop: Shop
    owner_email: str
    invited: bool


def create_shop(database: Database, actor: Actor, wanted: NewShopForm, *, password: str | None = None) -> Opened:
    """With `password` the owner signs in with it from the first minute; else a letter asks them in.

    Raises BadInput for a market or plan that is not offered, SlugTaken, AddressTaken.
    """
    with database.for_new_shop(_row(wanted, database.clock.now()), actor) as uow:
        plans.on_offer(uow, wanted.plan)
        if password is not None:
            owner = identity.NewUserForm(name=wanted.owner_name, email=wanted.owner_email, role="owner")
            identity.add_user_with_password(uow, owner, password)
        uow.publish(ShopOpened(wanted.name))
        for plugin in uow.plugins.by_name:
            if plugin in uow.shop.plugins:
                uow.publish(PluginEnabled(plugin))
        if password is None:
            identity.invite_owner(uow, wanted.owner_email, wanted.owner_name)
    return Opened(uow.shop, wanted.owner_email, invited=password is None)


def _row(wanted: NewShopForm, now: datetime) -> dict[str, object]:
    if wanted.market not in pricing.market_codes():
        raise BadInput({"market": _("There is no such market.")})
    market = pricing.market(wanted.market)
    zone = wanted.zone or market.zone
    trial_until = end_of(wanted.trial_until, zone, now, field="trial_until")
    return {
        "name": wanted.name,
        "slug": wanted.slug,
        "market": wanted.market,
        "plan": wanted.plan,
        "currency": wanted.currency or market.currency,
        "language": wanted.language or market.language,
        "zone": zone,
        "calendar": wanted.calendar or market.calendar.value,
        "state": (ShopState.TRIAL if trial_until else ShopState.ACTIVE).value,
        "trial_until": trial_until,
    }

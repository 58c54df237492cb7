"""Open a shop: its row, its owner and all that its plugins put down, together or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field

from kernel.errors import BadInput
from kernel.events import PluginEnabled, ShopOpened
from kernel.i18n import _
from kernel.tenancy import Actor, Shop
from kernel.uow import Database, UnitOfWork
from plugins.identity import public as identity
from plugins.pricing import public as pricing
from plugins.tenants.forms import NewShopForm
from plugins.tenants.queries import plans


@dataclass(frozen=True, slots=True)
class Opened:
    """A new shop. `start_password` is its owner's, told once; None where one was given."""

    shop: Shop
    owner: identity.User
    start_password: str | None = field(repr=False)


def create_shop(database: Database, actor: Actor, wanted: NewShopForm, *, password: str | None = None) -> Opened:
    """With `password` the owner signs in with it from the first minute; else they get one to begin with.

    Raises BadInput for a market or plan that is not offered, SlugTaken, AddressTaken.
    """
    with database.for_new_shop(_row(wanted), actor) as uow:
        plans.on_offer(uow, wanted.plan)
        owner, start_password = _add_owner(uow, wanted, password)
        uow.publish(ShopOpened(wanted.name))
        for plugin in uow.plugins.by_name:
            if plugin in uow.shop.plugins:
                uow.publish(PluginEnabled(plugin))
    return Opened(uow.shop, owner, start_password)


def _row(wanted: NewShopForm) -> dict[str, str]:
    if wanted.market not in pricing.market_codes():
        raise BadInput({"market": _("There is no such market.")})
    market = pricing.market(wanted.market)
    return {
        "name": wanted.name,
        "slug": wanted.slug,
        "market": wanted.market,
        "plan": wanted.plan,
        "currency": wanted.currency or market.currency,
        "language": wanted.language or market.language,
        "zone": wanted.zone or market.zone,
        "calendar": wanted.calendar or market.calendar.value,
    }


def _add_owner(uow: UnitOfWork, wanted: NewShopForm, password: str | None) -> tuple[identity.User, str | None]:
    owner = identity.NewUserForm(name=wanted.owner_name, email=wanted.owner_email, role="owner")
    if password is not None:
        return identity.add_user_with_password(uow, owner, password), None
    added = identity.add_user(uow, owner)
    return added.user, added.start_password

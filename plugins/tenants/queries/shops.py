"""Reading the shops of the installation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.tables import counters, subscriptions, tenants
from kernel.tenancy import ShopState
from kernel.uow import PlatformWork, UnitOfWork
from plugins.tenants.domain.plugin import PluginState
from plugins.tenants.domain.shop import ShopRow
from plugins.tenants.queries.plans import plan

_ORDERS = {"created": tenants.c.created_at, "name": func.lower(tenants.c.name), "slug": tenants.c.slug}
_row = select(tenants)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which shops are asked for, and in which order. Empty is all."""

    text: str = ""
    state: str = ""
    plan: str = ""
    market: str = ""
    plugin: str = ""
    #: When they were opened.
    since: datetime | None = None
    before: datetime | None = None
    sort: str = "created"
    descending: bool = True
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Found:
    rows: list[ShopRow]
    total: int


def shops(work: PlatformWork, wanted: Wanted) -> Found:
    conditions = _conditions(wanted)
    order = _ORDERS[wanted.sort]
    # Of shops that are alike in that the youngest is where the order begins or ends.
    places = (order.desc(), tenants.c.id.desc()) if wanted.descending else (order, tenants.c.id)
    page = _row.where(*conditions).order_by(*places)
    rows = work.execute(page.offset(wanted.offset).limit(wanted.limit))
    total = work.execute(select(func.count()).select_from(tenants).where(*conditions)).scalar_one()
    return Found([_shop(row) for row in rows], total)


def shop(work: PlatformWork, shop: UUID) -> ShopRow:
    """Raises NotFound."""
    return _found(work.execute(_row.where(tenants.c.id == shop)).one_or_none())


def shop_called(work: PlatformWork, slug: str) -> ShopRow:
    """By its address. Raises NotFound."""
    return _found(work.execute(_row.where(tenants.c.slug == slug)).one_or_none())


def pays(work: PlatformWork, shop: UUID) -> bool:
    """Is a subscription open?"""
    open_one = (subscriptions.c.tenant_id == shop) & subscriptions.c.until.is_(None)
    return work.execute(select(subscriptions.c.id).where(open_one)).first() is not None


def used(uow: UnitOfWork, limits: Iterable[str]) -> dict[str, int]:
    """How much of each of these the shop uses."""
    names = {limit: f"used:{limit}" for limit in limits}
    rows = uow.execute(select(counters.c.name, counters.c.value).where(counters.c.name.in_(names.values())))
    counted = {row.name: row.value for row in rows}
    return {limit: counted.get(name, 0) for limit, name in names.items()}


def has_booked(uow: UnitOfWork) -> bool:
    """Does anything stand in the shop's money or its market's rules: a document with a number, a piece in stock?"""
    numbered = counters.c.name.not_like("used:%") | (counters.c.name == "used:items")
    return uow.execute(select(counters.c.name).where(numbered, counters.c.value > 0).limit(1)).first() is not None


def plugin_states(uow: UnitOfWork) -> list[PluginState]:
    """Every plugin of the installation as this shop has it, in the order of needs."""
    plugins, shop = uow.plugins, uow.shop
    contained = plan(uow, shop.plan).plugins
    titles = {name: _(plugin.manifest.title) for name, plugin in plugins.by_name.items()}
    return [
        PluginState(
            name=name,
            title=titles[name],
            summary=_(plugin.manifest.summary),
            is_on=name in shop.plugins,
            in_plan=name in contained,
            can_be_switched=not plugin.manifest.platform,
            needs=tuple(titles[need] for need in plugin.manifest.requires),
            needed_by=tuple(titles[other] for other in plugins.needing(name, shop.plugins)),
        )
        for name, plugin in plugins.by_name.items()
    ]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        # As the index has it: one text, in small letters.
        found = func.lower(tenants.c.name + " " + tenants.c.slug)
        conditions.append(found.contains(wanted.text.lower(), autoescape=True))
    exactly = ((tenants.c.state, wanted.state), (tenants.c.plan, wanted.plan), (tenants.c.market, wanted.market))
    conditions += [column == value for column, value in exactly if value]
    if wanted.plugin:
        conditions.append(tenants.c.told.contains([wanted.plugin]))
    if wanted.since:
        conditions.append(tenants.c.created_at >= wanted.since)
    if wanted.before:
        conditions.append(tenants.c.created_at < wanted.before)
    return conditions


def _found(row: Row[Any] | None) -> ShopRow:
    if row is None:
        raise NotFound(_("There is no such shop."))
    return _shop(row)


def _shop(row: Row[Any]) -> ShopRow:
    return ShopRow(
        id=row.id,
        slug=row.slug,
        name=row.name,
        market=row.market,
        state=ShopState(row.state),
        plan=row.plan,
        created_at=row.created_at,
        currency=row.currency,
        language=row.language,
        zone=row.zone,
        calendar=row.calendar,
        trial_until=row.trial_until,
    )

"""Reading the shops of the installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.tables import counters, tenants
from kernel.tenancy import ShopState
from kernel.uow import PlatformWork, UnitOfWork
from plugins.tenants.domain import PluginState, ShopRow, Suspension
from plugins.tenants.queries.plans import plan
from plugins.tenants.tables import suspensions

_ORDERS = {"created": tenants.c.created_at, "name": func.lower(tenants.c.name), "slug": tenants.c.slug}
_row = select(
    tenants.c.id,
    tenants.c.slug,
    tenants.c.name,
    tenants.c.market,
    tenants.c.state,
    tenants.c.plan,
    tenants.c.created_at,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which shops are asked for, and in which order. Empty is all."""

    text: str = ""
    state: str = ""
    plan: str = ""
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
    page = _row.where(*conditions).order_by(order.desc() if wanted.descending else order, tenants.c.id)
    rows = work.execute(page.offset(wanted.offset).limit(wanted.limit))
    total = work.execute(select(func.count()).select_from(tenants).where(*conditions)).scalar_one()
    return Found([_shop(row) for row in rows], total)


def shop(work: PlatformWork, shop: UUID) -> ShopRow:
    """Raises NotFound."""
    return _found(work.execute(_row.where(tenants.c.id == shop)).one_or_none())


def shop_called(work: PlatformWork, slug: str) -> ShopRow:
    """By its address. Raises NotFound."""
    return _found(work.execute(_row.where(tenants.c.slug == slug)).one_or_none())


def suspension(work: PlatformWork, shop: UUID) -> Suspension | None:
    open_one = (suspensions.c.tenant_id == shop) & suspensions.c.ended_at.is_(None)
    row = work.execute(
        select(suspensions.c.suspended_at, suspensions.c.suspended_by, suspensions.c.because).where(open_one)
    ).one_or_none()
    return Suspension(row.suspended_at, row.suspended_by, row.because) if row else None


def used(uow: UnitOfWork) -> dict[str, int]:
    """How much of each limit of its plan the shop uses."""
    names = [f"used:{limit}" for limit in uow.shop.limits]
    rows = uow.execute(select(counters.c.name, counters.c.value).where(counters.c.name.in_(names)))
    counted = {row.name.removeprefix("used:"): row.value for row in rows}
    return {limit: counted.get(limit, 0) for limit in uow.shop.limits}


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
    conditions = []
    if wanted.text:
        conditions.append(
            or_(
                tenants.c.name.icontains(wanted.text, autoescape=True),
                tenants.c.slug.icontains(wanted.text, autoescape=True),
            )
        )
    if wanted.state:
        conditions.append(tenants.c.state == wanted.state)
    if wanted.plan:
        conditions.append(tenants.c.plan == wanted.plan)
    return conditions


def _found(row: Row[Any] | None) -> ShopRow:
    if row is None:
        raise NotFound(_("There is no such shop."))
    return _shop(row)


def _shop(row: Row[Any]) -> ShopRow:
    return ShopRow(row.id, row.slug, row.name, row.market, ShopState(row.state), row.plan, row.created_at)

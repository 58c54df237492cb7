"""Reading the plans of the installation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, select

from kernel.errors import BadInput, NotFound
from kernel.i18n import _
from kernel.money import Money
from kernel.plans import Cycle, Plan
from kernel.tables import plans as table
from kernel.tables import tenants
from kernel.tenancy import ShopState
from kernel.uow import Executes, PlatformWork


def plans(work: Executes) -> list[Plan]:
    """All of them, the cheapest first."""
    return [_plan(row) for row in work.execute(select(table).order_by(table.c.price, table.c.name))]


def plan(work: Executes, name: str) -> Plan:
    """Raises NotFound."""
    found = _asked(work, name)
    if found is None:
        raise NotFound(_("There is no such plan."))
    return found


def on_offer(work: Executes, name: str) -> Plan:
    """A plan that somebody chose in a form. Raises BadInput for one that takes no new shops."""
    found = _asked(work, name)
    if found is None:
        raise BadInput({"plan": _("There is no such plan.")})
    if found.archived:
        raise BadInput({"plan": _("This plan takes no new shops any more.")})
    return found


def shops_on(work: PlatformWork) -> dict[str, int]:
    """How many shops are on each plan."""
    there = tenants.c.state != ShopState.DELETED.value
    counted = select(tenants.c.plan, func.count().label("shops")).where(there).group_by(tenants.c.plan)
    return {row.plan: row.shops for row in work.execute(counted)}


def _asked(work: Executes, name: str) -> Plan | None:
    row = work.execute(select(table).where(table.c.name == name)).one_or_none()
    return _plan(row) if row else None


def _plan(row: Row[Any]) -> Plan:
    return Plan(
        name=row.name,
        title=row.title,
        plugins=frozenset(row.plugins),
        limits=row.limits,
        price=Money(row.price, row.currency),
        cycle=Cycle(row.cycle),
        archived=row.archived_at is not None,
        version=row.version,
    )

"""Make a plan that shops can be put on."""

from __future__ import annotations

from kernel.plans import Plan
from kernel.plugins import Plugins
from kernel.typed import to_money
from kernel.uow import PlatformWork
from plugins.tenants.domain import with_needs
from plugins.tenants.forms import NewPlanForm
from plugins.tenants.store import plans as store


def add_plan(work: PlatformWork, plugins: Plugins, wanted: NewPlanForm) -> Plan:
    """With all that its plugins require. Raises BadInput, PlanNameTaken."""
    plan = Plan(
        name=wanted.name,
        title=wanted.title,
        plugins=with_needs(plugins, wanted.plugins),
        limits=wanted.limits.model_dump(exclude_none=True),
        price=to_money(wanted.price, wanted.currency, "price"),
        cycle=wanted.cycle,
    )
    store.add(work, plan)
    return plan

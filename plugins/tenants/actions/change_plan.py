"""Put a shop on another plan. Nothing it has is lost; what the new plan does not contain is switched off."""

from __future__ import annotations

from kernel.uow import UnitOfWork
from plugins.tenants.forms import PlanForm
from plugins.tenants.queries import plans
from plugins.tenants.store import shops as store


def change_plan(uow: UnitOfWork, wanted: PlanForm) -> None:
    """Raises BadInput for a plan that is not offered."""
    plan = plans.on_offer(uow, wanted.plan)
    store.set_plan(uow, plan.name)
    uow.renew_shop()

"""Make a plan that shops can be put on."""

from __future__ import annotations

from collections.abc import Iterable

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.plans import Plan
from kernel.plugins import Plugins
from kernel.typed import to_money
from kernel.uow import PlatformWork
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


def with_needs(plugins: Plugins, wanted: Iterable[str]) -> frozenset[str]:
    """These plugins and all that they require; what every shop has is in no plan. Raises BadInput for unknown ones."""
    wanted = frozenset(wanted)
    if wanted - plugins.by_name.keys():
        raise BadInput({"plugins": _("Please choose from the list.")})
    needed = wanted.union(*map(plugins.required_by, wanted))
    return frozenset(name for name in needed if not plugins.by_name[name].manifest.platform)

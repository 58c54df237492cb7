"""Change what a plan has and costs. Its shops have it with their next request; what they pay changes only if asked."""

from __future__ import annotations

from dataclasses import replace

from kernel.plans import Plan, subscribe
from kernel.plugins import Plugins
from kernel.tables import tenants
from kernel.typed import to_money
from kernel.uow import PlatformWork
from plugins.tenants.actions.add_plan import with_needs
from plugins.tenants.domain.plan import LIMITS, PlanChanged
from plugins.tenants.forms import PlanTermsForm
from plugins.tenants.queries import plans as queries
from plugins.tenants.store import plans as store


def edit_plan(work: PlatformWork, plugins: Plugins, name: str, wanted: PlanTermsForm) -> Plan:
    """Raises NotFound, BadInput, PlanChanged."""
    before = queries.plan(work, name)
    # What the form does not show stays: limits of other packages, plugins that are not installed just now.
    others = {limit: number for limit, number in before.limits.items() if limit not in LIMITS}
    after = replace(
        before,
        title=wanted.title,
        plugins=with_needs(plugins, wanted.plugins) | (before.plugins - plugins.by_name.keys()),
        limits=others | wanted.limits.model_dump(exclude_none=True),
        price=to_money(wanted.price, wanted.currency, "price"),
        cycle=wanted.cycle,
        version=wanted.version,
    )
    if not store.change(work, after):
        raise PlanChanged(before.title)
    if (after.plugins, after.limits) != (before.plugins, before.limits):
        store.renew_shops(work, name)
    if wanted.everyone and (after.price, after.cycle) != (before.price, before.cycle):
        subscribe(work, tenants.c.plan == name, work.now, work.actor.name)
    return after

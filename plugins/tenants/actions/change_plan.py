"""Put a shop on another plan. Nothing it has is lost; what the new plan does not contain is switched off."""

from __future__ import annotations

from kernel.errors import BadInput
from kernel.events import PluginDisabled, PluginEnabled
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.tenants import store
from plugins.tenants.forms import PlanForm


def change_plan(uow: UnitOfWork, wanted: PlanForm) -> None:
    """Raises BadInput for a plan that is not offered."""
    if wanted.plan not in uow.plugins.offer.plans:
        raise BadInput({"plan": _("There is no such plan.")})
    before = uow.shop
    store.set_plan(uow, wanted.plan)
    uow.renew_shop()
    after = uow.shop
    # Those that go are told with their old set, as in `switch_off`; those that come, with the new one.
    uow.shop = before
    for plugin in uow.plugins.by_name:
        if plugin in before.plugins - after.plugins:
            uow.publish(PluginDisabled(plugin))
    uow.shop = after
    for plugin in uow.plugins.by_name:
        if plugin in after.plugins - before.plugins:
            uow.publish(PluginEnabled(plugin))

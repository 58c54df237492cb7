"""What others may do with shops: the command line, the demo, later the sign-up."""

from __future__ import annotations

from kernel.plans import Cycle, Plan
from plugins.tenants.actions.change_plan import change_plan
from plugins.tenants.actions.create_shop import Opened, create_shop
from plugins.tenants.actions.suspend import reactivate, suspend
from plugins.tenants.actions.switch_plugin import switch_off, switch_on
from plugins.tenants.domain.plugin import PluginState
from plugins.tenants.domain.shop import ShopRow
from plugins.tenants.domain.states import STATES, WAYS, Step
from plugins.tenants.forms import GrantForm, NewShopForm, PlanForm, SuspensionForm
from plugins.tenants.queries.plans import plans
from plugins.tenants.queries.shops import Found, Wanted, plugin_states, shop_called, shops

__all__ = [
    "STATES", "WAYS", "Cycle", "Found", "GrantForm", "NewShopForm", "Opened", "Plan", "PlanForm", "PluginState",
    "ShopRow", "Step", "SuspensionForm", "Wanted", "change_plan", "create_shop", "plans", "plugin_states",
    "reactivate", "shop_called", "shops", "suspend", "switch_off", "switch_on",
]  # fmt: skip

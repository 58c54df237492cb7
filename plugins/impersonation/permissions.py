"""Who may act in somebody's account, and who hears of it."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

ACT_FOR_USERS = Permission("impersonation.act_for_users", N_("Act in a shop as one of its users"), ("platform_admin",))
SEE_VISITS = Permission("impersonation.see_visits", N_("See when support acted in the shop"), ("owner",))

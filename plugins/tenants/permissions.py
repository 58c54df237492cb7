"""What people of the platform may do with shops."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

ADMINS = ("platform_admin",)

SEE_SHOPS = Permission("tenants.see_shops", N_("See all shops"), ADMINS)
EDIT_SHOPS = Permission("tenants.edit_shops", N_("Open shops, suspend them and switch their plugins"), ADMINS)
SEE_PLAN = Permission("tenants.see_plan", N_("See what the shop’s plan allows"), ("owner", "manager"))
EDIT_PLANS = Permission("tenants.edit_plans", N_("Make and change plans"), ADMINS)

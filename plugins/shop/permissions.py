"""What a role may do with the shop itself."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

SETTINGS = Permission("shop.settings", N_("Change the shop’s settings"), ("owner",))

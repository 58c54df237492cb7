"""What a role may do with prices."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

SEE_RATES = Permission("pricing.see", N_("See rates and work out prices"), ("owner", "manager", "employee"))
SET_RATES = Permission("pricing.set_rates", N_("Set today’s rates"))
EDIT_RULES = Permission("pricing.edit_rules", N_("Decide rules, rounding and buy-back terms"))

"""What a role may do with the audit trail. Nobody may change it."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

SEE_TRAIL = Permission("audit.see", N_("See who did what in the shop"), ("owner",), whole_shop=True)
KEEP_TRAIL = Permission("audit.keep", N_("Decide how long it is kept who did what"), ("owner",), whole_shop=True)
SEE_PLATFORM_TRAIL = Permission("audit.see_platform", N_("See who did what on the platform"), ("platform_admin",))

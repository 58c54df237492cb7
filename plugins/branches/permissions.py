"""What a role may do with branches."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

SEE_BRANCHES = Permission("branches.see", N_("See branches and tills"), ("owner", "manager", "employee"))
EDIT_BRANCHES = Permission("branches.edit", N_("Open, change and close branches"))

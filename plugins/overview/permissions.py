"""What people of the platform may see of the installation as a whole."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

ADMINS = ("platform_admin",)

SEE_OVERVIEW = Permission("overview.see", N_("See how the installation does: shops, revenue, health, faults"), ADMINS)
MEND_FAULTS = Permission("overview.mend", N_("Mark faults as seen and as resolved"), ADMINS)

"""What people of the platform may do with feature flags."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

ADMINS = ("platform_admin",)

SEE_FLAGS = Permission("flags.see", N_("See what is tried out in which shops"), ADMINS)
EDIT_FLAGS = Permission("flags.edit", N_("Decide what is tried out in which shops"), ADMINS)

"""What people of the platform may do with announcements."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

ADMINS = ("platform_admin",)

SEE_ANNOUNCEMENTS = Permission("announcements.see", N_("See what shops are told, and who has read it"), ADMINS)
ANNOUNCE = Permission("announcements.announce", N_("Tell shops something"), ADMINS)

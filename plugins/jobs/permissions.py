"""What people of the platform may do with jobs."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

ADMINS = ("platform_admin",)

SEE_JOBS = Permission("jobs.see", N_("See the jobs of all shops, without what they are about"), ADMINS)
TEND_JOBS = Permission("jobs.tend", N_("Try jobs again, drop, stop and start them"), ADMINS)

"""What a role may do with long work."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

SEE_ALL_WORK = Permission("tasks.see_all", N_("See, stop and repeat the long work of everybody"), ("owner",))

"""Who decides how the shop's people sign in."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

CONFIGURE = Permission("single_sign_on.configure", N_("Decide by which provider the shop’s people sign in"), ("owner",))

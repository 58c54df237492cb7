"""What a role may do with the people of a shop."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

SEE_USERS = Permission("identity.see_users", N_("See who works in the shop"))
EDIT_USERS = Permission("identity.edit_users", N_("Add people, let them go and set their roles"), ("owner",))
ADJUST_ROLES = Permission("identity.adjust_roles", N_("Decide what each role may do"), ("owner",))

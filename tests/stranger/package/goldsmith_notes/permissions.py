"""What a role may do with notes."""

from kernel.contributions import Permission
from kernel.i18n import N_

WRITE_NOTES = Permission("notes.write", N_("Write notes"), ("owner", "manager", "employee"))

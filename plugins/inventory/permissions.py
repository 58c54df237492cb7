"""What a role may do with the stock."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

SEE_STOCK = Permission("inventory.see", N_("See the stock"), ("owner", "manager", "employee"))
SEE_COST = Permission("inventory.see_cost", N_("See what stock cost"))
EDIT_STOCK = Permission("inventory.edit", N_("Add and describe stock, and its categories"))
MOVE_STOCK = Permission("inventory.move", N_("Receive, adjust and weigh stock again"))
IMPORT_STOCK = Permission("inventory.import", N_("Import and export stock"))

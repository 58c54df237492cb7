"""What a role may do with labels."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

PRINT_LABELS = Permission("labels.print", N_("Print labels and tags"), ("owner", "manager", "employee"))
CHOOSE_LABELS = Permission("labels.choose", N_("Decide what stands on labels"))

"""Plans, as the platform's people make them."""

from __future__ import annotations

from kernel.errors import Conflict
from kernel.i18n import N_, _

#: What a plan can limit: counted as `used:<name>` (`kernel/limits.py`), with what it is called.
LIMITS = {"items": N_("Pieces in stock"), "users": N_("People"), "branches": N_("Branches")}


class PlanChanged(Conflict):
    def __init__(self, title: str) -> None:
        said = _("“{name}” was changed by somebody else meanwhile. Look at it again, then repeat your change.")
        super().__init__(said.format(name=title))


class PlanNameTaken(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(_("There is a plan called “{name}” already.").format(name=name))

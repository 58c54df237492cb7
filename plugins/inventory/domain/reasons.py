"""Why stock moves."""

from __future__ import annotations

from enum import StrEnum

from kernel.i18n import N_


class Reason(StrEnum):
    """The reasons that are known here; another plugin may bring its own."""

    RECEIVED = "received"
    IMPORTED = "imported"
    SOLD = "sold"
    RETURNED = "returned"
    VOIDED = "voided"
    OLD_METAL = "old_metal"
    FOUND = "found"
    LOST = "lost"
    STOLEN = "stolen"
    BROKEN = "broken"
    GIVEN_AWAY = "given_away"
    CORRECTED = "corrected"


TITLES: dict[str, str] = {
    Reason.RECEIVED: N_("Received"),
    Reason.IMPORTED: N_("Imported"),
    Reason.SOLD: N_("Sold"),
    Reason.RETURNED: N_("Returned"),
    Reason.VOIDED: N_("Sale voided"),
    Reason.OLD_METAL: N_("Old metal bought"),
    Reason.FOUND: N_("Found"),
    Reason.LOST: N_("Lost"),
    Reason.STOLEN: N_("Stolen"),
    Reason.BROKEN: N_("Broken"),
    Reason.GIVEN_AWAY: N_("Given away"),
    Reason.CORRECTED: N_("Weighed or valued again"),
}

#: What a person may give as the reason of an adjustment, and whether stock comes or goes.
ADJUSTMENTS: dict[Reason, int] = {
    Reason.LOST: -1,
    Reason.STOLEN: -1,
    Reason.BROKEN: -1,
    Reason.GIVEN_AWAY: -1,
    Reason.FOUND: +1,
}

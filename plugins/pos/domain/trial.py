"""What the till tries out in some shops first."""

from __future__ import annotations

from kernel.flags import Flag
from kernel.i18n import N_

#: Does a till that shows its keys get people to a finished sale sooner? They are at the end of the page otherwise.
SHOWS_KEYS = Flag(
    "pos.shows_keys",
    N_("Keys on the empty till"),
    N_("While nothing has been scanned the till names its keys: pay, old gold, hold."),
    goals={"sold": N_("A sale was completed")},
    by_person=True,
)

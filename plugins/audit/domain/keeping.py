"""How long the trail is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.calendars import Calendar, months_later
from kernel.contributions import Setting
from kernel.i18n import N_, _

LEAST, MOST, USUAL = 3, 240, 84
#: The database lets nothing go that is younger than 90 days, and three months may be 89.
YOUNGEST = timedelta(days=92)


def bounded(months: int) -> int:
    """Raises ValueError with a sentence."""
    if not LEAST <= months <= MOST:
        raise ValueError(_("From {least} to {most} months.").format(least=LEAST, most=MOST))
    return months


MONTHS = Setting("audit.months", N_("Months to keep"), N_("What is older is forgotten every night."), USUAL, int)


def kept_since(now: datetime, months: int) -> datetime:
    """What was before may be forgotten."""
    back = months_later(now.date(), -months, Calendar.GREGORIAN) - now.date()
    return now + min(back, -YOUNGEST)

"""What the stock tells in the bell: what runs low."""

from __future__ import annotations

from kernel.contributions import Bell, BellLine
from kernel.i18n import _, ngettext
from kernel.uow import UnitOfWork
from plugins.inventory import queries
from plugins.inventory.permissions import SEE_STOCK

#: More need not be counted to be told.
MOST = 99


def running_low(uow: UnitOfWork) -> list[BellLine]:
    low = queries.items.running_low(uow, limit=MOST)
    if not low:
        return []
    few = ngettext("{count} item runs low", "{count} items run low", len(low)).format(count=len(low))
    return [
        BellLine(few, "/inventory?state=low", "package-open", "warn", detail=_(", ").join(row.name for row in low[:3]))
    ]


RUNNING_LOW = Bell("inventory.low", running_low, permission=SEE_STOCK)

"""What pricing tells in the bell: that the rates are old."""

from __future__ import annotations

from kernel.contributions import Bell, BellLine
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.pricing.pages.today import warn_of_old_rates
from plugins.pricing.permissions import SEE_RATES


def old_rates(uow: UnitOfWork) -> list[BellLine]:
    warning = warn_of_old_rates(uow)
    if warning is None:
        return []
    sentence = _("There is no rate to sell at") if warning["is_missing"] else _("Today’s rates are old")
    return [BellLine(sentence, "/pricing", "triangle-alert", "warn", detail=_("Set the rates before the next sale."))]


OLD_RATES = Bell("pricing.old", old_rates, permission=SEE_RATES)

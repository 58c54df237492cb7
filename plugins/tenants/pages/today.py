"""What the people of a shop are told about its plan, on Today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kernel.contributions import Widget
from kernel.i18n import N_, _
from kernel.tenancy import ShopState
from kernel.uow import UnitOfWork
from plugins.tenants.domain.override import last_day
from plugins.tenants.domain.plan import LIMITS
from plugins.tenants.permissions import SEE_PLAN
from plugins.tenants.queries.changes import over
from plugins.tenants.queries.shops import used

#: So many days before a trial ends the shop is told.
TOLD_BEFORE = timedelta(days=7)


def _plan(uow: UnitOfWork) -> Mapping[str, Any] | None:
    """What is over a limit, and how long a trial lasts; mostly nothing."""
    limits = uow.shop.limits
    too_many = over(used(uow, limits), limits) if limits else []
    days = _days_left(uow)
    if not too_many and days is None:
        return None
    return {"over": [(_(LIMITS.get(one.limit, one.limit)), one.used, one.allowed) for one in too_many], "days": days}


def _days_left(uow: UnitOfWork) -> int | None:
    """Whole days of the shop until its trial is over, today not counted; None when that is far away."""
    until = uow.shop.trial_until
    if uow.shop.state is not ShopState.TRIAL or until is None or until > uow.now + TOLD_BEFORE:
        return None
    return (last_day(until, uow.shop.zone) - uow.now.astimezone(ZoneInfo(uow.shop.zone)).date()).days


PLAN = Widget("tenants.plan", N_("Your plan"), "tenants/_plan.html", _plan, SEE_PLAN, 100, size="notice")

"""The nightly look through the trail."""

from __future__ import annotations

from datetime import datetime

from kernel.i18n import N_
from kernel.jobs import job
from kernel.uow import PlatformWork, UnitOfWork
from plugins.audit import actions
from plugins.audit.ports import Keeping


@job("audit.check", title=N_("Checking the audit trail"), queue="low")
def check(uow: UnitOfWork) -> None:
    actions.check_shop(uow)


def check_platform(work: PlatformWork, slot: datetime, keeping: Keeping) -> None:
    actions.check_platform(work, keeping.months, slot)

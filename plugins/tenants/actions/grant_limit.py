"""Give one shop more or less of something than its plan has, or end what was given."""

from __future__ import annotations

from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.tenants.domain.override import OverrideEnded, end_of
from plugins.tenants.forms import LimitForm
from plugins.tenants.store import overrides


def grant_limit(uow: UnitOfWork, wanted: LimitForm) -> None:
    """Raises BadInput."""
    until = end_of(wanted.until, uow.shop.zone, uow.now)
    overrides.limit(uow, wanted.limit, wanted.number, because=wanted.because, until=until)
    uow.renew_shop()


def end_override(uow: UnitOfWork, override: UUID) -> None:
    """What the plan says holds again. Raises OverrideEnded."""
    if not overrides.end(uow, override):
        raise OverrideEnded
    uow.renew_shop()

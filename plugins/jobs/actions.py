"""Tending jobs: each in its shop's own context, told in the shop's trail and in the platform's."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kernel import scheduler, tending
from kernel.errors import Conflict, NotFound
from kernel.i18n import _
from kernel.jobs import PlatformSchedule, Schedule
from kernel.plugins import Plugins
from kernel.tenancy import TenantId
from kernel.uow import Database, PlatformWork, UnitOfWork
from plugins.jobs import queries
from plugins.jobs.domain import IsOff, NoSuchSchedule, NothingStarts, Standing, Wanted
from plugins.jobs.forms import KindForm, ReasonForm, StartForm

log = logging.getLogger(__name__)

#: So many are tried again with one press: a request is no place for an hour's work.
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Clocked:
    """What starts by the clock, and the plugin it belongs to."""

    plugin: str
    schedule: Schedule | PlatformSchedule

    @property
    def is_platforms(self) -> bool:
        return isinstance(self.schedule, PlatformSchedule)


def retry(database: Database, work: PlatformWork, shop: UUID, job: UUID) -> None:
    """Raises NothingToRepeat, HasBegun, NotFound."""
    _tend(database, work, shop, job, "jobs.retry", tending.retry)


def drop(database: Database, work: PlatformWork, shop: UUID, job: UUID, form: ReasonForm) -> None:
    """Raises NothingToDrop, HasBegun, NotFound."""
    _tend(database, work, shop, job, "jobs.drop", tending.drop, because=form.because)


def cancel(database: Database, work: PlatformWork, shop: UUID, job: UUID, form: ReasonForm) -> None:
    """Raises CannotStop, NothingToDrop, NotFound."""
    _tend(database, work, shop, job, "jobs.cancel", tending.cancel, because=form.because)


def retry_kind(database: Database, work: PlatformWork, form: KindForm) -> tuple[int, bool]:
    """All that failed of one kind. Answers how many begin again, and whether there are more."""
    found = queries.find(work, Wanted(Standing.DEAD, name=form.name, limit=MOST_AT_ONCE))
    begun = 0
    for job in found[:MOST_AT_ONCE]:
        # Somebody may have been faster, or a shop may be gone by now: the others are tried all the same.
        with suppress(Conflict, NotFound), database.for_shop(TenantId(job.shop), work.actor) as uow:
            tending.retry(uow, job.id)
            uow.record("jobs.retry", job=form.name, id=str(job.id))
            begun += 1
    work.record("jobs.retry_kind", job=form.name, many=begun)
    work.signal("jobs")
    return begun, len(found) > MOST_AT_ONCE


def start(database: Database, work: PlatformWork, clocked: Clocked, form: StartForm) -> None:
    """Begin what the clock begins, now. Raises NothingStarts, IsOff, NotFound."""
    schedule = clocked.schedule
    if isinstance(schedule, PlatformSchedule):
        scheduler.ask_for(work, schedule.name)
        work.record("jobs.start", schedule=schedule.name)
    else:
        shop = queries.shop_called(work, form.shop or "")
        if shop is None:
            raise NotFound(_("There is no such shop."))
        with database.for_shop(TenantId(shop), work.actor) as uow:
            _start(uow, clocked.plugin, schedule, form.key)
        work.record("jobs.start", schedule=schedule.name, shop=str(shop))
    work.signal("jobs")


def _start(uow: UnitOfWork, plugin: str, schedule: Schedule, key: UUID) -> None:
    if not uow.shop.state.allows.jobs:
        raise NothingStarts(uow.shop.name)
    if plugin not in uow.shop.plugins:
        raise IsOff(uow.shop.name)
    uow.enqueue(schedule.work, key=f"asked:{key}")
    uow.record("jobs.start", schedule=schedule.name)


def clocked(plugins: Plugins, name: str) -> Clocked:
    """Raises NoSuchSchedule."""
    found = next((one for one in all_clocked(plugins) if one.schedule.name == name), None)
    if found is None:
        raise NoSuchSchedule
    return found


def all_clocked(plugins: Plugins) -> list[Clocked]:
    """Everything that starts by the clock, the installation's own first."""
    given = (*plugins.given("platform_schedules"), *plugins.given("schedules"))
    return [Clocked(each.plugin, each.value) for each in given]


def _tend(
    database: Database,
    work: PlatformWork,
    shop: UUID,
    job: UUID,
    action: str,
    do: Callable[[UnitOfWork, UUID], str],
    **why: Any,
) -> None:
    with database.for_shop(TenantId(shop), work.actor) as uow:
        name = do(uow, job)
        uow.record(action, job=name, id=str(job), **why)
    work.record(action, job=name, id=str(job), shop=str(shop), **why)

"""Reading jobs across shops: through functions that answer where a job stands, and never what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Row, func, select, text

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.tables import schedule_runs, tenants
from kernel.tenancy import ShopState
from kernel.uow import PlatformWork
from plugins.jobs.domain import Counts, DeadKind, JobRow, LastRun, Standing, Timing, Wanted

#: Shops are sought by a part of their name; as many as one looks through.
MOST_SHOPS = 20

_FIND = text("""
    SELECT j.*, t.name AS shop_name, t.state AS shop_state
    FROM app.find_jobs(:state, :shop, :name, :queue, :since, :among, :limit, :offset) AS j
    JOIN platform.tenants AS t ON t.id = j.tenant_id
""")
_ONE = text("""
    SELECT j.*, t.name AS shop_name, t.state AS shop_state
    FROM app.find_job(:shop, :job) AS j JOIN platform.tenants AS t ON t.id = j.tenant_id
""")
_COUNTS = text("""
    SELECT sum(c.jobs) FILTER (WHERE c.state = 'waiting' AND t.state = ANY (:at_work))::bigint AS waiting,
        sum(c.jobs) FILTER (WHERE c.state = 'waiting' AND t.state <> ALL (:at_work))::bigint AS held,
        sum(c.jobs) FILTER (WHERE c.state = 'sent')::bigint AS sent,
        sum(c.jobs) FILTER (WHERE c.state = 'dead')::bigint AS dead,
        min(c.oldest) FILTER (WHERE c.state = 'waiting' AND t.state = ANY (:at_work)) AS late
    FROM app.count_jobs() AS c JOIN platform.tenants AS t ON t.id = c.tenant_id
""")
_DEAD = text("""
    SELECT c.name, sum(c.jobs)::bigint AS jobs, count(DISTINCT c.tenant_id) AS shops FROM app.count_jobs() AS c
    WHERE c.state = 'dead' GROUP BY c.name ORDER BY jobs DESC, c.name
""")
_TIMES = text("SELECT * FROM app.time_jobs(:since) ORDER BY most_ms DESC NULLS LAST, name")

_AT_WORK = [state.value for state in ShopState if state.allows.jobs]


def zones(work: PlatformWork) -> list[ZoneInfo]:
    """Where there are shops for which something starts by the clock."""
    found = []
    for name in work.execute(select(tenants.c.zone).where(tenants.c.state.in_(_AT_WORK)).distinct()).scalars():
        # One that this machine does not know: nothing starts there, as the scheduler says in its log.
        with suppress(ZoneInfoNotFoundError):
            found.append(ZoneInfo(name))
    return found


def find(work: PlatformWork, wanted: Wanted) -> list[JobRow]:
    """One more than `limit` where there are more."""
    state = Standing.SENT if wanted.standing is Standing.RUNNING else wanted.standing
    asked = {
        "state": state.value,
        "shop": wanted.shop,
        "name": wanted.name or None,
        "queue": wanted.queue or None,
        "since": wanted.since,
        "among": None if wanted.among is None else list(wanted.among),
        "limit": wanted.limit + 1,
        "offset": wanted.offset,
    }
    return [_job(row) for row in work.execute(_FIND, asked)]


def one(work: PlatformWork, shop: UUID, job: UUID) -> JobRow:
    """Raises NotFound."""
    row = work.execute(_ONE, {"shop": shop, "job": job}).one_or_none()
    if row is None:
        raise NotFound(_("There is no such job."))
    return _job(row)


def counts(work: PlatformWork) -> Counts:
    row = work.execute(_COUNTS, {"at_work": _AT_WORK}).one()
    return Counts(row.waiting or 0, row.held or 0, row.sent or 0, row.dead or 0, row.late)


def dead_kinds(work: PlatformWork) -> list[DeadKind]:
    """What has failed, the most frequent first."""
    return [DeadKind(row.name, row.jobs, row.shops) for row in work.execute(_DEAD)]


def times(work: PlatformWork, since: datetime) -> list[Timing]:
    """How long each kind has taken since, the slowest first."""
    return [Timing(**row._mapping) for row in work.execute(_TIMES, {"since": since})]


def last_runs(work: PlatformWork) -> dict[str, LastRun]:
    c = schedule_runs.c
    rows = work.execute(select(c.name, c.ran_at, c.took_ms, c.started, c.error, c.asked_at))
    return {row.name: LastRun(row.ran_at, row.took_ms, row.started, row.error, row.asked_at) for row in rows}


def shop_called(work: PlatformWork, slug: str) -> UUID | None:
    found: UUID | None = work.execute(select(tenants.c.id).where(tenants.c.slug == slug)).scalar_one_or_none()
    return found


def shops_like(work: PlatformWork, typed: str) -> Sequence[Row[Any]]:
    said = func.lower(tenants.c.name).contains(typed.lower(), autoescape=True)
    wanted = select(tenants.c.slug, tenants.c.name).where(said | tenants.c.slug.contains(typed, autoescape=True))
    return work.execute(wanted.order_by(func.lower(tenants.c.name)).limit(MOST_SHOPS)).all()


def _job(row: Row[Any]) -> JobRow:
    return JobRow(
        shop=row.tenant_id,
        shop_name=row.shop_name,
        shop_state=ShopState(row.shop_state),
        id=row.id,
        kind=row.kind,
        name=row.name,
        plugin=row.plugin,
        queue=row.queue,
        state=row.state,
        tries=row.tries,
        tries_max=row.tries_max,
        created_at=row.created_at,
        run_at=row.run_at,
        sent_at=row.sent_at,
        ended_at=row.ended_at,
        took_ms=row.took_ms,
        error=row.error,
        done=row.progress_done,
        total=row.progress_total,
    )

"""The platform's pages of jobs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from cronsim import CronSim
from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import N_, _, ngettext
from kernel.ids import new_id
from kernel.jobs import QUEUES, Schedule, job_of
from kernel.plugins import Plugins
from kernel.presence import Presence, Present
from kernel.uow import Database, PlatformWork
from plugins.jobs import actions, queries
from plugins.jobs.actions import Clocked
from plugins.jobs.domain import JobRow, LastRun, Standing, Timing, Wanted
from plugins.jobs.forms import KindForm, ReasonForm, StartForm
from plugins.jobs.permissions import SEE_JOBS, TEND_JOBS
from web.choosing import Choice, offered
from web.formats import Formats
from web.listing import Listing
from web.render import formats, page
from web.routing import get, post, redirect

#: Standing → words, kind of badge, icon; in the order of the tabs.
STANDINGS = {
    Standing.DEAD: (N_("Failed"), "bad", "circle-alert"),
    Standing.RUNNING: (N_("Running"), "info", "play"),
    Standing.SENT: (N_("Handed over"), "", "send"),
    Standing.WAITING: (N_("Waiting"), "", "clock"),
    Standing.DONE: (N_("Done"), "ok", "check"),
    Standing.DROPPED: (N_("Dropped"), "warn", "trash-2"),
    Standing.SKIPPED: (N_("Left out"), "", "x"),
}
QUEUE_WORDS = {"urgent": N_("Urgent"), "default": N_("Usual"), "low": N_("Low priority")}
AGES = {
    "hour": (N_("The last hour"), timedelta(hours=1)),
    "day": (N_("The last day"), timedelta(days=1)),
    "week": (N_("The last week"), timedelta(days=7)),
    "month": (N_("The last 30 days"), timedelta(days=30)),
}
#: What is done is soon a great deal: of it only the last day is shown, unless more is asked for.
USUAL_AGE = {Standing.DONE: "day"}
TIMED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """A job as a line of the list."""

    job: JobRow
    title: str
    words: str
    kind: str
    icon: str
    when: datetime
    took: str

    @property
    def address(self) -> str:
        return f"/platform/jobs/{self.job.shop}/{self.job.id}"

    @property
    def tries(self) -> int:
        """Each step begins to count anew; what has ended was tried once at least."""
        return max(self.job.tries, 1 if self.job.ended_at else 0)


@dataclass(frozen=True, slots=True)
class Clock:
    """A schedule as its page shows it; `next_at` is when it begins in the first shop, where it is for shops."""

    name: str
    title: str
    cron: str
    is_platforms: bool
    next_at: datetime | None
    last: LastRun | None
    took: str


@get("/platform/jobs", platform=True, permission=SEE_JOBS)
def list_jobs(request: Request, work: PlatformWork, database: Database, presence: Presence) -> Response:
    listing = Listing.of(request, sorts=("-when",), filters=("state", "name", "shop", "queue", "age"))
    standing = _standing(listing.filter("state"))
    running = _running(presence.seen())
    shop = listing.filter("shop")
    wanted = Wanted(
        standing,
        name=listing.filter("name"),
        queue=listing.filter("queue"),
        shop=(queries.shop_called(work, shop) or new_id()) if shop else None,
        since=_since(listing, standing, work.now),
        among=tuple(running) if standing is Standing.RUNNING else None,
        offset=listing.offset,
        limit=listing.limit,
    )
    found = queries.find(work, wanted)
    return page(
        request,
        "jobs/list.html",
        block="list",
        listing=listing.seen(len(found)),
        rows=[_row(one, database.plugins, formats(request), running) for one in found[: listing.limit]],
        standing=standing.value,
        standings=[(each.value, _(words)) for each, (words, _kind, _icon) in STANDINGS.items()],
        kinds=_kinds(database.plugins),
        queues=[(queue, _(QUEUE_WORDS[queue])) for queue in QUEUES],
        ages=[(name, _(words)) for name, (words, _age) in AGES.items()],
        age=listing.filter("age") or USUAL_AGE.get(standing, ""),
        dead=[(kind, title_of(database.plugins, kind.name)) for kind in queries.dead_kinds(work)],
        counts=queries.counts(work),
        may_tend=work.actor.may(TEND_JOBS.name),
        **_at_work(presence, work.now),
    )


@get("/platform/jobs/now", platform=True, permission=SEE_JOBS)
def show_now(request: Request, work: PlatformWork, presence: Presence) -> Response:
    """Who is at work and what is left to do, by itself: for when it changed."""
    at_work = _at_work(presence, work.now)
    return page(request, "jobs/now.html", block="now", counts=queries.counts(work), **at_work)


@get("/platform/jobs/shops", platform=True, permission=SEE_JOBS)
def find_shops(request: Request, work: PlatformWork) -> Response:
    found = queries.shops_like(work, request.query_params.get("text", "")[:100])
    return offered(Choice(row.slug, row.name, row.slug) for row in found)


@get("/platform/jobs/times", platform=True, permission=SEE_JOBS)
def show_times(request: Request, work: PlatformWork, database: Database) -> Response:
    show = formats(request)
    rows = [_timed(one, database.plugins, show) for one in queries.times(work, work.now - TIMED)]
    return page(request, "jobs/times.html", rows=rows)


@get("/platform/jobs/schedules", platform=True, permission=SEE_JOBS)
def list_schedules(request: Request, work: PlatformWork, database: Database) -> Response:
    return page(
        request,
        "jobs/schedules.html",
        block="list",
        clocks=_clocks(work, database.plugins, formats(request)),
        may_tend=work.actor.may(TEND_JOBS.name),
    )


@get("/platform/jobs/schedules/{schedule}", platform=True, permission=TEND_JOBS)
def ask_for_whom(request: Request, work: PlatformWork, database: Database, schedule: str) -> Response:
    clocked = actions.clocked(database.plugins, schedule)
    return page(
        request,
        "jobs/start.html",
        schedule=schedule,
        title=_clock_title(clocked, database.plugins),
        is_platforms=clocked.is_platforms,
        key=new_id(),
    )


@post("/platform/jobs/schedules/{schedule}", form=StartForm, platform=True, permission=TEND_JOBS, again=ask_for_whom)
def start_now(request: Request, work: PlatformWork, database: Database, schedule: str, form: StartForm) -> Response:
    clocked = actions.clocked(database.plugins, schedule)
    actions.start(database, work, clocked, form)
    said = _("A scheduler does it within seconds.") if clocked.is_platforms else _("It is on its way to a worker.")
    return redirect("/platform/jobs/schedules", say=said)


@post("/platform/jobs/retries", form=KindForm, platform=True, permission=TEND_JOBS)
def retry_kind(request: Request, work: PlatformWork, database: Database, form: KindForm) -> Response:
    begun, more = actions.retry_kind(database, work, form)
    said = ngettext("{many} job begins again.", "{many} jobs begin again.", begun).format(
        many=formats(request).number(begun)
    )
    if more:
        said = f"{said} {_('There are more: press once more.')}"
    return redirect("/platform/jobs", say=said)


@get("/platform/jobs/{shop}/{job}", platform=True, permission=SEE_JOBS)
def show_job(
    request: Request, work: PlatformWork, database: Database, presence: Presence, shop: UUID, job: UUID
) -> Response:
    running = _running(presence.seen())
    row = _row(queries.one(work, shop, job), database.plugins, formats(request), running)
    return page(
        request,
        "jobs/job.html",
        block="job",
        row=row,
        queue=_(QUEUE_WORDS.get(row.job.queue, row.job.queue)),
        running_since=running.get(job),
        may_tend=work.actor.may(TEND_JOBS.name),
    )


@post("/platform/jobs/{shop}/{job}/retry", platform=True, permission=TEND_JOBS, again=show_job)
def retry_job(request: Request, work: PlatformWork, database: Database, shop: UUID, job: UUID) -> Response:
    actions.retry(database, work, shop, job)
    return redirect(f"/platform/jobs/{shop}/{job}", say=_("It begins again."))


@get("/platform/jobs/{shop}/{job}/drop", platform=True, permission=TEND_JOBS)
def ask_why_dropping(request: Request, work: PlatformWork, database: Database, shop: UUID, job: UUID) -> Response:
    return _ask_why(request, work, database, shop, job, "drop")


@post("/platform/jobs/{shop}/{job}/drop", form=ReasonForm, platform=True, permission=TEND_JOBS, again=ask_why_dropping)
def drop_job(
    request: Request, work: PlatformWork, database: Database, shop: UUID, job: UUID, form: ReasonForm
) -> Response:
    actions.drop(database, work, shop, job, form)
    return redirect(f"/platform/jobs/{shop}/{job}", say=_("It is dropped, and will not be done."))


@get("/platform/jobs/{shop}/{job}/cancel", platform=True, permission=TEND_JOBS)
def ask_why_cancelling(request: Request, work: PlatformWork, database: Database, shop: UUID, job: UUID) -> Response:
    return _ask_why(request, work, database, shop, job, "cancel")


@post(
    "/platform/jobs/{shop}/{job}/cancel",
    form=ReasonForm,
    platform=True,
    permission=TEND_JOBS,
    again=ask_why_cancelling,
)
def cancel_job(
    request: Request, work: PlatformWork, database: Database, shop: UUID, job: UUID, form: ReasonForm
) -> Response:
    actions.cancel(database, work, shop, job, form)
    return redirect(f"/platform/jobs/{shop}/{job}", say=_("It comes to a stop. What is saved by then stays."))


def title_of(plugins: Plugins, name: str) -> str:
    """What people call a job: its title, or whose part of it follows an event."""
    worker = plugins.worker(name)
    if worker is not None:
        return _(worker.job.title)
    plugin = plugins.by_name.get(name.partition(":")[0].partition(".")[0])
    return _("Follow-up in “{plugin}”").format(plugin=_(plugin.manifest.title)) if plugin else _("Of a plugin gone")


def _ask_why(request: Request, work: PlatformWork, database: Database, shop: UUID, job: UUID, doing: str) -> Response:
    found = queries.one(work, shop, job)
    return page(request, f"jobs/{doing}.html", job=found, title=title_of(database.plugins, found.name))


def _standing(asked: str) -> Standing:
    return Standing(asked) if asked in set(Standing) else Standing.DEAD


def _since(listing: Listing, standing: Standing, now: datetime) -> datetime | None:
    age = AGES.get(listing.filter("age") or USUAL_AGE.get(standing, ""))
    return now - age[1] if age else None


def _running(seen: Sequence[Present] | None) -> dict[UUID, datetime]:
    return {each.job: each.since for one in seen or () for each in one.running}


def _at_work(presence: Presence, now: datetime) -> dict[str, Any]:
    seen, queued = presence.seen(), presence.queued()
    return {
        "is_known": seen is not None,
        "present": [(one, one.is_alive(now)) for one in seen or ()],
        "queued": [(_(QUEUE_WORDS[queue]), many) for queue, many in (queued or {}).items()],
        "running": sum(len(one.running) for one in seen or () if one.is_alive(now)),
    }


def _row(job: JobRow, plugins: Plugins, show: Formats, running: Mapping[UUID, datetime]) -> Row:
    words, kind, icon = STANDINGS[job.standing(running)]
    when = job.ended_at or running.get(job.id) or (job.sent_at if job.state == "sent" else None) or job.run_at
    took = took_words(show, job.took_ms) if job.ended_at or job.took_ms else ""
    return Row(job, title_of(plugins, job.name), _(words), kind, icon, when, took)


def _timed(timing: Timing, plugins: Plugins, show: Formats) -> tuple[Timing, str, str, str, str]:
    half, most, longest = (
        took_words(show, ms) if ms is not None else "–" for ms in (timing.half_ms, timing.most_ms, timing.longest_ms)
    )
    return timing, title_of(plugins, timing.name), half, most, longest


def took_words(show: Formats, ms: int) -> str:
    """No more exact than it matters."""
    if ms < 1_000:
        return _("{number} ms").format(number=show.number(ms))
    if ms < 120_000:
        return _("{number} s").format(number=show.number(round(ms / 1_000)))
    return _("{number} min").format(number=show.number(round(ms / 60_000)))


def _kinds(plugins: Plugins) -> list[tuple[str, str]]:
    """Every kind of job that there is, by its title."""
    jobs = [job_of(given.value).name for given in plugins.given("jobs")]
    heard = [
        f"{given.plugin}:{given.value.__subscription__.name}"
        for given in plugins.given("subscriptions")
        if given.value.__subscription__.after_commit
    ]
    return sorted(((name, title_of(plugins, name)) for name in (*jobs, *heard)), key=lambda one: (one[1], one[0]))


def _clocks(work: PlatformWork, plugins: Plugins, show: Formats) -> list[Clock]:
    runs, zones = queries.last_runs(work), queries.zones(work)
    return [
        _clock(one, plugins, runs.get(one.schedule.name), next_start(one, zones, work.now), show)
        for one in actions.all_clocked(plugins)
    ]


def next_start(clocked: Clocked, zones: Iterable[tzinfo], now: datetime) -> datetime | None:
    """In the first of the shops' zones: each shop has a clock of its own. Nothing where there is no shop."""
    read_in = [UTC] if clocked.is_platforms else zones
    return min((next(CronSim(clocked.schedule.cron, now.astimezone(zone))) for zone in read_in), default=None)


def _clock(clocked: Clocked, plugins: Plugins, last: LastRun | None, next_at: datetime | None, show: Formats) -> Clock:
    schedule = clocked.schedule
    return Clock(
        name=schedule.name,
        title=_clock_title(clocked, plugins),
        cron=schedule.cron,
        is_platforms=clocked.is_platforms,
        next_at=next_at,
        last=last,
        took=took_words(show, last.took_ms) if last and last.took_ms else "",
    )


def _clock_title(clocked: Clocked, plugins: Plugins) -> str:
    schedule = clocked.schedule
    if isinstance(schedule, Schedule):
        return _(job_of(schedule.work).title)
    return _(schedule.title or plugins.by_name[clocked.plugin].manifest.title)

"""Reading the platform's figures: as many statements for five hundred shops as for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Row, cast, func, or_, select, text

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.money import Money
from kernel.plans import Cycle
from kernel.tables import fault_times, faults, plans, subscriptions, tenants
from kernel.tenancy import ShopState
from kernel.uow import PlatformWork, UnitOfWork
from plugins.overview.domain.activity import Activity
from plugins.overview.domain.revenue import Subscription
from plugins.overview.tables import shop_days

#: As many times of a fault as its page shows.
MOST_TIMES = 20

# In a shop

_PEOPLE = """
    SELECT (at AT TIME ZONE %(zone)s)::date AS day, count(DISTINCT actor_id) AS people, max(at) AS seen_at
    FROM shop.audit_entries WHERE at >= %(since)s AND actor_kind = 'person' AND actor_id IS NOT NULL GROUP BY 1
"""
_ITEMS = "SELECT value FROM shop.counters WHERE name = 'used:items'"


def people_by_day(uow: UnitOfWork, since: datetime, zone: str) -> Mapping[date, tuple[int, datetime]]:
    """Who did something that the trail tells of: signing in is enough, looking around is not."""
    return {row.day: (row.people, row.seen_at) for row in uow.ask(_PEOPLE, {"since": since, "zone": zone})}


def items_in_stock(uow: UnitOfWork) -> int:
    """As the plan's limit counts them."""
    return next((row.value for row in uow.ask(_ITEMS)), 0)


# Of the installation


def shops_by_state(work: PlatformWork) -> dict[ShopState, int]:
    counted = work.execute(select(tenants.c.state, func.count().label("shops")).group_by(tenants.c.state))
    return {ShopState(row.state): row.shops for row in counted}


def opened_by_day(work: PlatformWork, since: datetime) -> dict[date, int]:
    """By UTC."""
    day = cast(func.timezone("UTC", tenants.c.created_at), Date)
    counted = select(day.label("day"), func.count().label("shops")).where(tenants.c.created_at >= since).group_by(day)
    return {row.day: row.shops for row in work.execute(counted)}


def shops_by_plan(work: PlatformWork) -> list[tuple[str, str, int]]:
    """Name, title and how many shops, of those that are open."""
    at_work = [ShopState.TRIAL.value, ShopState.ACTIVE.value, ShopState.PAST_DUE.value]
    title = func.coalesce(plans.c.title, tenants.c.plan)
    counted = select(tenants.c.plan, title.label("title"), func.count().label("shops"))
    counted = counted.outerjoin(plans, plans.c.name == tenants.c.plan).where(tenants.c.state.in_(at_work))
    rows = work.execute(counted.group_by(tenants.c.plan, title).order_by(text("shops DESC"), tenants.c.plan))
    return [(row.plan, row.title, row.shops) for row in rows]


def paid_since(work: PlatformWork, since: datetime) -> list[Subscription]:
    """Every subscription that held at some moment since."""
    c = subscriptions.c
    held = select(c.tenant_id, c.plan, c.price, c.currency, c.cycle, c.since, c.until)
    rows = work.execute(held.where(or_(c.until.is_(None), c.until >= since)))
    return [
        Subscription(row.tenant_id, row.plan, Money(row.price, row.currency), Cycle(row.cycle), row.since, row.until)
        for row in rows
    ]


def activity(work: PlatformWork, since: date) -> list[Activity]:
    c = shop_days.c
    worked = func.count().filter(or_(c.people > 0, c.sales > 0))
    counted = select(c.day, worked.label("shops"), func.count().filter(c.sales > 0).label("selling"))
    rows = work.execute(counted.where(c.day >= since).group_by(c.day).order_by(c.day))
    return [Activity(row.day, row.shops, row.selling) for row in rows]


def active_shops(work: PlatformWork, today: date, *spans: int) -> list[int]:
    """In how many shops somebody worked or sold in the last so many days, today among them."""
    c = shop_days.c
    within = [
        func.count(c.tenant_id.distinct()).filter(c.day > today - timedelta(days=span), or_(c.people > 0, c.sales > 0))
        for span in spans
    ]
    row = work.execute(select(*within).where(c.day > today - timedelta(days=max(spans)))).one()
    return list(row)


@dataclass(frozen=True, slots=True)
class Server:
    """PostgreSQL, as it tells of itself."""

    connections: int
    most_connections: int
    size: int


_SERVER = text("""
    SELECT (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend') AS connections,
        current_setting('max_connections')::integer AS most_connections,
        pg_catalog.pg_database_size(current_database()) AS size
""")


def server(work: PlatformWork) -> Server:
    return Server(**work.execute(_SERVER).one()._mapping)


# Faults


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A kind of fault, as the list shows it."""

    id: UUID
    kind: str
    place: str
    error: str
    line: str
    raised_at: str
    times: int
    first_at: datetime
    last_at: datetime
    seen_at: datetime | None
    seen_by: str | None
    resolved_at: datetime | None
    resolved_by: str | None


@dataclass(frozen=True, slots=True)
class FaultTime:
    """One time that it happened: the number that somebody was shown, and in which shop."""

    number: UUID
    at: datetime
    shop: UUID | None
    shop_name: str | None
    request: str


@dataclass(frozen=True, slots=True)
class WantedFaults:
    text: str = ""
    state: str = "open"
    kind: str = ""
    offset: int = 0
    limit: int = 50


def list_faults(work: PlatformWork, wanted: WantedFaults) -> list[FaultRow]:
    """The newest first; one more than `limit` where there are more."""
    found = select(*_fault).where(*_asked(wanted)).order_by(faults.c.last_at.desc(), faults.c.id)
    return [FaultRow(**row._mapping) for row in work.execute(found.offset(wanted.offset).limit(wanted.limit + 1))]


def open_faults(work: PlatformWork) -> tuple[int, int]:
    """How many kinds are not resolved, and how many of those nobody has seen."""
    unseen = func.count().filter(faults.c.seen_at.is_(None)).label("unseen")
    counted = select(func.count().label("kinds"), unseen).where(faults.c.resolved_at.is_(None))
    row = work.execute(counted).one()
    return row.kinds, row.unseen


def fault(work: PlatformWork, fault: UUID) -> FaultRow:
    """Raises NotFound."""
    row = work.execute(select(*_fault).where(faults.c.id == fault)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such fault."))
    return FaultRow(**row._mapping)


def times_of(work: PlatformWork, fault: UUID) -> list[FaultTime]:
    c = fault_times.c
    found = select(c.id, c.at, c.tenant_id, tenants.c.name, c.request).outerjoin(tenants, tenants.c.id == c.tenant_id)
    rows: list[Row[Any]] = list(
        work.execute(found.where(c.fault_id == fault).order_by(c.at.desc(), c.id).limit(MOST_TIMES))
    )
    return [FaultTime(row.id, row.at, row.tenant_id, row.name, row.request) for row in rows]


_fault = [column for column in faults.c if column.name != "fingerprint"]


def _asked(wanted: WantedFaults) -> list[ColumnElement[bool]]:
    c = faults.c
    asked: list[ColumnElement[bool]] = []
    if number := _number(wanted.text):
        # Whoever looks for a number wants it, mended or not.
        return [c.id.in_(select(fault_times.c.fault_id).where(fault_times.c.id == number))]
    if wanted.text:
        said = [column.icontains(wanted.text, autoescape=True) for column in (c.place, c.error, c.line, c.raised_at)]
        asked.append(or_(*said))
    if wanted.kind:
        asked.append(c.kind == wanted.kind)
    if wanted.state == "open":
        asked.append(c.resolved_at.is_(None))
    elif wanted.state == "unseen":
        asked.append(c.resolved_at.is_(None) & c.seen_at.is_(None))
    elif wanted.state == "resolved":
        asked.append(c.resolved_at.is_not(None))
    return asked


def _number(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None

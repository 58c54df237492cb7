"""Reading the platform's figures: as many statements for five hundred shops as for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Row,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    text,
)

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.money import Money
from kernel.plans import Cycle
from kernel.tables import fault_times, faults, plans, subscriptions, tenants
from kernel.tenancy import ShopState
from kernel.uow import Executes, PlatformWork, UnitOfWork
from plugins.overview.domain.activity import Activity
from plugins.overview.domain.revenue import Churn, Recurring, a_month
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


_paid = subscriptions.c
#: A price by the month counts twelve times, so that all of it is exact until the end.
_a_year = case((_paid.cycle == Cycle.MONTH.value, 12), else_=1) * _paid.price


def recurring(work: Executes, *moments: datetime) -> list[dict[str, Recurring]]:
    """What shops pay at each of these moments, by currency. A trial has no subscription."""
    asked = func.unnest(literal(moments, ARRAY(DateTime(timezone=True)))).table_valued("at", name="asked")
    at = asked.render_derived().c.at
    shops = func.count(_paid.tenant_id.distinct()).filter(_paid.price > 0)
    sums = select(at, _paid.currency, cast(func.sum(_a_year), BigInteger).label("yearly"), shops.label("shops"))
    found: dict[datetime, dict[str, Recurring]] = {moment: {} for moment in moments}
    for row in work.execute(sums.where(_holds(at)).group_by(at, _paid.currency)):
        found[row.at][row.currency] = Recurring(Money(row.yearly, row.currency), row.shops)
    return [found[moment] for moment in moments]


def churn(work: Executes, first: datetime, last: datetime) -> Churn:
    # What each shop paid in each currency.
    before = func.coalesce(func.sum(_a_year).filter(_holds(first)), 0).label("before")
    after = func.coalesce(func.sum(_a_year).filter(_holds(last)), 0).label("after")
    shop = select(_paid.tenant_id, _paid.currency, before, after).where(_holds(first) | _holds(last))
    each = shop.group_by(_paid.tenant_id, _paid.currency).cte("each_shop").c
    # Whoever pays in any currency is still there.
    stays = func.bool_or(each.after > 0).label("stays")
    shops = select(stays).group_by(each.tenant_id).having(func.bool_or(each.before > 0)).cte("shops").c
    all_shops = select(func.count(shops.stays)).scalar_subquery().label("shops")
    shops_lost = select(func.count(shops.stays)).where(~shops.stays).scalar_subquery().label("shops_lost")
    lost = func.sum(func.greatest(each.before - each.after, 0)).label("lost")
    sums = select(each.currency, func.sum(each.before).label("before"), lost, all_shops, shops_lost)
    rows = work.execute(sums.where(each.before > 0).group_by(each.currency).order_by(each.currency)).all()
    return Churn(
        shops_before=rows[0].shops if rows else 0,
        shops_lost=rows[0].shops_lost if rows else 0,
        revenue_before={row.currency: a_month(Money(int(row.before), row.currency)) for row in rows},
        revenue_lost={row.currency: a_month(Money(int(row.lost), row.currency)) for row in rows},
    )


def _holds(at: Any) -> ColumnElement[bool]:
    """From `since` to `until`, which no longer belongs to it."""
    return and_(_paid.since <= at, or_(_paid.until.is_(None), _paid.until > at))


def activity(work: PlatformWork, since: date) -> list[Activity]:
    c = shop_days.c
    worked = func.count().filter(or_(c.people > 0, c.sales > 0))
    counted = select(c.day, worked.label("shops"), func.count().filter(c.sales > 0).label("selling"))
    rows = work.execute(counted.where(c.day >= since).group_by(c.day).order_by(c.day))
    return [Activity(row.day, row.shops, row.selling) for row in rows]


def active_shops(work: PlatformWork, today: date, *spans: int) -> list[int]:
    """In how many shops somebody worked or sold in the last so many days, today among them."""
    c = shop_days.c
    since = today - timedelta(days=max(spans))
    last = select(func.max(c.day).label("day")).where(c.day > since, or_(c.people > 0, c.sales > 0))
    shops = last.group_by(c.tenant_id).subquery()
    within = [func.count().filter(shops.c.day > today - timedelta(days=span)) for span in spans]
    return list(work.execute(select(*within).select_from(shops)).one())


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

"""The platform's first page: figures of all shops, and a part that breaks takes no other with it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from kernel import faults as book
from kernel.ids import new_id
from kernel.presence import Presence, Present
from kernel.tables import fault_times, faults, platform_audit_entries, subscriptions, tenants
from plugins.overview.actions import count_days
from plugins.overview.domain.activity import days_to_count
from plugins.overview.pages import parts
from plugins.overview.ports import Machine, Space
from plugins.overview.tables import shop_days
from tests.conftest import NOW
from web import metrics
from web.formats import Formats

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
TODAY = date(2025, 6, 2)


def words(page: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", page.text.split("<main", 1)[-1])
    return re.sub(r"\s+", " ", text)


def part(ada, name: str) -> str:
    answer = ada.get(f"/platform/parts/{name}", headers=PARTIAL)
    assert answer.status_code == 200
    return words(answer)


@pytest.fixture
def empty(superuser):
    """No subscriptions, days or faults of other tests; what this test adds is gone with it, too."""
    for table in ("subscriptions", "shop_days", "faults"):
        superuser.execute(f"DELETE FROM platform.{table}")


@pytest.fixture
def pays(database, actor):
    def paid(shop, price, currency="USD", cycle="month", since=NOW - timedelta(days=90), until=None, plan="all"):
        row = {
            "id": new_id(),
            "tenant_id": shop.id,
            "plan": plan,
            "price": price,
            "currency": currency,
            "cycle": cycle,
            "since": since,
            "until": until,
            "set_by": "Ada",
        }
        with database.for_platform("set up", actor) as work:
            work.execute(insert(subscriptions).values(row))

    return paid


# What shops pay


def test_admins_come_here_first(ada):
    assert ada.get("/").headers["location"] == "/platform"


def test_revenue_is_shown_by_currency_and_never_added_up(ada, new_shop, empty, pays, superuser):
    us, uae, _on_trial = (new_shop(market) for market in ("US", "AE", "GB"))
    superuser.execute("DELETE FROM platform.subscriptions")
    pays(us, 30_00)
    pays(uae, 1_200_00, "AED", "year")
    shown = part(ada, "revenue")
    assert ("USD $30.00 $360.00 1" in shown, "AED AED 100.00 AED 1,200.00 1" in shown) == (True, True), shown
    assert "GBP" not in shown


def test_churn_is_of_this_month_so_far_and_of_the_one_before(ada, new_shop, empty, pays, superuser):
    gone, smaller, stays = (new_shop("US") for _ in range(3))
    superuser.execute("DELETE FROM platform.subscriptions")
    left = datetime(2025, 5, 20, tzinfo=UTC)
    pays(gone, 20_00, until=left)
    pays(smaller, 50_00, until=left)
    pays(smaller, 30_00, since=left)
    pays(stays, 30_00)
    shown = part(ada, "losses")
    assert "May 2025 33.3% 1 of 3 40% $40.00" in shown, shown
    assert "June 2025 so far 0% 0 of 2 0% $0.00" in shown, shown


def test_where_nobody_ever_paid_that_is_said(ada, empty):
    assert "No shop pays yet" in part(ada, "revenue")
    assert part(ada, "losses").strip() == ""


# Shops


def test_sign_ups_are_counted_by_week_and_by_day_in_utc(ada, new_shop, database, actor, superuser):
    superuser.execute("UPDATE platform.tenants SET created_at = '2024-01-01'")
    for moment in ("2025-06-01 23:59", "2025-06-02 00:00", "2025-06-02 08:00", "2025-03-20 00:00", "2025-03-01 00:00"):
        shop = new_shop()
        with database.for_platform("set up", actor) as work:
            opened = datetime.fromisoformat(f"{moment}+00:00")
            work.execute(update(tenants).where(tenants.c.id == shop.id).values(created_at=opened))
    shown = part(ada, "sign_ups")
    assert "4 shops opened in 12 weeks" in shown
    assert ("26 May 1 2 June 2" in shown, "1 June 1 2 June 2" in shown) == (True, True), shown


def test_shops_are_counted_by_state(ada, new_shop, superuser):
    def counted() -> list[int]:
        numbers = re.findall(r"(?:Active|Suspended|On trial) ([\d,]+)", part(ada, "figures"))
        return [int(number.replace(",", "")) for number in numbers]

    before = counted()
    for state in ("active", "suspended", "trial"):
        new_shop(state=state)
    assert [b - a for a, b in zip(before, counted(), strict=True)] == [1, 1, 1]


# What shops do


def test_a_shop_counts_its_own_days(database, shop, actor, signed_in, empty):
    signed_in(shop)
    with database.for_shop(shop.id, actor) as uow:
        count_days(uow)
        count_days(uow)
        rows = uow.execute(select(shop_days).order_by(shop_days.c.day)).all()
    today = rows[-1]
    assert (len(rows), today.day, today.tenant_id, today.people > 0, today.seen_at) == (31, TODAY, shop.id, True, NOW)
    assert {(row.sales, row.people) for row in rows[:-1]} == {(0, 0)}


def test_the_days_that_were_missed_are_counted_once_and_no_further_back_than_a_month():
    first = {last: days_to_count(TODAY, last)[0] for last in (None, TODAY, date(2025, 5, 30), date(2024, 1, 1))}
    assert first == {
        None: date(2025, 5, 3),
        TODAY: TODAY,
        date(2025, 5, 30): date(2025, 5, 30),
        date(2024, 1, 1): date(2025, 5, 3),
    }


def test_shops_at_work_are_those_where_somebody_worked(ada, database, actor, new_shop, empty):
    for days_ago, people in ((0, 1), (6, 1), (7, 1), (29, 1), (30, 1), (0, 0)):
        with database.for_shop(new_shop().id, actor) as uow:
            day = {"day": TODAY - timedelta(days=days_ago), "people": people, "sales": 0, "items": 0}
            uow.execute(insert(shop_days).values(**day, counted_at=NOW))
    assert "At work in 7 days 2 At work in 30 days 4" in part(ada, "figures")
    assert "At most 1 shop at work on one day" in part(ada, "activity")


def test_a_shop_reads_and_writes_its_own_days_only(database, actor, shop, new_shop):
    other = new_shop()
    row = {"day": TODAY, "sales": 1, "people": 1, "items": 1, "counted_at": NOW}
    with database.for_shop(other.id, actor) as uow:
        uow.execute(insert(shop_days).values(row))
    with database.for_shop(shop.id, actor) as uow:
        assert uow.execute(select(shop_days)).all() == []
        assert uow.execute(update(shop_days).values(sales=9)).rowcount == 0
        assert uow.execute(shop_days.delete()).rowcount == 0
        with pytest.raises(Exception, match="row-level security"), uow.nested():
            uow.execute(insert(shop_days).values(**row, tenant_id=other.id))
    with database.for_platform("look", actor) as work:
        assert work.execute(select(shop_days.c.sales).where(shop_days.c.tenant_id == other.id)).scalar_one() == 1
    with pytest.raises(Exception, match="permission denied"), database.for_platform("write", actor) as work:
        work.execute(update(shop_days).values(sales=9))


def test_a_shop_that_is_erased_takes_its_days_along(database, actor, shop, new_shop, owner_connection):
    other = new_shop()
    for one in (shop, other):
        with database.for_shop(one.id, actor) as uow:
            uow.execute(insert(shop_days).values(day=TODAY, sales=1, people=1, items=1, counted_at=NOW))
    # As the function does that erases whatever has a shop's rows.
    owner_connection.exec_driver_sql(f"SELECT set_config('app.current_tenant', '{shop.id}', true)")
    assert owner_connection.execute(shop_days.delete()).rowcount == 1
    owner_connection.commit()
    with database.for_platform("look", actor) as work:
        left = select(shop_days.c.tenant_id).where(shop_days.c.tenant_id.in_([shop.id, other.id]))
        assert work.execute(left).scalars().all() == [other.id]


# Health


def test_health_says_what_is_ill(ada, adapters, monkeypatch):
    assert ("none is at work: jobs wait" in part(ada, "health"), "50 GB free" in part(ada, "health")) == (
        True,
        True,
    )
    presence, machine = adapters[Presence], adapters[Machine]
    presence.tell(Present("worker", "w:1", NOW, NOW))
    presence.tell(Present("scheduler", "s:1", NOW, NOW - timedelta(minutes=1)))
    monkeypatch.setattr(machine, "space", Space(100 * 1024**3, 1024**3))
    shown = part(ada, "health")
    presence._told.clear()
    assert "Workers Well 1 at work" in shown
    assert "Schedulers Ill none is at work" in shown
    assert "Disk Ill 1 GB free, 1%" in shown
    monkeypatch.setattr(type(presence), "seen", lambda _self: None)
    assert "Valkey Ill does not answer" in part(ada, "health")


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ({}, None),
        ({0.1: 0, float("inf"): 0}, None),
        ({0.1: 5, 0.2: 10, float("inf"): 10}, (0.1, 0.19)),
        ({0.1: 0, 0.2: 0, float("inf"): 4}, (0.2, 0.2)),
    ],
)
def test_percentiles_are_read_between_the_bounds(below, expected):
    found = metrics.quantile(below, 0.5), metrics.quantile(below, 0.95)
    assert found == ((None, None) if expected is None else pytest.approx(expected))


# A part that breaks


def test_a_part_that_breaks_says_so_and_the_others_stay(ada, monkeypatch, database, actor, empty):
    def broken(scene):
        scene.work.execute(text("SELECT 1/0"))

    with_broken = [
        parts.Part("figures", "overview/figures.html", broken, "figures"),
        *(each for each in parts.PARTS if each.name != "figures"),
    ]
    monkeypatch.setattr("plugins.overview.pages.overview.PARTS", with_broken)
    page = ada.get("/platform")
    assert (page.status_code, "This part could not be shown" in page.text) == (200, True)
    assert [name for name in ("Health", "What shops pay", "kind of fault is open") if name not in page.text] == []
    (number,) = re.findall(r"We have a note of it: ([0-9a-f-]{36})", page.text)
    with database.for_platform("look", actor) as work:
        known = work.execute(select(faults.c.kind, faults.c.place, faults.c.error)).one()
        assert work.execute(select(fault_times.c.id)).scalar_one().hex == number.replace("-", "")
    assert known == ("part", "overview.figures", "psycopg.errors.DivisionByZero")


def test_a_part_that_is_not_there_is_not_found(ada):
    assert ada.get("/platform/parts/nothing").status_code == 404


# Faults


@pytest.fixture
def broken(database, shop, empty):
    """A fault that somebody in the shop was shown."""
    try:
        raise KeyError("Sara Ahmadi")
    except KeyError as fault:
        return book.note(database, "page", "pos.complete_sale", fault, shop=shop.id, request="r-77")


def test_a_fault_is_found_by_the_number_that_somebody_was_shown(ada, broken, shop):
    listed = ada.get("/platform/faults", params={"text": str(broken)}).text
    (address,) = re.findall(r'href="(/platform/faults/[0-9a-f-]{36})"', listed)
    shown = ada.get(address)
    for what in ("pos.complete_sale", "KeyError", str(broken), shop.name, "r-77"):
        assert what in shown.text
    assert "Ahmadi" not in shown.text
    assert "Nothing fits" in words(ada.get("/platform/faults", params={"text": str(new_id())}))


def test_faults_are_counted_on_the_last_page(ada, broken, database):
    assert "1 fault " in words(ada.get("/platform/faults"))
    for number in range(60):
        book.note(database, "page", f"pos.page_{number}", KeyError("Sara"))
    first = words(ada.get("/platform/faults"))
    assert ("More than" in first, "faults " in first.rsplit("More than", 1)[1]) == (True, False)
    assert "61 faults " in words(ada.get("/platform/faults?page=2"))


def test_a_fault_is_seen_and_resolved_once_and_the_trail_says_by_whom(ada, broken, database, actor):
    with database.for_platform("look", actor) as work:
        fault = work.execute(select(faults.c.id)).scalar_one()
    for doing in ("seen", "seen", "resolved", "resolved"):
        assert ada.post(f"/platform/faults/{fault}/{doing}").status_code == 303
    with database.for_platform("look", actor) as work:
        row = work.execute(select(faults).where(faults.c.id == fault)).one()
        entries = platform_audit_entries.c
        told = select(entries.action).where(entries.details["fault"].astext == str(fault)).order_by(entries.number)
        assert work.execute(told).scalars().all() == ["overview.see_fault", "overview.resolve_fault"]
    assert (row.seen_by, row.resolved_by) == ("Ada", "Ada")
    assert "No fault is open" in words(ada.get("/platform/faults"))
    assert "pos.complete_sale" in ada.get("/platform/faults", params={"state": "resolved"}).text
    assert ada.post(f"/platform/faults/{new_id()}/seen").status_code == 404


def test_a_page_that_breaks_is_in_the_book_under_the_number_that_is_shown(
    app, signed_in, shop, monkeypatch, database, actor, empty
):
    monkeypatch.setattr("kernel.work.newest", lambda *_args, **_more: 1 / 0)
    page = signed_in(shop).get("/tasks")
    assert page.status_code == 500
    with database.for_platform("look", actor) as work:
        known = work.execute(select(faults)).one()
        happened = work.execute(select(fault_times)).one()
    assert (known.kind, known.place, known.error) == ("page", "tasks.list_work", "ZeroDivisionError")
    assert str(happened.id) in page.text
    assert (happened.tenant_id, happened.request) == (shop.id, page.headers["x-request-id"])


def test_people_of_a_shop_find_none_of_it(shop, signed_in, broken):
    owner = signed_in(shop)
    for path in ("/platform", "/platform/parts/figures", "/platform/faults"):
        assert owner.get(path).status_code == 404


# However many there are


def test_the_page_asks_the_same_of_one_shop_and_of_many(ada, new_shop, statements, superuser, pays):
    def counted() -> int:
        ada.get("/platform")
        with statements.counted() as sent:
            assert "could not be shown" not in ada.get("/platform").text
        return len(sent)

    new_shop()
    one = counted()
    superuser.execute(
        "INSERT INTO platform.tenants (id, slug, name, market, currency, language, zone, calendar, plan) SELECT"
        " uuidv7(), 'many-' || n || '-' || substr(md5(random()::text), 1, 6), 'Shop ' || n, 'US', 'USD', 'en', 'UTC',"
        " 'gregorian', 'all' FROM generate_series(1, 60) AS n"
    )
    superuser.execute(
        "INSERT INTO platform.subscriptions (id, tenant_id, plan, price, currency, cycle, since, set_by) SELECT"
        " uuidv7(), t.id, 'all', 3000, 'USD', 'month', '2025-01-01', 'x' FROM platform.tenants AS t"
        " WHERE slug LIKE 'many-%'"
        " AND NOT EXISTS (SELECT FROM platform.subscriptions AS s WHERE s.tenant_id = t.id AND s.until IS NULL)"
    )
    assert counted() == one
    superuser.execute("DELETE FROM platform.subscriptions WHERE set_by = 'x'")
    superuser.execute("DELETE FROM platform.tenants WHERE slug LIKE 'many-%'")


@pytest.mark.parametrize(
    ("language", "labels"),
    [("en", ["Nov 2024", "Dec", "Jan 2025", "Feb"]), ("fa", ["نوامبر ۲۰۲۴", "دسامبر", "ژانویه ۲۰۲۵", "فوریه"])],
)
def test_the_year_of_a_month_is_said_where_it_changes(language, labels):
    begins = [datetime(year, month, 1, tzinfo=UTC) for year, month in ((2024, 11), (2024, 12), (2025, 1), (2025, 2))]
    assert list(parts.month_labels(Formats(language), begins)) == labels

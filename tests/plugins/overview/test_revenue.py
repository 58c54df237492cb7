"""MRR, ARR and churn, against figures that were worked out by hand, and rules that hold whatever shops pay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, NullPool, create_engine, insert, text

from kernel.ids import new_id
from kernel.money import Money
from kernel.plans import Cycle
from kernel.tables import subscriptions
from plugins.overview import queries
from plugins.overview.domain.revenue import Churn, month_begins

JANUARY, FEBRUARY, MARCH, APRIL = (datetime(2025, month, 1, tzinfo=UTC) for month in (1, 2, 3, 4))
MID_FEBRUARY = datetime(2025, 2, 15, 9, 30, tzinfo=UTC)
A, B, C, D = (new_id() for _ in range(4))


@dataclass(frozen=True)
class Paid:
    """What one shop paid from `since` to `until`, which no longer belongs to it."""

    shop: UUID
    price: Money
    cycle: Cycle
    since: datetime
    until: datetime | None


def paid(shop, amount, currency="USD", cycle=Cycle.MONTH, since=JANUARY, until=None):
    return Paid(shop, Money(amount, currency), cycle, since, until)


@dataclass(frozen=True)
class Books:
    """Subscriptions, put down for one question and taken back."""

    connection: Connection

    def monthly(self, shops, at) -> dict[str, Money]:
        with self._holding(shops):
            return {currency: paid.monthly for currency, paid in queries.recurring(self.connection, at)[0].items()}

    def yearly(self, shops, at) -> dict[str, Money]:
        with self._holding(shops):
            return {currency: paid.yearly for currency, paid in queries.recurring(self.connection, at)[0].items()}

    def churn(self, shops, first, last) -> Churn:
        with self._holding(shops):
            return queries.churn(self.connection, first, last)

    @contextmanager
    def _holding(self, shops) -> Iterator[None]:
        with self.connection.begin_nested() as held:
            rows = [
                {"id": new_id(), "tenant_id": one.shop, "plan": "full", "price": one.price.amount,
                 "currency": one.price.currency, "cycle": one.cycle, "since": one.since, "until": one.until,
                 "set_by": "Ada"}
                for one in shops
            ]  # fmt: skip
            if rows:
                self.connection.execute(insert(subscriptions), rows)
            yield
            held.rollback()


@pytest.fixture(scope="module")
def books(services, database_name) -> Iterator[Books]:
    """What other tests put down is not in them, and none of this stays."""
    engine = create_engine(services.url(None, database_name), poolclass=NullPool)
    with engine.connect() as connection, connection.begin() as whole:
        # Whose they are is of no matter here, and neither is that a shop has one open at most.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DROP INDEX platform.subscriptions_open_key"))
        connection.execute(subscriptions.delete())
        yield Books(connection)
        whole.rollback()


# Golden figures


def test_a_months_price_counts_whole_and_a_years_by_a_twelfth(books):
    shops = [paid(A, 30_00), paid(B, 300_00, cycle=Cycle.YEAR), paid(C, 1_000_000, "IRT")]
    assert books.monthly(shops, FEBRUARY) == {"IRT": Money(1_000_000, "IRT"), "USD": Money(55_00, "USD")}
    assert books.yearly(shops, FEBRUARY) == {"IRT": Money(12_000_000, "IRT"), "USD": Money(660_00, "USD")}


def test_what_a_twelfth_leaves_over_is_rounded_once_and_not_for_each_shop(books):
    # 100.00 a year is 8.333… a month: three of them are 25.00, and the year is what is paid.
    shops = [paid(shop, 100_00, cycle=Cycle.YEAR) for shop in (A, B, C)]
    assert books.monthly(shops, FEBRUARY) == {"USD": Money(25_00, "USD")}
    assert books.yearly(shops[:1], FEBRUARY) == {"USD": Money(100_00, "USD")}


def test_an_upgrade_counts_from_its_moment_and_never_beside_what_was(books):
    shops = [paid(A, 30_00, until=MID_FEBRUARY), paid(A, 80_00, since=MID_FEBRUARY)]
    moments = (MID_FEBRUARY - timedelta(seconds=1), MID_FEBRUARY)
    assert [books.monthly(shops, at)["USD"].amount for at in moments] == [30_00, 80_00]
    assert books.churn(shops, FEBRUARY, MARCH).revenue_lost == {"USD": Money(0, "USD")}


def test_a_downgrade_loses_revenue_and_no_shop(books):
    shops = [paid(A, 80_00, until=MID_FEBRUARY), paid(A, 30_00, since=MID_FEBRUARY), paid(B, 20_00)]
    lost = books.churn(shops, FEBRUARY, MARCH)
    assert (lost.shops_before, lost.shops_lost, lost.of_shops) == (2, 0, Fraction(0))
    assert lost.of_revenue("USD") == Fraction(50, 100)


def test_from_months_to_a_year_at_the_same_price_is_no_loss(books):
    shops = [
        paid(A, 10_00, until=MID_FEBRUARY),
        paid(A, 120_00, cycle=Cycle.YEAR, since=MID_FEBRUARY),
    ]
    assert books.churn(shops, FEBRUARY, MARCH).revenue_lost == {"USD": Money(0, "USD")}


def test_whoever_leaves_is_lost_and_whoever_comes_is_not_set_against_it(books):
    shops = [paid(A, 30_00, until=MID_FEBRUARY), paid(B, 70_00), paid(C, 500_00, since=MID_FEBRUARY)]
    lost = books.churn(shops, FEBRUARY, MARCH)
    assert (lost.shops_before, lost.shops_lost) == (2, 1)
    assert (lost.revenue_before, lost.revenue_lost) == ({"USD": Money(100_00, "USD")}, {"USD": Money(30_00, "USD")})


def test_whoever_comes_back_within_the_month_was_not_lost_and_later_was(books):
    shops = [paid(A, 30_00, until=MID_FEBRUARY), paid(A, 30_00, since=MID_FEBRUARY + timedelta(days=5))]
    assert books.churn(shops, FEBRUARY, MARCH).shops_lost == 0
    later = [paid(A, 30_00, until=MID_FEBRUARY), paid(A, 30_00, since=MARCH + timedelta(days=1))]
    assert [books.churn(later, *month).shops_lost for month in ((FEBRUARY, MARCH), (MARCH, APRIL))] == [1, 0]


def test_another_currency_is_a_loss_in_the_old_and_none_in_the_new(books):
    shops = [paid(A, 30_00, until=MID_FEBRUARY), paid(A, 110_00, "AED", since=MID_FEBRUARY)]
    lost = books.churn(shops, FEBRUARY, MARCH)
    assert (lost.shops_lost, lost.revenue_lost) == (0, {"USD": Money(30_00, "USD")})


def test_whoever_pays_nothing_is_no_customer_that_could_be_lost(books):
    shops = [paid(A, 0, until=MID_FEBRUARY), paid(B, 30_00)]
    assert books.churn(shops, FEBRUARY, MARCH).shops_before == 1


def test_of_nobody_nothing_is_lost(books):
    nobody = books.churn([], FEBRUARY, MARCH)
    assert (nobody.of_shops, nobody.of_revenue("USD"), books.monthly([], MARCH)) == (None, None, {})


@pytest.mark.parametrize(
    ("at", "before", "begins"),
    [
        (datetime(2025, 1, 31, 23, 59, tzinfo=UTC), 0, datetime(2025, 1, 1, tzinfo=UTC)),
        (datetime(2025, 1, 31, tzinfo=UTC), 1, datetime(2024, 12, 1, tzinfo=UTC)),
        (datetime(2025, 3, 1, tzinfo=UTC), 12, datetime(2024, 3, 1, tzinfo=UTC)),
    ],
)
def test_months_begin_in_utc(at, before, begins):
    assert month_begins(at, before) == begins


# Rules

moments = st.integers(0, 120).map(lambda days: JANUARY + timedelta(days=days))
subscription = st.builds(
    lambda shop, amount, currency, cycle, since, length: paid(
        shop, amount, currency, cycle, since, None if length is None else since + timedelta(days=length)
    ),
    st.sampled_from([A, B, C, D]),
    st.integers(0, 10**9),
    st.sampled_from(["USD", "AED", "IRT"]),
    st.sampled_from(list(Cycle)),
    moments,
    st.none() | st.integers(0, 90),
)
many = st.lists(subscription, max_size=12)


@settings(max_examples=150, deadline=None)
@given(many, moments)
def test_arr_is_twelve_times_mrr_but_for_one_rounding(books, shops, at):
    monthly, yearly = books.monthly(shops, at), books.yearly(shops, at)
    assert monthly.keys() == yearly.keys()
    for currency in monthly:
        assert abs(yearly[currency].amount - 12 * monthly[currency].amount) <= 6


@settings(max_examples=150, deadline=None)
@given(many, many, moments)
def test_together_they_pay_what_they_pay_apart_but_for_rounding(books, some, others, at):
    together, apart = books.monthly(some + others, at), [books.monthly(each, at) for each in (some, others)]
    for currency, sum_of_all in together.items():
        parts = sum(each[currency].amount for each in apart if currency in each)
        assert abs(sum_of_all.amount - parts) <= 1


@settings(max_examples=150, deadline=None)
@given(many, moments, moments)
def test_churn_lies_between_nothing_and_everything(books, shops, one, other):
    lost = books.churn(shops, min(one, other), max(one, other))
    assert 0 <= lost.shops_lost <= lost.shops_before
    for currency, before in lost.revenue_before.items():
        assert 0 <= lost.revenue_lost[currency].amount <= before.amount
        assert 0 <= (lost.of_revenue(currency) or 0) <= 1


@settings(max_examples=100, deadline=None)
@given(many, moments)
def test_in_no_time_nothing_is_lost(books, shops, at):
    lost = books.churn(shops, at, at)
    assert (lost.shops_lost, {money.amount for money in lost.revenue_lost.values()} <= {0}) == (0, True)


@settings(max_examples=100, deadline=None)
@given(many, moments, moments)
def test_who_only_comes_takes_nothing_away(books, shops, one, other):
    first, last = min(one, other), max(one, other)
    newcomer = paid(new_id(), 10_00, since=first + timedelta(seconds=1))
    assert books.churn([*shops, newcomer], first, last) == books.churn(shops, first, last)

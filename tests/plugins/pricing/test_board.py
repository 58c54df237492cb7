"""The board of a shop: what it sets, what its market says, which of them prices follow, and when a rate is too old."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from kernel.clock import SetClock
from kernel.metal import Fineness, Metal, Weight, WeightUnit
from kernel.money import Money
from kernel.tenancy import Actor, Shop
from kernel.uow import Database, UnitOfWork
from plugins.pricing.actions.choose import choose_buyback, choose_for_board, choose_terms
from plugins.pricing.actions.fetch_rates import fetch_market_rates
from plugins.pricing.actions.set_rate import leave_board, set_rate
from plugins.pricing.domain.board import Place
from plugins.pricing.domain.errors import NotOnTheBoard
from plugins.pricing.forms.board import BoardChoicesForm, PlaceForm, RateForm
from plugins.pricing.forms.terms import BuyBackForm, TermsForm
from plugins.pricing.jobs import fetch_rates
from plugins.pricing.public import (
    Asked,
    CartLine,
    Component,
    OldMetal,
    Piece,
    PricedCart,
    RateMissing,
    RateSource,
    RateStale,
    Side,
    board,
    freeze,
    market,
    market_of,
    read_making,
    replay,
)
from plugins.pricing.queries.board import history, market_history
from plugins.pricing.store.rates import keep_market_rate
from tests.conftest import NOW
from tests.plugins.pricing.fakes import FakeRates
from web.forms import validate

RING = CartLine("1", Piece(Metal.GOLD, Fineness(7500), Weight.grams("4.250"), making=read_making("18%")))
OLD = OldMetal("1", Metal.GOLD, Weight.grams("6.120"), Fineness(7500))
GRAM_750 = Place(Metal.GOLD, Side.SALE, WeightUnit.GRAM, Fineness(7500))


def rate_form(value: object, **more: object) -> RateForm:
    return validate(RateForm, {"value": value, "unit": "gram", "fineness": "750", **more})


def price(uow: UnitOfWork, *lines: CartLine, old: tuple[OldMetal, ...] = ()) -> PricedCart:
    return board(uow).price([Asked(line) for line in lines], exchange=old)


def test_a_new_shop_has_no_rate_and_sells_nothing_by_weight(uow: UnitOfWork):
    assert board(uow).rates == []
    with pytest.raises(RateMissing):
        price(uow, RING)


def test_prices_follow_the_rate_that_was_set(uow: UnitOfWork):
    set_rate(uow, rate_form("۷٬۰۰۰٬۰۰۰"))
    cart = price(uow, RING)
    assert (cart.total, cart.due) == (Money(38_343_585, "IRT"), Money(38_344_000, "IRT"))
    assert cart.terms.on == date(2025, 6, 2)
    record = freeze(cart.lines[0])
    assert record["rate"]["source"] == "manual"
    assert freeze(replay(record)) == record


def test_the_newest_rate_of_a_place_counts_and_all_stay(database: Database, shop: Shop, actor: Actor, clock: SetClock):
    for value in ("7000000", "7100000", "6900000"):
        with database.for_shop(shop.id, actor) as uow:
            set_rate(uow, rate_form(value))
        clock.advance(timedelta(minutes=1))
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        assert [rate.value for rate in board(uow).own] == [6_900_000]
        assert [rate.value for rate in history(uow, GRAM_750, 10)] == [6_900_000, 7_100_000, 7_000_000]
        assert [rate.value for rate in history(uow, GRAM_750, 2)] == [6_900_000, 7_100_000]


def test_the_board_can_be_asked_as_it_stood(database: Database, shop: Shop, actor: Actor, clock: SetClock):
    with database.for_shop(shop.id, actor) as uow:
        set_rate(uow, rate_form("7000000"))
    clock.advance(timedelta(minutes=10))
    with database.for_shop(shop.id, actor) as uow:
        set_rate(uow, rate_form("7500000"))
        assert board(uow, NOW + timedelta(minutes=5)).price([Asked(RING)]).due == Money(38_344_000, "IRT")
        assert board(uow, NOW - timedelta(minutes=1)).own == ()
        assert board(uow).price([Asked(RING)]).due == Money(41_082_000, "IRT")


def test_a_rate_is_never_changed_nor_deleted_by_nobody(
    database: Database, shop: Shop, actor: Actor, superuser: psycopg.Connection[object]
):
    with database.for_shop(shop.id, actor) as uow:
        set_rate(uow, rate_form("7000000"))
    for statement in ("UPDATE shop.rates SET value = 1", "DELETE FROM shop.rates"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            superuser.execute(f"{statement} WHERE tenant_id = '{shop.id}'")


def test_another_shops_rates_are_not_on_the_board(database: Database, actor: Actor, new_shop: Callable[..., Shop]):
    one, other = new_shop(), new_shop()
    with database.for_shop(one.id, actor) as uow:
        set_rate(uow, rate_form("7000000"))
        assert len(board(uow).own) == 1
    with database.for_shop(other.id, actor) as uow:
        assert board(uow).own == ()
        assert history(uow, GRAM_750, 10) == []


def test_nothing_is_sold_at_a_rate_older_than_the_shop_allows(
    database: Database, shop: Shop, actor: Actor, clock: SetClock
):
    with database.for_shop(shop.id, actor) as uow:
        set_rate(uow, rate_form("7000000"))
        choose_for_board(uow, choices(rate_age_h="4"))
    clock.advance(timedelta(hours=4))
    with database.for_shop(shop.id, actor) as uow:
        assert price(uow, RING).due == Money(38_344_000, "IRT")
    clock.advance(timedelta(minutes=1))
    with database.for_shop(shop.id, actor) as uow:
        now = board(uow)
        assert [now.is_stale(rate) for rate in now.own] == [True]
        with pytest.raises(
            RateStale, match="The rate for Gold is 4 hours old; this shop sells at none older than 4 hours"
        ):
            price(uow, RING)
        with pytest.raises(RateStale):
            price(uow, old=(OLD,))
        # What needs no rate is sold.
        assert price(uow, CartLine("1", Piece(making=read_making("100000")))).due == Money(118_000, "IRT")


def test_an_old_special_rate_gives_way_to_a_fresh_one_of_the_metal(
    database: Database, shop: Shop, actor: Actor, clock: SetClock
):
    with database.for_shop(shop.id, actor) as uow:
        set_rate(uow, rate_form("8000000", fineness="875"))
    clock.advance(timedelta(hours=25))
    with database.for_shop(shop.id, actor) as uow:
        set_rate(uow, rate_form("7500000"))
        twenty_one = CartLine("1", Piece(Metal.GOLD, Fineness(8750), Weight.grams(1)))
        assert price(uow, twenty_one).lines[0].revenue[0] == (Component.METAL, Money(8_750_000, "IRT"))


def test_a_place_leaves_the_board_and_its_history_stays(uow: UnitOfWork):
    set_rate(uow, rate_form("7000000"))
    set_rate(uow, rate_form("8000000", fineness="875"))
    leave_board(uow, validate(PlaceForm, {"unit": "gram", "fineness": "875"}))
    assert [rate.value for rate in board(uow).own] == [7_000_000]
    assert len(history(uow, replace(GRAM_750, fineness=Fineness(8750)), 10)) == 1
    with pytest.raises(NotOnTheBoard):
        leave_board(uow, validate(PlaceForm, {"unit": "gram", "fineness": "875"}))


def test_a_buy_back_rate_is_for_buying_back(uow: UnitOfWork):
    set_rate(uow, rate_form("7000000"))
    assert price(uow, old=(OLD,)).exchanged == Money(42_268_800, "IRT")
    set_rate(uow, rate_form("6800000", side="buy_back"))
    cart = price(uow, RING, old=(OLD,))
    assert (cart.exchanged, cart.total) == (Money(41_616_000, "IRT"), Money(38_343_585, "IRT"))


# The market. Its rates belong to all shops, of all tests: each test lives in days of its own.


@pytest.fixture
def dubai(new_shop: Callable[..., Shop]) -> Shop:
    return new_shop("AE")


BAR = CartLine("1", Piece(Metal.GOLD, Fineness(10_000), Weight.grams(1)))


def test_a_market_rate_is_kept_once_and_seen_by_every_shop_of_the_market(
    database: Database, actor: Actor, dubai: Shop, new_shop: Callable[..., Shop], clock: SetClock
):
    source = FakeRates()
    clock.advance(timedelta(days=7000))
    source.knows(market("AE"), Metal.GOLD, "480", clock.now())
    with database.for_shop(dubai.id, actor) as uow:
        assert fetch_market_rates(uow, source) == 1
        assert fetch_market_rates(uow, source) == 0
    with database.for_shop(new_shop("AE").id, actor) as uow:
        assert price(uow, BAR).total == Money(504_00, "AED")
        assert [rate.source for rate in market_history(uow, Metal.GOLD, 1)] == ["fake"]
    with database.for_shop(new_shop("SA").id, actor) as uow:
        assert board(uow).market == ()


def test_the_shops_own_fresh_rate_goes_before_the_markets(
    database: Database, actor: Actor, dubai: Shop, clock: SetClock
):
    source = FakeRates()
    clock.advance(timedelta(days=7001))
    with database.for_shop(dubai.id, actor) as uow:
        set_rate(uow, rate_form("500", fineness="1000"))
    clock.advance(timedelta(hours=1))
    source.knows(market("AE"), Metal.GOLD, "480", clock.now())
    with database.for_shop(dubai.id, actor) as uow:
        fetch_market_rates(uow, source)
        assert price(uow, BAR).total == Money(525_00, "AED")
    clock.advance(timedelta(hours=23, minutes=30))
    with database.for_shop(dubai.id, actor) as uow:
        # By now its own is older than a day, the market's is not.
        assert price(uow, BAR).total == Money(504_00, "AED")


def test_a_shop_may_put_a_premium_on_the_market_or_not_follow_it(
    database: Database, actor: Actor, dubai: Shop, clock: SetClock
):
    source = FakeRates()
    clock.advance(timedelta(days=7004))
    source.knows(market("AE"), Metal.GOLD, "480", clock.now())
    with database.for_shop(dubai.id, actor) as uow:
        fetch_market_rates(uow, source)
        choose_for_board(uow, choices(market_premium_percent="2.5"))
        cart = price(uow, BAR)
        assert cart.total == Money(516_60, "AED")
        assert freeze(replay(freeze(cart))) == freeze(cart)
        choose_for_board(uow, choices(follow_market="no"))
        with pytest.raises(RateMissing):
            price(uow, BAR)
        assert fetch_market_rates(uow, source) == 0


def test_a_silent_source_leaves_the_board_as_it_is(uow: UnitOfWork):
    source = FakeRates()
    assert fetch_market_rates(uow, source) == 0
    assert source.asked == [("IR", Metal.GOLD), ("IR", Metal.SILVER)]


def test_the_scheduled_job_fetches_for_a_shop(
    database: Database, actor: Actor, dubai: Shop, adapters: Mapping[Any, Any], deliver_all: Callable[..., int]
):
    source = adapters[RateSource]
    source.knows(market("AE"), Metal.SILVER, "6.10", NOW)
    with database.for_shop(dubai.id, actor) as uow:
        uow.enqueue(fetch_rates)
    deliver_all(dubai)
    with database.for_shop(dubai.id, actor) as uow:
        [silver] = [rate for rate in board(uow).market if rate.metal is Metal.SILVER]
        assert (silver.value, silver.at) == (Decimal("6.10"), NOW)
    source.known.clear()


def test_a_shop_reaches_the_markets_rates_through_functions_only(uow: UnitOfWork):
    for statement in ("SELECT * FROM platform.market_rates", "DELETE FROM platform.market_rates"):
        with pytest.raises(ProgrammingError, match="permission denied"), uow.nested():
            uow.execute(text(statement))


def test_a_market_rate_is_never_changed(
    superuser: psycopg.Connection[object], database: Database, actor: Actor, dubai: Shop
):
    source = FakeRates()
    source.knows(market("AE"), Metal.PLATINUM, "180", NOW - timedelta(days=1))
    with database.for_shop(dubai.id, actor) as uow:
        assert keep_market_rate(uow, source.rate(market("AE"), Metal.PLATINUM))
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        superuser.execute("UPDATE platform.market_rates SET value = 1")


def test_market_rates_are_kept_for_two_years_and_not_a_day_less(
    superuser: psycopg.Connection[Any], database: Database, actor: Actor, new_shop: Callable[..., Shop]
):
    shop, source = new_shop("SA"), FakeRates()

    def fetch(day: datetime) -> None:
        source.knows(market("SA"), Metal.GOLD, "400", day)
        with database.for_shop(shop.id, actor) as uow:
            keep_market_rate(uow, source.rate(market("SA"), Metal.GOLD))

    two_years = timedelta(days=731)
    days = [NOW - two_years - timedelta(days=1), NOW - two_years + timedelta(days=2), NOW - timedelta(days=1), NOW]
    for day in days:
        fetch(day)
    kept = superuser.execute("SELECT at FROM platform.market_rates WHERE market = 'SA' AND metal = 'gold' ORDER BY at")
    assert [at for (at,) in kept] == days[1:]


def test_a_clock_that_is_fast_keeps_nobody_from_rates(
    superuser: psycopg.Connection[Any], database: Database, actor: Actor, new_shop: Callable[..., Shop], clock: SetClock
):
    shop, source = new_shop("TR"), FakeRates()
    asked = "SELECT now(), now() - interval '2 years' + interval '30 minutes'"
    [(today, young)] = cast("list[tuple[datetime, datetime]]", superuser.execute(asked).fetchall())
    clock.at = today + timedelta(hours=1)
    days = [young, today]
    for day in days:
        source.knows(market("TR"), Metal.PLATINUM, "400", day)
        with database.for_shop(shop.id, actor) as uow:
            keep_market_rate(uow, source.rate(market("TR"), Metal.PLATINUM))
    kept = superuser.execute(
        "SELECT at FROM platform.market_rates WHERE market = 'TR' AND metal = 'platinum' ORDER BY at"
    )
    assert [at for (at,) in kept] == days


def test_nobody_forgets_a_young_market_rate(
    superuser: psycopg.Connection[Any], database: Database, actor: Actor, new_shop: Callable[..., Shop]
):
    source = FakeRates()
    source.knows(market("TR"), Metal.SILVER, "40", datetime.now(UTC))
    with database.for_shop(new_shop("TR").id, actor) as uow:
        keep_market_rate(uow, source.rate(market("TR"), Metal.SILVER))
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        superuser.execute("DELETE FROM platform.market_rates WHERE market = 'TR' AND metal = 'silver'")


# What a shop decides


def choices(**changed: str) -> BoardChoicesForm:
    usual = {"rate_age_h": "24", "follow_market": "yes", "market_premium_percent": "0", "quote_min": "30"}
    return validate(BoardChoicesForm, usual | changed)


def terms(**changed: object) -> TermsForm:
    usual: dict[str, object] = {
        "profit_percent": "7", "line_step": "1", "line_mode": "half_up", "tax_step": "1", "tax_mode": "half_up",
        "total_step": "1000", "total_mode": "half_up", "carry": "rounded",
    }  # fmt: skip
    return validate(TermsForm, usual | changed)


def test_a_shops_profit_rounding_and_taxed_parts_hold_at_once(uow: UnitOfWork):
    set_rate(uow, rate_form("7000000"))
    choose_terms(uow, terms(profit_percent="5", total_step="1", taxed=["stones"]))
    profile = market_of(uow)
    assert (str(profile.profit_percent), profile.rounding.total_step) == ("5", 1)
    assert all(Component.STONES in tax.base and Component.METAL not in tax.base for tax in profile.taxes)
    assert price(uow, RING).due == Money(37_571_275, "IRT")


def test_what_the_law_taxes_is_not_the_shops_choice(database: Database, actor: Actor, dubai: Shop):
    with database.for_shop(dubai.id, actor) as uow:
        choose_terms(uow, terms(line_step="0.01", tax_step="0.01", total_step="0.25", taxed=["metal"]))
        assert market_of(uow).taxes == market("AE").taxes
        choose_terms(uow, terms(tax_rates=[{"name": "VAT", "rate": "0"}]))
        assert market_of(uow).taxes == market("AE").taxes


def test_a_shop_in_the_united_states_enters_its_sales_tax(
    database: Database, actor: Actor, new_shop: Callable[..., Shop]
):
    with database.for_shop(new_shop("US").id, actor) as uow:
        cents = {"line_step": "0.01", "tax_step": "0.01", "total_step": "0.01"}
        choose_terms(uow, terms(tax_rates=[{"name": "Sales tax", "rate": "8.875"}], **cents))
        tag = CartLine("1", Piece(fixed_price=Money(1_499_99, "USD")))
        assert price(uow, tag).due == Money(1_633_11, "USD")


def test_a_shops_buy_back_terms(uow: UnitOfWork):
    set_rate(uow, rate_form("7000000"))
    choose_terms(uow, terms(profit_percent="5"))
    choose_buyback(uow, validate(BuyBackForm, {"less_percent": "1", "paid": [{"fineness": "750", "paid_as": "735"}]}))
    assert price(uow, old=(OLD,)).exchanged == Money(41_563_368, "IRT")
    assert market_of(uow).profit_percent == 5


def test_two_shops_decide_for_themselves(database: Database, actor: Actor, new_shop: Callable[..., Shop]):
    one, other = new_shop(), new_shop()
    with database.for_shop(one.id, actor) as uow:
        choose_terms(uow, terms(profit_percent="20"))
    with database.for_shop(other.id, actor) as uow:
        assert market_of(uow).profit_percent == 7


def test_the_whole_board_is_one_statement(uow: UnitOfWork, statements):
    set_rate(uow, rate_form("7000000"))
    set_rate(uow, rate_form("90000", metal="silver", fineness="999"))
    with statements.counted() as sent:
        board(uow).price([Asked(RING)] * 3, exchange=[OLD])
    assert len(sent) == 1

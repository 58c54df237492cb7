"""The rate in the top bar: gold as the market quotes it, since when, how it moved; and at no cost to a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.clock import SetClock
from kernel.metal import Fineness, Metal, WeightUnit
from kernel.money import Money
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.pricing.actions.fetch_rates import fetch_market_rates
from plugins.pricing.actions.set_rate import leave_board, set_rate
from plugins.pricing.domain.choices import FOLLOW_MARKET
from plugins.pricing.domain.headline import Headline
from plugins.pricing.forms.board import PlaceForm, RateForm
from plugins.pricing.public import market
from plugins.pricing.queries.headline import headline
from plugins.tenants.public import switch_off
from tests.plugins.browser import Browser
from tests.plugins.pricing.fakes import FakeRates
from web.forms import validate

SignedIn = Callable[..., Browser]
DAY = timedelta(days=1)


@pytest.fixture
def new_shop(new_shop: Callable[..., Shop], database: Database, actor: Actor) -> Callable[..., Shop]:
    """Shops that go by their own rates only: what other tests said of a market does not concern them."""

    def opened(market: str = "IR", *, follows: bool = False) -> Shop:
        made = new_shop(market)
        with database.for_shop(made.id, actor) as uow:
            uow.choose(FOLLOW_MARKET, "yes" if follows else "no")
        return made

    return opened


@pytest.fixture
def sets(database: Database, shop: Shop, actor: Actor) -> Callable[..., None]:
    """Set a rate in a transaction of its own: `sets("7000000")`."""

    def rate(value: str, where: Shop = shop, **more: str) -> None:
        with database.for_shop(where.id, actor) as uow:
            set_rate(uow, validate(RateForm, {"value": value, "unit": "gram", "fineness": "750", **more}))

    return rate


@pytest.fixture
def now(database: Database, shop: Shop, actor: Actor) -> Callable[..., Headline | None]:
    def read(where: Shop = shop) -> Headline | None:
        with database.for_shop(where.id, actor, read_only=True) as uow:
            return headline(uow)

    return read


def told(headline: Headline | None) -> tuple[int, Decimal | None, bool] | None:
    return None if headline is None else (headline.price.amount, headline.change, headline.is_stale)


def test_without_a_rate_there_is_none(now):
    assert now() is None


def test_it_is_what_gold_is_sold_at_as_the_market_quotes_it(sets, now):
    sets("7000000")
    first = now()
    assert (first.quotation.unit, first.quotation.fineness) == (WeightUnit.GRAM, Fineness(7500))
    assert first.price == Money(7_000_000, "IRT")
    assert first.change is None


@pytest.mark.parametrize(
    ("code", "unit", "fineness"),
    [("IR", "gram", 7500), ("AE", "gram", 9990), ("IN", "gram", 9160), ("GB", "troy_ounce", 9999)],
)
def test_each_market_has_its_own_customary_rate(code, unit, fineness):
    quotation = market(code).quotation(Metal.GOLD)
    assert quotation is not None
    assert (quotation.unit.value, quotation.fineness.tenths) == (unit, fineness)


def test_a_rate_for_another_unit_is_worked_out(sets, now, new_shop):
    london = new_shop("GB")
    sets("80", london, fineness="999.9")  # a gram; London thinks in ounces
    assert now(london).price == Money(248828, "GBP")


def test_the_change_is_since_the_day_began(sets, now, clock: SetClock):
    sets("7000000")
    clock.advance(DAY)
    assert told(now()) == (7_000_000, Decimal("0.0"), False)
    sets("7070000")
    assert told(now()) == (7_070_000, Decimal("1.0"), False)
    clock.advance(DAY)
    sets("7035350")
    assert told(now()) == (7_035_350, Decimal("-0.5"), False)


def test_an_old_rate_is_marked_without_anybody_touching_it(sets, now, clock: SetClock):
    sets("7000000")
    assert told(now()) == (7_000_000, None, False)
    clock.advance(timedelta(hours=25))
    assert told(now()) == (7_000_000, Decimal("0.0"), True)


def test_every_process_has_a_new_rate_at_once(sets, now, database, shop, actor):
    other = Database(database._shops, database._platform, database.clock, database.plugins)
    sets("7000000")
    for value in ("7100000", "7200000"):
        with other.for_shop(shop.id, actor, read_only=True) as uow:
            before = headline(uow)
        assert before is not None
        sets(value)
        with other.for_shop(shop.id, actor, read_only=True) as uow:
            assert told(headline(uow)) == (int(value), None, False)


def test_a_rate_of_the_market_counts_where_the_shop_has_none(now, database, new_shop, actor, clock):
    source, shops = FakeRates(), [new_shop("TR", follows=True) for _ in range(2)]
    source.knows(market("TR"), Metal.GOLD, "8000", clock.now())
    assert [now(each) for each in shops] == [None, None]
    for each in shops:  # the second finds it kept already, and shows it all the same
        with database.for_shop(each.id, actor) as uow:
            fetch_market_rates(uow, source)
            assert uow.topics == {"rates"}
    assert [told(now(each)) for each in shops] == [(800_000, None, False)] * 2


def test_what_leaves_the_board_leaves_the_top_bar(sets, now, database, shop, actor):
    sets("7000000")
    assert now() is not None
    with database.for_shop(shop.id, actor) as uow:
        leave_board(uow, validate(PlaceForm, {"unit": "gram", "fineness": "750"}))
        assert uow.topics == {"rates"}
    assert now() is None


def test_another_shops_rate_is_not_shown(sets, now, new_shop):
    sets("7000000")
    assert now(new_shop()) is None


# On the page


def rate_in(page: str) -> str:
    found = re.search(r'<div class="rate".*?</div>', page, re.DOTALL)
    return (
        re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", found[0], flags=re.DOTALL)).strip() if found else ""
    )


def test_every_page_shows_it_and_asks_nothing_for_it(sets, signed_in: SignedIn, shop, statements):
    sets("7000000")
    owner = signed_in(shop)
    owner.client.cookies.set("language", "en")
    assert rate_in(owner.get("/branches").text) == "18K 7,000,000 /g 12:30"
    with statements.counted() as sent:
        assert owner.get("/branches").status_code == 200
    assert [one for one in sent if "rate" in one] == []


def test_it_fetches_itself_again_when_a_rate_was_set(sets, signed_in: SignedIn, shop):
    sets("7000000")
    owner = signed_in(shop)
    part = owner.get("/pricing/headline").text
    assert 'hx-get="/pricing/headline" hx-trigger="live:rates from:body"' in part
    assert "<html" not in part


def test_who_may_set_a_rate_is_told_that_there_is_none(signed_in: SignedIn, shop):
    assert "/pricing/rates/new" in rate_link(signed_in(shop))
    assert rate_link(signed_in(shop, "employee")) == ""


def rate_link(somebody: Browser) -> str:
    found = re.search(r'<div class="rate".*?</div>', somebody.get("/branches").text, re.DOTALL)
    assert found
    return found[0] if "href" in found[0] else ""


def test_where_pricing_is_off_there_is_nothing(signed_in: SignedIn, database, shop, actor, sets):
    sets("7000000")
    owner = signed_in(shop)
    assert 'class="rate"' in owner.get("/users").text
    with database.for_shop(shop.id, actor) as uow:
        for plugin in ("accounting", "labels", "pos", "pricing"):
            if plugin in uow.shop.plugins:
                switch_off(uow, plugin)
    assert 'class="rate"' not in owner.get("/users").text
    assert owner.get("/pricing/headline").status_code == 404

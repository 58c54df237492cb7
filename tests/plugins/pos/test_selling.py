"""A sale is whole or it is not: one piece once, one request one sale, the money exact, the price the server's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from kernel.errors import BadInput, GoldsmithError, NotFound
from kernel.ids import new_id
from kernel.money import Money
from plugins.branches.actions import add as add_branch
from plugins.branches.forms import BranchForm
from plugins.inventory.public import OutOfStock
from plugins.pos import queries
from plugins.pos.domain.payment import (
    CashNotAllowed,
    CustomerUnknown,
    Method,
    Payment,
    PaymentsDoNotMatch,
    PayoutDoesNotMatch,
)
from plugins.pos.domain.quote import Quote, QuoteChanged
from plugins.pos.domain.sale import (
    DiscountNeedsManager,
    KeyUsedBefore,
    NotForSaleHere,
    NothingToSell,
    PriceNeedsManager,
)
from plugins.pos.permissions import DISCOUNT, SEE_SALES, SELL, SET_PRICE
from plugins.pricing.public import DiscountAboveTotal, RateMissing
from tests.conftest import NOW
from tests.plugins.pos.conftest import paid


def sales_of(counter):
    with counter.work() as uow:
        return queries.newest(uow, queries.Wanted(), limit=50)


def a_seller(counter):
    """Who may sell, and nothing more."""
    return counter.as_(replace(counter.actor, permissions=frozenset({SELL.name, SEE_SALES.name})))


# One piece, one request


def test_a_piece_is_sold_once(counter):
    ring = counter.takes_in()
    counter.sells(ring)
    with pytest.raises(OutOfStock):
        counter.sells(ring)
    assert (len(sales_of(counter)), counter.stock(ring)) == (1, 0)


def test_twenty_tills_sell_one_ring_and_one_of_them_does(counter):
    ring = counter.takes_in()
    due = counter.prices(ring).due

    def sell_it(_till):
        try:
            return counter.completes(counter.form(ring, payments=paid(cash=str(due.decimal)))).number
        except GoldsmithError as refused:
            return refused.status, str(refused)

    with ThreadPoolExecutor(20) as tills:
        answers = list(tills.map(sell_it, range(20)))
    assert sorted(answers, key=str) == sorted([1, *[(409, "“Ring” is not in stock any more.")] * 19], key=str)
    assert (len(sales_of(counter)), counter.stock(ring)) == (1, 0)


def test_the_same_request_again_is_the_same_sale(counter):
    coins = counter.takes_in(name="Coin", quantity=10)
    wanted = counter.form(coins, payments=paid(cash=str(counter.prices(coins).due.decimal)))
    first, again = counter.completes(wanted), counter.completes(wanted)
    assert replace(first, is_new=False) == again
    assert (len(sales_of(counter)), counter.stock(coins)) == (1, 9)


def test_the_same_request_twenty_times_at_once_is_one_sale(counter):
    coins = counter.takes_in(name="Coin", quantity=100)
    wanted = counter.form(coins, payments=paid(cash=str(counter.prices(coins).due.decimal)))
    with ThreadPoolExecutor(20) as tills:
        made = list(tills.map(counter.completes, [wanted] * 20))
    assert len({sale.id for sale in made}) == 1
    assert [sale.is_new for sale in made].count(True) == 1
    assert (len(sales_of(counter)), counter.stock(coins)) == (1, 99)


def test_the_same_key_with_something_else_is_refused(counter):
    ring, chain = counter.takes_in(), counter.takes_in("10.000", name="Chain")
    first = counter.sells(ring)
    with pytest.raises(KeyUsedBefore):
        counter.sells(chain, id=str(first.id), payments=paid(cash="1"))
    assert counter.stock(chain) == 1


def test_a_refused_sale_leaves_its_key_free(counter):
    ring = counter.takes_in()
    wanted = counter.form(ring, payments=paid(cash="1"))
    with pytest.raises(PaymentsDoNotMatch):
        counter.completes(wanted)
    assert counter.sells(ring, id=str(wanted.id)).id == wanted.id


def test_numbers_have_no_gaps_whatever_was_refused_in_between(counter):
    rings = [counter.takes_in() for _piece in range(6)]
    with ThreadPoolExecutor(6) as tills:
        numbers = list(tills.map(lambda ring: counter.sells(ring).number, rings[:3]))
    for _try in range(3):
        with pytest.raises(PaymentsDoNotMatch):
            counter.sells(rings[3], payments=paid(cash="1"))
    numbers += [counter.sells(ring).number for ring in rings[3:]]
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]


def test_when_somebody_who_listens_refuses_nothing_happened(counter, monkeypatch):
    ring = counter.takes_in()
    wanted = counter.form(ring, payments=paid(cash=str(counter.prices(ring).due.decimal)))

    def refuse(*_told):
        raise NotFound("The books are closed.")

    monkeypatch.setattr("plugins.pos.actions.sell.tell.completed", refuse)
    with pytest.raises(NotFound):
        counter.completes(wanted)
    monkeypatch.undo()
    assert (sales_of(counter), counter.stock(ring)) == ([], 1)
    assert counter.completes(wanted).number == 1


# Money


def test_change_comes_from_cash_only(counter):
    ring = counter.takes_in()
    sale = counter.sells(ring, payments=paid(card="30000000", cash="10000000"))
    assert sale.payments[1] == Payment(Method.CASH, Money(8_344_000, "IRT"), Money(10_000_000, "IRT"))
    assert sale.change == Money(1_656_000, "IRT")


@pytest.mark.parametrize(
    "payments",
    [
        [],
        paid(cash="38343999"),
        paid(card="38344001"),
        paid(card="38344000", cash="500"),
        paid(card="40000000", cash="1000"),
    ],
)
def test_payments_that_do_not_fit_are_refused(counter, payments):
    ring = counter.takes_in()
    with pytest.raises(PaymentsDoNotMatch):
        counter.sells(ring, payments=payments)
    assert counter.stock(ring) == 1


def test_an_amount_finer_than_the_currency_is_a_field_error(counter):
    ring = counter.takes_in()
    with pytest.raises(BadInput) as refused:
        counter.sells(ring, payments=paid(cash="38344000.5"))
    assert refused.value.fields == {"payments.0.amount": "Please enter a whole number."}


def test_old_gold_alone_is_bought_and_paid_out(counter):
    old = [{"weight": "6.120", "fineness": "750"}]
    sale = counter.sells(old_gold=old, payments=paid(cash="42269000"))
    assert (sale.lines, sale.due, sale.rounding) == ((), -42_269_000, -200)
    assert sale.payments == (Payment(Method.CASH, Money(-42_269_000, "IRT"), Money(-42_269_000, "IRT")),)
    with pytest.raises(PayoutDoesNotMatch):
        counter.sells(old_gold=old, payments=paid(cash="42000000"))


def test_cash_above_the_limit_of_the_law_is_refused(open_counter, new_shop):
    mumbai = open_counter(new_shop("IN"), "13000", "916")
    bangle = mumbai.takes_in("20.000", "12", 22)
    with pytest.raises(CashNotAllowed):
        mumbai.sells(bangle, payments=paid(cash="299936"), customer_tax_number="ABCDE1234F")
    with pytest.raises(CustomerUnknown):
        mumbai.sells(bangle, payments=paid(card="299936"))
    assert mumbai.sells(bangle, payments=paid(card="299936"), customer_tax_number="ABCDE1234F").due == 29_993_600


# Prices


def test_nothing_to_sell_is_said(counter):
    with pytest.raises(NothingToSell):
        counter.completes(counter.form())


def test_an_item_nobody_knows_is_a_field_error(counter):
    with pytest.raises(BadInput) as refused:
        counter.completes(counter.form(lines=[{"item": str(new_id())}]))
    assert refused.value.fields == {"lines.0.item": "There is no such item."}


def test_another_shops_piece_is_unknown(counter, open_counter, new_shop):
    theirs = open_counter(new_shop("IR"), "7000000").takes_in()
    with pytest.raises(BadInput):
        counter.sells(theirs)


def test_without_a_rate_nothing_is_sold(counter):
    with counter.work() as uow:
        uow.execute(text("DELETE FROM shop.rate_places"))
    with pytest.raises(RateMissing):
        counter.sells(counter.takes_in())


def test_discounts_on_lines_and_on_the_whole_come_off_before_tax(counter):
    ring, chain = counter.takes_in("4.250", "18"), counter.takes_in("10.000", "12", name="Chain")
    lines = [{"item": str(ring.id), "discount": "10%"}, {"item": str(chain.id)}]
    sale = counter.sells(lines=lines, discount="1000000")
    first, second = sale.lines
    assert first.discount + second.discount == 3_756_235 + 1_000_000
    assert sale.total == sum(sum(line.parts.values()) - line.discount + sum(line.taxes.values()) for line in sale.lines)


def test_a_discount_above_the_total_is_refused(counter):
    ring = counter.takes_in()
    with pytest.raises(DiscountAboveTotal):
        counter.sells(ring, discount="38344000", payments=paid(cash="1"))


def test_a_seller_gives_a_little_discount_and_a_manager_more(counter):
    ring = counter.takes_in()
    with pytest.raises(DiscountNeedsManager):
        a_seller(counter).sells(ring, discount="6%")
    assert a_seller(counter).sells(ring, discount="5%").lines[0].discount == 1_878_118
    manager = counter.as_(replace(counter.actor, permissions=frozenset({SELL.name, DISCOUNT.name})))
    assert manager.sells(counter.takes_in(), discount="50%").lines[0].discount == 18_781_175


def test_a_price_by_hand_needs_a_manager(counter):
    ring = counter.takes_in()
    lines = [{"item": str(ring.id), "price": "30000000"}]
    with pytest.raises(PriceNeedsManager):
        a_seller(counter).sells(lines=lines)
    manager = counter.as_(replace(counter.actor, permissions=frozenset({SELL.name, SET_PRICE.name})))
    assert sum(manager.sells(lines=lines).lines[0].parts.values()) == 30_000_000


def test_a_piece_of_another_branch_is_not_sold_here(counter):
    with counter.work() as uow:
        north = add_branch(uow, BranchForm(code="N", name="North"))
    elsewhere = replace(counter, till=replace(counter.till, branch=north.id))
    ring = elsewhere.takes_in()
    with pytest.raises(NotForSaleHere):
        counter.sells(ring)


# Quotes


def quoted(counter, *items):
    cart = counter.prices(*items)
    return Quote(cart.at, cart.due)


def test_a_quoted_price_holds_although_the_rate_moves(counter, clock):
    ring = counter.takes_in()
    quote = quoted(counter, ring)
    clock.advance(timedelta(minutes=5))
    counter.rate("8000000")
    sale = counter.sells(ring, quote=quote, payments=paid(cash=str(quote.due.decimal)))
    assert sale.due == 38_344_000


def test_past_its_time_the_till_asks_before_it_charges_another_price(counter, clock):
    ring = counter.takes_in()
    quote = quoted(counter, ring)
    clock.advance(timedelta(hours=1))
    counter.rate("8000000")
    with pytest.raises(QuoteChanged) as asked:
        counter.sells(ring, quote=quote, payments=paid(cash=str(quote.due.decimal)))
    assert str(asked.value) == (
        "The price is 43,821,000 IRT now, 5,477,000 IRT more than the 38,344,000 IRT that was quoted. "
        "Is that all right?"
    )
    assert counter.stock(ring) == 1


def test_past_its_time_an_unchanged_price_is_simply_charged(counter, clock):
    ring = counter.takes_in()
    quote = quoted(counter, ring)
    clock.advance(timedelta(hours=1))
    assert counter.sells(ring, quote=quote, payments=paid(cash="38344000")).due == quote.due.amount


def test_a_quote_is_for_the_cart_it_was_made_for(counter):
    ring, chain = counter.takes_in(), counter.takes_in("10.000", name="Chain")
    with pytest.raises(QuoteChanged):
        counter.sells(ring, chain, quote=quoted(counter, ring), payments=paid(cash="1"))


def test_a_quote_that_somebody_wrote_himself_is_none(counter):
    def sign(said):
        return f"ours:{len(said)}"

    shop = counter.shop.id
    quote = Quote(counter.database.clock.now(), Money(1, "IRT"))
    sealed = quote.sealed(shop, sign)
    assert Quote.opened(sealed, shop, sign) == quote
    assert Quote.opened(sealed, shop, lambda _said: "another's") is None
    assert [Quote.opened(text, shop, sign) for text in (None, "", "x", "x.y", "é.é", sealed[1:])] == [None] * 6


def test_a_quote_of_another_shop_is_none_here():
    quote = Quote(NOW, Money(1, "AED"))
    sealed = quote.sealed(new_id(), sign := str.swapcase)
    assert Quote.opened(sealed, new_id(), sign) is None


# What a sale costs


@pytest.mark.parametrize("pieces", [1, 5])
def test_a_sale_is_eight_round_trips_however_many_lines_it_has(counter, statements, plugins, pieces):
    goods = [counter.takes_in(name="Coin", quantity=10) for _each in range(pieces)]
    wanted = counter.form(*goods, payments=paid(card=str(counter.prices(*goods).due.decimal)))
    counter.sells(*goods)
    with statements.counted() as sent:
        counter.completes(wanted)
    # Into the shop, key, goods, rates, stock, sale with its number, books, and out again.
    assert len(sent) == 8 - ("accounting" not in plugins.by_name)


# Investment metal


def test_in_dubai_a_bar_marked_as_investment_is_zero_rated_from_995(open_counter, new_shop):
    """The published example: from 99.5 % a tradable bar bears no VAT; below, or as jewellery, it bears 5 %."""
    dubai = open_counter(new_shop("AE", name="Dubai Gold"), "340.00", "995")
    bar = dubai.takes_in("10.000", "0", fineness="995", name="Bar", investment=True)
    chain = dubai.takes_in("10.000", "0", fineness="995", name="Chain")
    low = dubai.takes_in("10.000", "0", fineness="990", name="Bar of 990", investment=True)
    taxed = {item.name: dubai.prices(item).lines[0].priced for item in (bar, chain, low)}
    assert {name: [(tax.rate, tax.amount.amount) for tax in each.taxes] for name, each in taxed.items()} == {
        "Bar": [(0, 0)],
        "Chain": [(5, 17_000)],
        "Bar of 990": [(5, 16_915)],
    }
    assert dubai.sells(bar).total == 340_000


def test_in_riyadh_tradable_metal_is_zero_rated_from_990(open_counter, new_shop):
    riyadh = open_counter(new_shop("SA", name="Riyadh Gold"), "350.00", "990")
    bar = riyadh.takes_in("100.000", "0", fineness="990", name="Bar", investment=True)
    assert (riyadh.sells(bar).total, riyadh.sells(riyadh.takes_in("10.000", "0", fineness="990")).total) == (
        3_500_000,
        402_500,
    )

"""What the till and the stock tell is booked to the last unit, in money and in fine metal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel.events import Event
from kernel.ids import new_id
from plugins.accounting.actions.reverse import reverse
from plugins.accounting.domain.errors import AlreadyReversed, DoesNotBalance, ReversesAnother
from plugins.accounting.queries.journals import Wanted, journal, newest
from plugins.inventory.public import StockAdjusted, StockReceived
from plugins.pos.public import OldGold, Paid, SaleCompleted, SaleRefunded, SaleVoided, SoldLine
from tests.conftest import NOW
from tests.plugins.accounting.conftest import Books, sums
from tests.plugins.accounting.test_posting import check_proved

#: Worked day, 1: a ring of 4.250 g, wage 18 %, split payment, rounded to the nearest thousand.
RING = SoldLine(
    item=new_id(),
    sku="R-1",
    quantity=1,
    parts={"metal": 29_750_000, "making": 5_355_000, "profit": 2_457_350},
    discount=0,
    taxes={"VAT": 781_235},
    cost=27_000_000,
    metal="gold",
    fine=31_875_000,
)
SALE = SaleCompleted(
    sale=new_id(),
    number=1,
    at=NOW,
    branch=new_id(),
    currency="IRT",
    lines=(RING,),
    rounding=415,
    payments=(Paid("card", 30_000_000), Paid("cash", 8_344_000)),
)
#: Worked day, 2: 6.120 g of broken 18K against 10.000 g at a wage of 12 %.
EXCHANGE = SaleCompleted(
    sale=new_id(),
    number=2,
    at=NOW,
    branch=new_id(),
    currency="IRT",
    lines=(
        SoldLine(
            new_id(),
            "B-7",
            1,
            {"metal": 70_000_000, "making": 8_400_000, "profit": 5_488_000},
            0,
            {"VAT": 1_388_800},
            65_000_000,
            "gold",
            75_000_000,
        ),
    ),
    rounding=800,
    payments=(Paid("card", 43_008_800),),
    old_gold=(OldGold(new_id(), "gold", 6_120, 45_288_000, 42_268_800),),
)


def fresh(event: Any, **changes: Any) -> Any:
    """The same for a document of its own."""
    name = "sale" if isinstance(event, SaleCompleted) else "movement"
    return replace(event, **{name: new_id(), **changes})


def tell(books: Books, *events: Event) -> None:
    """Each in a transaction of its own, as its publisher does."""
    for event in events:
        with books.work() as uow:
            uow.publish(event)


def test_the_worked_days_sale_with_split_payment(books: Books):
    sale = fresh(SALE)
    tell(books, sale)
    assert books.booked("sale", sale.sale) == {
        ("paid.card", "IRT"): 30_000_000,
        ("paid.cash", "IRT"): 8_344_000,
        ("revenue.metal", "IRT"): -29_750_000,
        ("revenue.making", "IRT"): -5_355_000,
        ("revenue.profit", "IRT"): -2_457_350,
        ("tax.VAT", "IRT"): -781_235,
        ("rounding", "IRT"): -415,
        ("cost_of_goods", "IRT"): 27_000_000,
        ("inventory", "IRT"): -27_000_000,
        ("inventory", "XAU"): -31_875_000,
        ("metal.sold", "XAU"): 31_875_000,
    }


def test_the_worked_days_part_exchange(books: Books):
    sale = fresh(EXCHANGE, rounding=0, payments=(Paid("card", 43_008_000),))
    tell(books, sale)
    booked = books.booked("sale", sale.sale)
    assert booked[("scrap", "IRT")] == 42_268_800
    assert booked[("scrap", "XAU")] == 45_288_000
    assert booked[("metal.bought", "XAU")] == -45_288_000
    assert booked[("tax.VAT", "IRT")] == -1_388_800
    assert booked[("paid.card", "IRT")] == 43_008_000
    assert sums(booked) == {"IRT": 0, "XAU": 0}


def test_the_worked_days_old_gold_in_india(books: Books, new_shop):
    books = Books(books.database, new_shop("IN"), books.actor)
    bangle = SoldLine(
        new_id(), "G-3", 1, {"metal": 26_000_000, "making": 3_120_000}, 0,
        {"CGST": 436_800, "SGST": 436_800}, 25_000_000, "gold", 183_200_000,
    )  # fmt: skip
    sale = SaleCompleted(
        new_id(), 1, NOW, new_id(), "INR", (bangle,), 0, (Paid("cash", 19_801_600),),
        (OldGold(new_id(), "gold", 8_000, 71_814_400, 10_192_000),),
    )  # fmt: skip
    tell(books, sale)
    booked = books.booked("sale", sale.sale)
    assert (booked[("tax.CGST", "INR")], booked[("tax.SGST", "INR")]) == (-436_800, -436_800)
    assert (booked[("paid.cash", "INR")], booked[("scrap", "INR")]) == (19_801_600, 10_192_000)
    assert sums(booked) == {"INR": 0, "XAU": 0}


def test_a_discount_and_several_metals(books: Books):
    ring = replace(RING, discount=1_000_000)
    chain = SoldLine(new_id(), "S-1", 2, {"goods": 600_000}, 0, {"VAT": 60_000}, 300_000, "silver", 92_500_000)
    watch = SoldLine(new_id(), "W-1", 1, {"goods": 900_000}, 0, {}, 0, "", 0)
    sale = fresh(SALE, lines=(ring, chain, watch), rounding=0, payments=(Paid("cash", 38_903_585),))
    tell(books, sale)
    booked = books.booked("sale", sale.sale)
    assert booked[("discount", "IRT")] == 1_000_000
    assert booked[("revenue.goods", "IRT")] == -1_500_000
    assert booked[("inventory", "XAG")] == -92_500_000
    assert booked[("metal.sold", "XAG")] == 92_500_000
    assert sums(booked) == {"IRT": 0, "XAU": 0, "XAG": 0}


def test_a_customer_who_brings_more_than_he_buys_is_paid_out(books: Books):
    sale = fresh(SALE, lines=(), rounding=0, payments=(Paid("cash", -42_268_800),), old_gold=EXCHANGE.old_gold)
    tell(books, sale)
    assert books.booked("sale", sale.sale) == {
        ("paid.cash", "IRT"): -42_268_800,
        ("scrap", "IRT"): 42_268_800,
        ("scrap", "XAU"): 45_288_000,
        ("metal.bought", "XAU"): -45_288_000,
    }


def test_a_refund_of_everything_leaves_the_books_as_they_were(books: Books):
    sale = fresh(SALE)
    tell(books, sale)
    refund = SaleRefunded(new_id(), sale.sale, 1, NOW, sale.branch, "IRT", sale.lines, 415, sale.payments)
    tell(books, refund)
    assert books.stands() == {}
    assert books.numbers() == [1, 2]
    check_proved(books)


def test_a_refund_is_booked_with_its_own_figures(books: Books):
    sale = fresh(SALE)
    tell(books, sale)
    back = replace(RING, parts={"metal": 10_000_000}, taxes={"VAT": 0}, cost=9_000_000, fine=10_625_000)
    refund = SaleRefunded(new_id(), sale.sale, 9, NOW, sale.branch, "IRT", (back,), -1, (Paid("exchange", 9_999_999),))
    tell(books, refund)
    assert books.booked("refund", refund.refund) == {
        ("paid.other", "IRT"): -9_999_999,
        ("revenue.metal", "IRT"): 10_000_000,
        ("rounding", "IRT"): -1,
        ("cost_of_goods", "IRT"): -9_000_000,
        ("inventory", "IRT"): 9_000_000,
        ("inventory", "XAU"): 10_625_000,
        ("metal.sold", "XAU"): -10_625_000,
    }


def test_a_void_undoes_the_sale_old_gold_included(books: Books):
    sale = fresh(EXCHANGE)
    tell(books, sale)
    tell(books, SaleVoided(sale.sale, NOW + timedelta(days=1), "Wrong customer"))
    assert books.stands() == {}
    with books.work() as uow:
        void = journal(uow, books.journal("void", sale.sale))
    assert void.reverses == (books.journal("sale", sale.sale), 1)
    assert (void.memo, void.document.reference) == ("Wrong customer", "2")


def test_a_void_after_the_bookkeeper_reversed_by_hand_changes_nothing(books: Books):
    sale = fresh(SALE)
    tell(books, sale)
    with books.work() as uow:
        reverse(uow, books.journal("sale", sale.sale), "By mistake")
    tell(books, SaleVoided(sale.sale, NOW, "Wrong customer"))
    assert (books.stands(), books.numbers()) == ({}, [1, 2])


def test_a_sale_whose_payments_do_not_sum_is_not_made(books: Books):
    sale = fresh(SALE, payments=(Paid("card", 30_000_000),))
    with pytest.raises(DoesNotBalance), books.work() as uow:
        uow.publish(sale)
    assert books.numbers() == []


def test_told_twice_a_sale_is_booked_once(books: Books):
    sale = fresh(SALE)
    tell(books, sale, sale)
    assert books.numbers() == [1]


def test_parts_told_in_another_order_are_the_same_sale(books: Books):
    sale = fresh(SALE)
    turned = replace(RING, parts=dict(sorted(RING.parts.items(), reverse=True)))
    tell(books, sale, replace(sale, lines=(turned,), payments=tuple(reversed(sale.payments))))
    assert books.numbers() == [1]


RECEIVED = StockReceived(new_id(), new_id(), "R-1", NOW, 1, "IRT", 27_000_000, "gold", 31_875_000, "received")


@pytest.mark.parametrize(("reason", "against"), [("received", "received.other"), ("imported", "received.imported")])
def test_goods_come_in_at_their_cost_and_weight(books: Books, reason, against):
    received = fresh(RECEIVED, reason=reason)
    tell(books, received)
    assert books.booked("receipt", received.movement) == {
        ("inventory", "IRT"): 27_000_000,
        (against, "IRT"): -27_000_000,
        ("inventory", "XAU"): 31_875_000,
        ("metal.received", "XAU"): -31_875_000,
    }


def test_goods_that_cost_nothing_and_hold_no_metal_are_not_booked(books: Books):
    tell(books, fresh(RECEIVED, cost=0, fine=0, metal=""))
    assert books.numbers() == []


@pytest.mark.parametrize("sign", [1, -1])
def test_a_difference_of_the_stock_is_borne_in_money_and_in_metal(books: Books, sign):
    adjusted = StockAdjusted(
        new_id(), new_id(), "R-1", NOW, sign, "IRT", sign * 27_000_000, "gold", sign * 31_875_000, "lost"
    )
    tell(books, adjusted)
    assert books.booked("adjustment", adjusted.movement) == {
        ("inventory", "IRT"): sign * 27_000_000,
        ("adjusted.other", "IRT"): sign * -27_000_000,
        ("inventory", "XAU"): sign * 31_875_000,
        ("metal.difference", "XAU"): sign * -31_875_000,
    }


def test_a_late_evening_is_booked_on_the_shops_own_day(books: Books):
    """Half past ten in the evening of UTC is past one of the next day in Tehran."""
    sale = fresh(SALE, at=datetime(2025, 3, 20, 22, 30, tzinfo=UTC))
    tell(books, sale)
    with books.work() as uow:
        assert [one.day.isoformat() for one in newest(uow, Wanted(), unit="IRT", limit=5)] == ["2025-03-21"]


def test_gold_in_and_out_is_the_gold_that_is_there(books: Books):
    tell(books, fresh(RECEIVED), fresh(RECEIVED), fresh(SALE), fresh(EXCHANGE))
    stands = books.stands()
    on_the_scale = stands[("inventory", "XAU")] + stands[("scrap", "XAU")]
    flows = {part: amount for (part, unit), amount in stands.items() if part.startswith("metal.")}
    assert on_the_scale == -sum(flows.values()) == 2 * 31_875_000 - 31_875_000 - 75_000_000 + 45_288_000


def test_a_journal_is_reversed_once_and_says_why(books: Books):
    sale = fresh(SALE)
    tell(books, sale)
    with books.work() as uow:
        wrong = books.journal("sale", sale.sale)
        reversal = reverse(uow, wrong, "Booked to the wrong shop")
    assert books.stands() == {}
    with books.work() as uow:
        assert journal(uow, wrong).reversed_by == (reversal.id, 2)
        found = journal(uow, reversal.id)
        assert (found.memo, found.reverses) == ("Booked to the wrong shop", (wrong, 1))
        with pytest.raises(AlreadyReversed):
            reverse(uow, wrong, "Again")
        with pytest.raises(ReversesAnother):
            reverse(uow, reversal.id, "Back and forth")
    assert books.numbers() == [1, 2]

"""The worked day of the trade's own page, to the last unit: two sales in Tehran, one in Mumbai."""

from __future__ import annotations

from kernel.metal import FineWeight
from kernel.money import Money
from plugins.pos.domain.payment import Method, Payment
from tests.plugins.pos.conftest import paid


def toman(amount: int) -> Money:
    return Money(amount, "IRT")


def test_a_ring_is_sold_and_paid_in_two_ways(counter):
    ring = counter.takes_in("4.250", "18", cost=25_000_000)
    sale = counter.sells(ring, payments=paid(card="30000000", cash="8344000"))
    [line] = sale.lines
    assert line.parts == {"metal": 29_750_000, "making": 5_355_000, "profit": 2_457_350}
    assert line.taxes == {"VAT": 781_235}
    assert (sale.total, sale.rounding, sale.due) == (38_343_585, 415, 38_344_000)
    assert sale.payments == (
        Payment(Method.CARD, toman(30_000_000), toman(30_000_000)),
        Payment(Method.CASH, toman(8_344_000), toman(8_344_000)),
    )
    assert (line.cost, str(FineWeight(line.fine))) == (25_000_000, "3.1875 g")
    assert counter.stock(ring) == 0


def test_old_gold_pays_a_part_and_lowers_no_tax(counter):
    chain = counter.takes_in("10.000", "12", name="Chain")
    sale = counter.sells(chain, old_gold=[{"weight": "6.120", "fineness": "750"}], payments=paid(transfer="43008000"))
    [line], [old] = sale.lines, sale.old_gold
    assert line.parts == {"metal": 70_000_000, "making": 8_400_000, "profit": 5_488_000}
    assert line.taxes == {"VAT": 1_388_800}
    assert (sale.total, sale.exchanged, sale.rounding, sale.due) == (85_276_800, 42_268_800, 0, 43_008_000)
    assert (str(old.weight), str(old.fineness), str(old.fine), old.amount) == (
        "6.120 g",
        "750",
        "4.5288 g",
        42_268_800,
    )
    assert counter.stock(old.item) == 1


def test_in_india_old_gold_goes_on_a_purchase_and_leaves_cash_below_the_limit(open_counter, new_shop):
    mumbai = open_counter(new_shop("IN"), "13000", "916")
    bangle = mumbai.takes_in("20.000", "12", 22, name="Bangle", cost=25_000_000)
    sale = mumbai.sells(
        bangle, old_gold=[{"weight": "8.000", "fineness": "916"}], payments=paid(cash="198016"), customer_tax_number="X"
    )
    [line] = sale.lines
    assert line.parts == {"metal": 26_000_000, "making": 3_120_000}
    assert line.taxes == {"CGST": 436_800, "SGST": 436_800}
    assert (sale.total, sale.exchanged, sale.due) == (29_993_600, 10_192_000, 19_801_600)

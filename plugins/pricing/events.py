"""What pricing tells others."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, slots=True)
class RateSet(Event):
    """A shop set a rate by hand. `value` is in major units, as text; `fineness` in tenths of a thousandth."""

    rate: str
    metal: str
    side: str
    value: str
    currency: str
    unit: str
    fineness: int

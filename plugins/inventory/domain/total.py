"""All of the stock together."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.metal import FineWeight, Metal


@dataclass(frozen=True, slots=True)
class Total:
    """Everything in stock of one metal, or of none: how many, their cost in minor units, their pure metal."""

    metal: Metal | None
    pieces: int
    worth: int
    fine: FineWeight

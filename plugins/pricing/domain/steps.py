"""The sheet on which a price is worked out: every step with what went in, its exact result and the rounded one."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from kernel.money import LARGEST, Money
from plugins.pricing.domain.errors import PriceTooLarge
from plugins.pricing.domain.terms import Component, Rounding


class StepName(StrEnum):
    METAL = "metal"
    CUSTOMERS_METAL = "customers_metal"
    WASTAGE = "wastage"
    MAKING = "making"
    STONES = "stones"
    EXTRAS = "extras"
    PROFIT = "profit"
    FIXED_PRICE = "fixed_price"
    MANUAL_PRICE = "manual_price"
    MARKUP = "markup"
    METAL_WITHIN = "metal_within"
    PRICE_STEP = "price_step"
    QUANTITY = "quantity"
    DISCOUNT = "discount"
    CART_DISCOUNT = "cart_discount"
    TAX = "tax"
    TAX_WITHIN = "tax_within"
    TAX_ON_MARGIN = "tax_on_margin"
    TOTAL = "total"
    OLD_METAL = "old_metal"


class Step(NamedTuple):
    """`inputs` are the values of the step's formula by name; `exact` and `rounded` are minor units.

    A named tuple, because a sale makes dozens and a frozen dataclass takes three times as long to make.
    """

    name: StepName
    inputs: tuple[tuple[str, object], ...]
    exact: Fraction | int
    rounded: int


class Sheet:
    """Steps in the order in which they are worked out, and the components as they stand so far.

    `rounded` are the components as printed; `carried` what later steps reckon with: those, or the exact results, as
    the rounding policy says.
    """

    __slots__ = ("carried", "rounded", "rounding", "steps")

    def __init__(self, rounding: Rounding) -> None:
        self.rounding = rounding
        self.steps: list[Step] = []
        self.rounded: dict[Component, int] = {}
        self.carried: dict[Component, Fraction | int] = {}

    def write(self, name: StepName, exact: Fraction | int, component: Component, **inputs: object) -> Fraction | int:
        """A step whose result is a component of the price. Answers what later steps reckon with."""
        rounded = self.rounding.line(exact, component)
        self.steps.append(Step(name, tuple(inputs.items()), exact, rounded))
        self.rounded[component] = rounded
        carried = rounded if self.rounding.carry_rounded else exact
        self.carried[component] = carried
        return carried

    def note(self, name: StepName, amount: int, **inputs: object) -> None:
        """A step that is whole already."""
        self.steps.append(Step(name, tuple(inputs.items()), amount, amount))


def money(amount: int, currency: str) -> Money:
    """The amount as Money. Raises PriceTooLarge."""
    if abs(amount) > LARGEST:
        raise PriceTooLarge
    return Money(amount, currency)

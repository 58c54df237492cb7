"""The terms one price is made under: what a market and a shop say on one day. Frozen with every price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from kernel.metal import Fineness
from kernel.money import RoundingMode, round_to


class Component(StrEnum):
    """What a price is made of. Taxes, discounts and the books look at the parts, never at the sum alone."""

    METAL = "metal"
    WASTAGE = "wastage"
    MAKING = "making"
    PROFIT = "profit"
    STONES = "stones"
    EXTRAS = "extras"
    GOODS = "goods"  #: A price that was set and not reckoned: a fixed price, a mark-up on cost.


class Supply(StrEnum):
    """What kind of trade a line is; the tax rules of every market ask for it."""

    NEW = "new"
    INVESTMENT = "investment"
    SECOND_HAND = "second_hand"
    JOB_WORK = "job_work"


class Side(StrEnum):
    """Which way the metal of a rate goes: out of the shop, or back into it."""

    SALE = "sale"
    BUY_BACK = "buy_back"


@dataclass(frozen=True, slots=True)
class Rounding:
    """A shop's rounding policy. Steps are in minor units.

    `carry_rounded`: each step reckons with the rounded results before it, so that a calculator agrees with the printed
    lines; otherwise with the exact ones. `modes` are components whose lines are rounded otherwise than `line_mode`.
    """

    line_step: int = 1
    line_mode: RoundingMode = RoundingMode.HALF_UP
    tax_step: int = 1
    tax_mode: RoundingMode = RoundingMode.HALF_UP
    total_step: int = 1
    total_mode: RoundingMode = RoundingMode.HALF_UP
    carry_rounded: bool = True
    modes: tuple[tuple[Component, RoundingMode], ...] = ()

    def line(self, exact: Fraction | int, component: Component | None = None) -> int:
        for named, mode in self.modes:
            if named is component:
                return round_to(exact, self.line_step, mode)
        return round_to(exact, self.line_step, self.line_mode)

    def tax(self, exact: Fraction | int) -> int:
        return round_to(exact, self.tax_step, self.tax_mode)

    def total(self, exact: Fraction | int) -> int:
        return round_to(exact, self.total_step, self.total_mode)


@dataclass(frozen=True, slots=True)
class TaxRule:
    """A tax as a market states it: a rate on a base, for some supplies, from a first day until a last one.

    `rate` is None where each shop enters its own. `on_margin`: the base is selling price less cost, tax included.
    `because` is the reason a person reads on the receipt for a relief.
    """

    name: str
    rate: Decimal | None
    base: frozenset[Component]
    first_day: date
    last_day: date | None = None
    supply: Supply | None = None
    fineness_min: Fineness | None = None
    on_margin: bool = False
    because: str = ""

    def in_force(self, on: date) -> bool:
        return self.first_day <= on and (self.last_day is None or on <= self.last_day)

    def covers(self, supply: Supply, fineness: Fineness | None) -> bool:
        if self.supply is not None and self.supply is not supply:
            return False
        return self.fineness_min is None or (fineness is not None and fineness >= self.fineness_min)

    @property
    def conditions(self) -> int:
        return (self.supply is not None) + (self.fineness_min is not None)


@dataclass(frozen=True, slots=True)
class BuyBack:
    """How old metal is paid where the shop quotes no buy-back rate of its own.

    `paid_as`: a tested fineness and the lower one it is paid as; any other is paid `less_tenths` below itself.
    `less_percent` comes off the rate.
    """

    paid_as: tuple[tuple[Fineness, Fineness], ...] = ()
    less_tenths: int = 0
    less_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything but the piece and the rate that decides a price on one day.

    `purity`: finenesses that the market counts by karat (916 as 22/24) when it converts a rate; others count as
    they are.
    `discount_from`: the components a discount comes off first; empty for all alike.
    """

    market: str
    currency: str
    on: date
    taxes: tuple[TaxRule, ...]
    rounding: Rounding
    profit_percent: Decimal
    profit_on: frozenset[Component]
    discount_from: frozenset[Component]
    fixed_includes_tax: bool
    buyback: BuyBack
    purity: tuple[tuple[Fineness, Fraction], ...] = ()

    def pure_share(self, fineness: Fineness) -> Fraction:
        """What part of a weight counts as pure metal when a rate is converted."""
        for stamped, share in self.purity:
            if stamped == fineness:
                return share
        return fineness.fraction

    def taxes_on(self, supply: Supply, fineness: Fineness | None) -> tuple[TaxRule, ...]:
        """One rule per tax: the one with the most conditions among those that cover the line."""
        chosen: dict[str, TaxRule] = {}
        for rule in self.taxes:
            if rule.covers(supply, fineness):
                rival = chosen.get(rule.name)
                if rival is None or rule.conditions > rival.conditions:
                    chosen[rule.name] = rule
        return tuple(chosen.values())

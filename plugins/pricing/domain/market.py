"""A market as dated data: how it quotes metal, taxes, rounds, and what cash it takes. No branch by country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from kernel.calendars import Calendar
from kernel.metal import Fineness, Metal, WeightUnit
from kernel.money import Money
from plugins.pricing.domain.errors import TaxUnknownOn
from plugins.pricing.domain.terms import BuyBack, Component, Rounding, TaxRule, Terms


@dataclass(frozen=True, slots=True)
class Quotation:
    """How a metal is quoted in a market: the price of one unit at a fineness."""

    metal: Metal
    unit: WeightUnit
    fineness: Fineness


class CashAnswer(StrEnum):
    REFUSE = "refuse"
    IDENTIFY = "identify"


@dataclass(frozen=True, slots=True)
class CashRule:
    """What the law asks of cash in one transaction from `amount` on (or above it, where `above`)."""

    answer: CashAnswer
    amount: Money
    above: bool
    first_day: date
    last_day: date | None = None
    because: str = ""

    def speaks(self, cash: Money, on: date) -> bool:
        if on < self.first_day or (self.last_day is not None and on > self.last_day):
            return False
        return self.amount < cash if self.above else self.amount <= cash


@dataclass(frozen=True, slots=True)
class ShopChoices:
    """What a shop decides over its market's defaults. None and empty mean: as the market has it.

    `tax_rates`: rates of taxes that the market leaves to the shop. `taxed_too`: components that this shop adds to the
    base of its taxes, where custom differs (stones and fittings in Iran).
    """

    profit_percent: Decimal | None = None
    rounding: Rounding | None = None
    tax_rates: Mapping[str, Decimal] = field(default_factory=dict)
    taxed_too: frozenset[Component] = frozenset()
    buyback: BuyBack | None = None


@dataclass(frozen=True, slots=True)
class MarketProfile:
    """One market. `quotations` are the board's, the first of a metal being the one a shop enters by default.

    `taxed_by_choice`: components about which custom differs; a shop says whether it taxes them.
    """

    code: str
    name: str
    currency: str
    zone: str
    language: str
    calendar: Calendar
    first_weekday: int
    quotations: tuple[Quotation, ...]
    profit_percent: Decimal
    profit_on: frozenset[Component]
    taxes: tuple[TaxRule, ...]
    rounding: Rounding
    buyback: BuyBack
    discount_from: frozenset[Component] = frozenset()
    fixed_includes_tax: bool = False
    purity: tuple[tuple[Fineness, Fraction], ...] = ()
    cash: tuple[CashRule, ...] = ()
    taxed_by_choice: frozenset[Component] = frozenset()

    def quotation(self, metal: Metal) -> Quotation | None:
        """How the board quotes a metal here, if it does."""
        return next((each for each in self.quotations if each.metal is metal), None)

    def with_choices(self, choices: ShopChoices) -> MarketProfile:
        """This market as one shop trades in it."""
        return replace(
            self,
            profit_percent=self.profit_percent if choices.profit_percent is None else choices.profit_percent,
            rounding=choices.rounding or self.rounding,
            buyback=choices.buyback or self.buyback,
            taxes=tuple(_chosen(tax, choices) for tax in self.taxes),
        )

    def terms(self, on: date) -> Terms:
        """What holds on one day. Raises TaxUnknownOn for a day before the first that is known."""
        in_force = tuple(tax for tax in self.taxes if tax.in_force(on))
        for tax in self.taxes:
            if not tax.conditions and not any(each.name == tax.name and not each.conditions for each in in_force):
                raise TaxUnknownOn(self.name, on)
        return Terms(
            self.code,
            self.currency,
            on,
            in_force,
            self.rounding,
            self.profit_percent,
            self.profit_on,
            self.discount_from,
            self.fixed_includes_tax,
            self.buyback,
            self.purity,
        )

    def cash_rules(self, cash: Money, on: date) -> tuple[CashRule, ...]:
        """Which rules of law speak when this much is paid in cash."""
        return tuple(rule for rule in self.cash if rule.speaks(cash, on))


def _chosen(tax: TaxRule, choices: ShopChoices) -> TaxRule:
    rate = choices.tax_rates.get(tax.name) if tax.rate is None else tax.rate
    base = tax.base if tax.on_margin or tax.rate == 0 else tax.base | choices.taxed_too
    return replace(tax, rate=rate, base=base)

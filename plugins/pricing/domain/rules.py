"""Pricing rules of a shop: the most specific one decides, and a tie is explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kernel.metal import Fineness, Metal
from kernel.money import Money, RoundingMode
from plugins.pricing.domain.making import Making


@dataclass(frozen=True, slots=True)
class Situation:
    """What a rule can look at. `category` is the path of ids from the root of the tree to the piece's own category.

    `has_making`: a making charge stands on the piece itself. Then only a rule about the customer may say another.
    """

    metal: Metal | None = None
    fineness: Fineness | None = None
    category: tuple[str, ...] = ()
    craftsmanship: str = ""
    branch: str = ""
    tier: str = ""
    has_making: bool = False


ANYTHING = Situation()


@dataclass(frozen=True, slots=True)
class PricingRule:
    """Conditions (None and "" mean any) and what holds where all of them are met (None: this rule does not say).

    `markup_percent` prices from cost. `price_step` rounds the price of one piece before tax to a multiple of it.
    """

    id: str
    name: str
    metal: Metal | None = None
    fineness_min: Fineness | None = None
    fineness_max: Fineness | None = None
    category: str = ""
    craftsmanship: str = ""
    branch: str = ""
    tier: str = ""
    making: Making | None = None
    profit_percent: Decimal | None = None
    markup_percent: Decimal | None = None
    price_step: Money | None = None
    price_mode: RoundingMode = RoundingMode.HALF_UP

    def __post_init__(self) -> None:
        if self.fineness_min and self.fineness_max and self.fineness_min > self.fineness_max:
            raise ValueError("a fineness range starts at the lower fineness")
        for percent in (self.profit_percent, self.markup_percent):
            if percent is not None and not (percent.is_finite() and 0 <= percent <= 10_000):
                raise ValueError("a percentage is from 0 to 10000")
        if self.price_step is not None and self.price_step.amount < 1:
            raise ValueError("a price step is above zero")

    def fits(self, situation: Situation) -> bool:
        fineness = situation.fineness
        if self._asks_fineness and fineness is None:
            return False
        return (
            (self.metal is None or self.metal is situation.metal)
            and (self.fineness_min is None or (fineness is not None and fineness >= self.fineness_min))
            and (self.fineness_max is None or (fineness is not None and fineness <= self.fineness_max))
            and (not self.category or self.category in situation.category)
            and (not self.craftsmanship or self.craftsmanship == situation.craftsmanship)
            and (not self.branch or self.branch == situation.branch)
            and (not self.tier or self.tier == situation.tier)
        )

    @property
    def _asks_fineness(self) -> bool:
        return self.fineness_min is not None or self.fineness_max is not None

    @property
    def _asks(self) -> tuple[bool, ...]:
        """Its conditions in the order in which they count where two rules have equally many.

        The person before the work, the work before the metal, the place last.
        """
        return (
            bool(self.tier),
            bool(self.craftsmanship),
            bool(self.category),
            self._asks_fineness,
            self.metal is not None,
            bool(self.branch),
        )

    def _narrowness(self, situation: Situation) -> tuple[int, int]:
        """Deeper in the tree of categories, and a smaller range of fineness."""
        depth = situation.category.index(self.category) if self.category else -1
        lowest = self.fineness_min.tenths if self.fineness_min else 0
        highest = self.fineness_max.tenths if self.fineness_max else 10_000
        return depth, lowest - highest


class Tie(StrEnum):
    """Why one of two rules with equally many conditions won."""

    ORDER = "order"  #: its kind of condition counts before the other's
    NARROWER = "narrower"  #: its category is deeper or its range of fineness smaller
    NEWER = "newer"  #: it was made later


@dataclass(frozen=True, slots=True)
class Reason:
    """Which rule decided `what`, and over whom it won although that one was as specific."""

    what: str
    rule_id: str
    rule_name: str
    over: str = ""
    tie: Tie | None = None


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What the rules say about one piece; None where they say nothing."""

    making: Making | None = None
    profit_percent: Decimal | None = None
    markup_percent: Decimal | None = None
    price_step: Money | None = None
    price_mode: RoundingMode = RoundingMode.HALF_UP
    reasons: tuple[Reason, ...] = ()


NO_RULES = RuleOutcome()


def decide(rules: Iterable[PricingRule], situation: Situation) -> RuleOutcome:
    """For each thing a rule can say, the word of the most specific rule that says it."""
    fitting = [rule for rule in rules if rule.fits(situation)]
    if not fitting:
        return NO_RULES
    fitting.sort(key=lambda rule: _rank(rule, situation), reverse=True)
    reasons: list[Reason] = []

    def first(what: str, say: Callable[[PricingRule], Any]) -> PricingRule | None:
        speaking = [rule for rule in fitting if say(rule) is not None]
        if not speaking:
            return None
        winner = speaking[0]
        rival = speaking[1] if len(speaking) > 1 else None
        tie = _tie(winner, rival, situation) if rival else None
        reasons.append(Reason(what, winner.id, winner.name, rival.name if rival and tie else "", tie))
        return winner

    making = first("making", lambda rule: rule.making if rule.tier or not situation.has_making else None)
    profit = first("profit", lambda rule: rule.profit_percent)
    markup = first("markup", lambda rule: rule.markup_percent)
    step = first("price_step", lambda rule: rule.price_step)
    return RuleOutcome(
        making.making if making else None,
        profit.profit_percent if profit else None,
        markup.markup_percent if markup else None,
        step.price_step if step else None,
        step.price_mode if step else RoundingMode.HALF_UP,
        tuple(reasons),
    )


def _rank(rule: PricingRule, situation: Situation) -> tuple[int, tuple[bool, ...], tuple[int, int], str]:
    return sum(rule._asks), rule._asks, rule._narrowness(situation), rule.id


def _tie(winner: PricingRule, rival: PricingRule, situation: Situation) -> Tie | None:
    if sum(winner._asks) != sum(rival._asks):
        return None
    if winner._asks != rival._asks:
        return Tie.ORDER
    return Tie.NARROWER if winner._narrowness(situation) != rival._narrowness(situation) else Tie.NEWER

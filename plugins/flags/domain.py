"""What came of a flag: how the variants compare, and whether the difference means anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import erfc, sqrt
from uuid import UUID

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.flags import Rule
from kernel.i18n import _

#: With fewer of either kind to be expected, the normal curve is no stand-in for what chance does.
EXPECTED_LEAST = 5
#: How often chance alone may look like a difference; with several variants they share it (Bonferroni).
CHANCE = 0.05

ALL = 100


@dataclass(frozen=True, slots=True)
class Decision:
    """The rule as it stands, and who decided it last."""

    rule: Rule
    because: str
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Reached:
    """How often a goal was reached, and in how many shops."""

    count: int = 0
    shops: int = 0


@dataclass(frozen=True, slots=True)
class Arm:
    """What is known of one variant. `met` is how often it was met: by a shop or a person there, once a day."""

    variant: str
    met: int = 0
    shops: int = 0
    goals: Mapping[str, Reached] = field(default_factory=dict)

    def reached(self, goal: str) -> Reached:
        return self.goals.get(goal, Reached())


class Says(StrEnum):
    """What the figures say about two variants."""

    TOO_LITTLE = "too_little"
    CHANCE = "chance"
    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Past:
    """One change of a flag, from the trail."""

    at: datetime
    by: str
    because: str
    before: Rule | None
    after: Rule


def compare(before: Arm, tried: Arm, goal: str, *, variants: int = 2) -> Says:
    """Two-sided z-test of two proportions with a pooled variance (NIST/SEMATECH e-Handbook of Statistical Methods,
    7.3.3).

    Shops are counted and not visits: a shop was drawn once, and its days and people are not independent of each other.
    """
    shops, reached = before.shops + tried.shops, before.reached(goal).shops + tried.reached(goal).shops
    share = reached / shops if shops else 0.0
    expected = [arm.shops * part for arm in (before, tried) for part in (share, 1 - share)]
    if min(expected) < EXPECTED_LEAST:
        return Says.TOO_LITTLE
    difference = tried.reached(goal).shops / tried.shops - before.reached(goal).shops / before.shops
    if by_chance(difference, share, before.shops, tried.shops) >= CHANCE / (variants - 1):
        return Says.CHANCE
    return Says.BETTER if difference > 0 else Says.WORSE


def by_chance(difference: float, share: float, first: int, second: int) -> float:
    """How probable a difference at least this large is where in truth there is none."""
    z = difference / sqrt(share * (1 - share) * (1 / first + 1 / second))
    return erfc(abs(z) / sqrt(2))


class NoSuchFlag(NotFound):
    def __init__(self) -> None:
        super().__init__(_("There is no such flag."))


class MoreThanAll(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("All shares together are at most 100 per cent."))


class NoSuchVariant(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("This flag has no such variant."))


class NotNamed(Conflict):
    def __init__(self) -> None:
        super().__init__(_("This shop is not named any more."))


class KilledAlready(Conflict):
    def __init__(self) -> None:
        super().__init__(_("The kill switch is on already."))


class NotKilled(Conflict):
    def __init__(self) -> None:
        super().__init__(_("The kill switch is not on."))


def without(shops: Mapping[UUID, str], shop: UUID) -> dict[UUID, str]:
    """Raises NotNamed."""
    if shop not in shops:
        raise NotNamed
    return {other: variant for other, variant in shops.items() if other != shop}

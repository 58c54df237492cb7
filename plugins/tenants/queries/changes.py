"""What another plan would change for a shop, before it is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kernel.plans import Plan
from kernel.uow import UnitOfWork
from plugins.tenants.queries import overrides
from plugins.tenants.queries.shops import used


@dataclass(frozen=True, slots=True)
class Over:
    """More is used than would be allowed: it stays and can be worked with, and nothing is added."""

    limit: str
    used: int
    allowed: int


@dataclass(frozen=True, slots=True)
class PlanChange:
    """`coming` and `going` are names of plugins, in the order of needs."""

    plan: Plan
    coming: Sequence[str]
    going: Sequence[str]
    over: Sequence[Over]


def of_plan(uow: UnitOfWork, plan: Plan) -> PlanChange:
    granted = overrides.in_force(uow)
    after = uow.plugins.enabled(
        plan.plugins,
        added=[one.name for one in granted if one.enabled],
        removed=[one.name for one in granted if one.enabled is False],
    )
    before = uow.shop.plugins
    allowed = dict(plan.limits)
    for one in granted:
        if one.kind == "limit":
            allowed.pop(one.name, None)
            if one.number is not None:
                allowed[one.name] = one.number
    counted = used(uow, allowed)
    return PlanChange(
        plan=plan,
        coming=[name for name in uow.plugins.by_name if name in after - before],
        going=[name for name in uow.plugins.by_name if name in before - after],
        over=over(counted, allowed),
    )


def over(counted: Mapping[str, int], allowed: Mapping[str, int]) -> list[Over]:
    return [Over(name, counted[name], number) for name, number in sorted(allowed.items()) if counted[name] > number]

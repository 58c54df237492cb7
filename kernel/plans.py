"""Plans: what a shop on one may have, and what it costs.

`plugins.toml` says which plans an installation begins with; from then on its database decides (docs/decisions/0017).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, any_, case, func, insert, literal, or_, select, update
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel.money import Money
from kernel.tables import plans, subscriptions, tenants
from kernel.tenancy import ShopState

if TYPE_CHECKING:
    from kernel.uow import Executes


class Cycle(StrEnum):
    """How often a plan's price is due."""

    MONTH = "month"
    YEAR = "year"


FREE = Money(0, "USD")


@dataclass(frozen=True, slots=True)
class Plan:
    """A limit that is absent is no limit. A plan that is `archived` keeps its shops and takes no new ones.

    Whoever changes it changes the `version` that they saw.
    """

    name: str
    title: str
    plugins: frozenset[str]
    limits: Mapping[str, int]
    price: Money = FREE
    cycle: Cycle = Cycle.MONTH
    archived: bool = False
    version: int = 1


def begin_with(work: Executes, offered: Iterable[Plan]) -> None:
    """Put down those that the database has never had; what it has stays as it is."""
    for plan in offered:
        work.execute(upsert(plans).values(name=plan.name, **row_of(plan)).on_conflict_do_nothing())


def row_of(plan: Plan) -> dict[str, Any]:
    """What a plan has, as the database keeps it; not its name, and not whether it is still offered."""
    return {
        "title": plan.title,
        "price": plan.price.amount,
        "currency": plan.price.currency,
        "cycle": plan.cycle.value,
        "limits": dict(plan.limits),
        "plugins": sorted(plan.plugins),
    }


def end_subscriptions(work: Executes, these: ColumnElement[bool], at: datetime) -> Sequence[UUID]:
    """Nothing is due from these shops any more; answers those that had something to pay."""
    ended = update(subscriptions).where(
        subscriptions.c.until.is_(None), subscriptions.c.tenant_id.in_(select(tenants.c.id).where(these))
    )
    return work.execute(ended.values(until=at).returning(subscriptions.c.tenant_id)).scalars().all()


def subscribe(work: Executes, these: ColumnElement[bool], at: datetime, by: str) -> None:
    """From now on these shops (a condition on `tenants`) pay what their plan costs now: whoever paid before, and
    whoever is active. What a shop on trial will pay is settled when the trial is over."""
    # Of two at once the second waits, and ends what the first began. A shop that comes to be one of these meanwhile
    # is none of them: whoever brings it there settles what it pays.
    held = select(tenants.c.id).where(these).order_by(tenants.c.id).with_for_update(key_share=True)
    these = tenants.c.id == any_(literal(work.execute(held).scalars().all(), ARRAY(Uuid)))
    paying = or_(tenants.c.state == ShopState.ACTIVE.value, tenants.c.id.in_(end_subscriptions(work, these, at)))
    price = (plans.c.name, plans.c.price, plans.c.currency, plans.c.cycle)
    begun = (
        select(func.uuidv7(), tenants.c.id, *price, literal(at), as_type(literal(by), Text))
        .join(plans, plans.c.name == tenants.c.plan)
        .where(these, paying)
    )
    work.execute(insert(subscriptions).from_select(_columns, begun))


def resume(work: Executes, shop: UUID, ended: datetime, at: datetime, by: str) -> None:
    """Who paid until `ended` pays again what they paid; on another plan meanwhile, what that costs now."""
    was, costs, now = subscriptions.c, plans.c, tenants.c
    price = [case((was.plan == costs.name, was[name]), else_=costs[name]) for name in ("price", "currency", "cycle")]
    last = (
        select(func.uuidv7(), now.id, costs.name, *price, literal(at), as_type(literal(by), Text))
        .select_from(subscriptions.join(tenants, now.id == was.tenant_id).join(plans, costs.name == now.plan))
        .where(was.tenant_id == shop, was.until == ended)
        .order_by(was.since.desc(), was.id.desc())
        .limit(1)
    )
    work.execute(insert(subscriptions).from_select(_columns, last))


_columns = ["id", "tenant_id", "plan", "price", "currency", "cycle", "since", "set_by"]

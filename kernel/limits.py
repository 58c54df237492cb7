"""A plan's limits: how many of something a shop may have, counted under a lock."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel.errors import RuleBroken
from kernel.i18n import _
from kernel.tables import counters
from kernel.uow import UnitOfWork


class LimitReached(RuleBroken):
    """The plan allows no more; what is there stays usable."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(
            _("Your plan includes {limit} {what}. Ask for a larger plan to add more.").format(limit=limit, what=what)
        )


def use(uow: UnitOfWork, name: str, number: int, what: str) -> None:
    """Count `number` more (or, negative, fewer) of `name`, e.g. `items`; `what` is its plural for the person.

    The counter's row stays locked until commit, so two tills cannot both take the last place. Raises LimitReached.
    """
    first = upsert(counters).values(name=f"used:{name}", value=max(number, 0))
    counted: int = uow.execute(
        first.on_conflict_do_update(
            index_elements=["tenant_id", "name"], set_={"value": func.greatest(counters.c.value + number, 0)}
        ).returning(counters.c.value)
    ).scalar_one()
    limit = uow.shop.limits.get(name)
    if number > 0 and limit is not None and counted > limit:
        raise LimitReached(what, limit)


def check_room(uow: UnitOfWork, name: str, what: str) -> None:
    """For what will need its place later: is there one now? Raises LimitReached."""
    used = uow.execute(select(counters.c.value).where(counters.c.name == f"used:{name}")).scalar_one_or_none() or 0
    limit = uow.shop.limits.get(name)
    if limit is not None and used >= limit:
        raise LimitReached(what, limit)

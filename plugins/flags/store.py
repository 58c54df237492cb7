"""Writing what was decided about a flag."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert as upsert

from kernel.flags import Rule
from kernel.tables import flags
from kernel.uow import PlatformWork


def decide(work: PlatformWork, flag: str, rule: Rule, because: str) -> None:
    decided = {
        "shares": dict(rule.shares),
        "shops": {str(shop): variant for shop, variant in rule.shops.items()},
        "killed": rule.killed,
        "because": because,
        "changed_at": work.now,
        "changed_by": work.actor.name,
    }
    row = upsert(flags).values(name=flag, **decided)
    work.execute(row.on_conflict_do_update(index_elements=["name"], set_=decided))

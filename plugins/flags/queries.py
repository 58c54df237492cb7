"""Reading what was decided about flags, and the sums of what came of them; no shop's rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, distinct, func, select

from kernel.flags import Flag, Rule
from kernel.tables import flag_figures, flags, platform_audit_changes, platform_audit_entries, tenants
from kernel.uow import PlatformWork
from plugins.flags.domain import Arm, Decision, Past, Reached

#: So many changes of a flag its page shows; all of them are in the trail.
MOST_CHANGES = 50


def decisions(work: PlatformWork) -> dict[str, Decision]:
    """By the flag's name. What nobody has decided on is not here."""
    return {row.name: _decision(row) for row in work.execute(select(flags))}


def decision(work: PlatformWork, flag: str) -> Decision | None:
    row = work.execute(select(flags).where(flags.c.name == flag)).one_or_none()
    return _decision(row) if row else None


def rule_to_change(work: PlatformWork, flag: str) -> Rule | None:
    """Locked until commit: of two who decide at once, the second goes on from what the first decided."""
    work.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"flag {flag}", 0))))
    found = decision(work, flag)
    return found.rule if found else None


def arms(work: PlatformWork, flag: Flag, since: date) -> list[Arm]:
    """Each variant that the flag has now, in its order."""
    c = flag_figures.c
    summed = select(c.variant, c.goal, func.sum(c.count).label("met"), func.count(distinct(c.tenant_id)).label("shops"))
    found: dict[str, dict[str, Reached]] = {}
    for row in work.execute(summed.where(c.flag == flag.name, c.day >= since).group_by(c.variant, c.goal)):
        found.setdefault(row.variant, {})[row.goal] = Reached(int(row.met), row.shops)
    return [_arm(variant, found.get(variant, {})) for variant in flag.variants]


def history(work: PlatformWork, flag: str) -> list[Past]:
    """From the trail, the newest first."""
    e, c = platform_audit_entries.c, platform_audit_changes.c
    both = platform_audit_entries.join(platform_audit_changes, c.entry_id == e.id)
    found = select(e.at, e.actor, c.before, c.after).select_from(both).where(c.about == "flags", c.row_key == flag)
    rule: Rule | None = None
    past: list[Past] = []
    # Of a change the trail keeps only the columns that differ; so the rule is put together from the first on.
    for row in work.execute(found.order_by(e.number)):
        before, rule = rule, _changed(rule, row.after or {})
        past.append(Past(row.at, row.actor, (row.after or {}).get("because", _because(past)), before, rule))
    return past[::-1][:MOST_CHANGES]


def names_of(work: PlatformWork, shops: Collection[UUID]) -> dict[UUID, str]:
    rows = work.execute(select(tenants.c.id, tenants.c.name).where(tenants.c.id.in_(list(shops))))
    return {row.id: row.name for row in rows}


def _decision(row: Row[Any]) -> Decision:
    return Decision(_changed(None, dict(row._mapping)), row.because, row.changed_at, row.changed_by)


def _changed(rule: Rule | None, columns: Mapping[str, Any]) -> Rule:
    known = rule or Rule({})
    shops = columns.get("shops")
    return Rule(
        columns.get("shares", known.shares),
        known.shops if shops is None else {UUID(shop): variant for shop, variant in shops.items()},
        columns.get("killed", known.killed),
    )


def _because(past: list[Past]) -> str:
    """Whoever gives the same reason twice changes no column."""
    return past[-1].because if past else ""


def _arm(variant: str, found: Mapping[str, Reached]) -> Arm:
    met = found.get("", Reached())
    return Arm(variant, met.count, met.shops, {goal: reached for goal, reached in found.items() if goal})

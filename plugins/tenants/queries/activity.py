"""What the platform did to one shop: from the shop's own trail, and from the platform's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from kernel.tables import audit_entries, platform_audit_changes, platform_audit_entries
from kernel.tenancy import ActorKind
from kernel.uow import PlatformWork, UnitOfWork

#: So far back the shop's own trail is looked through, by number: a busy shop's is long.
LOOKED_THROUGH = 20_000
MOST = 50
#: These stand in both trails, and are shown as the platform's.
_IN_BOTH = ("tenants.suspend", "tenants.reactivate", "tenants.schedule_deletion", "tenants.cancel_deletion")


@dataclass(frozen=True, slots=True)
class Deed:
    """One entry of a trail, as the list shows it: in the account of `subject`, where that is somebody else's."""

    at: datetime
    action: str
    actor_kind: str
    actor: str
    subject: str | None
    outcome: str


def in_shop(uow: UnitOfWork) -> list[Deed]:
    """What people of the platform did inside it, the newest first."""
    entry = audit_entries.c
    recent = entry.number > select(func.max(entry.number) - LOOKED_THROUGH).scalar_subquery()
    of_platform = (entry.actor_kind == ActorKind.PLATFORM.value) & entry.action.not_in(_IN_BOTH) & recent
    wanted = select(*_shown(entry)).where(of_platform)
    return _deeds(uow.execute(wanted.order_by(entry.number.desc()).limit(MOST)))


def on_platform(work: PlatformWork, shop: UUID) -> list[Deed]:
    """What was done to its row, the newest first."""
    entry, change = platform_audit_entries.c, platform_audit_changes.c
    this = select(change.entry_id).where(change.about == "tenants", change.row_key == str(shop))
    wanted = select(*_shown(entry)).where(entry.id.in_(this))
    return _deeds(work.execute(wanted.order_by(entry.number.desc()).limit(MOST)))


def _shown(entry: Any) -> list[ColumnElement[Any]]:
    return [entry.at, entry.action, entry.actor_kind, entry.actor, entry.subject, entry.outcome]


def _deeds(rows: Iterable[Any]) -> list[Deed]:
    return [Deed(row.at, row.action, row.actor_kind, row.actor, row.subject, row.outcome) for row in rows]

"""The audit trail: who did what, from where, and each row before and after.

Triggers note the rows (`kernel.schema.audit_table`); the unit of work seals them into one entry, with its last message
before COMMIT. Each shop's entries are a chain: every one carries the hash of the one before, so that none can be
changed, left out or slipped in without the nightly check saying so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select

from kernel.tables import (
    audit_changes,
    audit_entries,
    audit_heads,
    platform_audit_changes,
    platform_audit_entries,
    platform_audit_heads,
)
from kernel.tenancy import Actor
from kernel.text import keepable

if TYPE_CHECKING:
    from kernel.uow import Executes

#: So many entries are checked in one statement.
CHECKED_AT_ONCE = 10_000

_TABLES = {
    "shop": (audit_entries, audit_changes),
    "platform": (platform_audit_entries, platform_audit_changes),
}

Outcome = Literal["done", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Doing:
    """What is being done and from where: a route, a job or a command, the network address, the request's id.

    `program` is the name of what sends the request in somebody's name, where it is not their browser.
    """

    action: str
    address: str | None = None
    request: str | None = None
    program: str | None = None


_doing: ContextVar[Doing | None] = ContextVar("doing", default=None)


@contextmanager
def doing(
    action: str, *, address: str | None = None, request: str | None = None, program: str | None = None
) -> Iterator[None]:
    """Inside the block, entries of the trail say that this is being done. The innermost block wins."""
    token = _doing.set(Doing(action, address, request, program))
    try:
        yield
    finally:
        _doing.reset(token)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a unit of work wants the trail to say although no row may tell: a sign-in, a refusal, an export."""

    action: str
    outcome: Outcome
    details: Mapping[str, Any]


def sealing(scope: Literal["shop", "platform"], actor: Actor, at: datetime, recorded: Recorded | None) -> str:
    """The SQL that closes this transaction's entry, as a text without parameters: it travels with COMMIT."""
    now = _doing.get() or Doing(actor.name)
    outcome = recorded.outcome if recorded else "done"
    said = dict(recorded.details) if recorded else {}
    if now.program is not None:
        said["program"] = now.program
    details = json.dumps(_kept(said), ensure_ascii=False) if said else None
    values = [
        literal(at.isoformat()), literal(recorded.action if recorded else now.action), literal(outcome),
        literal(actor.kind.value), literal(str(actor.id) if actor.id else None), literal(actor.name),
        literal(str(actor.subject_id) if actor.subject_id else None), literal(actor.subject),
        literal(now.address), literal(now.request), literal(details), "true" if recorded else "false",
    ]  # fmt: skip
    return f"SELECT app.seal_{scope}_audit({', '.join(values)})"


def _kept(value: Any) -> Any:
    """Without the one character that the database cannot keep: nothing that somebody typed breaks a request."""
    match value:
        case str():
            return keepable(value)
        case Mapping():
            return {_kept(name): _kept(one) for name, one in value.items()}
        case list() | tuple():
            return [_kept(one) for one in value]
    return value


def literal(text: str | None) -> str:
    """A text in the one message that cannot carry parameters."""
    if text is None:
        return "NULL"
    # What cannot be kept would stop the message, and with it the transaction.
    # In E'…' no setting of the server decides what a backslash is.
    return "E'" + keepable(text).replace("\\", "\\\\").replace("'", "''") + "'"


def unsealed(work: Executes, scope: Literal["shop", "platform"]) -> int:
    """How many changes belong to no entry: they were written past the unit of work, and nothing says by whom."""
    entries, changes = _TABLES[scope]
    sealed = select(entries.c.id).where(entries.c.id == changes.c.entry_id).exists()
    found: int = work.execute(select(func.count()).select_from(changes).where(~sealed)).scalar_one()
    return found


def first_broken(work: Executes, scope: Literal["shop", "platform"]) -> int | None:
    """The number of the first entry that is not as it was sealed, or is missing; None when the whole chain holds."""
    head = audit_heads if scope == "shop" else platform_audit_heads
    table, _changes = _TABLES[scope]
    check = getattr(func.app, f"check_{scope}_audit")
    first = work.execute(select(func.min(table.c.number))).scalar_one()
    last = work.execute(select(head.c.number)).scalar_one_or_none() or 0
    since = 0
    while since < last:
        until = min(max(since, (first or 1) - 1) + CHECKED_AT_ONCE, last)
        broken: int | None = work.execute(select(check(since, until))).scalar_one()
        if broken is not None:
            return broken
        since = until
    return None

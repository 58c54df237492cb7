"""The audit trail for programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.uow import UnitOfWork
from plugins.audit import jobs, queries, store
from plugins.audit.domain.keeping import MONTHS
from plugins.audit.forms import KeepingForm, TrailQuery
from plugins.audit.permissions import KEEP_TRAIL, SEE_TRAIL
from plugins.audit.queries import SHOP, Wanted
from web.cursors import opened, pack
from web.routing import get, post, put


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """`actor` acted, in the account of `subject` where that is somebody else."""

    number: int
    at: datetime
    action: str
    outcome: str
    actor: str
    subject: str | None
    address: str | None
    request: str | None
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EntriesAnswer:
    entries: list[EntryAnswer]
    next: str | None


@dataclass(frozen=True, slots=True)
class ChangeAnswer:
    """A row of a table, before and after. Both are empty where a document is its own record."""

    about: str
    row: str
    kind: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WholeEntryAnswer(EntryAnswer):
    changes: list[ChangeAnswer]


@dataclass(frozen=True, slots=True)
class CheckingAnswer:
    """Long work that was begun: `/api/v1/tasks/{work}` says how far it is."""

    work: UUID | None


@get("/api/v1/audit", permission=SEE_TRAIL, query=TrailQuery, answers=EntriesAnswer)
def api_list_trail(request: Request, uow: UnitOfWork, query: TrailQuery) -> EntriesAnswer:
    """Who did what, the newest first."""
    since, until = query.moments(uow.shop.zone)
    wanted = Wanted(
        text=query.text,
        person=query.person,
        actions=[query.action] if query.action else [],
        outcome=query.outcome or "",
        about=query.about,
        row=query.row,
        since=since,
        until=until,
        before=opened(query.after, int),
    )
    found = queries.newest(uow, SHOP, wanted, limit=query.limit + 1)
    shown = found[: query.limit]
    following = pack(shown[-1].number) if len(found) > query.limit else None
    return EntriesAnswer([EntryAnswer(**_plain(one)) for one in shown], following)


@get("/api/v1/audit/{number}", permission=SEE_TRAIL, answers=WholeEntryAnswer)
def api_show_entry(request: Request, uow: UnitOfWork, number: int) -> WholeEntryAnswer:
    """One entry, with each row before and after."""
    found = queries.entry(uow, SHOP, number)
    changes = queries.changes(uow, SHOP, found, limit=queries.MOST_CHANGES)
    return WholeEntryAnswer(
        **_plain(found),
        changes=[ChangeAnswer(one.about, one.row, one.kind, dict(one.before), dict(one.after)) for one in changes],
    )


@put("/api/v1/audit/keeping", form=KeepingForm, permission=KEEP_TRAIL, status=204, sensitive=True)
def api_keep_months(request: Request, uow: UnitOfWork, form: KeepingForm) -> Response:
    """Choose for how many months the trail is kept."""
    uow.choose(MONTHS, form.months)
    return Response(status_code=204)


@post("/api/v1/audit/check", permission=SEE_TRAIL, answers=CheckingAnswer, status=202)
def api_check_trail(request: Request, uow: UnitOfWork) -> CheckingAnswer:
    """Check that no entry was changed or left out."""
    return CheckingAnswer(uow.begin_work(jobs.check, result="/audit"))


@post("/api/v1/audit/break/seen", permission=SEE_TRAIL, status=204)
def api_see_break(request: Request, uow: UnitOfWork) -> Response:
    """Note that somebody has looked at a break of the chain; it warns no more."""
    store.see_break(uow, SHOP)
    return Response(status_code=204)


def _plain(entry: queries.Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": entry.at,
        "action": entry.action,
        "outcome": entry.outcome,
        "actor": entry.actor,
        "subject": entry.subject,
        "address": entry.address,
        "request": entry.request,
        "details": dict(entry.details),
    }

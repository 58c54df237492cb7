"""Long work, for programs that began some."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import Request

from kernel import work
from kernel.i18n import _
from kernel.uow import UnitOfWork
from kernel.work import LongWork
from plugins.tasks.pages.shown import whose
from web.cursors import PageQuery, at_and_id, opened, pack
from web.routing import get, post


@dataclass(frozen=True, slots=True)
class WorkAnswer:
    """`result` is the address of what comes out. `sentence` says why it failed or was stopped."""

    id: UUID
    title: str
    about: str
    state: str
    done: int
    total: int
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None
    result: str
    sentence: str


@dataclass(frozen=True, slots=True)
class WorksAnswer:
    tasks: list[WorkAnswer]
    next: str | None


@get("/api/v1/tasks", everyone=True, query=PageQuery, answers=WorksAnswer)
def api_list_work(request: Request, uow: UnitOfWork, query: PageQuery) -> WorksAnswer:
    """One's own long work or, for those who may see it, the shop's; the newest first."""
    found = work.newest(uow, of=whose(uow), limit=query.limit + 1, before=opened(query.after, at_and_id))
    shown = found[: query.limit]
    following = pack(shown[-1].begun_at.isoformat(), shown[-1].id) if len(found) > query.limit else None
    return WorksAnswer([_answer(one) for one in shown], following)


@get("/api/v1/tasks/{work_id}", everyone=True, answers=WorkAnswer)
def api_show_work(request: Request, uow: UnitOfWork, work_id: UUID) -> WorkAnswer:
    """How far some long work is."""
    return _answer(work.one(uow, work_id, of=whose(uow)))


@post("/api/v1/tasks/{work_id}/stop", everyone=True, answers=WorkAnswer)
def api_stop_work(request: Request, uow: UnitOfWork, work_id: UUID) -> WorkAnswer:
    """Stop some long work; what it did until then stands."""
    return _answer(work.stop(uow, work_id, of=whose(uow)))


@post("/api/v1/tasks/{work_id}/again", everyone=True, answers=WorkAnswer)
def api_start_work_again(request: Request, uow: UnitOfWork, work_id: UUID) -> WorkAnswer:
    """Begin failed or stopped work again, from where it got to."""
    return _answer(work.start_again(uow, work_id, of=whose(uow)))


def _answer(one: LongWork) -> WorkAnswer:
    return WorkAnswer(
        one.id,
        _(one.title),
        one.about,
        one.state.value,
        one.done,
        one.total,
        one.begun_at,
        one.begun_by,
        one.ended_at,
        one.result,
        one.sentence,
    )

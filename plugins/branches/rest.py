"""Branches and tills for programs: a till in another shape needs to know where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request

from kernel.uow import UnitOfWork
from plugins.branches import actions, queries
from plugins.branches.domain import Branch, Terminal
from plugins.branches.forms import BranchForm, ClosingForm, TillForm
from plugins.branches.permissions import EDIT_BRANCHES, SEE_BRANCHES
from web.cursors import PageQuery, page_of
from web.routing import get, post, put


@dataclass(frozen=True, slots=True)
class TillAnswer:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class BranchAnswer:
    id: UUID
    code: str
    name: str
    address: str
    phone: str
    is_open: bool
    tills: list[TillAnswer]


@dataclass(frozen=True, slots=True)
class BranchesAnswer:
    branches: list[BranchAnswer]
    next: str | None


@get("/api/v1/branches", permission=SEE_BRANCHES, query=PageQuery, answers=BranchesAnswer)
def api_list_branches(request: Request, uow: UnitOfWork, query: PageQuery) -> BranchesAnswer:
    """The branches with their tills, by code. A closed branch sells nothing."""
    tills = [till for till, _branch in queries.places(uow).values()]
    shown, following = page_of(queries.all_branches(uow), query, lambda one: (one.code, str(one.id)))
    return BranchesAnswer([_answer(one, [till for till in tills if till.branch == one.id]) for one in shown], following)


@post("/api/v1/branches", form=BranchForm, permission=EDIT_BRANCHES, answers=BranchAnswer, status=201)
def api_add_branch(request: Request, uow: UnitOfWork, form: BranchForm) -> BranchAnswer:
    """Open a branch."""
    return _shown(uow, actions.add(uow, form).id)


@get("/api/v1/branches/{branch}", permission=SEE_BRANCHES, answers=BranchAnswer)
def api_show_branch(request: Request, uow: UnitOfWork, branch: UUID) -> BranchAnswer:
    """One branch with its tills."""
    return _shown(uow, branch)


@put("/api/v1/branches/{branch}", form=BranchForm, permission=EDIT_BRANCHES, answers=BranchAnswer)
def api_change_branch(request: Request, uow: UnitOfWork, branch: UUID, form: BranchForm) -> BranchAnswer:
    """Write anew what a branch is called and where it is."""
    actions.change(uow, branch, form)
    return _shown(uow, branch)


@post("/api/v1/branches/{branch}/closing", form=ClosingForm, permission=EDIT_BRANCHES, answers=BranchAnswer)
def api_close_branch(request: Request, uow: UnitOfWork, branch: UUID, form: ClosingForm) -> BranchAnswer:
    """Close a branch: nothing is sold there any more."""
    actions.close(uow, branch, form)
    return _shown(uow, branch)


@post("/api/v1/branches/{branch}/reopening", permission=EDIT_BRANCHES, answers=BranchAnswer)
def api_reopen_branch(request: Request, uow: UnitOfWork, branch: UUID) -> BranchAnswer:
    """Open a closed branch again."""
    actions.reopen(uow, branch)
    return _shown(uow, branch)


@post("/api/v1/branches/{branch}/tills", form=TillForm, permission=EDIT_BRANCHES, answers=TillAnswer, status=201)
def api_add_till(request: Request, uow: UnitOfWork, branch: UUID, form: TillForm) -> TillAnswer:
    """Put a till into a branch."""
    made = actions.add_till(uow, branch, form)
    return TillAnswer(made.id, made.name)


@put("/api/v1/tills/{till}", form=TillForm, permission=EDIT_BRANCHES, answers=TillAnswer)
def api_rename_till(request: Request, uow: UnitOfWork, till: UUID, form: TillForm) -> TillAnswer:
    """Give a till another name."""
    renamed = actions.rename_till(uow, till, form)
    return TillAnswer(renamed.id, renamed.name)


def _shown(uow: UnitOfWork, branch: UUID) -> BranchAnswer:
    return _answer(queries.branch(uow, branch), queries.terminals_of(uow, branch))


def _answer(branch: Branch, tills: Iterable[Terminal]) -> BranchAnswer:
    return BranchAnswer(
        branch.id,
        branch.code,
        branch.name,
        branch.address,
        branch.phone,
        branch.is_open,
        [TillAnswer(till.id, till.name) for till in tills],
    )

"""The pages of branches and tills."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.branches import actions, queries
from plugins.branches.forms import BranchForm, ClosingForm, TillForm
from plugins.branches.permissions import EDIT_BRANCHES, SEE_BRANCHES
from web.render import page
from web.routing import get, post, redirect


@get("/branches", permission=SEE_BRANCHES)
def list_branches(request: Request, uow: UnitOfWork) -> Response:
    found = queries.all_branches(uow)
    return page(request, "branches/list.html", branches=found, may_open=_may_open(uow))


@get("/branches/new", permission=EDIT_BRANCHES)
def new_branch(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "branches/new.html")


@post("/branches", form=BranchForm, permission=EDIT_BRANCHES, again=new_branch)
def add_branch(request: Request, uow: UnitOfWork, form: BranchForm) -> Response:
    branch = actions.add(uow, form)
    return redirect(f"/branches/{branch.id}", say=_("The branch is open. Give it a till to sell at."))


@get("/branches/{branch}", permission=SEE_BRANCHES)
def show_branch(request: Request, uow: UnitOfWork, branch: UUID) -> Response:
    found, tills = queries.branch(uow, branch), queries.terminals_of(uow, branch)
    return page(
        request,
        "branches/branch.html",
        branch=found,
        tills=tills,
        may_edit=_may_edit(uow),
        may_open=_may_open(uow),
    )


@post("/branches/{branch}", form=BranchForm, permission=EDIT_BRANCHES, again=show_branch)
def change_branch(request: Request, uow: UnitOfWork, branch: UUID, form: BranchForm) -> Response:
    actions.change(uow, branch, form)
    return redirect(f"/branches/{branch}", say=_("Saved."))


@get("/branches/{branch}/closing", permission=EDIT_BRANCHES)
def ask_why_closing(request: Request, uow: UnitOfWork, branch: UUID) -> Response:
    return page(request, "branches/closing.html", branch=queries.branch(uow, branch))


@post("/branches/{branch}/closing", form=ClosingForm, permission=EDIT_BRANCHES, again=ask_why_closing)
def close_branch(request: Request, uow: UnitOfWork, branch: UUID, form: ClosingForm) -> Response:
    actions.close(uow, branch, form)
    return redirect(f"/branches/{branch}", say=_("The branch is closed."))


@post("/branches/{branch}/reopening", permission=EDIT_BRANCHES, again=show_branch)
def reopen_branch(request: Request, uow: UnitOfWork, branch: UUID) -> Response:
    actions.reopen(uow, branch)
    return redirect(f"/branches/{branch}", say=_("The branch is open again."))


@get("/branches/{branch}/tills/new", permission=EDIT_BRANCHES)
def new_till(request: Request, uow: UnitOfWork, branch: UUID) -> Response:
    return page(request, "branches/till.html", till=None, branch=queries.branch(uow, branch))


@post("/branches/{branch}/tills", form=TillForm, permission=EDIT_BRANCHES, again=new_till)
def add_till(request: Request, uow: UnitOfWork, branch: UUID, form: TillForm) -> Response:
    actions.add_till(uow, branch, form)
    return redirect(f"/branches/{branch}", say=_("The till stands in its branch."))


@get("/tills/{till}", permission=EDIT_BRANCHES)
def show_till(request: Request, uow: UnitOfWork, till: UUID) -> Response:
    found = queries.terminal(uow, till)
    return page(request, "branches/till.html", till=found, branch=queries.branch(uow, found.branch))


@post("/tills/{till}", form=TillForm, permission=EDIT_BRANCHES, again=show_till)
def rename_till(request: Request, uow: UnitOfWork, till: UUID, form: TillForm) -> Response:
    renamed = actions.rename_till(uow, till, form)
    return redirect(f"/branches/{renamed.branch}", say=_("Saved."))


def _may_edit(uow: UnitOfWork) -> bool:
    return uow.actor.may(EDIT_BRANCHES.name)


def _may_open(uow: UnitOfWork) -> bool:
    """And close: for who sees all branches."""
    return _may_edit(uow) and uow.actor.branches is None

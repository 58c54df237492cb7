"""What is done with branches: open, change, close and reopen one, and put tills into it.

Each raises the shop's version, because with it every process keeps where one can sell.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from kernel import limits
from kernel.errors import OtherBranch
from kernel.i18n import _, speaking
from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.branches import queries, store
from plugins.branches.domain import Branch, BranchOpen, LastBranch, Terminal
from plugins.branches.forms import BranchForm, ClosingForm, TillForm


def open_first_branch(uow: UnitOfWork) -> None:
    """A shop can sell from its first minute: a branch with one till, unless it has a branch already."""
    if queries.all_branches(uow):
        return
    with speaking(uow.shop.language):
        branch = add(uow, BranchForm(code="MAIN", name=_("Main")))
        add_till(uow, branch.id, TillForm(name=_("Till 1")))


def add(uow: UnitOfWork, wanted: BranchForm) -> Branch:
    """Raises OtherBranch for who works in some only: they would not see it."""
    _whole_shop(uow)
    limits.use(uow, "branches", +1, _("branches"))
    branch = Branch(new_id(), wanted.code, wanted.name, wanted.address, wanted.phone)
    store.add(uow, branch)
    uow.renew_shop()
    return branch


def change(uow: UnitOfWork, branch_id: UUID, wanted: BranchForm) -> Branch:
    before = queries.branch(uow, branch_id)
    branch = replace(before, code=wanted.code, name=wanted.name, address=wanted.address, phone=wanted.phone)
    store.change(uow, branch)
    uow.renew_shop()
    return branch


def close(uow: UnitOfWork, branch_id: UUID, wanted: ClosingForm) -> None:
    """Nothing is sold there any more; what was sold there stays as it is. Raises OtherBranch, LastBranch."""
    # Whether it is the last one is seen by who sees them all.
    _whole_shop(uow)
    # Giving back the plan's place first locks its counter: of two people who close the last two branches at the
    # same moment the second sees what the first did.
    limits.use(uow, "branches", -1, _("branches"))
    branch = queries.branch(uow, branch_id)
    if branch.is_open and len(queries.open_branches(uow)) == 1:
        raise LastBranch(branch.name)
    store.add_closing(uow, branch, wanted.because)
    uow.renew_shop()


def reopen(uow: UnitOfWork, branch_id: UUID) -> None:
    _whole_shop(uow)
    limits.use(uow, "branches", +1, _("branches"))
    branch = queries.branch(uow, branch_id)
    if not store.end_closing(uow, branch.id):
        raise BranchOpen(branch.name)
    uow.renew_shop()


def _whole_shop(uow: UnitOfWork) -> None:
    """How many branches there are is decided by who sees all of them."""
    if uow.actor.branches is not None:
        raise OtherBranch


def add_till(uow: UnitOfWork, branch_id: UUID, wanted: TillForm) -> Terminal:
    branch = queries.branch(uow, branch_id)
    terminal = Terminal(new_id(), branch.id, wanted.name)
    store.add_terminal(uow, terminal)
    uow.renew_shop()
    return terminal


def rename_till(uow: UnitOfWork, terminal_id: UUID, wanted: TillForm) -> Terminal:
    terminal = queries.terminal(uow, terminal_id)
    store.rename_terminal(uow, terminal.id, wanted.name)
    uow.renew_shop()
    return replace(terminal, name=wanted.name)

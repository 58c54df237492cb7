"""Writing branches, tills and closings."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, update

from kernel.ids import new_id
from kernel.uow import UnitOfWork, refusing
from plugins.branches.domain import Branch, BranchClosed, CodeTaken, Terminal, TillNameTaken
from plugins.branches.tables import branch_closings, branches, terminals


def add(uow: UnitOfWork, branch: Branch) -> None:
    with refusing("branches_code_key", lambda: CodeTaken(branch.code)):
        uow.execute(insert(branches).values(id=branch.id, **_columns(branch)))


def change(uow: UnitOfWork, branch: Branch) -> None:
    with refusing("branches_code_key", lambda: CodeTaken(branch.code)):
        uow.execute(update(branches).where(branches.c.id == branch.id).values(**_columns(branch)))


def add_closing(uow: UnitOfWork, branch: Branch, because: str) -> None:
    closing = insert(branch_closings).values(
        id=new_id(), branch_id=branch.id, closed_at=uow.now, closed_by=uow.actor.name, because=because
    )
    with refusing("branch_closings_now_key", lambda: BranchClosed(branch.name)):
        uow.execute(closing)


def end_closing(uow: UnitOfWork, branch: UUID) -> bool:
    """Answers False when it is not closed (any more)."""
    closed_now = (branch_closings.c.branch_id == branch) & branch_closings.c.reopened_at.is_(None)
    ended = update(branch_closings).where(closed_now).values(reopened_at=uow.now, reopened_by=uow.actor.name)
    return uow.execute(ended).rowcount == 1


def add_terminal(uow: UnitOfWork, terminal: Terminal) -> None:
    row = insert(terminals).values(id=terminal.id, branch_id=terminal.branch, name=terminal.name)
    with refusing("terminals_name_key", lambda: TillNameTaken(terminal.name)):
        uow.execute(row)


def rename_terminal(uow: UnitOfWork, terminal: UUID, name: str) -> None:
    with refusing("terminals_name_key", lambda: TillNameTaken(name)):
        uow.execute(update(terminals).where(terminals.c.id == terminal).values(name=name))


def _columns(branch: Branch) -> dict[str, str]:
    return {"code": branch.code, "name": branch.name, "address": branch.address, "phone": branch.phone}

"""Reading branches and tills."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.branches.domain import Branch, Closing, Terminal
from plugins.branches.tables import branch_closings, branches, terminals

_closed_now = (branch_closings.c.branch_id == branches.c.id) & branch_closings.c.reopened_at.is_(None)
_terminals = select(terminals.c.id, terminals.c.branch_id, terminals.c.name).order_by(terminals.c.name)


def all_branches(uow: UnitOfWork) -> list[Branch]:
    """Open and closed ones, by name."""
    return [_branch(row) for row in uow.execute(_branches().order_by(branches.c.name))]


def open_branches(uow: UnitOfWork) -> list[Branch]:
    return [branch for branch in all_branches(uow) if branch.is_open]


def branch(uow: UnitOfWork, branch: UUID) -> Branch:
    """Open or closed. Raises NotFound."""
    row = uow.execute(_branches().where(branches.c.id == branch)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such branch."))
    return _branch(row)


def terminals_of(uow: UnitOfWork, branch: UUID) -> list[Terminal]:
    return [_terminal(row) for row in uow.execute(_terminals.where(terminals.c.branch_id == branch))]


def open_terminals(uow: UnitOfWork) -> list[Terminal]:
    """The tills one can sell at: those of open branches."""
    is_closed = select(branch_closings.c.id).where(
        branch_closings.c.branch_id == terminals.c.branch_id, branch_closings.c.reopened_at.is_(None)
    )
    return [_terminal(row) for row in uow.execute(_terminals.where(~is_closed.exists()))]


def terminal(uow: UnitOfWork, terminal: UUID) -> Terminal:
    """Of an open or a closed branch. Raises NotFound."""
    row = uow.execute(_terminals.where(terminals.c.id == terminal)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such till."))
    return _terminal(row)


def places(uow: UnitOfWork) -> dict[UUID, tuple[Terminal, Branch]]:
    """Every till with its branch, open or closed."""
    by_id = {branch.id: branch for branch in all_branches(uow)}
    tills = map(_terminal, uow.execute(_terminals))
    return {till.id: (till, by_id[till.branch]) for till in tills}


def _branches() -> Select[Any]:
    return select(
        branches.c.id,
        branches.c.code,
        branches.c.name,
        branches.c.address,
        branches.c.phone,
        branch_closings.c.closed_at,
        branch_closings.c.closed_by,
        branch_closings.c.because,
    ).select_from(branches.outerjoin(branch_closings, _closed_now))


def _branch(row: Row[Any]) -> Branch:
    closing = Closing(row.closed_at, row.closed_by, row.because) if row.closed_at else None
    return Branch(row.id, row.code, row.name, row.address, row.phone, closing)


def _terminal(row: Row[Any]) -> Terminal:
    return Terminal(row.id, row.branch_id, row.name)

"""What other plugins may know of branches."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import BadInput, NotFound
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.branches import queries
from plugins.branches.domain import Branch, BranchClosed, Terminal

__all__ = [
    "Branch",
    "BranchClosed",
    "Terminal",
    "branch",
    "branches",
    "chosen",
    "open_terminal",
    "terminal",
    "terminals",
]


def branches(uow: UnitOfWork) -> list[Branch]:
    """The open branches, by name."""
    return queries.open_branches(uow)


def branch(uow: UnitOfWork, branch: UUID) -> Branch:
    """One branch, open or closed. Raises NotFound."""
    return queries.branch(uow, branch)


def chosen(uow: UnitOfWork, branch: UUID) -> Branch:
    """The branch that a form names in its field `branch`. Raises BadInput for one that its list did not offer."""
    try:
        return queries.branch(uow, branch)
    except NotFound as unknown:
        raise BadInput({"branch": _("Please choose one from the list.")}) from unknown


def terminals(uow: UnitOfWork) -> list[Terminal]:
    """The tills of open branches, by name."""
    return queries.open_terminals(uow)


def terminal(uow: UnitOfWork, terminal: UUID) -> Terminal:
    """One till, of an open or a closed branch. Raises NotFound."""
    return queries.terminal(uow, terminal)


def open_terminal(uow: UnitOfWork, terminal: UUID) -> Terminal:
    """A till to sell at. Raises NotFound, or BranchClosed where its branch is closed."""
    # Asked with every sale, and changed once a year.
    places = uow.keep("branches.places", lambda: queries.places(uow))
    if terminal not in places:
        raise NotFound(_("There is no such till."))
    till, branch = places[terminal]
    if not branch.is_open:
        raise BranchClosed(branch.name)
    return till

"""Carts on hold."""

from __future__ import annotations

from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.pos.domain.held import HeldCart

MOST_SHOWN = 20

_HELD = """
    SELECT id, at, person, title FROM shop.held_carts WHERE branch_id = %(branch)s::uuid ORDER BY at DESC LIMIT %(most)s
"""


def held_carts(uow: UnitOfWork, branch: UUID) -> list[HeldCart]:
    """Those of a branch, the latest first."""
    rows = uow.ask(_HELD, {"branch": branch, "most": MOST_SHOWN})
    return [HeldCart(row.id, row.at, row.person, row.title) for row in rows]

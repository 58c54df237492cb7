"""Carts on hold."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.pos.domain.held import HeldCart

MOST_SHOWN = 20
#: So long whoever took one up finds it here still, until it is sold: the answer may have been lost.
COMES_BACK = timedelta(minutes=15)

_HELD = """
    SELECT id, at, person, title, count(*) OVER () AS number FROM shop.held_carts AS h
    WHERE branch_id = %(branch)s::uuid AND id <> %(here)s::uuid AND (
        recalled_at IS NULL OR recalled_by = %(person)s::uuid AND recalled_at > %(lately)s
            AND NOT EXISTS (SELECT FROM shop.till_requests AS r WHERE r.id = h.id)
    )
    ORDER BY at DESC LIMIT %(most)s
"""


def held_carts(uow: UnitOfWork, branch: UUID, here: UUID) -> tuple[list[HeldCart], int]:
    """Those of a branch but the one that lies `here`, the latest first, and how many there are."""
    lately = uow.now - COMES_BACK
    values = {"branch": branch, "here": here, "person": uow.actor.id, "lately": lately, "most": MOST_SHOWN}
    rows = uow.ask(_HELD, values)
    return [HeldCart(row.id, row.at, row.person, row.title) for row in rows], rows[0].number if rows else 0

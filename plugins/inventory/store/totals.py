"""Writing what all of the stock is worth and weighs."""

from __future__ import annotations

from datetime import timedelta

from kernel.uow import UnitOfWork

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('inventory.totals ' || app.tenant()::text, 0))"
_ADD_UP = """
    WITH mark AS (
        SELECT uuidv7(-%(settled)s::interval) AS until,
            coalesce((SELECT t.until FROM shop.stock_totals AS t ORDER BY t.until DESC LIMIT 1),
                '00000000-0000-0000-0000-000000000000') AS since
    )
    INSERT INTO shop.stock_totals AS t (branch_id, metal, pieces, worth, fine, until)
    SELECT m.branch_id, coalesce(i.metal, ''), sum(m.quantity), sum(m.cost), sum(m.fine), min(mark.until::text)::uuid
    FROM mark JOIN shop.stock_movements AS m ON m.id > mark.since AND m.id <= mark.until
    JOIN shop.items AS i ON i.id = m.item_id
    GROUP BY m.branch_id, coalesce(i.metal, '')
    ON CONFLICT (tenant_id, branch_id, metal) DO UPDATE SET
        pieces = t.pieces + excluded.pieces, worth = t.worth + excluded.worth, fine = t.fine + excluded.fine,
        until = excluded.until
"""


def add_up(uow: UnitOfWork, settled: timedelta) -> None:
    """Take the movements since the last time into the totals, but for the newest, which may not be all there yet."""
    uow.ask(_ONE_AT_A_TIME)
    uow.ask(_ADD_UP, {"settled": settled})

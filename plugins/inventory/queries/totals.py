"""What all of the stock is worth and weighs: what was added up, and what moved since."""

from __future__ import annotations

from typing import Any

from kernel.metal import FineWeight, Metal
from kernel.uow import UnitOfWork
from plugins.inventory.domain.total import Total

_NOW = """
    SELECT branch_id, metal, sum(pieces) AS pieces, sum(worth) AS worth, sum(fine) AS fine FROM (
        SELECT branch_id, metal, pieces, worth, fine FROM shop.stock_totals
        UNION ALL
        SELECT m.branch_id, coalesce(i.metal, ''), m.quantity, m.cost, m.fine
        FROM shop.stock_movements AS m JOIN shop.items AS i ON i.id = m.item_id
        WHERE m.id > coalesce((SELECT t.until FROM shop.stock_totals AS t ORDER BY t.until DESC LIMIT 1),
            '00000000-0000-0000-0000-000000000000')
    ) AS moved GROUP BY branch_id, metal
"""
_BY_METAL = f"""
    SELECT metal, sum(pieces)::bigint AS pieces, sum(worth)::bigint AS worth, sum(fine)::bigint AS fine
    FROM ({_NOW}) AS here GROUP BY metal ORDER BY fine DESC
"""  # noqa: S608 - put together from constants
_WRONG = f"""
    SELECT branch_id, metal, concat_ws(' / ', kept.pieces, kept.worth, kept.fine) AS kept,
        concat_ws(' / ', counted.pieces, counted.worth, counted.fine) AS counted
    FROM ({_NOW}) AS kept FULL JOIN (
        SELECT branch_id, coalesce(metal, '') AS metal, sum(on_hand) AS pieces, sum(worth) AS worth,
            sum(fine * on_hand) AS fine
        FROM shop.items GROUP BY 1, 2
    ) AS counted USING (branch_id, metal)
    WHERE (coalesce(kept.pieces, 0), coalesce(kept.worth, 0), coalesce(kept.fine, 0))
        IS DISTINCT FROM (coalesce(counted.pieces, 0), coalesce(counted.worth, 0), coalesce(counted.fine, 0))
"""  # noqa: S608


def totals(uow: UnitOfWork) -> list[Total]:
    """All branches together, one for each metal and one for what has none; the most metal first."""
    return [
        Total(Metal(row.metal) if row.metal else None, row.pieces, row.worth, FineWeight(row.fine))
        for row in uow.ask(_BY_METAL)
    ]


def wrong_totals(uow: UnitOfWork) -> list[Any]:
    """Where what is kept is not what the items say; in one statement, so that both are of the same moment."""
    return uow.ask(_WRONG)

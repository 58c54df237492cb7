"""Files on their way in: their rows as they were read, and the one step that makes items of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update

from kernel.errors import Conflict
from kernel.ids import new_id
from kernel.uow import UnitOfWork, refusing
from plugins.inventory.domain.errors import SomeTakenMeanwhile
from plugins.inventory.domain.imports import ImportState, Problem
from plugins.inventory.domain.item import NewItem
from plugins.inventory.domain.reasons import Reason
from plugins.inventory.store.items import columns
from plugins.inventory.tables import import_rows, imports

#: Items that are entered before somebody who waits is told of it.
ROWS_AT_ONCE = 1_000

# One document for all rows: arrays of texts would be escaped one by one.
_STAGE = """
    INSERT INTO shop.import_rows (import_id, line, sku, barcode, item, problems)
    SELECT %(import)s::uuid, r.line, coalesce(r.item ->> 'sku', ''), r.item ->> 'barcode', r.item, r.problems
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (line integer, item jsonb, problems jsonb)
"""

_ITEM_COLUMNS = {
    "id": "uuid", "sku": "text", "name": "text", "sort_name": "text", "words": "text", "kind": "text",
    "branch_id": "uuid", "category_id": "uuid", "craftsmanship": "text", "metal": "text", "stamped": "integer",
    "assayed": "integer", "gross_mg": "bigint", "net_mg": "bigint", "making_kind": "text", "making_value": "numeric",
    "making_fineness": "integer", "wastage_percent": "numeric", "fixed_price": "bigint", "serial": "text",
    "lot": "text", "barcode": "text", "hallmark": "text", "low_at": "integer", "investment": "boolean",
}  # fmt: skip
_NAMES = ", ".join(_ITEM_COLUMNS)
_TYPED = ", ".join(f"{name} {kind}" for name, kind in _ITEM_COLUMNS.items())

# Only names from this file stand in these statements.
_ENTER_ITEMS = f"""
    INSERT INTO shop.items ({_NAMES}, created_at, created_by)
    SELECT {", ".join(f"i.{name}" for name in _ITEM_COLUMNS)}, %(at)s, %(by)s
    FROM shop.import_rows AS r CROSS JOIN LATERAL jsonb_to_record(r.item) AS i ({_TYPED})
    WHERE r.import_id = %(import)s::uuid AND r.line BETWEEN %(first)s AND %(last)s ORDER BY r.line
"""  # noqa: S608
_ENTER_STONES = """
    INSERT INTO shop.item_stones (item_id, place, name, count, carats, value, lab, certificate)
    SELECT (r.item ->> 'id')::uuid, s.place, s.name, s.count, s.carats, s.value, s.lab, s.certificate
    FROM shop.import_rows AS r CROSS JOIN LATERAL jsonb_to_recordset(r.item -> 'stones')
        AS s (place integer, name text, count integer, carats numeric, value bigint, lab text, certificate text)
    WHERE r.import_id = %(import)s::uuid AND r.item ? 'stones'
"""
_ENTER_STOCK = """
    WITH coming AS (
        SELECT array_agg((item ->> 'id')::uuid) AS ids, array_agg((item ->> 'quantity')::integer) AS quantities,
            array_agg((item ->> 'cost')::bigint * (item ->> 'quantity')::integer) AS costs
        FROM shop.import_rows WHERE import_id = %(import)s::uuid AND (item ->> 'quantity')::integer > 0
    ), moved AS (
        SELECT m.* FROM coming CROSS JOIN LATERAL shop.move_stock(coming.ids, coming.quantities, coming.costs,
            %(reason)s, '', %(import)s::uuid, NULL, %(at)s, %(person)s::uuid) AS m
        WHERE coming.ids IS NOT NULL
    )
    SELECT coalesce(i.metal, '') AS metal, min(m.movement::text)::uuid AS movement, min(m.item::text)::uuid AS item,
        count(*) AS items, sum(m.quantity)::bigint AS quantity, sum(m.cost)::bigint AS cost,
        sum(m.fine)::bigint AS fine, min(i.sku) AS first_sku, max(i.sku) AS last_sku
    FROM moved AS m JOIN shop.items AS i ON i.id = m.item GROUP BY i.metal ORDER BY i.metal
"""


def add(uow: UnitOfWork, file_name: str, content: str, rows: int, branch: UUID) -> UUID:
    added = new_id()
    uow.execute(
        insert(imports).values(
            id=added,
            file_name=file_name,
            content=content,
            state=ImportState.READING,
            rows=rows,
            branch_id=branch,
            created_at=uow.now,
            created_by=uow.actor.name,
        )
    )
    return added


def follow(uow: UnitOfWork, import_id: UUID, job: UUID | None) -> None:
    """Remember the job that works on it, so that its progress can be shown."""
    uow.execute(update(imports).where(imports.c.id == import_id).values(job=job))


def go_on(uow: UnitOfWork, import_id: UUID, before: ImportState, after: ImportState) -> bool:
    """From one state to the next. Answers False when it was not in the first."""
    this = (imports.c.id == import_id) & (imports.c.state == before)
    ended = uow.now if after is ImportState.DONE else None
    return uow.execute(update(imports).where(this).values(state=after, ended_at=ended)).rowcount == 1


def stage(
    uow: UnitOfWork, import_id: UUID, good: Mapping[int, tuple[NewItem, str]], bad: Mapping[int, Sequence[Problem]]
) -> None:
    """Keep rows as they were read: by line, the item and its category as it is written; or what is wrong."""
    rows: list[dict[str, Any]] = [
        {"line": line, "item": _plain(new, category)} for line, (new, category) in good.items()
    ]
    rows += [{"line": line, "problems": _plain_problems(wrong)} for line, wrong in bad.items()]
    uow.connection.exec_driver_sql(_STAGE, {"import": import_id, "rows": json.dumps(rows, default=str)})
    counted = {"good": imports.c.good + len(good), "bad": imports.c.bad + len(bad)}
    uow.execute(update(imports).where(imports.c.id == import_id).values(counted))


def refuse(uow: UnitOfWork, import_id: UUID, problems: Sequence[Problem]) -> None:
    """Rows that were read well, and clash with others."""
    refused: dict[int, list[Problem]] = {}
    for problem in problems:
        refused.setdefault(problem.line, []).append(problem)
    if not refused:
        return
    uow.connection.exec_driver_sql(
        "UPDATE shop.import_rows AS r SET item = NULL, problems = p.problems "
        "FROM unnest(%(lines)s::integer[], %(problems)s::jsonb[]) AS p (line, problems) "
        "WHERE r.import_id = %(import)s::uuid AND r.line = p.line",
        {
            "import": import_id,
            "lines": list(refused),
            "problems": [json.dumps(_plain_problems(many)) for many in refused.values()],
        },
    )
    counted = {"good": imports.c.good - len(refused), "bad": imports.c.bad + len(refused)}
    uow.execute(update(imports).where(imports.c.id == import_id).values(counted))


def set_categories(uow: UnitOfWork, import_id: UUID, by_title: Mapping[str, UUID]) -> None:
    """Rows name their category as it is written; now it is known which one that is."""
    uow.connection.exec_driver_sql(
        "UPDATE shop.import_rows AS r SET item = jsonb_set(r.item, '{category_id}', to_jsonb(c.id::text)) "
        "FROM unnest(%(titles)s::text[], %(ids)s::uuid[]) AS c (title, id) "
        "WHERE r.import_id = %(import)s::uuid AND r.item ->> 'category' = c.title",
        {"import": import_id, "titles": list(by_title), "ids": list(by_title.values())},
    )


def enter(uow: UnitOfWork, import_id: UUID) -> list[Row[Any]]:
    """Every row becomes an item with its stock. Answers what came in, one row per metal. Raises SomeTakenMeanwhile."""
    values = {
        "import": import_id,
        "at": uow.now,
        "by": uow.actor.name,
        "person": uow.actor.id,
        "reason": Reason.IMPORTED.value,
    }

    def taken() -> Conflict:
        return SomeTakenMeanwhile()

    with refusing("items_sku_key", taken), refusing("items_barcode_key", taken):
        _enter_items(uow, import_id, values)
    uow.connection.exec_driver_sql(_ENTER_STONES, values)
    uow.signal("stock")
    return list(uow.connection.exec_driver_sql(_ENTER_STOCK, values))


def _enter_items(uow: UnitOfWork, import_id: UUID, values: Mapping[str, Any]) -> None:
    """In parts, so that whoever waits sees how far it is."""
    of_it = import_rows.c.import_id == import_id
    lines = select(func.count(), func.min(import_rows.c.line), func.max(import_rows.c.line)).where(of_it)
    total, first, last = tuple(uow.execute(lines).one())
    entered = 0
    while total and first <= last:
        part = {**values, "first": first, "last": first + ROWS_AT_ONCE - 1}
        entered += uow.connection.exec_driver_sql(_ENTER_ITEMS, part).rowcount
        uow.report(entered, total)
        first += ROWS_AT_ONCE


def forget_rows(uow: UnitOfWork, import_id: UUID) -> None:
    """What was read is in the stock now; the file itself is kept."""
    uow.execute(delete(import_rows).where(import_rows.c.import_id == import_id))


def forget_abandoned(uow: UnitOfWork, *, before: Any) -> int:
    """Files that were looked at and never entered."""
    old = select(imports.c.id).where(imports.c.state != ImportState.DONE, imports.c.created_at < before)
    gone = [row.id for row in uow.execute(old)]
    uow.execute(delete(import_rows).where(import_rows.c.import_id.in_(gone)))
    uow.execute(delete(imports).where(imports.c.id.in_(gone)))
    return len(gone)


def _plain(new: NewItem, category: str) -> dict[str, Any]:
    described = columns(new.description)
    plain = {
        "id": new_id(),
        "kind": new.kind,
        "branch_id": new.branch,
        "metal": new.weighed.metal,
        "stamped": new.weighed.stamped and new.weighed.stamped.tenths,
        "assayed": new.weighed.assayed and new.weighed.assayed.tenths,
        "gross_mg": new.weighed.gross.mg,
        "net_mg": new.weighed.net.mg,
        "quantity": new.quantity,
        "cost": new.cost,
        **described,
    }
    if category:
        plain["category"] = category
    if new.description.stones:
        plain["stones"] = [
            {
                "place": place,
                "name": stone.name,
                "count": stone.count,
                "carats": stone.carats,
                "value": stone.value,
                "lab": stone.lab,
                "certificate": stone.certificate,
            }
            for place, stone in enumerate(new.description.stones, 1)
        ]
    return plain


def _plain_problems(problems: Sequence[Problem]) -> list[dict[str, str]]:
    return [{"column": one.column, "written": one.written, "sentence": one.sentence} for one in problems]

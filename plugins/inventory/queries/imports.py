"""Reading files on their way in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from kernel import work as long_work
from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import UnitOfWork
from kernel.work import LongWork
from plugins.inventory.domain.imports import Import, ImportState, Problem
from plugins.inventory.tables import import_rows, imports, items

_CLASHES = """
    SELECT r.line, 'sku' AS column, r.sku AS written, min(r.line) OVER same AS first, false AS is_there
    FROM shop.import_rows AS r WHERE r.import_id = %(import)s::uuid AND r.item IS NOT NULL
        AND r.sku IN (SELECT d.sku FROM shop.import_rows AS d
            WHERE d.import_id = %(import)s::uuid AND d.item IS NOT NULL GROUP BY d.sku HAVING count(*) > 1)
    WINDOW same AS (PARTITION BY r.sku)
    UNION ALL
    SELECT r.line, 'barcode', r.barcode, min(r.line) OVER same, false
    FROM shop.import_rows AS r WHERE r.import_id = %(import)s::uuid AND r.item IS NOT NULL
        AND r.barcode IN (SELECT d.barcode FROM shop.import_rows AS d
            WHERE d.import_id = %(import)s::uuid AND d.item IS NOT NULL GROUP BY d.barcode HAVING count(*) > 1)
    WINDOW same AS (PARTITION BY r.barcode)
    UNION ALL
    SELECT r.line, 'sku', r.sku, r.line, true
    FROM shop.import_rows AS r JOIN shop.items AS i ON i.sku = r.sku
    WHERE r.import_id = %(import)s::uuid AND r.item IS NOT NULL
    UNION ALL
    SELECT r.line, 'barcode', r.barcode, r.line, true
    FROM shop.import_rows AS r JOIN shop.items AS i ON i.barcode = r.barcode
    WHERE r.import_id = %(import)s::uuid AND r.item IS NOT NULL
    ORDER BY 1, 2
"""


def newest(uow: UnitOfWork, *, limit: int = 10) -> list[Import]:
    return [_import(row) for row in uow.execute(select(*_columns).order_by(imports.c.created_at.desc()).limit(limit))]


def one(uow: UnitOfWork, import_id: UUID) -> Import:
    """Raises NotFound."""
    row = uow.execute(select(*_columns).where(imports.c.id == import_id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such import."))
    return _import(row)


def content(uow: UnitOfWork, import_id: UUID) -> str:
    text: str = uow.execute(select(imports.c.content).where(imports.c.id == import_id)).scalar_one()
    return text


def beginning(uow: UnitOfWork, import_id: UUID) -> str:
    """As much of the file as its headings can take."""
    text: str = uow.execute(select(func.left(imports.c.content, 10_000)).where(imports.c.id == import_id)).scalar_one()
    return text


def bad_rows(uow: UnitOfWork, import_id: UUID, *, offset: int = 0, limit: int = 50) -> list[Problem]:
    """What is wrong with `limit` bad rows, in the order of the file."""
    bad = (import_rows.c.import_id == import_id) & import_rows.c.problems.is_not(None)
    page = select(import_rows.c.line, import_rows.c.problems).where(bad).order_by(import_rows.c.line)
    return [
        Problem(row.line, problem["column"], problem["written"], problem["sentence"])
        for row in uow.execute(page.offset(offset).limit(limit))
        for problem in row.problems
    ]


def clashes(uow: UnitOfWork, import_id: UUID) -> Sequence[Row[Any]]:
    """Rows whose SKU or barcode is in the file twice, or in the stock already."""
    return uow.connection.exec_driver_sql(_CLASHES, {"import": import_id}).all()


def categories_written(uow: UnitOfWork, import_id: UUID) -> list[str]:
    """Every category that good rows name, as it is written."""
    written = import_rows.c.item["category"].astext
    named = (import_rows.c.import_id == import_id) & import_rows.c.item.has_key("category")
    return list(uow.execute(select(written).distinct().where(named).order_by(written)).scalars())


def entered_by(uow: UnitOfWork, import_id: UUID, limit: int) -> list[UUID]:
    """The items that came in with a file, in its order; those that were renamed since are not among them."""
    came = select(items.c.id).join(import_rows, import_rows.c.sku == items.c.sku)
    with_it = came.where(import_rows.c.import_id == import_id).order_by(import_rows.c.line)
    return list(uow.execute(with_it.limit(limit)).scalars())


def work(uow: UnitOfWork, import_id: UUID) -> LongWork | None:
    """The long work that reads or enters it; None for a small file, which needs none."""
    job = uow.execute(select(imports.c.job).where(imports.c.id == import_id)).scalar_one()
    return long_work.one(uow, job) if job else None


_columns = (
    imports.c.id,
    imports.c.file_name,
    imports.c.state,
    imports.c.rows,
    imports.c.good,
    imports.c.bad,
    imports.c.branch_id,
    imports.c.created_at,
    imports.c.created_by,
    imports.c.ended_at,
)


def _import(row: Row[Any]) -> Import:
    return Import(
        row.id,
        row.file_name,
        ImportState(row.state),
        row.rows,
        row.good,
        row.bad,
        row.branch_id,
        row.created_at,
        row.created_by,
        row.ended_at,
    )

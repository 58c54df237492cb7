"""All documents of the till in the order in which they happened, for those who were not listening then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from sqlalchemy import DateTime, Integer, Uuid, bindparam, literal, select, tuple_, union_all

from kernel.uow import UnitOfWork
from plugins.pos.tables import refunds, sale_voids, sales


class Kind(IntEnum):
    """Of what happened at the same moment, the sale comes before what came of it."""

    SALE = 0
    REFUND = 1
    VOID = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands in the order of all. `id` is the sale's or the refund's own."""

    at: datetime
    kind: Kind
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()} {self.kind:d} {self.id}"

    @classmethod
    def read(cls, text: str) -> Place:
        at, kind, id = text.split(" ")
        return cls(datetime.fromisoformat(at), Kind(int(kind)), UUID(id))


def documents_after(uow: UnitOfWork, place: Place | None, limit: int) -> list[Place]:
    """The next documents, the oldest first."""
    each = [
        select(column.label("at"), literal(int(kind)).label("kind"), id.label("id"))
        .where(tuple_(column, literal(int(kind)), id) > _AFTER if place is not None else literal(True))
        .order_by(column, id)
        .limit(limit)
        .subquery()
        for kind, column, id in (
            (Kind.SALE, sales.c.at, sales.c.id),
            (Kind.REFUND, refunds.c.at, refunds.c.id),
            (Kind.VOID, sale_voids.c.at, sale_voids.c.sale_id),
        )
    ]
    merged = union_all(*(select(one) for one in each)).subquery()
    following = select(merged).order_by(merged.c.at, merged.c.kind, merged.c.id).limit(limit)
    values = {} if place is None else {"after_at": place.at, "after_kind": int(place.kind), "after_id": place.id}
    return [Place(row.at, Kind(row.kind), row.id) for row in uow.execute(following, values)]


_AFTER = tuple_(
    bindparam("after_at", type_=DateTime(timezone=True)),
    bindparam("after_kind", type_=Integer),
    bindparam("after_id", type_=Uuid),
)

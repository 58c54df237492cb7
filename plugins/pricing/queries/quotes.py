"""Reading quotes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, true, tuple_

from kernel.metal import Fineness, Metal, Weight
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.pricing.domain.errors import QuoteUnknown
from plugins.pricing.domain.kept_quote import KeptQuote
from plugins.pricing.tables import pricing_quotes


def quote(uow: UnitOfWork, quote: UUID) -> KeptQuote:
    """Raises QuoteUnknown."""
    row = uow.execute(select(pricing_quotes).where(pricing_quotes.c.id == quote)).one_or_none()
    if row is None:
        raise QuoteUnknown
    return KeptQuote(row.id, row.made_at, row.made_by, row.valid_until, row.record)


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote as a list shows it: its first piece, and how many others there are. Nothing is priced again for it."""

    id: UUID
    made_at: datetime
    made_by: str
    valid_until: datetime
    metal: Metal | None
    fineness: Fineness | None
    weight: Weight | None
    others: int
    due: Money


def newest(
    uow: UnitOfWork,
    first: datetime | None,
    until: datetime | None,
    *,
    limit: int,
    offset: int = 0,
    before: tuple[datetime, UUID] | None = None,
) -> list[QuoteRow]:
    """The newest first; `first` and `until` are where days begin, `before` is where the page before ended."""
    lines, made_at = pricing_quotes.c.record["lines"], pricing_quotes.c.made_at
    shown = (
        select(
            pricing_quotes.c.id,
            made_at,
            pricing_quotes.c.made_by,
            pricing_quotes.c.valid_until,
            lines[0]["piece"].label("piece"),
            func.jsonb_array_length(lines).label("pieces"),
            pricing_quotes.c.record["result"].label("result"),
        )
        .where(made_at >= first if first else true(), made_at < until if until else true())
        .where(tuple_(made_at, pricing_quotes.c.id) < before if before else true())
        .order_by(made_at.desc(), pricing_quotes.c.id.desc())
    )
    return [
        QuoteRow(
            row.id,
            row.made_at,
            row.made_by,
            row.valid_until,
            Metal(row.piece["metal"]) if row.piece and row.piece["metal"] else None,
            Fineness(row.piece["fineness"]) if row.piece and row.piece["fineness"] else None,
            Weight(row.piece["gross"]) if row.piece and row.piece["gross"] else None,
            max(row.pieces - 1, 0),
            Money(row.result["due"], row.result["currency"]),
        )
        for row in uow.execute(shown.limit(limit).offset(offset))
    ]

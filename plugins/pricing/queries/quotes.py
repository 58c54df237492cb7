"""Reading quotes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

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

"""Keeping quotes."""

from __future__ import annotations

from sqlalchemy import insert

from kernel.uow import UnitOfWork
from plugins.pricing.domain.kept_quote import KeptQuote
from plugins.pricing.tables import pricing_quotes


def add(uow: UnitOfWork, quote: KeptQuote) -> None:
    uow.execute(
        insert(pricing_quotes).values(
            id=quote.id,
            made_at=quote.made_at,
            made_by=quote.made_by,
            valid_until=quote.valid_until,
            record=dict(quote.record),
        )
    )

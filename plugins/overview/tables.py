"""What a shop did on a day, in figures: written by the shop, read by the platform."""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, Integer, MetaData, Table, Uuid, text

shop_days = Table(
    "shop_days",
    MetaData(schema="platform"),
    Column("tenant_id", Uuid, primary_key=True, server_default=text("app.tenant()")),
    #: By the shop's own calendar and clock.
    Column("day", Date, primary_key=True),
    Column("sales", Integer, nullable=False),
    #: How many people did something that the audit trail tells of.
    Column("people", Integer, nullable=False),
    #: Pieces in stock when it was counted.
    Column("items", Integer, nullable=False),
    Column("seen_at", DateTime(timezone=True)),
    Column("counted_at", DateTime(timezone=True), nullable=False),
)

"""What the platform keeps about shops beside the kernel's own tables."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, MetaData, Table, Text, Uuid, text

platform_metadata = MetaData(schema="platform")

suspensions = Table(
    "suspensions",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("tenant_id", Uuid, nullable=False),
    #: What the shop was before, and becomes again.
    Column("state_before", Text, nullable=False),
    Column("suspended_at", DateTime(timezone=True), nullable=False),
    Column("suspended_by", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
)
Index("suspensions_now_key", suspensions.c.tenant_id, unique=True, postgresql_where=text("ended_at IS NULL"))

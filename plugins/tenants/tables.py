"""What the platform keeps about shops beside the kernel's own tables."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

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

#: Which shop was to be deleted, and what became of it. The proof stays when nothing else of the shop does.
deletions = Table(
    "deletions",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("tenant_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("state_before", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("scheduled_at", DateTime(timezone=True), nullable=False),
    Column("scheduled_by", Text, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("cancelled_at", DateTime(timezone=True)),
    Column("cancelled_by", Text),
    #: Table → rows, counted before the first was erased.
    Column("found", JSONB),
    #: Table → rows that all batches so far have erased; counted by the function that erases.
    Column("erased", JSONB, nullable=False, server_default="{}"),
    Column("erased_at", DateTime(timezone=True)),
    #: Table → rows that are left: none.
    Column("left", JSONB),
)

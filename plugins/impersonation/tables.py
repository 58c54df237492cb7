"""Who acted as whom: as the platform keeps it, and as the shop is told."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Index, MetaData, Table, Text, Uuid, text

from kernel.schema import index, one_of, tenant_table

platform_metadata = MetaData(schema="platform")

impersonations = Table(
    "impersonations",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("session_id", Uuid, nullable=False, unique=True),
    Column("admin_id", Uuid, nullable=False),
    Column("admin", Text, nullable=False),
    Column("tenant_id", Uuid, nullable=False, index=True),
    Column("person_id", Uuid, nullable=False),
    Column("person", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False, index=True),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("escalated_at", DateTime(timezone=True)),
    Column("escalated_because", Text, nullable=False, server_default=""),
    Column("ended_at", DateTime(timezone=True)),
    Column("ending", Text),
    one_of("ending", "left", "ran_out", "cut_off", name="impersonations_ending_check"),
)
# An admin is in one account at a time.
Index(
    "impersonations_now_key",
    impersonations.c.admin_id,
    unique=True,
    postgresql_where=text("ended_at IS NULL"),
)

visits = tenant_table(
    "visits",
    Column("admin", Text, nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("person", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("may_change", Boolean, nullable=False),
    #: When somebody who runs the shop first saw it in the bell.
    Column("seen_at", DateTime(timezone=True)),
    index("visits_newest", text("at desc")),
    index("visits_unseen", "at", postgresql_where=text("seen_at IS NULL")),
)

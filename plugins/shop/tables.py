"""What the shop keeps of itself beside its settings."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, LargeBinary, Text

from kernel.schema import one_of, tenant_table

#: One row at most, whose id changes with its picture: so that browsers may keep what they have seen.
logos = tenant_table(
    "logos",
    Column("media_type", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False),
    Column("set_by", Text, nullable=False),
    one_of("media_type", "image/png", "image/jpeg", name="logos_media_type_check"),
)

"""Files of labels, for the few days in which somebody prints them."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.schema import index, tenant_table

label_files = tenant_table(
    "label_files",
    Column("content", LargeBinary, nullable=False),
    Column("labels", Integer, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", Text, nullable=False),
    #: The only branches of whoever made it; empty is all.
    Column("branches", ARRAY(Uuid), server_default=text("app.branches()")),
    index("label_files_made", "made_at"),
)

"""What the nightly check of the trail found."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, MetaData, Table, Text, Uuid, text

from kernel.schema import index, tenant_table


def _columns() -> list[Column[Any]]:
    return [
        Column("checked_at", DateTime(timezone=True), nullable=False),
        Column("checked_by", Text, nullable=False),
        #: The first entry that is not as it was sealed.
        Column("broken", BigInteger),
        #: How many changes belong to no entry.
        Column("unsealed", BigInteger, nullable=False, server_default="0"),
        Column("seen_at", DateTime(timezone=True)),
        Column("seen_by", Text),
    ]


audit_checks = tenant_table(
    "audit_checks", *_columns(), index("audit_checks_newest", text("checked_at desc"), text("id desc"))
)

#: The slot of a check that the clock started; each slot is checked once, however many schedulers run.
platform_audit_checks = Table(
    "audit_checks",
    MetaData(schema="platform"),
    Column("id", Uuid, primary_key=True),
    *_columns(),
    Column("slot", DateTime(timezone=True), unique=True),
)

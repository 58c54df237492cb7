"""What the nightly check of the audit trail found."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from kernel.schema import create_tenant_table, index, leave_unaudited

revision = "audit_0001"
down_revision = None
branch_labels = ("audit",)
depends_on = ("kernel_0003",)


def upgrade() -> None:
    create_tenant_table(
        op,
        "audit_checks",
        *_columns(),
        index("audit_checks_newest", sa.text("checked_at desc"), sa.text("id desc")),
    )
    leave_unaudited(op, "audit_checks", "what a check of the trail itself found")
    op.create_table(
        "audit_checks",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_columns(),
        sa.Column("slot", sa.DateTime(timezone=True), unique=True),
        schema="platform",
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON platform.audit_checks TO goldsmith_platform")
    op.execute("GRANT SELECT ON platform.audit_checks TO goldsmith_backup")


def downgrade() -> None:
    op.drop_table("audit_checks", schema="platform")
    op.drop_table("audit_checks", schema="shop")


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Text, nullable=False),
        sa.Column("broken", sa.BigInteger),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("seen_by", sa.Text),
    ]

"""What was changed of many items at once, and how it was before: so that it can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kernel.schema import create_tenant_table, one_of

revision = "inventory_0004"
down_revision = "inventory_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tenant_table(
        op,
        "bulk_changes",
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("before", JSONB, nullable=False),
        sa.Column("after", sa.Text),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.Text),
        one_of("what", "category", "active", name="bulk_changes_what_check"),
    )


def downgrade() -> None:
    op.drop_table("bulk_changes", schema="shop")

"""Carts that wait while another customer is served."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kernel.schema import APPEND_ONLY, belongs_to, create_tenant_table, index

revision = "pos_0003"
down_revision = "pos_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tenant_table(
        op,
        "held_carts",
        sa.Column("branch_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("cart", JSONB, nullable=False),
        belongs_to("branch_id", "branches", name="held_carts_branch_fkey"),
        index("held_carts_by_branch", "branch_id", "at"),
        rights=f"{APPEND_ONLY}, DELETE",
    )


def downgrade() -> None:
    op.drop_table("held_carts", schema="shop")

"""What all of the stock is worth and weighs, kept up to a movement; the few since then are added when it is read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.schema import belongs_to, create_tenant_table

revision = "inventory_0003"
down_revision = "inventory_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tenant_table(
        op,
        "stock_totals",
        sa.Column("branch_id", sa.Uuid, nullable=False),
        sa.Column("metal", sa.Text, nullable=False),
        sa.Column("pieces", sa.BigInteger, nullable=False),
        sa.Column("worth", sa.BigInteger, nullable=False),
        sa.Column("fine", sa.BigInteger, nullable=False),
        sa.Column("until", sa.Uuid, nullable=False),
        belongs_to("branch_id", "branches", name="stock_totals_branch_fkey"),
        key=("branch_id", "metal"),
        rights="SELECT, INSERT, UPDATE",
    )


def downgrade() -> None:
    op.drop_table("stock_totals", schema="shop")

"""Items that are sold as investment metal: bars and coins, which many markets do not tax."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "inventory_0002"
down_revision = "inventory_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    mark = sa.Column("investment", sa.Boolean, nullable=False, server_default=sa.text("false"))
    op.add_column("items", mark, schema="shop")
    op.execute("GRANT INSERT (investment), UPDATE (investment) ON shop.items TO goldsmith_app")


def downgrade() -> None:
    op.drop_column("items", "investment", schema="shop")

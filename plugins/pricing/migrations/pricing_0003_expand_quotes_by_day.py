"""Quotes are listed by the days on which they were said."""

from __future__ import annotations

from alembic import op

revision = "pricing_0003"
down_revision = "pricing_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("pricing_quotes_newest", "pricing_quotes", ["tenant_id", "made_at", "id"], schema="shop")


def downgrade() -> None:
    op.drop_index("pricing_quotes_newest", "pricing_quotes", schema="shop")

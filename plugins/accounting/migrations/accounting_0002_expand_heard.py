"""A proof also compares documents with journals, and remembers how far it came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "accounting_0002"
down_revision = "accounting_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    heard = sa.Column("heard", JSONB, nullable=False, server_default=sa.text("'{}'"))
    op.add_column("book_proofs", heard, schema="shop")


def downgrade() -> None:
    op.drop_column("book_proofs", "heard", schema="shop")

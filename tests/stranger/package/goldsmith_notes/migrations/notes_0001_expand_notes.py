"""Notes."""

import sqlalchemy as sa
from alembic import op

from kernel.schema import create_tenant_table

revision = "notes_0001"
down_revision = None
branch_labels = ("notes",)
depends_on = ("kernel_0001",)


def upgrade() -> None:
    create_tenant_table(op, "notes", sa.Column("text", sa.Text, nullable=False))


def downgrade() -> None:
    op.execute("DROP TABLE shop.notes")

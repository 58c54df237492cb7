"""Views of lists that people keep."""

import sqlalchemy as sa
from alembic import op

from kernel.schema import create_tenant_table, index, unique

revision = "views_0001"
down_revision = None
branch_labels = ("views",)
depends_on = ("kernel_0001",)


def upgrade() -> None:
    create_tenant_table(
        op,
        "saved_views",
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("list", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False, server_default=sa.text("false")),
        unique("person", "list", "name", name="saved_views_name_key"),
        index("saved_views_default_key", "person", "list", unique=True, postgresql_where=sa.text("is_default")),
    )


def downgrade() -> None:
    op.drop_table("saved_views", schema="shop")

"""The shop's logo."""

import sqlalchemy as sa
from alembic import op

from kernel.schema import create_tenant_table, one_of

revision = "shop_0001"
down_revision = None
branch_labels = ("shop",)
depends_on = ("kernel_0001",)


def upgrade() -> None:
    create_tenant_table(
        op,
        "logos",
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        one_of("media_type", "image/png", "image/jpeg", name="logos_media_type_check"),
    )


def downgrade() -> None:
    op.execute("DROP TABLE shop.logos")

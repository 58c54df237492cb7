"""Files of labels that took longer to print than somebody waits for an answer."""

import sqlalchemy as sa
from alembic import op

from kernel.schema import create_tenant_table, index

revision = "labels_0001"
down_revision = None
branch_labels = ("labels",)
depends_on = ("kernel_0001",)


def upgrade() -> None:
    create_tenant_table(
        op,
        "label_files",
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("labels", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        index("label_files_made", "made_at"),
    )


def downgrade() -> None:
    op.execute("DROP TABLE shop.label_files")

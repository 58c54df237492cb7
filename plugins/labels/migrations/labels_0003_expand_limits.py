"""A file of labels is for whoever may see all the branches that its maker might see."""

from alembic import op

from kernel.schema import limit_to_makers, stop_limiting

revision = "labels_0003"
down_revision = "labels_0002"
branch_labels = None
depends_on = ("kernel_0005",)


def upgrade() -> None:
    limit_to_makers(op, "label_files")


def downgrade() -> None:
    stop_limiting(op, "label_files")
    op.drop_column("label_files", "branches", schema="shop")

"""Label files are made from pieces, and made again at any time."""

from alembic import op

from kernel.schema import leave_unaudited, stop_auditing

revision = "labels_0002"
down_revision = "labels_0001"
branch_labels = None
depends_on = ("kernel_0003",)


def upgrade() -> None:
    leave_unaudited(op, "label_files", "made from the pieces, and made again at any time")


def downgrade() -> None:
    stop_auditing(op, "label_files")

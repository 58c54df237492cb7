"""Views are a person's own."""

from alembic import op

from kernel.schema import leave_unaudited, stop_auditing

revision = "views_0002"
down_revision = "views_0001"
branch_labels = None
depends_on = ("kernel_0003",)


def upgrade() -> None:
    leave_unaudited(op, "saved_views", "how a person likes to look at a list")


def downgrade() -> None:
    stop_auditing(op, "saved_views")

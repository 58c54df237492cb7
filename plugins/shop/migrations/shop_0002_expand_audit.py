"""Who changed the logo."""

from alembic import op

from kernel.schema import audit_table, stop_auditing

revision = "shop_0002"
down_revision = "shop_0001"
branch_labels = None
depends_on = ("kernel_0003",)


def upgrade() -> None:
    audit_table(op, "logos", hidden=("content",))


def downgrade() -> None:
    stop_auditing(op, "logos")

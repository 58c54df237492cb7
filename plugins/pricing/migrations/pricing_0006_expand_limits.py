"""Who works in some branches only sees the rules of these, and those of the whole shop."""

from alembic import op

from kernel.schema import limit_to_branches, stop_limiting

revision = "pricing_0006"
down_revision = "pricing_0005"
branch_labels = None
depends_on = ("kernel_0005",)


def upgrade() -> None:
    limit_to_branches(op, "pricing_rules")


def downgrade() -> None:
    stop_limiting(op, "pricing_rules")

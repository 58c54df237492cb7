"""Who works in some branches only sees no others, nor their tills."""

from alembic import op

from kernel.schema import leave_to_all_branches, limit_to_branches, stop_limiting

revision = "branches_0003"
down_revision = "branches_0002"
branch_labels = None
depends_on = ("kernel_0005", "identity_0003")


def upgrade() -> None:
    limit_to_branches(op, "branches", "id")
    limit_to_branches(op, "terminals")
    limit_to_branches(op, "branch_closings")
    op.execute(
        "ALTER TABLE shop.user_branches ADD CONSTRAINT user_branches_branch_fkey "
        "FOREIGN KEY (tenant_id, branch_id) REFERENCES shop.branches (tenant_id, id)"
    )
    leave_to_all_branches(op, "user_branches", "branch_id", "whom it limits is seen by who manages people")


def downgrade() -> None:
    op.execute("COMMENT ON COLUMN shop.user_branches.branch_id IS NULL")
    op.execute("ALTER TABLE shop.user_branches DROP CONSTRAINT user_branches_branch_fkey")
    for table in ("branch_closings", "terminals", "branches"):
        stop_limiting(op, table)

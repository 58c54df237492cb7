"""A shop that is erased takes its figures along: the function that erases belongs to the owner, who has to see them."""

from alembic import op

revision = "kernel_0014"
down_revision = "kernel_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    same = "tenant_id = (SELECT app.tenant())"
    op.execute(
        f"CREATE POLICY owner_rows ON platform.flag_figures TO goldsmith_owner USING ({same}) WITH CHECK ({same})"
    )


def downgrade() -> None:
    op.execute("DROP POLICY owner_rows ON platform.flag_figures")

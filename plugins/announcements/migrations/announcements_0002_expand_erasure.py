"""A shop that is erased takes its figures along: the function that erases belongs to the owner, who has to see them."""

from alembic import op

revision = "announcements_0002"
down_revision = "announcements_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    same = "tenant_id = (SELECT app.tenant())"
    op.execute(
        "CREATE POLICY owner_rows ON platform.announcement_figures TO goldsmith_owner "
        f"USING ({same}) WITH CHECK ({same})"
    )


def downgrade() -> None:
    op.execute("DROP POLICY owner_rows ON platform.announcement_figures")

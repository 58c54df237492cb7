"""A shop that is erased takes its days along: the function that erases belongs to the owner, who has to see them."""

from alembic import op

revision = "overview_0002"
down_revision = "overview_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    same = "tenant_id = (SELECT app.tenant())"
    op.execute(f"CREATE POLICY owner_rows ON platform.shop_days TO goldsmith_owner USING ({same}) WITH CHECK ({same})")


def downgrade() -> None:
    op.execute("DROP POLICY owner_rows ON platform.shop_days")

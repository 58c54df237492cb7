"""The list of shops begins with the newest; of ten thousand it sorted all for the first page."""

from alembic import op

revision = "tenants_0004"
down_revision = "tenants_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX tenants_newest ON platform.tenants (created_at DESC, id DESC)")


def downgrade() -> None:
    op.execute("DROP INDEX platform.tenants_newest")

"""A shop does not say itself how it stands with the installation: only the platform suspends, closes or opens it.

The old version never writes it as the application either.
"""

from alembic import op

revision = "kernel_0015"
down_revision = "kernel_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("REVOKE UPDATE (state) ON platform.tenants FROM goldsmith_app")


def downgrade() -> None:
    op.execute("GRANT UPDATE (state) ON platform.tenants TO goldsmith_app")

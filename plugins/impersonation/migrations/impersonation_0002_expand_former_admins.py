"""Who acted stands in the list by name: it outlives the account of an admin who left, also where that is erased."""

from alembic import op

revision = "impersonation_0002"
down_revision = "impersonation_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE platform.impersonations DROP CONSTRAINT impersonations_admin_id_fkey")


def downgrade() -> None:
    # Of admins who were erased meanwhile nothing is known any more.
    op.execute(
        "ALTER TABLE platform.impersonations ADD CONSTRAINT impersonations_admin_id_fkey"
        " FOREIGN KEY (admin_id) REFERENCES platform.people NOT VALID"
    )

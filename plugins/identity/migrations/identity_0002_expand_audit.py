"""Who was taken in, changed and let go; passwords only that they changed."""

from alembic import op

from kernel.schema import audit_table, stop_auditing

revision = "identity_0002"
down_revision = "identity_0001"
branch_labels = None
depends_on = ("kernel_0003",)


def upgrade() -> None:
    audit_table(op, "users")
    audit_table(op, "user_departures")
    audit_table(op, "role_permissions", key=("role", "permission"))
    audit_table(op, "people", schema="platform", hidden=("password_hash",))
    audit_table(op, "admins", schema="platform", key=("person_id",))


def downgrade() -> None:
    stop_auditing(op, "users")
    stop_auditing(op, "user_departures")
    stop_auditing(op, "role_permissions")
    stop_auditing(op, "people", schema="platform")
    stop_auditing(op, "admins", schema="platform")

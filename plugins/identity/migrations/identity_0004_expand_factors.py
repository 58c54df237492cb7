"""Second factors: an authenticator app, passkeys, recovery codes; and the letters by which a password is chosen anew.

They are a person's, whatever shops they work in: the installation's tables, which no shop's transaction reaches.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.schema import audit_table, stop_auditing

revision = "identity_0004"
down_revision = "identity_0003"
branch_labels = None
depends_on = None

TABLES = ("apps", "recovery_codes", "passkeys", "challenges", "resets")


def _whose(name: str = "person_id", **options: bool) -> sa.Column:
    """Goes with the person."""
    return sa.Column(name, sa.Uuid, sa.ForeignKey("platform.people.id", ondelete="CASCADE"), nullable=False, **options)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "apps",
        _whose(primary_key=True),
        # Locked with the installation's key, which the database does not know.
        sa.Column("seed", sa.LargeBinary, nullable=False),
        # The step of time of the last code that was taken: each code opens once.
        sa.Column("last_step", sa.BigInteger, nullable=False),
        _moment("added_at"),
        schema="platform",
    )
    op.create_table(
        "recovery_codes",
        _whose(primary_key=True),
        # Argon2id hashes under one salt, so that a code is looked up by hashing it once. One that was used is gone.
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("hashes", ARRAY(sa.Text), nullable=False),
        _moment("made_at"),
        schema="platform",
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid, primary_key=True),
        _whose(index=True),
        sa.Column("credential_id", sa.LargeBinary, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("transports", ARRAY(sa.Text), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        _moment("added_at"),
        _moment("used_at", nullable=True),
        sa.UniqueConstraint("credential_id", name="passkeys_credential_key"),
        schema="platform",
    )
    op.create_table(
        "challenges",
        sa.Column("challenge", sa.LargeBinary, primary_key=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("platform.sessions.id", ondelete="CASCADE"), index=True),
        _moment("expires_at"),
        schema="platform",
    )
    op.create_table(
        "resets",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        _whose(index=True),
        _moment("asked_at"),
        _moment("expires_at"),
        schema="platform",
    )
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, DELETE ON platform.{table} TO goldsmith_platform")
        op.execute(f"GRANT SELECT ON platform.{table} TO goldsmith_backup")
    op.execute("GRANT UPDATE (last_step) ON platform.apps TO goldsmith_platform")
    op.execute("GRANT UPDATE (salt, hashes, made_at) ON platform.recovery_codes TO goldsmith_platform")
    op.execute("GRANT UPDATE (sign_count, name, used_at) ON platform.passkeys TO goldsmith_platform")
    # A sign-in that comes a step further, or is proved again, goes on under another token.
    op.execute("GRANT UPDATE (token_hash, stage, expires_at) ON platform.sessions TO goldsmith_platform")
    audit_table(op, "apps", schema="platform", key=("person_id",), hidden=("seed",), ignored=("last_step",))
    audit_table(op, "recovery_codes", schema="platform", key=("person_id",), hidden=("salt", "hashes"))
    audit_table(
        op, "passkeys", schema="platform", hidden=("credential_id", "public_key"), ignored=("sign_count", "used_at")
    )


def downgrade() -> None:
    op.execute("REVOKE UPDATE (token_hash, stage, expires_at) ON platform.sessions FROM goldsmith_platform")
    for table in ("passkeys", "recovery_codes", "apps"):
        stop_auditing(op, table, schema="platform")
    for table in reversed(TABLES):
        op.drop_table(table, schema="platform")

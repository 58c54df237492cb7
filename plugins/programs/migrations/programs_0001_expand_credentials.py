"""Refresh tokens, keys that people make for their programs, and what changes with a key of their sender answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kernel.schema import (
    audit_table,
    belongs_to,
    create_lookup,
    create_tenant_table,
    index,
    leave_unaudited,
    stop_auditing,
)

revision = "programs_0001"
down_revision = None
branch_labels = ("programs",)
depends_on = ("identity_0003",)

# Whose key has this hash, and their part in its shop: one row, asked before any shop is known.
FIND_KEY = """
CREATE FUNCTION app.find_key(hash bytea)
RETURNS TABLE (
    key uuid, name text, scopes jsonb, expires_at timestamptz, used_at timestamptz, tenant uuid, person uuid,
    person_name text, role text, adjusted jsonb, branches uuid[], language text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT k.id, k.name, k.scopes, k.expires_at, k.used_at, k.tenant_id, u.id, u.name, u.role, (
            SELECT coalesce(jsonb_object_agg(r.permission, r.allowed), '{}')
            FROM shop.role_permissions AS r WHERE r.tenant_id = k.tenant_id AND r.role = u.role
        ), (
            SELECT array_agg(b.branch_id)
            FROM shop.user_branches AS b WHERE b.tenant_id = k.tenant_id AND b.user_id = u.id
        ), p.language
    FROM shop.program_keys AS k
    JOIN platform.tenants AS t ON t.id = k.tenant_id AND t.state NOT IN ('pending_deletion', 'deleted')
    JOIN shop.users AS u ON u.tenant_id = k.tenant_id AND u.id = k.user_id
    JOIN platform.people AS p ON p.id = u.id
    WHERE k.key_hash = hash AND k.ended_at IS NULL AND NOT EXISTS (
        SELECT FROM shop.user_departures AS d
        WHERE d.tenant_id = u.tenant_id AND d.user_id = u.id AND d.returned_at IS NULL
    );
END
"""


def upgrade() -> None:
    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column(
            "session_hash",
            sa.LargeBinary,
            sa.ForeignKey("platform.sessions.token_hash", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("program", sa.Text, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        schema="platform",
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON platform.refresh_tokens TO goldsmith_platform")
    op.execute("GRANT UPDATE (used_at) ON platform.refresh_tokens TO goldsmith_platform")
    op.execute("GRANT SELECT ON platform.refresh_tokens TO goldsmith_backup")
    create_tenant_table(
        op,
        "kept_answers",
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("said", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        key=("person", "key"),
    )
    leave_unaudited(op, "kept_answers", "what was done is noted where it was done; this only says it again")
    create_tenant_table(
        op,
        "program_keys",
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("start", sa.Text, nullable=False),
        sa.Column("key_hash", sa.LargeBinary, nullable=False),
        sa.Column("scopes", JSONB, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text),
        belongs_to("user_id", "users", name="program_keys_user_fkey"),
        index("program_keys_by_user", "user_id"),
    )
    # Found before the shop is known.
    op.execute("CREATE INDEX program_keys_hash ON shop.program_keys (key_hash)")
    audit_table(op, "program_keys", hidden=("key_hash",), ignored=("used_at",))
    create_lookup(op, "find_key(bytea)", FIND_KEY, callers="goldsmith_platform")
    op.execute("GRANT SELECT ON shop.program_keys TO goldsmith_lookup")


def downgrade() -> None:
    op.execute("DROP FUNCTION app.find_key(bytea)")
    stop_auditing(op, "program_keys")
    op.execute("DROP TABLE shop.program_keys")
    op.execute("DROP TABLE shop.kept_answers")
    op.drop_table("refresh_tokens", schema="platform")

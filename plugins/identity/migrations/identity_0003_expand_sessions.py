"""A session knows when its holder last proved who they are, in whose account an admin acts, and which branches it sees.

The old version goes on reading the same columns of `app.find_session`.
"""

import sqlalchemy as sa
from alembic import op

from kernel.schema import audit_table, belongs_to, create_lookup, create_tenant_table, stop_auditing

revision = "identity_0003"
down_revision = "identity_0002"
branch_labels = None
depends_on = None

FIND_SESSION_BEFORE = """
CREATE FUNCTION app.find_session(hash bytea)
RETURNS TABLE (
    session uuid, person uuid, tenant uuid, stage text, seen_at timestamptz, expires_at timestamptz,
    language text, name text, role text, adjusted jsonb
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT s.id, s.person_id, s.tenant_id, s.stage, s.seen_at, s.expires_at, p.language,
        coalesce(u.name, a.name), coalesce(u.role, 'platform_admin'), (
            SELECT coalesce(jsonb_object_agg(r.permission, r.allowed), '{}')
            FROM shop.role_permissions AS r WHERE r.tenant_id = s.tenant_id AND r.role = u.role
        )
    FROM platform.sessions AS s
    JOIN platform.people AS p ON p.id = s.person_id
    LEFT JOIN platform.tenants AS t ON t.id = s.tenant_id AND t.state <> 'pending_deletion'
    LEFT JOIN shop.users AS u ON u.tenant_id = t.id AND u.id = s.person_id AND NOT EXISTS (
        SELECT FROM shop.user_departures AS d
        WHERE d.tenant_id = u.tenant_id AND d.user_id = u.id AND d.returned_at IS NULL
    )
    LEFT JOIN platform.admins AS a ON s.tenant_id IS NULL AND a.person_id = s.person_id
    WHERE s.token_hash = hash AND (u.id IS NOT NULL OR a.person_id IS NOT NULL);
END
"""

# An impersonated session is that of a user of the shop, held by an admin: it ends when either is no more.
FIND_SESSION = """
CREATE FUNCTION app.find_session(hash bytea)
RETURNS TABLE (
    session uuid, person uuid, tenant uuid, stage text, seen_at timestamptz, expires_at timestamptz,
    language text, name text, role text, adjusted jsonb,
    proved_at timestamptz, impersonator uuid, impersonator_name text, may_change boolean, branches uuid[]
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT s.id, s.person_id, s.tenant_id, s.stage, s.seen_at, s.expires_at, coalesce(h.language, p.language),
        coalesce(u.name, a.name), coalesce(u.role, 'platform_admin'), (
            SELECT coalesce(jsonb_object_agg(r.permission, r.allowed), '{}')
            FROM shop.role_permissions AS r WHERE r.tenant_id = s.tenant_id AND r.role = u.role
        ),
        s.proved_at, s.impersonator_id, i.name, s.may_change, (
            SELECT array_agg(b.branch_id)
            FROM shop.user_branches AS b WHERE b.tenant_id = s.tenant_id AND b.user_id = u.id
        )
    FROM platform.sessions AS s
    JOIN platform.people AS p ON p.id = s.person_id
    LEFT JOIN platform.tenants AS t ON t.id = s.tenant_id AND t.state NOT IN ('pending_deletion', 'deleted')
    LEFT JOIN shop.users AS u ON u.tenant_id = t.id AND u.id = s.person_id AND NOT EXISTS (
        SELECT FROM shop.user_departures AS d
        WHERE d.tenant_id = u.tenant_id AND d.user_id = u.id AND d.returned_at IS NULL
    )
    LEFT JOIN platform.admins AS a ON s.tenant_id IS NULL AND a.person_id = s.person_id
    LEFT JOIN platform.admins AS i ON i.person_id = s.impersonator_id
    LEFT JOIN platform.people AS h ON h.id = i.person_id
    WHERE s.token_hash = hash AND (u.id IS NOT NULL OR a.person_id IS NOT NULL)
        AND (s.impersonator_id IS NULL OR i.person_id IS NOT NULL);
END
"""


def upgrade() -> None:
    # Without any row a person is limited to no branch.
    create_tenant_table(
        op,
        "user_branches",
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("branch_id", sa.Uuid, nullable=False),
        belongs_to("user_id", "users", name="user_branches_user_fkey"),
        key=("user_id", "branch_id"),
    )
    audit_table(op, "user_branches", key=("user_id", "branch_id"))
    op.execute("GRANT SELECT ON shop.user_branches TO goldsmith_lookup")
    op.add_column("sessions", sa.Column("proved_at", sa.DateTime(timezone=True)), schema="platform")
    impersonator = sa.Column("impersonator_id", sa.Uuid, sa.ForeignKey("platform.people.id"))
    op.add_column("sessions", impersonator, schema="platform")
    op.create_index("ix_platform_sessions_impersonator_id", "sessions", ["impersonator_id"], schema="platform")
    may_change = sa.Column("may_change", sa.Boolean, nullable=False, server_default=sa.true())
    op.add_column("sessions", may_change, schema="platform")
    op.execute("GRANT UPDATE (proved_at, may_change) ON platform.sessions TO goldsmith_platform")
    _find_session(FIND_SESSION)


def downgrade() -> None:
    _find_session(FIND_SESSION_BEFORE)
    for column in ("may_change", "impersonator_id", "proved_at"):
        op.drop_column("sessions", column, schema="platform")
    stop_auditing(op, "user_branches")
    op.execute("DROP TABLE shop.user_branches")


def _find_session(definition: str) -> None:
    op.execute("DROP FUNCTION app.find_session(bytea)")
    create_lookup(op, "find_session(bytea)", definition, callers="goldsmith_platform")

"""Invitations by e-mail; several shops for one person: where they are at home, and what they may switch to.

The old version goes on reading the same columns of `app.find_session`.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.schema import audit_table, create_lookup, create_tenant_table, one_of, stop_auditing

revision = "identity_0005"
down_revision = "identity_0004"
branch_labels = None
depends_on = None

OPEN = "accepted_at IS NULL AND withdrawn_at IS NULL"

# An impersonated session is that of a user of the shop, held by an admin: it ends when either is no more.
FIND_SESSION = """
CREATE FUNCTION app.find_session(hash bytea)
RETURNS TABLE (
    session uuid, person uuid, tenant uuid, stage text, seen_at timestamptz, expires_at timestamptz,
    language text, name text, role text, adjusted jsonb,
    proved_at timestamptz, impersonator uuid, impersonator_name text, may_change boolean, branches uuid[]{more}
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT s.id, s.person_id, s.tenant_id, s.stage, s.seen_at, s.expires_at, coalesce({language}),
        coalesce(u.name, a.name), coalesce(u.role, 'platform_admin'), (
            SELECT coalesce(jsonb_object_agg(r.permission, r.allowed), '{{}}')
            FROM shop.role_permissions AS r WHERE r.tenant_id = s.tenant_id AND r.role = u.role
        ),
        s.proved_at, s.impersonator_id, i.name, s.may_change, (
            SELECT array_agg(b.branch_id)
            FROM shop.user_branches AS b WHERE b.tenant_id = s.tenant_id AND b.user_id = u.id
        ){places}
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

# Where else the person is at home: only whoever holds the session's token learns it, and an impersonator does not.
PLACES = """, (
            SELECT coalesce(jsonb_agg(
                jsonb_build_object('tenant', l.id, 'name', l.name, 'state', l.state) ORDER BY w.since, l.id), '[]')
            FROM shop.users AS w JOIN platform.tenants AS l ON l.id = w.tenant_id
            WHERE w.id = s.person_id AND s.impersonator_id IS NULL AND NOT EXISTS (
                SELECT FROM shop.user_departures AS d
                WHERE d.tenant_id = w.tenant_id AND d.user_id = w.id AND d.returned_at IS NULL
            )
        ),
        s.impersonator_id IS NULL AND EXISTS (SELECT FROM platform.admins AS o WHERE o.person_id = s.person_id)"""

# How often somebody is signed in to the shop at hand, and only to this one.
OPEN_SESSIONS = """
CREATE FUNCTION app.open_sessions(person uuid, since timestamptz, now timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT count(*) FROM platform.sessions AS s
    WHERE s.person_id = person AND s.tenant_id = (SELECT app.tenant()) AND s.impersonator_id IS NULL
        AND s.stage = 'in' AND s.seen_at > since AND s.expires_at > now;
END
"""


def upgrade() -> None:
    create_tenant_table(
        op,
        "invitations",
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("branches", ARRAY(sa.Uuid)),
        sa.Column("invited_by", sa.Text, nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.LargeBinary),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("undelivered_at", sa.DateTime(timezone=True)),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_by", sa.Text),
        one_of("role", "owner", "manager", "employee", name="invitations_role_check"),
        sa.CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="invitations_outcome_check"),
    )
    # One at a time for an address, however it is written.
    op.execute(f"CREATE UNIQUE INDEX invitations_open_key ON shop.invitations (tenant_id, lower(email)) WHERE {OPEN}")
    audit_table(op, "invitations", hidden=("token_hash",))
    op.add_column("users", sa.Column("language", sa.Text), schema="shop")
    # Where somebody was last, and where signing in leads them again: no change that anybody made.
    op.create_table(
        "last_places",
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("platform.people.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("platform.tenants.id", ondelete="CASCADE"), index=True),
        schema="platform",
    )
    op.execute("GRANT SELECT, INSERT, UPDATE (tenant_id), DELETE ON platform.last_places TO goldsmith_platform")
    op.execute("GRANT SELECT ON platform.last_places TO goldsmith_backup")
    op.execute("GRANT UPDATE (tenant_id) ON platform.sessions TO goldsmith_platform")
    op.execute("GRANT SELECT (name) ON platform.tenants TO goldsmith_lookup")
    _find_session(
        FIND_SESSION.format(
            more=", places jsonb, is_admin boolean", language="h.language, p.language, u.language", places=PLACES
        )
    )
    op.execute(OPEN_SESSIONS)
    op.execute("REVOKE ALL ON FUNCTION app.open_sessions(uuid, timestamptz, timestamptz) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION app.open_sessions(uuid, timestamptz, timestamptz) TO goldsmith_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION app.open_sessions(uuid, timestamptz, timestamptz)")
    _find_session(FIND_SESSION.format(more="", language="h.language, p.language", places=""))
    op.execute("REVOKE SELECT (name) ON platform.tenants FROM goldsmith_lookup")
    op.execute("REVOKE UPDATE (tenant_id) ON platform.sessions FROM goldsmith_platform")
    op.drop_table("last_places", schema="platform")
    op.drop_column("users", "language", schema="shop")
    stop_auditing(op, "invitations")
    op.execute("DROP TABLE shop.invitations")


def _find_session(definition: str) -> None:
    op.execute("DROP FUNCTION app.find_session(bytea)")
    create_lookup(op, "find_session(bytea)", definition, callers="goldsmith_platform")

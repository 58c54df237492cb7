"""Who is kept out although their password is right learns why; and what was opened before a shop closed passwords ends.

A session knows when the shop's provider last said that its holder had just shown there who they are. The functions
have new names: what the old version has prepared with `SELECT *` fails once it answers more columns, so its own stay.
"""

import sqlalchemy as sa
from alembic import op

from kernel.schema import create_lookup

revision = "identity_0009"
down_revision = "identity_0008"
branch_labels = None
depends_on = None

OVER = "('pending_deletion', 'deleted')"
WORKS_HERE = """NOT EXISTS (
            SELECT FROM shop.user_departures AS d
            WHERE d.tenant_id = {user}.tenant_id AND d.user_id = {user}.id AND d.returned_at IS NULL
        )"""
# Owners always keep their own way in.
OWN_WAY = """({user}.role = 'owner' OR NOT EXISTS (
            SELECT FROM shop.settings AS c
            WHERE c.tenant_id = {user}.tenant_id AND c.name = 'identity.own_ways' AND c.value = 'false'
        ))"""

# `barred`: where they work and do not get in by what is their own: the shop is on its way out, or leaves it to its
# provider.
FIND_LOGIN = """
CREATE FUNCTION app.find_login_2(address text)
RETURNS TABLE (
    person uuid, password_hash text, start_until timestamptz, language text, admin_name text, memberships jsonb,
    barred jsonb
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT p.id, p.password_hash, p.start_until, p.language, a.name, (
        SELECT coalesce(jsonb_agg(jsonb_build_object('tenant', u.tenant_id, 'name', u.name) ORDER BY u.since), '[]')
        FROM shop.users AS u JOIN platform.tenants AS t ON t.id = u.tenant_id AND t.state <> 'pending_deletion'
        WHERE u.id = p.id AND {works_u} AND {own_u}
    ), (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'name', t.name, 'provider', CASE WHEN t.state NOT IN {over} THEN t.slug END
        ) ORDER BY u.since), '[]')
        FROM shop.users AS u JOIN platform.tenants AS t ON t.id = u.tenant_id
        WHERE u.id = p.id AND {works_u}
            AND (t.state IN {over} OR NOT {own_u})
    )
    FROM platform.people AS p LEFT JOIN platform.admins AS a ON a.person_id = p.id
    WHERE lower(p.email) = lower(address);
END
"""
# Whoever came in by what is their own, and not by the provider's word, is out; so is who stops being an owner.
FIND_SESSION = """
CREATE FUNCTION app.find_session_2(hash bytea)
RETURNS TABLE (
    session uuid, person uuid, tenant uuid, stage text, seen_at timestamptz, expires_at timestamptz,
    language text, name text, role text, adjusted jsonb,
    proved_at timestamptz, impersonator uuid, impersonator_name text, may_change boolean, branches uuid[],
    places jsonb, is_admin boolean, confined boolean, vouched_at timestamptz, providers jsonb
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT s.id, s.person_id, s.tenant_id, s.stage, s.seen_at, s.expires_at,
        coalesce(h.language, p.language, u.language),
        coalesce(u.name, a.name), coalesce(u.role, 'platform_admin'), (
            SELECT coalesce(jsonb_object_agg(r.permission, r.allowed), '{{}}')
            FROM shop.role_permissions AS r WHERE r.tenant_id = s.tenant_id AND r.role = u.role
        ),
        s.proved_at, s.impersonator_id, i.name, s.may_change, (
            SELECT array_agg(b.branch_id)
            FROM shop.user_branches AS b WHERE b.tenant_id = s.tenant_id AND b.user_id = u.id
        ), (
            SELECT coalesce(jsonb_agg(
                jsonb_build_object('tenant', l.id, 'name', l.name, 'state', l.state) ORDER BY w.since, l.id), '[]')
            FROM shop.users AS w JOIN platform.tenants AS l ON l.id = w.tenant_id
            WHERE w.id = s.person_id AND s.impersonator_id IS NULL AND {works_w}
                AND (w.tenant_id = s.tenant_id OR NOT s.confined AND {own_w})
        ),
        s.impersonator_id IS NULL AND NOT s.confined
            AND EXISTS (SELECT FROM platform.admins AS o WHERE o.person_id = s.person_id),
        s.confined, s.vouched_at, (
            SELECT coalesce(jsonb_agg(
                jsonb_build_object('tenant', l.id, 'name', l.name, 'provider', l.slug) ORDER BY w.since, l.id), '[]')
            FROM shop.users AS w JOIN platform.tenants AS l ON l.id = w.tenant_id
            WHERE w.id = s.person_id AND s.impersonator_id IS NULL AND NOT s.confined
                AND l.state NOT IN {over} AND {works_w} AND NOT {own_w}
        )
    FROM platform.sessions AS s
    JOIN platform.people AS p ON p.id = s.person_id
    LEFT JOIN platform.tenants AS t ON t.id = s.tenant_id AND t.state NOT IN {over}
    LEFT JOIN shop.users AS u ON u.tenant_id = t.id AND u.id = s.person_id AND {works_u}
        AND (s.confined OR s.impersonator_id IS NOT NULL OR {own_u})
    LEFT JOIN platform.admins AS a ON s.tenant_id IS NULL AND a.person_id = s.person_id
    LEFT JOIN platform.admins AS i ON i.person_id = s.impersonator_id
    LEFT JOIN platform.people AS h ON h.id = i.person_id
    WHERE s.token_hash = hash AND (u.id IS NOT NULL OR a.person_id IS NOT NULL)
        AND (s.impersonator_id IS NULL OR i.person_id IS NOT NULL);
END
"""
# Of the shop at hand: what its people opened by what is their own. An admin's visit is none of it.
END_OWN_WAYS = """
CREATE FUNCTION app.end_own_ways() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM platform.sessions AS s
    WHERE s.tenant_id = (SELECT app.tenant()) AND NOT s.confined AND s.impersonator_id IS NULL AND NOT EXISTS (
        SELECT FROM shop.users AS u WHERE u.tenant_id = s.tenant_id AND u.id = s.person_id AND u.role = 'owner'
    );
END
"""
FIND = {"find_login_2(text)": FIND_LOGIN, "find_session_2(bytea)": FIND_SESSION}


def upgrade() -> None:
    op.add_column("sessions", sa.Column("vouched_at", sa.DateTime(timezone=True)), schema="platform")
    op.execute("GRANT UPDATE (vouched_at) ON platform.sessions TO goldsmith_platform")
    op.execute("GRANT SELECT (slug) ON platform.tenants TO goldsmith_lookup")
    for signature, definition in FIND.items():
        create_lookup(op, signature, _filled(definition), callers="goldsmith_platform")
    op.execute(END_OWN_WAYS)
    op.execute("REVOKE ALL ON FUNCTION app.end_own_ways() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION app.end_own_ways() TO goldsmith_app")


def downgrade() -> None:
    for signature in ("end_own_ways()", *FIND):
        op.execute(f"DROP FUNCTION app.{signature}")
    op.execute("REVOKE SELECT (slug) ON platform.tenants FROM goldsmith_lookup")
    op.drop_column("sessions", "vouched_at", schema="platform")


def _filled(sql: str) -> str:
    parts = {}
    for user in "uw":
        parts |= {f"works_{user}": WORKS_HERE.format(user=user), f"own_{user}": OWN_WAY.format(user=user)}
    return sql.format(over=OVER, **parts)

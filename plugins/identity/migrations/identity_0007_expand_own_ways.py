"""A shop may want its people to come in by its own provider alone; owners keep their own way in.

Then a password, and whatever else is a person's own, opens other doors only, as if they did not work here.
A session that a shop's provider opened leads nowhere else.
"""

from alembic import op

from kernel.schema import create_lookup

revision = "identity_0007"
down_revision = "identity_0006"
branch_labels = None
depends_on = None

FIND_LOGIN = """
CREATE FUNCTION app.find_login(address text)
RETURNS TABLE (
    person uuid, password_hash text, start_until timestamptz, language text, admin_name text, memberships jsonb
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT p.id, p.password_hash, p.start_until, p.language, a.name, (
        SELECT coalesce(jsonb_agg(jsonb_build_object('tenant', u.tenant_id, 'name', u.name) ORDER BY u.since), '[]')
        FROM shop.users AS u JOIN platform.tenants AS t ON t.id = u.tenant_id AND t.state <> 'pending_deletion'
        WHERE u.id = p.id AND NOT EXISTS (
            SELECT FROM shop.user_departures AS d
            WHERE d.tenant_id = u.tenant_id AND d.user_id = u.id AND d.returned_at IS NULL
        ){own_way_u}
    )
    FROM platform.people AS p LEFT JOIN platform.admins AS a ON a.person_id = p.id
    WHERE lower(p.email) = lower(address);
END
"""

FIND_SESSION = """
CREATE FUNCTION app.find_session(hash bytea)
RETURNS TABLE (
    session uuid, person uuid, tenant uuid, stage text, seen_at timestamptz, expires_at timestamptz,
    language text, name text, role text, adjusted jsonb,
    proved_at timestamptz, impersonator uuid, impersonator_name text, may_change boolean, branches uuid[],
    places jsonb, is_admin boolean
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
            WHERE w.id = s.person_id AND s.impersonator_id IS NULL AND NOT EXISTS (
                SELECT FROM shop.user_departures AS d
                WHERE d.tenant_id = w.tenant_id AND d.user_id = w.id AND d.returned_at IS NULL
            ){own_way_w}
        ),
        s.impersonator_id IS NULL{not_confined}
            AND EXISTS (SELECT FROM platform.admins AS o WHERE o.person_id = s.person_id)
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

OWN_WAY = """ AND ({user}.role = 'owner' OR NOT EXISTS (
            SELECT FROM shop.settings AS c
            WHERE c.tenant_id = {user}.tenant_id AND c.name = 'identity.own_ways' AND c.value = 'false'
        ))"""
# Of a session that the shop's provider opened: that shop, and no other.
THERE_ALONE = " AND (w.tenant_id = s.tenant_id OR NOT s.confined AND (true{own_way}))"


def upgrade() -> None:
    op.execute("GRANT SELECT (tenant_id, name, value) ON shop.settings TO goldsmith_lookup")
    _find(
        own_way_u=OWN_WAY.format(user="u"),
        own_way_w=THERE_ALONE.format(own_way=OWN_WAY.format(user="w")),
        not_confined=" AND NOT s.confined",
    )


def downgrade() -> None:
    _find(own_way_u="", own_way_w="", not_confined="")
    op.execute("REVOKE SELECT (tenant_id, name, value) ON shop.settings FROM goldsmith_lookup")


def _find(**parts: str) -> None:
    for signature, definition in {"find_login(text)": FIND_LOGIN, "find_session(bytea)": FIND_SESSION}.items():
        op.execute(f"DROP FUNCTION app.{signature}")
        create_lookup(op, signature, definition.format(**parts), callers="goldsmith_platform")

"""A key made before its person was let go stays dead when they are taken back: who comes back makes a new one."""

from alembic import op

from kernel.schema import create_lookup

revision = "programs_0002"
down_revision = "programs_0001"
branch_labels = None
depends_on = None

# As in programs_0001, but for which departures count.
FIND_KEY = """
CREATE FUNCTION app.find_key(hash bytea)
RETURNS TABLE (
    key uuid, name text, scopes jsonb, expires_at timestamptz, used_at timestamptz, tenant uuid, person uuid,
    person_name text, role text, adjusted jsonb, branches uuid[], language text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT k.id, k.name, k.scopes, k.expires_at, k.used_at, k.tenant_id, u.id, u.name, u.role, (
            SELECT coalesce(jsonb_object_agg(r.permission, r.allowed), '{{}}')
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
        WHERE d.tenant_id = u.tenant_id AND d.user_id = u.id AND {gone}
    );
END
"""


def upgrade() -> None:
    _find("(d.returned_at IS NULL OR d.left_at >= k.made_at)")


def downgrade() -> None:
    _find("d.returned_at IS NULL")


def _find(gone: str) -> None:
    op.execute("DROP FUNCTION app.find_key(bytea)")
    create_lookup(op, "find_key(bytea)", FIND_KEY.format(gone=gone), callers="goldsmith_platform")

"""Who decides about people sees the programs that somebody signed in to the shop, and signs one out."""

from alembic import op

revision = "programs_0003"
down_revision = "programs_0002"
branch_labels = None
depends_on = None

# Both know the shop at hand, and only this one.
OPEN_PROGRAMS = """
CREATE FUNCTION app.open_programs(person uuid, now timestamptz)
RETURNS TABLE (session uuid, name text, opened_at timestamptz, seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT s.id, s.device, s.opened_at, s.seen_at FROM platform.sessions AS s
    WHERE s.person_id = person AND s.tenant_id = (SELECT app.tenant()) AND s.stage = 'program' AND s.expires_at > now
    ORDER BY s.seen_at DESC, s.id DESC;
END
"""
END_PROGRAM = """
CREATE FUNCTION app.end_program(person uuid, session uuid) RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM platform.sessions AS s
    WHERE s.id = session AND s.person_id = person AND s.tenant_id = (SELECT app.tenant()) AND s.stage = 'program'
    RETURNING s.device;
END
"""
FOR_SHOPS = {"open_programs(uuid, timestamptz)": OPEN_PROGRAMS, "end_program(uuid, uuid)": END_PROGRAM}


def upgrade() -> None:
    for signature, definition in FOR_SHOPS.items():
        op.execute(definition)
        op.execute(f"REVOKE ALL ON FUNCTION app.{signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION app.{signature} TO goldsmith_app")


def downgrade() -> None:
    for signature in FOR_SHOPS:
        op.execute(f"DROP FUNCTION app.{signature}")

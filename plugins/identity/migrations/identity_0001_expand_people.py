"""People, admins and sessions of the installation; users, departures and adjusted roles of each shop.

A shop's transaction reaches people and sessions only through the functions below.
"""

import sqlalchemy as sa
from alembic import op

from kernel.schema import belongs_to, create_lookup, create_tenant_table, index, one_of

revision = "identity_0001"
down_revision = None
branch_labels = ("identity",)
depends_on = ("kernel_0001",)

# Who signs in with this address, and where: one row. Asked before any shop is known.
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
        )
    )
    FROM platform.people AS p LEFT JOIN platform.admins AS a ON a.person_id = p.id
    WHERE lower(p.email) = lower(address);
END
"""

# Who holds the token with this hash, and their part in the session's shop: one row, asked with every request.
FIND_SESSION = """
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

# The person with this address, made when there is none; somebody who is there keeps their password.
ADD_PERSON = """
CREATE FUNCTION app.add_person(id uuid, address text, password_hash text, start_until timestamptz) RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO platform.people (id, email, password_hash, start_until)
    VALUES (add_person.id, address, add_person.password_hash, add_person.start_until)
    ON CONFLICT (lower(email)) DO NOTHING;
    SELECT p.id FROM platform.people AS p WHERE lower(p.email) = lower(address);
END
"""

# Under forced row-level security also for its owner, so it can only answer people of the shop at hand.
SHOP_PEOPLE = """
CREATE FUNCTION app.shop_people() RETURNS TABLE (id uuid, email text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT p.id, p.email FROM shop.users AS u JOIN platform.people AS p ON p.id = u.id
    WHERE u.tenant_id = (SELECT app.tenant());
END
"""

END_SESSIONS = """
CREATE FUNCTION app.end_sessions(person uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM platform.sessions AS s WHERE s.person_id = person AND s.tenant_id = (SELECT app.tenant());
END
"""

FOR_SHOPS = {
    "add_person(uuid, text, text, timestamptz)": ADD_PERSON,
    "shop_people()": SHOP_PEOPLE,
    "end_sessions(uuid)": END_SESSIONS,
}


def upgrade() -> None:
    _platform_tables()
    _shop_tables()
    for signature, definition in FOR_SHOPS.items():
        op.execute(definition)
        op.execute(f"REVOKE ALL ON FUNCTION app.{signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION app.{signature} TO goldsmith_app")
    op.execute("GRANT EXECUTE ON FUNCTION app.add_person(uuid, text, text, timestamptz) TO goldsmith_platform")
    for signature, definition in {"find_login(text)": FIND_LOGIN, "find_session(bytea)": FIND_SESSION}.items():
        create_lookup(op, signature, definition, callers="goldsmith_platform")
    op.execute("GRANT SELECT ON platform.people, platform.admins, platform.sessions TO goldsmith_lookup")
    op.execute("GRANT SELECT (id, state) ON platform.tenants TO goldsmith_lookup")
    op.execute("GRANT SELECT ON shop.users, shop.user_departures, shop.role_permissions TO goldsmith_lookup")


def _platform_tables() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("start_until", sa.DateTime(timezone=True)),
        sa.Column("language", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("password_hash LIKE '$argon2id$%'", name="people_password_hash_check"),
        schema="platform",
    )
    op.execute("CREATE UNIQUE INDEX people_email_key ON platform.people (lower(email))")
    op.create_table(
        "admins",
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("platform.people.id"), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        schema="platform",
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("platform.people.id"), nullable=False, index=True),
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("platform.tenants.id")),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="sessions_token_hash_check"),
        schema="platform",
    )
    # The platform's role signs people in; a password's hash it reads only through find_login, one person at a time.
    op.execute("GRANT SELECT (id, email, start_until, language, created_at) ON platform.people TO goldsmith_platform")
    op.execute("GRANT INSERT ON platform.people TO goldsmith_platform")
    op.execute("GRANT UPDATE (password_hash, start_until, language) ON platform.people TO goldsmith_platform")
    op.execute("GRANT SELECT, INSERT, DELETE ON platform.admins, platform.sessions TO goldsmith_platform")
    op.execute("GRANT UPDATE (seen_at) ON platform.sessions TO goldsmith_platform")
    op.execute("GRANT UPDATE (name) ON platform.admins TO goldsmith_platform")
    op.execute("GRANT SELECT ON platform.people, platform.admins, platform.sessions TO goldsmith_backup")


def _shop_tables() -> None:
    create_tenant_table(
        op,
        "users",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        one_of("role", "owner", "manager", "employee", name="users_role_check"),
    )
    # The id is the person's: whoever works in two shops is the same person in both, with a name and a role in each.
    op.execute("ALTER TABLE shop.users ADD CONSTRAINT users_person_fkey FOREIGN KEY (id) REFERENCES platform.people")
    op.execute("CREATE INDEX users_person ON shop.users (id)")
    create_tenant_table(
        op,
        "user_departures",
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("let_go_by", sa.Text, nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True)),
        sa.Column("taken_back_by", sa.Text),
        belongs_to("user_id", "users", name="user_departures_user_fkey"),
        index("user_departures_now_key", "user_id", unique=True, postgresql_where=sa.text("returned_at IS NULL")),
    )
    create_tenant_table(
        op,
        "role_permissions",
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("permission", sa.Text, nullable=False),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        one_of("role", "owner", "manager", "employee", name="role_permissions_role_check"),
        key=("role", "permission"),
    )


def downgrade() -> None:
    for signature in ("find_login(text)", "find_session(bytea)", *FOR_SHOPS):
        op.execute(f"DROP FUNCTION app.{signature}")
    for table in ("shop.role_permissions", "shop.user_departures", "shop.users"):
        op.execute(f"DROP TABLE {table}")
    for table in ("sessions", "admins", "people"):
        op.drop_table(table, schema="platform")

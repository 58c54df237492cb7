"""The database's roles: who owns, who migrates, who serves. Made once, by an administrator of the server.

docs/reference/roles.md lists what each may do; `kernel/gate.py` checks that it stays so.
"""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import sql
from sqlalchemy import Connection, text

#: Role → attributes. Only the four with LOGIN are ever connected as.
ROLES = {
    "goldsmith_owner": "NOLOGIN NOBYPASSRLS",
    "goldsmith_lookup": "NOLOGIN BYPASSRLS",
    "goldsmith_migrator": "LOGIN NOBYPASSRLS",
    "goldsmith_app": "LOGIN NOBYPASSRLS",
    "goldsmith_platform": "LOGIN NOBYPASSRLS",
    "goldsmith_backup": "LOGIN BYPASSRLS",
}

#: When the server itself gives up on a statement or an idle transaction of a serving role; and how it plans theirs:
#: once. The shop is not known to the planner, so a new plan for each set of values is the same plan, at three times the
#: cost of running it (docs/decisions/0008).
SETTINGS = {
    "goldsmith_app": {
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "60s",
        "lock_timeout": "10s",
        "plan_cache_mode": "force_generic_plan",
    },
    "goldsmith_platform": {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "60s"},
}


def prepare(admin: Connection, passwords: Mapping[str, str]) -> None:
    """Make the roles and the schema `app`, or bring existing ones to the same state.

    `admin` is a superuser in autocommit.
    A role without an entry in `passwords` gets none, for servers that trust their own socket.
    """
    driver = admin.connection.driver_connection
    assert driver is not None
    there = set(admin.execute(text("SELECT rolname FROM pg_roles WHERE rolname LIKE 'goldsmith\\_%'")).scalars())
    for role, attributes in ROLES.items():
        verb = "ALTER" if role in there else "CREATE"
        admin.execute(
            text(f"{verb} ROLE {role} {attributes} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT")
        )
        if role in passwords:
            driver.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(passwords[role]))
            )
        for name, value in SETTINGS.get(role, {}).items():
            admin.execute(text(f"ALTER ROLE {role} SET {name} = '{value}'"))
    admin.execute(text("GRANT goldsmith_owner TO goldsmith_migrator WITH INHERIT FALSE, SET TRUE"))
    admin.execute(text("GRANT goldsmith_lookup TO goldsmith_owner WITH INHERIT FALSE, SET TRUE"))
    # For the one function that erases a whole shop, append-only tables and trail included.
    admin.execute(text("GRANT SET ON PARAMETER session_replication_role TO goldsmith_owner"))
    database = admin.execute(text("SELECT quote_ident(current_database())")).scalar_one()
    admin.execute(text(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC"))
    logins = ", ".join(role for role, attributes in ROLES.items() if attributes.startswith("LOGIN"))
    admin.execute(text(f"GRANT CONNECT ON DATABASE {database} TO {logins}"))
    admin.execute(text(f"GRANT CREATE ON DATABASE {database} TO goldsmith_owner"))
    admin.execute(text("REVOKE ALL ON SCHEMA public FROM PUBLIC"))
    admin.execute(text("CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION goldsmith_owner"))
    admin.execute(text(f"GRANT USAGE ON SCHEMA app TO {logins}"))

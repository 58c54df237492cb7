"""The isolation gate: questions to PostgreSQL's catalogue that must have no answer.

Readiness, `goldsmith doctor`, the migrations' tests and the conformance kit of outside plugins all ask the same
questions, so a table that is not safe is found before a shop's row is in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from kernel.uow import Executes


@dataclass(frozen=True, slots=True)
class Breach:
    """One object that breaks one rule."""

    rule: str
    object: str


#: Tables of the installation that the application role may reach although they hold no shop's rows, and how.
PLATFORM_OPEN_TO_SHOPS = (
    "platform.tenants",
    "platform.overrides",
    "platform.flag_figures",
    "platform.announcement_figures",
    "platform.subscriptions",
    "platform.shop_days",
)

#: Tables of the installation that are the same for every shop, and that shops read and never write.
PLATFORM_READ_BY_SHOPS = ("platform.plans",)

#: Functions that run with the lookup role's eyes; each answers addresses, envelopes, counts or a row, reviewed by name.
LOOKUPS = (
    "claim_outbox", "count_jobs", "find_job", "find_jobs", "find_key", "find_login", "find_login_2", "find_session",
    "find_session_2", "people_only_of", "sweep_jobs", "time_jobs",
)  # fmt: skip

#: Tables of the installation whose changes are in no trail, and why; others say so themselves (`leave_unaudited`).
PLATFORM_UNAUDITED = {
    "audit_changes": "the trail itself",
    "audit_entries": "the trail itself",
    "audit_heads": "the trail itself",
    "audit_checks": "what a check of the trail itself found",
    "sessions": "who came in and went is recorded at the door",
    "challenges": "a question that is answered within minutes; the answer is recorded",
    "resets": "who asked for a new password and chose one is recorded",
    "letters": "how far a letter is on its way",
    "last_places": "where a person was last",
    "refresh_tokens": "what a program bears; who let it in is recorded",
    "market_rates": "what the market says, and not we",
    "announcement_figures": "figures, counted anew from what they count",
    "flag_figures": "figures, counted as they happen",
    "shop_days": "figures of a day, counted anew from what they count",
    "faults": "what went wrong by itself; who saw to it is recorded",
    "fault_times": "what went wrong by itself",
    "schedule_runs": "how far the clock has come",
    "versions": "how often what is kept in memory has changed",
}

_TENANT_TABLES = """
    SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relrowsecurity, c.relforcerowsecurity
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND (n.nspname = 'shop' OR (n.nspname || '.' || c.relname) = ANY (:open))
"""
_SERVING = "('goldsmith_app', 'goldsmith_platform')"

RULES: dict[str, str] = {
    "a shop's table has no tenant_id": f"""
        SELECT name FROM ({_TENANT_TABLES}) AS t WHERE name <> 'platform.tenants' AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = t.oid AND a.attname = 'tenant_id'
            AND a.attnotnull AND a.atttypid = 'uuid'::regtype)""",
    "shops may reach a table of the installation": """
        SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND n.nspname NOT IN ('shop', 'pg_catalog', 'information_schema', 'pg_toast')
        AND (n.nspname || '.' || c.relname) <> ALL (:open) AND n.nspname || '.' || c.relname <> 'app.alembic_version'
        AND (has_table_privilege('goldsmith_app', c.oid, 'INSERT, UPDATE, DELETE')
            OR has_any_column_privilege('goldsmith_app', c.oid, 'INSERT, UPDATE')
            OR ((n.nspname || '.' || c.relname) <> ALL (:read)
                AND has_any_column_privilege('goldsmith_app', c.oid, 'SELECT')))""",
    "row-level security is not enabled and forced": f"""
        SELECT name FROM ({_TENANT_TABLES}) AS t WHERE NOT (relrowsecurity AND relforcerowsecurity)""",
    "the restrictive guard on the tenant is missing": f"""
        SELECT name FROM ({_TENANT_TABLES}) AS t WHERE NOT EXISTS (
            SELECT FROM pg_catalog.pg_policy AS p WHERE p.polrelid = t.oid AND NOT p.polpermissive AND p.polcmd = '*'
            AND pg_get_expr(p.polqual, p.polrelid) ~ '^\\((tenant_id|id) = \\( SELECT app\\.tenant\\(\\)'
            AND pg_get_expr(p.polwithcheck, p.polrelid) = pg_get_expr(p.polqual, p.polrelid)
            AND (p.polroles = '{{0}}' OR 'goldsmith_app'::regrole = ANY (p.polroles)))""",
    "a policy lets shops past the tenant": f"""
        SELECT t.name || ' ' || p.polname FROM ({_TENANT_TABLES}) AS t
        JOIN pg_catalog.pg_policy AS p ON p.polrelid = t.oid
        WHERE p.polpermissive AND (p.polroles = '{{0}}' OR 'goldsmith_app'::regrole = ANY (p.polroles))
        AND (coalesce(pg_get_expr(p.polqual, p.polrelid), '') !~ 'app\\.tenant\\(\\)'
            OR coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') !~ 'app\\.tenant\\(\\)')""",
    # A row names its branch, or a row that does: what refers to a limited table is as limited as that.
    "who is limited to some branches sees rows of others": """
        SELECT c.oid::regclass || '.' || a.attname FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attname <> 'tenant_id'
        WHERE c.relnamespace = 'shop'::regnamespace AND c.relkind IN ('r', 'p')
        AND (a.attname = 'branch_id' OR (c.relname = 'branches' AND a.attname = 'id') OR EXISTS (
            SELECT FROM pg_catalog.pg_constraint AS k
            JOIN pg_catalog.pg_policy AS g ON g.polrelid = k.confrelid AND g.polname = 'branch_guard'
            WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey)))
        AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_policy AS p WHERE p.polrelid = c.oid AND p.polname = 'branch_guard'
            AND NOT p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}'
            AND pg_get_expr(p.polqual, p.polrelid) ~ 'app\\.branches\\(\\)')
        AND coalesce(col_description(c.oid, a.attnum), '') NOT LIKE 'every branch: %'""",
    "a key does not start with the tenant": f"""
        SELECT t.name || ' ' || i.indexrelid::regclass FROM ({_TENANT_TABLES}) AS t
        JOIN pg_catalog.pg_index AS i ON i.indrelid = t.oid AND (i.indisunique OR i.indisexclusion)
        WHERE t.name NOT LIKE 'platform.%' AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute AS a
            WHERE a.attrelid = t.oid AND a.attname = 'tenant_id' AND a.attnum = i.indkey[0])""",
    "a foreign key does not carry the tenant": """
        SELECT c.conrelid::regclass || ' ' || c.conname FROM pg_catalog.pg_constraint AS c
        JOIN pg_catalog.pg_class AS here ON here.oid = c.conrelid AND here.relnamespace = 'shop'::regnamespace
        JOIN pg_catalog.pg_class AS there ON there.oid = c.confrelid
        WHERE c.contype = 'f' AND there.relnamespace = 'shop'::regnamespace AND NOT EXISTS (
            SELECT FROM unnest(c.conkey, c.confkey) AS k (here, there)
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.here
            JOIN pg_catalog.pg_attribute AS b ON b.attrelid = c.confrelid AND b.attnum = k.there
            WHERE a.attname = 'tenant_id' AND b.attname = 'tenant_id')""",
    "a view or materialized view runs with its owner's rights": """
        SELECT c.oid::regclass::text FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('shop', 'app', 'platform', 'public') AND (c.relkind = 'm' OR (c.relkind = 'v'
            AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)))""",
    "a definer function is callable by everybody or has no pinned search_path": """
        SELECT p.oid::regprocedure::text FROM pg_catalog.pg_proc AS p
        JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND (
            NOT EXISTS (SELECT FROM unnest(p.proconfig) AS c (setting) WHERE c.setting LIKE 'search_path=%pg_temp')
            OR EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
                WHERE a.grantee = 0))""",
    "a function that looks across shops is not on the reviewed list": """
        SELECT p.oid::regprocedure::text FROM pg_catalog.pg_proc AS p
        JOIN pg_catalog.pg_roles AS r ON r.oid = p.proowner
        JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prosecdef
        AND (r.rolbypassrls OR r.rolsuper) AND NOT (r.rolname = 'goldsmith_lookup' AND p.proname = ANY (:lookups))""",
    "a serving role owns something": f"""
        SELECT r.rolname || ' owns ' || d.classid::regclass || ' ' || d.objid FROM pg_catalog.pg_shdepend AS d
        JOIN pg_catalog.pg_roles AS r ON r.oid = d.refobjid AND r.rolname IN {_SERVING}
        WHERE d.deptype = 'o' AND d.refclassid = 'pg_authid'::regclass
        AND d.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())""",
    "a serving role has a dangerous attribute or membership": f"""
        SELECT r.rolname::text FROM pg_catalog.pg_roles AS r WHERE r.rolname IN {_SERVING}
        AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
            OR EXISTS (SELECT FROM pg_catalog.pg_auth_members AS m WHERE m.member = r.oid))""",
    "a serving role may truncate, reference, trigger or maintain": f"""
        SELECT r.rolname || ' on ' || c.oid::regclass FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname IN ('shop', 'platform', 'app')
        CROSS JOIN pg_catalog.pg_roles AS r
        WHERE r.rolname IN {_SERVING} AND c.relkind IN ('r', 'p', 'v')
        AND has_table_privilege(r.oid, c.oid, 'TRUNCATE, REFERENCES, TRIGGER, MAINTAIN')""",
    "a serving role may create objects": f"""
        SELECT r.rolname || ' in ' || n.nspname FROM pg_catalog.pg_namespace AS n CROSS JOIN pg_catalog.pg_roles AS r
        WHERE r.rolname IN {_SERVING} AND n.nspname IN ('shop', 'platform', 'app', 'public')
        AND has_schema_privilege(r.oid, n.oid, 'CREATE')""",
    "a serving role may make temporary tables": f"""
        SELECT r.rolname::text FROM pg_catalog.pg_roles AS r WHERE r.rolname IN {_SERVING}
        AND has_database_privilege(r.oid, current_database(), 'TEMP, CREATE')""",
    "the platform's role has a right on a shop's rows": """
        SELECT c.oid::regclass::text FROM pg_catalog.pg_class AS c
        WHERE c.relnamespace = 'shop'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
        AND (CASE WHEN c.relkind = 'S' THEN has_sequence_privilege('goldsmith_platform', c.oid, 'USAGE, SELECT, UPDATE')
             ELSE has_table_privilege('goldsmith_platform', c.oid, 'SELECT, INSERT, UPDATE, DELETE')
                  OR has_any_column_privilege('goldsmith_platform', c.oid, 'SELECT, INSERT, UPDATE') END)""",
    "everybody has a right on a table": """
        SELECT c.oid::regclass::text FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname IN ('shop', 'platform', 'app')
        CROSS JOIN aclexplode(c.relacl) AS a WHERE a.grantee = 0""",
    "changes of a table go past the audit trail": """
        SELECT c.oid::regclass::text FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname IN ('shop', 'platform')
        WHERE c.relkind IN ('r', 'p') AND coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE 'unaudited: %'
        AND NOT (n.nspname = 'platform' AND c.relname = ANY (:unaudited))
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgname = 'append_only')
        AND 3 > (SELECT count(*) FROM pg_catalog.pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgenabled <> 'D'
            AND t.tgname IN ('audit_insert', 'audit_update', 'audit_delete'))""",
    "a sequence is visible to shops": """
        SELECT c.oid::regclass::text FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname NOT LIKE 'pg\\_%'
        WHERE CASE c.relkind WHEN 'S'
            THEN has_sequence_privilege('goldsmith_app', c.oid, 'USAGE, SELECT, UPDATE') END""",
}


def breaches(connection: Executes | Connection) -> list[Breach]:
    """Everything that would let one shop reach another's rows. Empty is the only good answer."""
    found = []
    for rule, question in RULES.items():
        values = {
            "open": list(PLATFORM_OPEN_TO_SHOPS),
            "read": list(PLATFORM_READ_BY_SHOPS),
            "lookups": list(LOOKUPS),
            "unaudited": list(PLATFORM_UNAUDITED),
        }
        asked = {name: value for name, value in values.items() if f":{name})" in question}
        found += [Breach(rule, str(name)) for name in connection.execute(text(question), asked).scalars()]
    return found

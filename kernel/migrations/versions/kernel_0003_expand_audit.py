"""The audit trail: who did what, with each row before and after, chained by hashes and closed to changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kernel.schema import READ_ONLY, audit_table, create_tenant_table, index, leave_unaudited, stop_auditing, unique

revision = "kernel_0003"
down_revision = "kernel_0002"
branch_labels = None
depends_on = None

#: What happened in one transaction, and what of it concerned which row.
ENTRY = (
    ("number", sa.BigInteger, False),
    ("at", sa.DateTime(timezone=True), False),
    ("action", sa.Text, False),
    ("outcome", sa.Text, False),
    ("actor_kind", sa.Text, False),
    ("actor_id", sa.Uuid, True),
    ("actor", sa.Text, False),
    ("subject_id", sa.Uuid, True),
    ("subject", sa.Text, True),
    ("address", sa.Text, True),
    ("request", sa.Text, True),
    ("details", JSONB, True),
    ("hash", sa.LargeBinary, False),
)
CHANGE = (
    ("entry_id", sa.Uuid, False),
    ("about", sa.Text, False),
    ("row_key", sa.Text, False),
    ("kind", sa.Text, False),
    ("before", JSONB, True),
    ("after", JSONB, True),
)

FUNCTIONS = [
    # The entry that this transaction's changes belong to; the first change begins it.
    """
    CREATE FUNCTION app.audit_entry() RETURNS uuid LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
    DECLARE entry text := nullif(current_setting('app.audit_entry', true), '');
    BEGIN
        IF entry IS NULL THEN
            entry := set_config('app.audit_entry', uuidv7()::text, true);
        END IF;
        RETURN entry::uuid;
    END $$
    """,
    # What nobody may read again, not even here, is shown to have changed and no more.
    """
    CREATE FUNCTION app.veiled(content jsonb, hidden text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE
    RETURN content || (
        SELECT coalesce(jsonb_object_agg(name, '…'), '{}') FROM unnest(hidden) AS name
        WHERE jsonb_typeof(content -> name) <> 'null'
    )
    """,
    # Arguments: the key's columns, columns whose content is hidden, columns whose changes say nothing.
    """
    CREATE FUNCTION app.note_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        keys text[] := string_to_array(TG_ARGV[0], ',');
        hidden text[] := string_to_array(TG_ARGV[1], ',');
        ignored text[] := string_to_array(TG_ARGV[2], ',') || 'tenant_id'::text;
        found app.noted_change[];
    BEGIN
        IF TG_OP = 'INSERT' THEN
            SELECT array_agg(
                ROW(app.key_of(r, keys), 'create', NULL, app.veiled(r - ignored, hidden))::app.noted_change
            ) INTO found FROM (SELECT to_jsonb(a) AS r FROM added AS a) AS rows;
        ELSIF TG_OP = 'DELETE' THEN
            SELECT array_agg(
                ROW(app.key_of(r, keys), 'delete', app.veiled(r - ignored, hidden), NULL)::app.noted_change
            ) INTO found FROM (SELECT to_jsonb(o) AS r FROM removed AS o) AS rows;
        ELSE
            -- A row whose key changed has no partner: it went, and another came.
            SELECT array_agg(ROW(
                app.key_of(coalesce(b, a), keys),
                CASE WHEN b IS NULL THEN 'create' WHEN a IS NULL THEN 'delete' ELSE 'change' END,
                CASE WHEN b IS NOT NULL THEN app.veiled(d.before, hidden) END,
                CASE WHEN a IS NOT NULL THEN app.veiled(d.after, hidden) END
            )::app.noted_change)
            INTO found
            FROM (SELECT to_jsonb(o) AS b FROM removed AS o) AS old_rows
            FULL JOIN (SELECT to_jsonb(n) AS a FROM added AS n) AS new_rows
                ON app.key_of(b, keys) = app.key_of(a, keys)
            CROSS JOIN LATERAL (
                SELECT jsonb_object_agg(key, b -> key) AS before, jsonb_object_agg(key, a -> key) AS after
                FROM jsonb_each(coalesce(b, a)) WHERE b -> key IS DISTINCT FROM a -> key AND key <> ALL (ignored)
            ) AS d
            WHERE d.before IS NOT NULL;
        END IF;
        IF found IS NULL THEN
            RETURN NULL;
        ELSIF app.tenant() IS NULL THEN
            INSERT INTO platform.audit_changes (id, entry_id, about, row_key, kind, before, after)
            SELECT uuidv7(), app.audit_entry(), TG_TABLE_NAME, n.row_key, n.kind, n.before, n.after
            FROM unnest(found) AS n;
        ELSE
            INSERT INTO shop.audit_changes (tenant_id, id, entry_id, about, row_key, kind, before, after)
            SELECT app.tenant(), uuidv7(), app.audit_entry(), TG_TABLE_NAME, n.row_key, n.kind, n.before, n.after
            FROM unnest(found) AS n;
        END IF;
        RETURN NULL;
    END $$
    """,
    # A document that is never changed is its own record: the trail only says where it stands.
    """
    CREATE FUNCTION app.note_documents() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        INSERT INTO shop.audit_changes (tenant_id, id, entry_id, about, row_key, kind)
        SELECT app.tenant(), uuidv7(), app.audit_entry(), TG_TABLE_NAME,
            app.key_of(to_jsonb(a), string_to_array(TG_ARGV[0], ',')), 'create'
        FROM added AS a;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION app.key_of(content jsonb, keys text[]) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN concat_ws(' ', content ->> keys[1], content ->> keys[2], content ->> keys[3], content ->> keys[4])
    """,
    # The oldest may go when the shop's time for keeping them is over; the youngest quarter of a year never.
    """
    CREATE FUNCTION app.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND current_user = 'goldsmith_owner' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
]

# The same for shops, each with a chain of its own, and for the installation. `of_shop` picks the rows of one shop.
SEALING = [
    # Columns that are added later are empty in what stands here today, and change no hash.
    """
    CREATE FUNCTION app.{scope}_audit_hash(previous bytea, entry {scope}.audit_entries) RETURNS bytea
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
    RETURN sha256(previous || convert_to(
        jsonb_strip_nulls(to_jsonb(entry) - 'hash')::text || coalesce((
            SELECT string_agg(jsonb_strip_nulls(to_jsonb(c))::text, '' ORDER BY c.id)
            FROM {scope}.audit_changes AS c WHERE {of_shop} c.entry_id = (entry).id
        ), ''), 'UTF8'))
    """,
    # The head is locked until commit, and nothing is locked after it.
    """
    CREATE FUNCTION app.seal_{scope}_audit(
        moment timestamptz, action text, outcome text, actor_kind text, actor_id uuid, actor text,
        subject_id uuid, subject text, address text, request text, details jsonb, always boolean
    ) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        entry {scope}.audit_entries;
        head {scope}.audit_heads;
    BEGIN
        entry.id := nullif(current_setting('app.audit_entry', true), '')::uuid;
        IF NOT always AND (entry.id IS NULL OR NOT EXISTS (
            SELECT FROM {scope}.audit_changes AS c WHERE {of_shop} c.entry_id = entry.id
        )) THEN
            RETURN;
        END IF;
        SELECT h.* INTO head FROM {scope}.audit_heads AS h WHERE {of_shop_head} true FOR UPDATE;
        IF NOT FOUND THEN
            INSERT INTO {scope}.audit_heads (name, number, hash) VALUES ('entries', 0, '') ON CONFLICT DO NOTHING;
            SELECT h.* INTO head FROM {scope}.audit_heads AS h WHERE {of_shop_head} true FOR UPDATE;
        END IF;
        {fill_tenant}
        entry.id := coalesce(entry.id, uuidv7());
        entry.number := head.number + 1;
        entry.at := moment;
        entry.action := action;
        entry.outcome := outcome;
        entry.actor_kind := actor_kind;
        entry.actor_id := actor_id;
        entry.actor := actor;
        entry.subject_id := subject_id;
        entry.subject := subject;
        entry.address := address;
        entry.request := request;
        entry.details := details;
        entry.hash := app.{scope}_audit_hash(head.hash, entry);
        INSERT INTO {scope}.audit_entries SELECT (entry).*;
        UPDATE {scope}.audit_heads AS h SET number = entry.number, hash = entry.hash WHERE {of_shop_head} true;
        PERFORM set_config('app.audit_entry', '', true);
    END $$
    """,
    # The first entry after `since` that is not what was sealed, or is missing; NULL when all is as it was.
    """
    CREATE FUNCTION app.check_{scope}_audit(since bigint, until bigint) RETURNS bigint LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        previous bytea;
        expected bigint := since + 1;
        entry {scope}.audit_entries;
    BEGIN
        SELECT e.hash INTO previous FROM {scope}.audit_entries AS e WHERE {of_shop_entry} e.number = since;
        FOR entry IN
            SELECT e.* FROM {scope}.audit_entries AS e
            WHERE {of_shop_entry} e.number > since AND e.number <= until ORDER BY e.number
        LOOP
            -- Where the oldest have gone in their time, the chain begins with what is left.
            IF previous IS NULL AND since = 0 THEN
                previous := CASE WHEN entry.number = 1 THEN ''::bytea END;
                expected := entry.number;
            END IF;
            IF entry.number <> expected
                OR (previous IS NOT NULL AND entry.hash <> app.{scope}_audit_hash(previous, entry)) THEN
                RETURN least(entry.number, expected);
            END IF;
            previous := entry.hash;
            expected := expected + 1;
        END LOOP;
        RETURN CASE WHEN expected <= until THEN expected END;
    END $$
    """,
    """
    CREATE FUNCTION app.forget_{scope}_audit(before timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        last bigint;
    BEGIN
        IF before > now() - interval '90 days' THEN
            RAISE EXCEPTION 'the audit trail of the last 90 days stays' USING ERRCODE = 'check_violation';
        END IF;
        -- Up to the first that is young, and never the very last: one entry with a wrong time takes no others along.
        SELECT least(
            (SELECT min(e.number) FROM {scope}.audit_entries AS e WHERE {of_shop_entry} e.at >= before),
            (SELECT max(e.number) FROM {scope}.audit_entries AS e WHERE {of_shop_entry} true)
        ) - 1 INTO last;
        DELETE FROM {scope}.audit_changes AS c USING {scope}.audit_entries AS e
        WHERE {of_shop} {of_shop_entry} c.entry_id = e.id AND e.number <= last;
        DELETE FROM {scope}.audit_entries AS e WHERE {of_shop_entry} e.number <= last;
        RETURN coalesce(last, 0);
    END $$
    """,
]
SCOPES = {
    "shop": {
        "scope": "shop",
        "of_shop": "c.tenant_id = app.tenant() AND",
        "of_shop_entry": "e.tenant_id = app.tenant() AND",
        "of_shop_head": "h.tenant_id = app.tenant() AND",
        "fill_tenant": "entry.tenant_id := app.tenant();",
    },
    "platform": {"scope": "platform", "of_shop": "", "of_shop_entry": "", "of_shop_head": "", "fill_tenant": ""},
}
SEAL = "timestamptz, text, text, text, uuid, text, uuid, text, text, text, jsonb, boolean"

#: Neither documents nor choices: how far work has come, totals that are proven, and the trail itself.
UNAUDITED = {
    "outbox": "how far work has come",
    "work": "how far work has come",
    "counters": "the next number; the document that has it is its record",
    "audit_entries": "the trail itself",
    "audit_changes": "the trail itself",
    "audit_heads": "the trail itself",
}


def upgrade() -> None:
    _tables()
    op.execute("CREATE TYPE app.noted_change AS (row_key text, kind text, before jsonb, after jsonb)")
    for function in FUNCTIONS:
        op.execute(function)
    for scope, names in SCOPES.items():
        caller = "goldsmith_app" if scope == "shop" else "goldsmith_platform"
        for function in SEALING:
            op.execute(function.format(**names))
        op.execute(f"GRANT EXECUTE ON FUNCTION app.seal_{scope}_audit({SEAL}) TO {caller}")
        op.execute(f"GRANT EXECUTE ON FUNCTION app.{scope}_audit_hash(bytea, {scope}.audit_entries) TO {caller}")
        op.execute(f"GRANT EXECUTE ON FUNCTION app.check_{scope}_audit(bigint, bigint) TO {caller}")
        op.execute(f"GRANT EXECUTE ON FUNCTION app.forget_{scope}_audit(timestamptz) TO {caller}")
        for table in ("audit_entries", "audit_changes"):
            op.execute(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {scope}.{table} "
                "FOR EACH ROW EXECUTE FUNCTION app.refuse_audit_change()"
            )
            op.execute(
                f"CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {scope}.{table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_audit_change()"
            )
    for table, why in UNAUDITED.items():
        leave_unaudited(op, table, why)
    audit_table(op, "settings", key=("name",))
    audit_table(op, "tenants", schema="platform", ignored=("version",))
    audit_table(op, "tenant_plugins", schema="platform", key=("tenant_id", "plugin"))
    audit_table(op, "maintenance", schema="platform")


def _tables() -> None:
    columns = [sa.Column(name, kind, nullable=nullable) for name, kind, nullable in ENTRY]
    create_tenant_table(
        op,
        "audit_entries",
        *columns,
        unique("number", name="audit_entries_number_key"),
        index("audit_entries_by_actor", "actor_id", sa.text("number desc")),
        index("audit_entries_by_action", "action", sa.text("number desc")),
        index("audit_entries_by_time", "at"),
        rights=READ_ONLY,
    )
    create_tenant_table(
        op,
        "audit_changes",
        *(sa.Column(name, kind, nullable=nullable) for name, kind, nullable in CHANGE),
        index("audit_changes_by_entry", "entry_id"),
        index("audit_changes_by_row", "about", "row_key"),
        rights=READ_ONLY,
    )
    create_tenant_table(
        op,
        "audit_heads",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        key=("name",),
        rights=READ_ONLY,
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid, primary_key=True),
        *(sa.Column(name, kind, nullable=nullable) for name, kind, nullable in ENTRY),
        sa.UniqueConstraint("number", name="audit_entries_number_key"),
        schema="platform",
    )
    op.create_table(
        "audit_changes",
        sa.Column("id", sa.Uuid, primary_key=True),
        *(sa.Column(name, kind, nullable=nullable) for name, kind, nullable in CHANGE),
        schema="platform",
    )
    op.create_table(
        "audit_heads",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        schema="platform",
    )
    op.execute("CREATE INDEX audit_entries_by_actor ON platform.audit_entries (actor_id, number DESC)")
    op.execute("CREATE INDEX audit_entries_by_time ON platform.audit_entries (at)")
    op.execute("CREATE INDEX audit_changes_by_entry ON platform.audit_changes (entry_id)")
    op.execute("CREATE INDEX audit_changes_by_row ON platform.audit_changes (about, row_key)")
    for table in ("audit_entries", "audit_changes", "audit_heads"):
        op.execute(f"GRANT SELECT ON platform.{table} TO goldsmith_platform, goldsmith_backup")


def downgrade() -> None:
    for table in ("tenants", "tenant_plugins", "maintenance"):
        stop_auditing(op, table, schema="platform")
    for table in ("settings", "outbox", "work", "counters"):
        stop_auditing(op, table)
    for scope in SCOPES:
        op.execute(f"DROP FUNCTION app.forget_{scope}_audit(timestamptz)")
        op.execute(f"DROP FUNCTION app.check_{scope}_audit(bigint, bigint)")
        op.execute(f"DROP FUNCTION app.seal_{scope}_audit({SEAL})")
        op.execute(f"DROP FUNCTION app.{scope}_audit_hash(bytea, {scope}.audit_entries)")
        for table in ("audit_changes", "audit_entries", "audit_heads"):
            op.execute(f"DROP TABLE {scope}.{table}")
    op.execute("DROP FUNCTION app.note_changes(), app.note_documents(), app.refuse_audit_change()")
    op.execute("DROP FUNCTION app.key_of(jsonb, text[]), app.veiled(jsonb, text[]), app.audit_entry()")
    op.execute("DROP TYPE app.noted_change")

"""The trail seals who entered, counts what is empty, and is kept as long as the shop says; work has its branches.

Entries that stand here keep the hash they have: `version` is empty in them.
"""

from alembic import op

from kernel.schema import BRANCH_GUARD, stop_limiting

revision = "kernel_0011"
down_revision = "kernel_0010"
branch_labels = None
depends_on = None

# Nobody becomes somebody else, or goes to another shop, in the middle of what they write.
ENTER = """
CREATE FUNCTION app.enter_shop(shop uuid, actor text, branches uuid[], person uuid) RETURNS integer
LANGUAGE plpgsql AS $$
BEGIN
    IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
        RAISE EXCEPTION 'a shop is entered before anything is written' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('app.current_tenant', shop::text, true), set_config('app.actor', actor, true),
        set_config('app.branches', coalesce(branches::text, ''), true),
        set_config('app.person', coalesce(person::text, ''), true);
    RETURN (SELECT version FROM platform.tenants WHERE id = shop);
END $$
"""
ENTER_BEFORE = """
CREATE FUNCTION app.enter_shop(shop uuid, actor text, branches uuid[]) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('app.current_tenant', shop::text, true), set_config('app.actor', actor, true),
        set_config('app.branches', coalesce(branches::text, ''), true);
    RETURN (SELECT version FROM platform.tenants WHERE id = shop);
END $$
"""

# Columns that are added later are empty in what stands here today, and change no hash; what is empty inside a value
# is said, since version 2.
HASH = """
CREATE OR REPLACE FUNCTION app.{scope}_audit_hash(previous bytea, entry {scope}.audit_entries) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
RETURN sha256(previous || convert_to(
    CASE WHEN (entry).version IS NULL
        THEN jsonb_strip_nulls(to_jsonb(entry) - 'hash')::text ELSE app.said(to_jsonb(entry) - 'hash') END
    || coalesce((
        SELECT string_agg(CASE WHEN (entry).version IS NULL
            THEN jsonb_strip_nulls(to_jsonb(c))::text ELSE app.said(to_jsonb(c)) END, '' ORDER BY c.id)
        FROM {scope}.audit_changes AS c WHERE {of_shop} c.entry_id = (entry).id
    ), ''), 'UTF8'))
"""
HASH_BEFORE = """
CREATE OR REPLACE FUNCTION app.{scope}_audit_hash(previous bytea, entry {scope}.audit_entries) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
RETURN sha256(previous || convert_to(
    jsonb_strip_nulls(to_jsonb(entry) - 'hash')::text || coalesce((
        SELECT string_agg(jsonb_strip_nulls(to_jsonb(c))::text, '' ORDER BY c.id)
        FROM {scope}.audit_changes AS c WHERE {of_shop} c.entry_id = (entry).id
    ), ''), 'UTF8'))
"""
SAID = """
CREATE FUNCTION app.said(content jsonb) RETURNS text LANGUAGE sql IMMUTABLE
RETURN (SELECT coalesce(jsonb_object_agg(key, value), '{}')::text FROM jsonb_each(content) WHERE value <> 'null')
"""

# The head is locked until commit, and nothing is locked after it. Whoever entered as a person is sealed as that
# person; the house itself may say in whose name it acted.
SEAL = """
CREATE OR REPLACE FUNCTION app.seal_{scope}_audit(
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
    {same_person}
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
    {version}
    entry.hash := app.{scope}_audit_hash(head.hash, entry);
    INSERT INTO {scope}.audit_entries SELECT (entry).*;
    UPDATE {scope}.audit_heads AS h SET number = entry.number, hash = entry.hash WHERE {of_shop_head} true;
    PERFORM set_config('app.audit_entry', '', true);
END $$
"""
SAME_PERSON = """IF actor_id IS DISTINCT FROM nullif(current_setting('app.person', true), '')::uuid
        AND nullif(current_setting('app.person', true), '') IS NOT NULL THEN
        RAISE EXCEPTION 'what one person did is not sealed as another''s' USING ERRCODE = 'insufficient_privilege';
    END IF;"""

# A shop decides how long its own is kept (the setting of the plugin that shows it), and nothing goes before that.
FORGET = """
CREATE OR REPLACE FUNCTION app.forget_{scope}_audit(before timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last bigint;
BEGIN
    IF before > now() - interval '90 days' THEN
        RAISE EXCEPTION 'the audit trail of the last 90 days stays' USING ERRCODE = 'check_violation';
    END IF;
    {as_chosen}
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
"""
AS_CHOSEN = """IF before > now() + interval '1 week' - make_interval(months => coalesce(
        (SELECT value::integer FROM shop.settings WHERE tenant_id = app.tenant() AND name = 'audit.months'), 84
    )) THEN
        RAISE EXCEPTION 'the audit trail is kept as long as the shop says' USING ERRCODE = 'check_violation';
    END IF;"""

SCOPES = {
    "shop": {
        "scope": "shop",
        "of_shop": "c.tenant_id = app.tenant() AND",
        "of_shop_entry": "e.tenant_id = app.tenant() AND",
        "of_shop_head": "h.tenant_id = app.tenant() AND",
        "fill_tenant": "entry.tenant_id := app.tenant();",
        "as_chosen": AS_CHOSEN,
    },
    "platform": {
        "scope": "platform",
        "of_shop": "",
        "of_shop_entry": "",
        "of_shop_head": "",
        "fill_tenant": "",
        "as_chosen": "",
    },
}


def upgrade() -> None:
    op.execute("DROP FUNCTION app.enter_shop(uuid, text, uuid[])")
    op.execute(ENTER)
    op.execute("GRANT EXECUTE ON FUNCTION app.enter_shop(uuid, text, uuid[], uuid) TO goldsmith_app")
    op.execute(SAID)
    op.execute("GRANT EXECUTE ON FUNCTION app.said(jsonb) TO goldsmith_app, goldsmith_platform")
    for scope, names in SCOPES.items():
        op.execute(f"ALTER TABLE {scope}.audit_entries ADD COLUMN version smallint")
        op.execute(HASH.format(**names))
        op.execute(SEAL.format(**names, same_person=SAME_PERSON, version="entry.version := 2;"))
        op.execute(FORGET.format(**names))
    op.execute(
        f"CREATE POLICY {BRANCH_GUARD} ON shop.work AS RESTRICTIVE "
        "USING ((SELECT app.branches()) IS NULL OR branches <@ (SELECT app.branches())::uuid[]) WITH CHECK (true)"
    )


def downgrade() -> None:
    stop_limiting(op, "work")
    for scope, names in SCOPES.items():
        op.execute(FORGET.format(**names | {"as_chosen": ""}))
        op.execute(SEAL.format(**names, same_person="", version=""))
        op.execute(HASH_BEFORE.format(**names))
        op.execute(f"ALTER TABLE {scope}.audit_entries DROP COLUMN version")
    op.execute("DROP FUNCTION app.said(jsonb)")
    op.execute("DROP FUNCTION app.enter_shop(uuid, text, uuid[], uuid)")
    op.execute(ENTER_BEFORE)
    op.execute("GRANT EXECUTE ON FUNCTION app.enter_shop(uuid, text, uuid[]) TO goldsmith_app")

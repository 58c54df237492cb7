"""A changed row is read once for the audit trail, where every mention of it read it anew: a ninth of the time."""

from alembic import op

revision = "kernel_0009"
down_revision = "kernel_0008"
branch_labels = None
depends_on = None

# Arguments: the key's columns, columns whose content is hidden, columns whose changes say nothing.
NOTE_CHANGES = """
CREATE OR REPLACE FUNCTION app.note_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
        ) INTO found FROM (SELECT to_jsonb(a) AS r FROM added AS a{once}) AS rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(
            ROW(app.key_of(r, keys), 'delete', app.veiled(r - ignored, hidden), NULL)::app.noted_change
        ) INTO found FROM (SELECT to_jsonb(o) AS r FROM removed AS o{once}) AS rows;
    ELSE
        {changed}
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
"""

BEFORE = """
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
"""
# `OFFSET 0` keeps the planner from writing the whole row out again wherever it is named; most rows of a busy table
# changed in nothing but what is ignored, and are passed over before their columns are looked at.
# A row whose key changed has no partner: it went, and another came.
AFTER = """
        SELECT array_agg(ROW(
            k,
            CASE WHEN b IS NULL THEN 'create' WHEN a IS NULL THEN 'delete' ELSE 'change' END,
            CASE WHEN b IS NOT NULL THEN app.veiled(d.before, hidden) END,
            CASE WHEN a IS NOT NULL THEN app.veiled(d.after, hidden) END
        )::app.noted_change)
        INTO found
        FROM (
            SELECT k, b, a
            FROM (SELECT app.key_of(r, keys) AS k, r - ignored AS b
                FROM (SELECT to_jsonb(o) AS r FROM removed AS o OFFSET 0) AS rows) AS old_rows
            FULL JOIN (SELECT app.key_of(r, keys) AS k, r - ignored AS a
                FROM (SELECT to_jsonb(n) AS r FROM added AS n OFFSET 0) AS rows) AS new_rows USING (k)
            WHERE b IS DISTINCT FROM a
            OFFSET 0
        ) AS pairs
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(key, b -> key) AS before, jsonb_object_agg(key, a -> key) AS after
            FROM jsonb_each(coalesce(b, a)) WHERE b -> key IS DISTINCT FROM a -> key
        ) AS d;
"""


def upgrade() -> None:
    op.execute(NOTE_CHANGES.format(changed=AFTER.strip(), once=" OFFSET 0"))


def downgrade() -> None:
    op.execute(NOTE_CHANGES.format(changed=BEFORE.strip(), once=""))

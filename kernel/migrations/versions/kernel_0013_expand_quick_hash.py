"""The hash of a change is worked out in a third of the time: the same text, put together without taking it apart."""

from alembic import op

revision = "kernel_0013"
down_revision = "kernel_0012"
branch_labels = None
depends_on = None

HASH = """
CREATE OR REPLACE FUNCTION app.{scope}_audit_hash(previous bytea, entry {scope}.audit_entries) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
RETURN sha256(previous || convert_to(
    CASE WHEN (entry).version IS NULL
        THEN jsonb_strip_nulls(to_jsonb(entry) - 'hash')::text ELSE app.said(to_jsonb(entry) - 'hash') END
    || coalesce((
        SELECT string_agg(CASE WHEN (entry).version IS NULL
            THEN jsonb_strip_nulls(to_jsonb(c))::text ELSE {said} END, '' ORDER BY c.id)
        FROM {scope}.audit_changes AS c WHERE {of_shop} c.entry_id = (entry).id
    ), ''), 'UTF8'))
"""
BEFORE = "app.said(to_jsonb(c))"
# Of a change, no other columns can be empty.
AFTER = (
    "(to_jsonb(c) - CASE WHEN c.before IS NULL THEN 'before' ELSE '' END"
    " - CASE WHEN c.after IS NULL THEN 'after' ELSE '' END)::text"
)
SCOPES = {"shop": "c.tenant_id = app.tenant() AND", "platform": ""}


def upgrade() -> None:
    _say(AFTER)


def downgrade() -> None:
    _say(BEFORE)


def _say(said: str) -> None:
    for scope, of_shop in SCOPES.items():
        op.execute(HASH.format(scope=scope, of_shop=of_shop, said=said))

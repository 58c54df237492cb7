"""Tables that keep shops apart by construction.

`tenant_table` describes one for queries, `create_tenant_table` makes it in a migration together with everything
that `kernel/gate.py` will ask of it: the tenant in every key, forced row-level security behind a restrictive guard,
and no more rights for the application than it needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

if TYPE_CHECKING:
    # Only migrations bring it along: it would cost every serving process a tenth of its start.
    from alembic.operations import Operations

SCHEMA = "shop"
APP_ROLE = "goldsmith_app"
PLATFORM_ROLE = "goldsmith_platform"
BACKUP_ROLE = "goldsmith_backup"
LOOKUP_ROLE = "goldsmith_lookup"

#: The policy that keeps people who are limited to branches to these.
BRANCH_GUARD = "branch_guard"

#: Every plugin's tables live in one MetaData, so that foreign keys between plugins resolve.
metadata = MetaData(schema=SCHEMA)

EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
APPEND_ONLY = "SELECT, INSERT"
READ_ONLY = "SELECT"


def tenant_table(name: str, *items: Any, key: Sequence[str] = ("id",), into: MetaData = metadata) -> Table:
    """A table of shops' rows: `tenant_id` is there and filled in by the database; `key` follows it in the primary key.

    A column `id` (UUID version 7) is added when it is the key and not given.
    """
    given = {item.name for item in items if isinstance(item, Column)}
    own = [Column("id", Uuid, nullable=False)] if "id" in key and "id" not in given else []
    return Table(
        name,
        into,
        Column("tenant_id", Uuid, nullable=False, server_default=text("app.tenant()")),
        *own,
        *items,
        PrimaryKeyConstraint("tenant_id", *key, name=f"{name}_pkey"),
        schema=SCHEMA,
    )


def belongs_to(column: str, table: str, *, name: str, other: str = "id") -> ForeignKeyConstraint:
    """`column` names a row of `table` of the same shop; a row of another shop cannot be named."""
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{SCHEMA}.{table}.tenant_id", f"{SCHEMA}.{table}.{other}"], name=name
    )


def unique(*columns: str, name: str) -> UniqueConstraint:
    """Unique within a shop."""
    return UniqueConstraint("tenant_id", *columns, name=name)


def index(name: str, *columns: Any, **options: Any) -> Index:
    """An index that row-level security can use: it starts with the tenant."""
    return Index(name, "tenant_id", *columns, **options)


def one_of(column: str, *values: str, name: str) -> CheckConstraint:
    """A state is text with a check, not an enum: enum comparisons do not reach an index under row-level security."""
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({allowed})", name=name)


def create_tenant_table(
    op: Operations, name: str, *items: Any, key: Sequence[str] = ("id",), rights: str = EVERYTHING
) -> Table:
    """In a migration: the table, its guard, its rights. With `APPEND_ONLY` rows can never be changed, by nobody."""
    table = tenant_table(name, *items, key=key, into=MetaData(schema=SCHEMA))
    for constraint in list(table.constraints):
        if isinstance(constraint, ForeignKeyConstraint):
            _stand_in(table, constraint)
    table.create(op.get_bind())
    for statement in guard(name):
        op.execute(statement)
    op.execute(f"GRANT {rights} ON {SCHEMA}.{name} TO {APP_ROLE}")
    op.execute(f"GRANT SELECT ON {SCHEMA}.{name} TO {BACKUP_ROLE}")
    if rights == APPEND_ONLY:
        make_append_only(op, f"{SCHEMA}.{name}")
    return table


def _stand_in(table: Table, constraint: ForeignKeyConstraint) -> None:
    """A migration knows other tables by name only; SQLAlchemy wants to see the columns it points at."""
    for element in constraint.elements:
        schema, other, column = element.target_fullname.split(".")
        known = table.metadata.tables.get(f"{schema}.{other}")
        if known is None:
            Table(other, table.metadata, Column(column, Uuid), schema=schema)
        elif column not in known.c:
            known.append_column(Column(column, Uuid))


def guard(table: str, *, schema: str = SCHEMA, column: str = "tenant_id") -> list[str]:
    """Row-level security for one table, forced on its owner, too.

    `(select app.tenant())` is evaluated once per statement; without the `select` a scan costs seven times as much.
    The restrictive policy stays a wall even when somebody later adds a permissive one.
    """
    same = f"{column} = (select app.tenant())"
    return [
        f"ALTER TABLE {schema}.{table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {schema}.{table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant_guard ON {schema}.{table} AS RESTRICTIVE USING ({same}) WITH CHECK ({same})",
        f"CREATE POLICY tenant_rows ON {schema}.{table} AS PERMISSIVE USING ({same}) WITH CHECK ({same})",
    ]


def limit_to_branches(op: Operations, table: str, column: str = "branch_id") -> None:
    """In a migration: who is limited to some branches neither sees nor writes rows of the others.

    Where nobody is limited, `= ANY (NULL)` is NULL, and so is a row of no branch: neither is false. Written like that
    it is one value, worked out once for each statement, and the planner's estimate stays what it was.
    """
    theirs = f"({column} = ANY ((SELECT app.branches())::uuid[])) IS NOT FALSE"
    op.execute(
        f"CREATE POLICY {BRANCH_GUARD} ON {SCHEMA}.{table} AS RESTRICTIVE USING ({theirs}) WITH CHECK ({theirs})"
    )


def limit_with(op: Operations, table: str, column: str, parent: str) -> None:
    """In a migration: rows of `table` are seen by whoever sees the row of `parent` that `column` names.

    Nothing is asked of new rows: their parent is often written in the same statement, where it is not yet seen.
    """
    seen = f"SELECT FROM {SCHEMA}.{parent} AS p WHERE p.tenant_id = {table}.tenant_id AND p.id = {table}.{column}"
    op.execute(
        f"CREATE POLICY {BRANCH_GUARD} ON {SCHEMA}.{table} AS RESTRICTIVE "
        f"USING ((SELECT app.branches()) IS NULL OR EXISTS ({seen})) WITH CHECK (true)"
    )


def limit_to_makers(op: Operations, table: str) -> None:
    """In a migration: a column `branches` keeps what its maker might see; only who may see all of that sees the row.

    For what is made of rows of several branches: a file, a change that can be undone.
    """
    op.execute(f"ALTER TABLE {SCHEMA}.{table} ADD COLUMN branches uuid[] DEFAULT app.branches()")
    op.execute(
        f"CREATE POLICY {BRANCH_GUARD} ON {SCHEMA}.{table} AS RESTRICTIVE "
        "USING ((SELECT app.branches()) IS NULL OR branches <@ (SELECT app.branches())::uuid[]) WITH CHECK (true)"
    )


def leave_to_all_branches(op: Operations, table: str, column: str, why: str) -> None:
    """In a migration: `column` names a branch, or a row of one, and yet no limit hides the row. Say why."""
    op.execute(f"COMMENT ON COLUMN {SCHEMA}.{table}.{column} IS 'every branch: {why}'")


def stop_limiting(op: Operations, table: str) -> None:
    """In a migration that goes back: take away what `limit_to_branches`, `limit_with`, `limit_to_makers` made."""
    op.execute(f"DROP POLICY {BRANCH_GUARD} ON {SCHEMA}.{table}")


def make_append_only(op: Operations, table: str) -> None:
    """Refuse UPDATE, DELETE and TRUNCATE by a trigger as well: a right can be granted by mistake, a trigger shouts."""
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION app.refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change()"
    )


def audit_table(
    op: Operations,
    table: str,
    *,
    schema: str = SCHEMA,
    key: Sequence[str] = ("id",),
    hidden: Sequence[str] = (),
    ignored: Sequence[str] = (),
) -> None:
    """In a migration: each row that is made, changed or deleted goes into the audit trail, before and after.

    Of `hidden` columns only that they changed, of `ignored` ones nothing. One trigger a statement, not one a row.
    """
    arguments = ", ".join(f"'{','.join(names)}'" for names in (key, hidden, ignored))
    for kind, rows in (
        ("insert", "NEW TABLE AS added"),
        ("update", "OLD TABLE AS removed NEW TABLE AS added"),
        ("delete", "OLD TABLE AS removed"),
    ):
        op.execute(
            f"CREATE TRIGGER audit_{kind} AFTER {kind} ON {schema}.{table} REFERENCING {rows} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION app.note_changes({arguments})"
        )


def audit_documents(op: Operations, table: str, *, key: Sequence[str] = ("id",)) -> None:
    """In a migration: the audit trail says that a document was made. It is never changed, so it is its own record."""
    op.execute(
        f"CREATE TRIGGER audit_insert AFTER INSERT ON {SCHEMA}.{table} REFERENCING NEW TABLE AS added "
        f"FOR EACH STATEMENT EXECUTE FUNCTION app.note_documents('{','.join(key)}')"
    )


def stop_auditing(op: Operations, table: str, *, schema: str = SCHEMA) -> None:
    """In a migration that goes back: take away what `audit_table`, `audit_documents` or `leave_unaudited` made."""
    for kind in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER IF EXISTS audit_{kind} ON {schema}.{table}")
    op.execute(f"COMMENT ON TABLE {schema}.{table} IS NULL")


def leave_unaudited(op: Operations, table: str, why: str, *, schema: str = SCHEMA) -> None:
    """In a migration: changes of this table are nobody's doing, and do not go into the audit trail. Say why."""
    op.execute(f"COMMENT ON TABLE {schema}.{table} IS 'unaudited: {why}'")


def create_lookup(op: Operations, signature: str, definition: str, *, callers: str) -> None:
    """A function that must look across shops: it belongs to the lookup role, which bypasses row-level security.

    `kernel/gate.py` holds the reviewed list of their names. Grant the lookup role only the columns it reads.
    """
    op.execute(definition)
    op.execute(f"GRANT EXECUTE ON FUNCTION app.{signature} TO {callers}")
    # A function goes to a role only while that role may create in its schema: for this moment.
    op.execute(f"GRANT CREATE ON SCHEMA app TO {LOOKUP_ROLE}")
    op.execute(f"ALTER FUNCTION app.{signature} OWNER TO {LOOKUP_ROLE}")
    op.execute(f"REVOKE CREATE ON SCHEMA app FROM {LOOKUP_ROLE}")

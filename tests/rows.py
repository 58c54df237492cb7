"""A row for any table, made from PostgreSQL's catalogue alone: a new table is covered the day it appears."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from kernel.ids import new_id

Superuser = psycopg.Connection[Any]

#: What stands in a column of this type, as text that PostgreSQL reads. Enumerated types take their first word.
SAMPLES = {
    "uuid": lambda: str(new_id()),
    "text": lambda: "x",
    "varchar": lambda: "x",
    "bpchar": lambda: "x",
    "name": lambda: "x",
    "int2": lambda: "1",
    "int4": lambda: "1",
    "int8": lambda: "1",
    "numeric": lambda: "1",
    "float8": lambda: "1",
    "bool": lambda: "false",
    "date": lambda: "2025-06-02",
    "time": lambda: "09:00",
    "timestamp": lambda: "2025-06-02 09:00",
    "timestamptz": lambda: "2025-06-02 09:00+00",
    "interval": lambda: "1 day",
    "jsonb": lambda: "{}",
    "json": lambda: "{}",
    "bytea": lambda: "x",
    "inet": lambda: "127.0.0.1",
    "daterange": lambda: "[2025-06-02,2025-06-03)",
    "tstzrange": lambda: "[2025-06-02,2025-06-03)",
    "tsvector": lambda: "x",
}


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference between two tables of shops; `columns` are ours beside the tenant, `others` theirs."""

    name: str
    table: str
    other: str
    columns: tuple[str, ...]
    others: tuple[str, ...]


def tenant_tables(connection: Superuser) -> list[str]:
    """Every table with shops' rows, by name."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1"
    )
    return [name for (name,) in found]


def foreign_keys(connection: Superuser) -> list[ForeignKey]:
    """Every reference from a shop's table to a shop's table."""
    found = connection.execute("""
        SELECT c.conname, here.relname, there.relname,
            array_agg(a.attname::text ORDER BY k.at) FILTER (WHERE a.attname <> 'tenant_id'),
            array_agg(b.attname::text ORDER BY k.at) FILTER (WHERE a.attname <> 'tenant_id')
        FROM pg_constraint AS c
        JOIN pg_class AS here ON here.oid = c.conrelid AND here.relnamespace = 'shop'::regnamespace
        JOIN pg_class AS there ON there.oid = c.confrelid AND there.relnamespace = 'shop'::regnamespace
        CROSS JOIN unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (here, there, at)
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.here
        JOIN pg_attribute AS b ON b.attrelid = c.confrelid AND b.attnum = k.there
        WHERE c.contype = 'f' GROUP BY 1, 2, 3 ORDER BY 2, 1
    """)
    return [ForeignKey(name, here, there, tuple(ours), tuple(theirs)) for name, here, there, ours, theirs in found]


def sample(connection: Superuser, table: str) -> dict[str, str]:
    """Values for the columns that cannot do without one, and for all that stand in a unique key or a reference."""
    wanted = connection.execute(
        """
        SELECT a.attname, CASE WHEN t.typtype = 'd' THEN base.typname ELSE t.typname END, t.typcategory,
            (SELECT enumlabel FROM pg_enum AS e WHERE e.enumtypid = t.oid ORDER BY enumsortorder LIMIT 1)
        FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
        LEFT JOIN pg_type AS base ON base.oid = t.typbasetype
        WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attidentity = '' AND a.attgenerated = '' AND ((a.attnotnull AND NOT a.atthasdef)
            OR EXISTS (SELECT FROM pg_index AS i
                WHERE i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY (i.indkey))
            OR EXISTS (SELECT FROM pg_constraint AS c
                WHERE c.contype = 'f' AND c.confrelid = a.attrelid AND a.attnum = ANY (c.confkey)))
        """,
        (f"shop.{table}",),
    )
    return {name: first or ("{}" if category == "A" else SAMPLES[kind]()) for name, kind, category, first in wanted}


def insert(connection: Superuser, table: str, row: Mapping[str, object]) -> None:
    """Put the row in, as whoever the connection is now."""
    names = sql.SQL(", ").join(map(sql.Identifier, row))
    values = sql.SQL(", ").join(sql.Literal(value) for value in row.values())
    connection.execute(sql.SQL("INSERT INTO shop.{} ({}) VALUES ({})").format(sql.Identifier(table), names, values))


def without_rules(connection: Superuser, table: str) -> list[tuple[str, str]]:
    """Take away what a generic row could break but for keys: checks and triggers. Answers the checks, by definition."""
    checks = connection.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'",
        (f"shop.{table}",),
    ).fetchall()
    for name, _definition in checks:
        connection.execute(
            sql.SQL("ALTER TABLE shop.{} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name))
        )
    connection.execute(sql.SQL("ALTER TABLE shop.{} DISABLE TRIGGER USER").format(sql.Identifier(table)))
    return [(name, definition) for name, definition in checks]


def put_rules_back(connection: Superuser, table: str, checks: list[tuple[str, str]]) -> None:
    """The checks hold again for new rows; those that are there stay."""
    connection.execute(sql.SQL("ALTER TABLE shop.{} ENABLE TRIGGER USER").format(sql.Identifier(table)))
    for name, definition in checks:
        connection.execute(
            sql.SQL("ALTER TABLE shop.{} ADD CONSTRAINT {} {} NOT VALID").format(
                sql.Identifier(table),
                sql.Identifier(name),
                sql.SQL(definition.removesuffix(" NOT VALID")),
            )
        )


@contextmanager
def unreferenced(connection: Superuser) -> Iterator[None]:
    """Inside the block foreign keys are not asked."""
    connection.execute("SET session_replication_role = 'replica'")
    try:
        yield
    finally:
        connection.execute("SET session_replication_role = 'origin'")


def fill(connection: Superuser, tenant: UUID) -> None:
    """A row in every table, whatever the rules say about it."""
    for table in tenant_tables(connection):
        checks = without_rules(connection, table)
        with unreferenced(connection):
            insert(connection, table, sample(connection, table) | {"tenant_id": tenant})
        put_rules_back(connection, table, checks)

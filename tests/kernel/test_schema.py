"""`create_tenant_table` makes tables that are safe by construction: what it makes passes the gate unseen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import BigInteger, Column, Connection, NullPool, Text, Uuid, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from kernel import gate
from kernel.ids import new_id
from kernel.schema import (
    APPEND_ONLY,
    READ_ONLY,
    audit_table,
    belongs_to,
    create_lookup,
    create_tenant_table,
    index,
    limit_to_branches,
    limit_to_makers,
    limit_with,
    make_append_only,
    one_of,
    stop_limiting,
    unique,
)
from tests.services import Services

HERE, THERE = new_id(), new_id()


@pytest.fixture
def owner(services: Services, database_name: str) -> Iterator[Connection]:
    """As a migration runs: the tables' owner, in a transaction that is taken back at the end."""
    engine = create_engine(services.url("goldsmith_migrator", database_name), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SET LOCAL ROLE goldsmith_owner"))
        connection.execute(text("SET LOCAL search_path = ''"))
        yield connection
        connection.rollback()


@pytest.fixture
def op(owner: Connection) -> Operations:
    return Operations(MigrationContext.configure(owner))


def make_trays(op: Operations, **options: Any) -> None:
    create_tenant_table(
        op,
        "trays",
        Column("code", Text, nullable=False),
        Column("kind", Text, nullable=False, server_default="ring"),
        unique("code", name="trays_code_key"),
        one_of("kind", "ring", "chain", name="trays_kind_check"),
        index("trays_kind", "kind"),
        **options,
    )


def enter(owner: Connection, shop: object) -> None:
    owner.execute(text("SELECT set_config('app.current_tenant', :shop, true)"), {"shop": str(shop)})


def test_what_it_makes_passes_the_gate(owner, op):
    make_trays(op)
    create_tenant_table(
        op,
        "tray_places",
        Column("tray_id", Uuid, nullable=False),
        Column("number", BigInteger, nullable=False),
        belongs_to("tray_id", "trays", name="tray_places_tray_fkey"),
        key=("tray_id", "number"),
    )
    audit_table(op, "trays")
    audit_table(op, "tray_places", key=("tray_id", "number"))
    assert gate.breaches(owner) == []


def test_the_tenant_is_in_every_key_and_filled_in_by_the_database(owner, op):
    make_trays(op)
    enter(owner, HERE)
    owner.execute(text("INSERT INTO shop.trays (id, code) VALUES (:id, 'A')"), {"id": new_id()})
    assert owner.execute(text("SELECT tenant_id, kind FROM shop.trays")).all() == [(HERE, "ring")]
    made = inspect(owner)
    assert made.get_pk_constraint("trays", schema="shop")["constrained_columns"] == ["tenant_id", "id"]
    assert made.get_unique_constraints("trays", schema="shop")[0]["column_names"] == ["tenant_id", "code"]
    indexes = {one["name"]: one["column_names"] for one in made.get_indexes("trays", schema="shop")}
    assert indexes["trays_kind"] == ["tenant_id", "kind"]


def test_even_the_owner_sees_only_the_shop_it_entered(owner, op):
    make_trays(op)
    for shop in (HERE, THERE):
        enter(owner, shop)
        owner.execute(text("INSERT INTO shop.trays (id, code) VALUES (:id, 'A')"), {"id": new_id()})
    assert owner.execute(text("SELECT tenant_id FROM shop.trays")).all() == [(THERE,)]
    enter(owner, "")
    assert owner.execute(text("SELECT tenant_id FROM shop.trays")).all() == []


@pytest.mark.parametrize(
    ("rights", "allowed"),
    [
        (None, ["SELECT", "INSERT", "UPDATE", "DELETE"]),
        (APPEND_ONLY, ["SELECT", "INSERT"]),
        (READ_ONLY, ["SELECT"]),
    ],
)
def test_the_application_gets_no_more_rights_than_asked_for(owner, op, rights, allowed):
    make_trays(op, **({} if rights is None else {"rights": rights}))
    every = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"]
    asked = text("SELECT has_table_privilege(:role, 'shop.trays', :right)")

    def has(role: str) -> list[str]:
        return [right for right in every if owner.execute(asked, {"role": role, "right": right}).scalar()]

    assert has("goldsmith_app") == allowed
    assert (has("goldsmith_backup"), has("goldsmith_platform"), has("goldsmith_lookup")) == (["SELECT"], [], [])


@pytest.mark.parametrize(
    "change", ["UPDATE shop.trays SET code = 'B'", "DELETE FROM shop.trays", "TRUNCATE shop.trays"]
)
def test_an_append_only_table_is_changed_by_nobody(owner, op, change):
    make_trays(op, rights=APPEND_ONLY)
    enter(owner, HERE)
    owner.execute(text("INSERT INTO shop.trays (id, code) VALUES (:id, 'A')"), {"id": new_id()})
    with pytest.raises(DBAPIError, match="trays is append-only: write a correcting row instead"):
        owner.execute(text(change))


def test_a_table_can_be_made_append_only_later(owner, op):
    make_trays(op)
    make_append_only(op, "shop.trays")
    enter(owner, HERE)
    owner.execute(text("INSERT INTO shop.trays (id, code) VALUES (:id, 'A')"), {"id": new_id()})
    with pytest.raises(DBAPIError, match="append-only"):
        owner.execute(text("DELETE FROM shop.trays"))


def limit(owner: Connection, *branches: object) -> None:
    only = "{" + ",".join(map(str, branches)) + "}"
    owner.execute(text("SELECT set_config('app.branches', :only, true)"), {"only": only})


def test_who_is_limited_to_branches_sees_and_writes_rows_of_these_and_of_none(owner, op):
    create_tenant_table(op, "trays", Column("branch_id", Uuid))
    limit_to_branches(op, "trays")
    enter(owner, HERE)
    ours, theirs = new_id(), new_id()
    for branch in (ours, theirs, None):
        owner.execute(text("INSERT INTO shop.trays VALUES (DEFAULT, :id, :branch)"), {"id": new_id(), "branch": branch})
    limit(owner, ours)
    seen = text("SELECT branch_id FROM shop.trays ORDER BY branch_id NULLS LAST")
    assert owner.execute(seen).scalars().all() == [ours, None]
    assert owner.execute(text("DELETE FROM shop.trays WHERE branch_id = :branch"), {"branch": theirs}).rowcount == 0
    limit(owner)
    assert owner.execute(seen).scalars().all() == []
    limit(owner, ours)
    with pytest.raises(DBAPIError, match="branch_guard"), owner.begin_nested():
        owner.execute(text("UPDATE shop.trays SET branch_id = :branch"), {"branch": theirs})
    owner.execute(text("SELECT set_config('app.branches', '', true)"))
    assert owner.execute(seen).scalars().all() == [*sorted([ours, theirs], key=str), None]


def test_what_belongs_to_a_row_of_a_branch_is_seen_with_it(owner, op):
    create_tenant_table(op, "trays", Column("branch_id", Uuid))
    tray = belongs_to("tray_id", "trays", name="tray_places_tray_fkey")
    create_tenant_table(op, "tray_places", Column("tray_id", Uuid, nullable=False), tray)
    limit_to_branches(op, "trays")
    limit_with(op, "tray_places", "tray_id", "trays")
    enter(owner, HERE)
    ours, theirs = new_id(), new_id()
    for branch in (ours, theirs):
        # Of one id the tray and the branch it stands in.
        owner.execute(text("INSERT INTO shop.trays VALUES (DEFAULT, :it, :it)"), {"it": branch})
        owner.execute(text("INSERT INTO shop.tray_places VALUES (DEFAULT, :it, :it)"), {"it": branch})
    limit(owner, ours)
    assert owner.execute(text("SELECT tray_id FROM shop.tray_places")).scalars().all() == [ours]
    stop_limiting(op, "tray_places")
    assert len(owner.execute(text("SELECT tray_id FROM shop.tray_places")).all()) == 2


def test_what_is_made_of_several_branches_is_seen_by_who_sees_all_of_them(owner, op):
    make_trays(op)
    limit_to_makers(op, "trays")
    enter(owner, HERE)
    here, there = new_id(), new_id()
    for code, branches in (("all", None), ("both", (here, there)), ("here", (here,))):
        limit(owner, *branches) if branches else owner.execute(text("SELECT set_config('app.branches', '', true)"))
        owner.execute(text("INSERT INTO shop.trays (id, code) VALUES (:id, :code)"), {"id": new_id(), "code": code})
    seen = text("SELECT code FROM shop.trays ORDER BY code")
    assert owner.execute(seen).scalars().all() == ["here"]
    limit(owner, here, there)
    assert owner.execute(seen).scalars().all() == ["both", "here"]
    limit(owner, there)
    assert owner.execute(seen).scalars().all() == []
    owner.execute(text("SELECT set_config('app.branches', '', true)"))
    assert owner.execute(seen).scalars().all() == ["all", "both", "here"]


def test_a_lookup_function_belongs_to_the_role_that_looks_across_shops_and_must_be_reviewed(owner, op):
    create_lookup(
        op,
        "count_all()",
        "CREATE FUNCTION app.count_all() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
        " SET search_path = pg_catalog, pg_temp RETURN 1",
        callers="goldsmith_platform",
    )
    owned = text("SELECT proowner::regrole::text, proacl::text FROM pg_proc WHERE proname = 'count_all'")
    role, rights = owner.execute(owned).one()
    assert role == "goldsmith_lookup"
    assert "goldsmith_platform=X" in rights
    assert {breach.rule for breach in gate.breaches(owner)} == {
        "a function that looks across shops is not on the reviewed list"
    }

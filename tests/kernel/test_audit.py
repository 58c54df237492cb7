"""The audit trail: each row before and after, sealed with its transaction, and a chain that shows every tampering."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import delete, func, insert, select, update

from kernel import audit
from kernel.audit import first_broken, unsealed
from kernel.contributions import Setting
from kernel.ids import new_id
from kernel.tables import (
    audit_changes,
    audit_entries,
    platform_audit_changes,
    platform_audit_entries,
    settings,
    tenants,
)
from kernel.tenancy import Actor, ActorKind, system
from kernel.uow import SwallowedError
from tests.rows import Superuser

NOTE = Setting("trial.note", "Note", "", "", str)


@pytest.fixture
def choose(database, shop, actor):
    """One transaction in which the shop chooses something."""

    def chosen(value, *, by=actor):
        with database.for_shop(shop.id, by) as uow:
            row = {"name": NOTE.name, "value": value, "set_by": by.name}
            if uow.execute(update(settings).where(settings.c.name == NOTE.name).values(row)).rowcount == 0:
                uow.execute(insert(settings).values(row))

    return chosen


@pytest.fixture
def trail(database, shop, actor):
    """What the shop's trail says from entry `since` on: entries, each with its changes."""

    def read(since=0):
        with database.for_shop(shop.id, actor, read_only=True) as uow:
            found = uow.execute(
                select(audit_entries).where(audit_entries.c.number > since).order_by(audit_entries.c.number)
            ).all()
            by_entry: dict[UUID, list[tuple[Any, ...]]] = {}
            for change in uow.execute(select(audit_changes).order_by(audit_changes.c.id)):
                by_entry.setdefault(change.entry_id, []).append(
                    (change.about, change.row_key, change.kind, change.before, change.after)
                )
            return [(entry, by_entry.get(entry.id, [])) for entry in found]

    return read


@pytest.fixture
def last(trail):
    return lambda: trail()[-1]


@pytest.fixture
def is_whole(database, shop, actor):
    def whole():
        with database.for_shop(shop.id, actor, read_only=True) as uow:
            return first_broken(uow, "shop")

    return whole


def test_a_row_is_noted_before_and_after(choose, last, actor, clock):
    choose("first")
    entry, changes = last()
    assert (entry.actor_id, entry.actor, entry.outcome, entry.at) == (actor.id, actor.name, "done", clock.now())
    [(about, key, kind, before, after)] = changes
    assert (about, key, kind, before, after["value"]) == ("settings", "trial.note", "create", None, "first")
    choose("second")
    assert last()[1] == [("settings", "trial.note", "change", {"value": "first"}, {"value": "second"})]


def test_a_row_that_goes_is_kept_in_the_trail(choose, last, database, shop, actor):
    choose("first")
    with database.for_shop(shop.id, actor) as uow:
        uow.execute(delete(settings).where(settings.c.name == NOTE.name))
    [(_about, _key, kind, before, after)] = last()[1]
    assert (kind, before["value"], after) == ("delete", "first", None)


def test_a_row_that_changes_its_key_goes_and_another_comes(choose, last, database, shop, actor):
    choose("first")
    with database.for_shop(shop.id, actor) as uow:
        uow.execute(update(settings).where(settings.c.name == NOTE.name).values(name="trial.other"))
    gone, came = sorted(last()[1], key=lambda change: change[2], reverse=True)
    assert (gone[1:3], gone[3]["value"], gone[4]) == (("trial.note", "delete"), "first", None)
    assert (came[1:3], came[3], came[4]["value"]) == (("trial.other", "create"), None, "first")


def test_what_changed_nothing_is_not_noted(choose, trail):
    choose("first")
    before = len(trail())
    choose("first")
    assert len(trail()) == before


def test_one_transaction_is_one_entry_whatever_it_changes(database, shop, actor, trail):
    before = len(trail())
    with database.for_shop(shop.id, actor) as uow:
        rows = [{"name": f"trial.{n}", "value": n, "set_by": "Sara"} for n in range(3)]
        uow.execute(insert(settings).values(rows))
        uow.execute(delete(settings).where(settings.c.name == "trial.0"))
    [(_entry, changes)] = trail()[before:]
    assert [(key, kind) for _about, key, kind, _before, _after in changes] == [
        ("trial.0", "create"), ("trial.1", "create"), ("trial.2", "create"), ("trial.0", "delete"),
    ]  # fmt: skip


def test_what_is_undone_is_not_noted(choose, database, shop, actor, trail, is_whole):
    before = len(trail())
    with pytest.raises(RuntimeError), database.for_shop(shop.id, actor) as uow:
        uow.execute(insert(settings).values(name="trial.note", value=1, set_by="Sara"))
        raise RuntimeError
    with database.for_shop(shop.id, actor) as uow:
        uow.execute(insert(settings).values(name="trial.a", value=1, set_by="Sara"))
        with pytest.raises(RuntimeError), uow.nested():
            uow.execute(insert(settings).values(name="trial.b", value=1, set_by="Sara"))
            raise RuntimeError
    [(_entry, changes)] = trail()[before:]
    assert [key for _about, key, *_rest in changes] == ["trial.a"]
    assert is_whole() is None


def test_an_entry_says_what_was_done_from_where_and_in_whose_account(database, shop, last):
    admin = Actor(ActorKind.PLATFORM, new_id(), "Ada", subject_id=new_id(), subject="Sara's")
    with audit.doing("trial.choose", address="192.0.2.7", request="r-1"), database.for_shop(shop.id, admin) as uow:
        uow.execute(insert(settings).values(name="trial.note", value="O'Neill \\ ", set_by="Ada"))
    entry, _changes = last()
    assert (entry.action, entry.address, entry.request) == ("trial.choose", "192.0.2.7", "r-1")
    assert (entry.actor_kind, entry.actor, entry.subject_id, entry.subject) == (
        "platform", "Ada", admin.subject_id, "Sara's",
    )  # fmt: skip


def test_what_no_row_tells_can_be_recorded(database, shop, actor, last):
    with database.for_shop(shop.id, actor) as uow:
        uow.record("trial.export", outcome="refused", rows=3, file="کالا.csv")
    entry, changes = last()
    assert (entry.action, entry.outcome, entry.details, changes) == (
        "trial.export", "refused", {"rows": 3, "file": "کالا.csv"}, [],
    )  # fmt: skip


def test_what_is_recorded_is_text_and_nothing_else(database, shop, actor, last):
    odd = "\\'); DELETE FROM shop.settings; -- '' \\\\ \ud800"
    with database.for_shop(shop.id, actor) as uow:
        uow.record("trial.export", note=odd)
    assert last()[0].details == {"note": odd.replace("\ud800", "?")}


def test_what_the_database_cannot_keep_breaks_no_request(database, shop, actor, last):
    with database.for_shop(shop.id, actor) as uow:
        uow.record("trial.export", note="a\x00b", **{"na\x00me": ["\x00", {"deep": ("c\x00", 1)}]})
    assert last()[0].details == {"note": "ab", "name": ["", {"deep": ["c", 1]}]}


def test_nothing_is_recorded_where_nothing_is_written(database, shop, actor):
    with (
        pytest.raises(RuntimeError, match="nothing is written"),
        database.for_shop(shop.id, actor, read_only=True) as uow,
    ):
        uow.record("trial.export")


def test_reading_leaves_no_trace_and_costs_no_round_trip(database, shop, actor, choose, trail, statements):
    choose("first")
    before = len(trail())
    with database.for_shop(shop.id, actor) as uow:
        uow.execute(select(settings)).all()
    assert len(trail()) == before
    with statements.counted() as sent, database.for_shop(shop.id, actor) as uow:
        uow.execute(update(settings).values(value="second"))
    assert len(sent) == 3  # BEGIN, the update, COMMIT with the seal


def test_each_shop_has_a_trail_of_its_own(database, shop, new_shop, actor, choose, trail):
    choose("first")
    mine = len(trail())
    with database.for_shop(new_shop().id, actor) as uow:
        uow.execute(insert(settings).values(name="trial.note", value=1, set_by="Sara"))
        theirs = uow.execute(select(func.max(audit_entries.c.number))).scalar_one()
    assert len(trail()) == mine
    assert theirs is not None


def test_the_platforms_changes_are_in_the_platforms_trail(database, shop, actor):
    with audit.doing("trial.rename"), database.for_platform("rename", actor) as work:
        work.execute(update(tenants).where(tenants.c.id == shop.id).values(name="Zarrin"))
    with database.for_platform("look", actor, read_only=True) as work:
        entry = work.execute(
            select(platform_audit_entries).order_by(platform_audit_entries.c.number.desc()).limit(1)
        ).one()
        change = work.execute(select(platform_audit_changes).where(platform_audit_changes.c.entry_id == entry.id)).one()
        assert (entry.action, change.about, change.row_key, change.before, change.after) == (
            "trial.rename", "tenants", str(shop.id), {"name": shop.name}, {"name": "Zarrin"},
        )  # fmt: skip
        assert first_broken(work, "platform") is None


# Closed to changes


@pytest.mark.parametrize("table", ["audit_entries", "audit_changes", "audit_heads"])
@pytest.mark.parametrize("what", ["INSERT INTO shop.{0} SELECT * FROM shop.{0}", "UPDATE shop.{0} SET id = id",
                                  "DELETE FROM shop.{0}"])  # fmt: skip
def test_nobody_writes_to_it_past_the_triggers(database, shop, actor, choose, table, what):
    choose("first")
    statement = what.format(table).replace(
        "SET id = id", "SET number = 0" if table != "audit_changes" else "SET id = id"
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.for_shop(shop.id, actor) as uow:
        uow.ask(statement)


@pytest.mark.parametrize("what", ["UPDATE {} SET actor = 'Nobody'", "TRUNCATE {} CASCADE"])
def test_not_even_the_owner_changes_it(owner_connection, shop, choose, what):
    choose("first")
    owner_connection.exec_driver_sql(f"SELECT set_config('app.current_tenant', '{shop.id}', true)")
    with pytest.raises(Exception, match="append-only"):
        owner_connection.exec_driver_sql(what.format("shop.audit_entries"))


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE shop.audit_entries SET actor = 'Nobody' WHERE number = {number}",
        "UPDATE shop.audit_changes SET after = '{{\"value\": \"mine\"}}' WHERE entry_id = '{entry}'",
        "DELETE FROM shop.audit_changes WHERE entry_id = '{entry}'",
        "DELETE FROM shop.audit_entries WHERE number = {number}",
    ],
)
def test_whoever_gets_past_all_rights_leaves_a_broken_chain(superuser: Superuser, choose, trail, is_whole, tampering):
    for value in ("first", "second", "third"):
        choose(value)
    assert is_whole() is None
    entry, _changes = trail()[-2]
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(tampering.format(number=entry.number, entry=entry.id))
    superuser.execute("RESET session_replication_role")
    assert is_whole() == entry.number


def test_what_is_empty_inside_a_value_counts(superuser: Superuser, choose, trail, is_whole):
    choose({"by": None, "at": 1})
    choose("second")
    entry, _changes = trail()[-2]
    superuser.execute("SET session_replication_role = replica")
    tampered = "UPDATE shop.audit_changes SET after = after #- '{value,by}' WHERE entry_id = %s"
    superuser.execute(tampered, (entry.id,))
    superuser.execute("RESET session_replication_role")
    assert is_whole() == entry.number


def test_a_change_is_hashed_as_all_that_it_says(superuser: Superuser, choose, trail):
    """What is put together for speed is what `app.said` says of a whole row."""
    for value in ("first", {"by": None}):
        choose(value)
    different = superuser.execute("""
        SELECT count(*), count(*) FILTER (WHERE app.said(to_jsonb(c)) IS DISTINCT FROM (
            to_jsonb(c) - CASE WHEN c.before IS NULL THEN 'before' ELSE '' END
            - CASE WHEN c.after IS NULL THEN 'after' ELSE '' END)::text) FROM shop.audit_changes AS c
    """).fetchone()
    assert different is not None
    assert (different[0] > 0, different[1]) == (True, 0)


def test_entries_of_an_older_version_hold_and_new_ones_follow_them(superuser: Superuser, choose, trail, is_whole, shop):
    choose("first")
    choose({"by": None})
    (before, _), (entry, _) = trail()[-2:]
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("SELECT set_config('app.current_tenant', %s, false)", (str(shop.id),))
    superuser.execute("UPDATE shop.audit_entries SET version = NULL WHERE id = %s", (entry.id,))
    superuser.execute(
        "UPDATE shop.audit_entries AS e SET hash = app.shop_audit_hash(%s, e) WHERE id = %s", (before.hash, entry.id)
    )
    superuser.execute(
        "UPDATE shop.audit_heads SET hash = (SELECT hash FROM shop.audit_entries WHERE id = %s) WHERE tenant_id = %s",
        (entry.id, shop.id),
    )
    superuser.execute("RESET session_replication_role; RESET app.current_tenant")
    choose("third")
    assert [found.version for found, _changes in trail()[-3:]] == [2, None, 2]
    assert is_whole() is None


# Nobody in the name of another


def test_what_one_person_did_is_not_sealed_as_anothers(database, shop, trail):
    sara, mina = (Actor(ActorKind.PERSON, new_id(), name) for name in ("Sara", "Mina"))
    before = len(trail())
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.for_shop(shop.id, sara) as uow:
        uow.execute(insert(settings).values(name="trial.note", value=1, set_by="Mina"))
        uow.actor = mina
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.for_platform("sign", sara) as work:
        work.record("trial.note")
        work.actor = mina
    assert len(trail()) == before


def test_the_house_says_in_whose_name_it_acted(database, shop, last):
    mina = Actor(ActorKind.PERSON, new_id(), "Mina")
    with database.for_shop(shop.id, system("worker")) as uow:
        uow.execute(insert(settings).values(name="trial.note", value=1, set_by="Mina"))
        uow.actor = mina
    assert (last()[0].actor, last()[0].actor_id) == ("Mina", mina.id)


def test_nobody_goes_to_another_shop_or_becomes_somebody_else_in_the_middle(database, shop, new_shop, actor, trail):
    other, before = new_shop(), len(trail())
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.for_shop(shop.id, actor) as uow:
        uow.execute(insert(settings).values(name="trial.note", value=1, set_by="Sara"))
        uow.ask("SELECT app.enter_shop(%(shop)s, 'Mina', NULL, NULL)", {"shop": other.id})
    assert len(trail()) == before


# Past the unit of work


def test_changes_that_belong_to_no_entry_are_counted(database, engines, shop, actor, choose):
    choose("first")
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        assert unsealed(uow, "shop") == 0
    with engines[0].connect() as connection:
        connection.exec_driver_sql(f"BEGIN; SELECT app.enter_shop('{shop.id}', 'Nobody', NULL, NULL)")
        connection.execute(update(settings).where(settings.c.name == NOTE.name).values(value="slipped in"))
        connection.exec_driver_sql("COMMIT")
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        assert (unsealed(uow, "shop"), first_broken(uow, "shop")) == (1, None)
    with database.for_platform("look", actor, read_only=True) as work:
        assert unsealed(work, "platform") >= 0


def test_the_last_entry_cannot_be_cut_off(superuser: Superuser, choose, trail, is_whole):
    choose("first")
    choose("second")
    entry, _changes = trail()[-1]
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("DELETE FROM shop.audit_entries WHERE id = %s", (entry.id,))
    superuser.execute("RESET session_replication_role")
    assert is_whole() == entry.number


@pytest.fixture
def kept_briefly(database, shop, actor):
    """The shop keeps its trail no longer than it has to."""
    with database.for_shop(shop.id, actor) as uow:
        uow.execute(insert(settings).values(name="audit.months", value=3, set_by=actor.name))


def test_nothing_is_forgotten_earlier_than_the_shop_says(database, shop, actor, choose):
    def forget(months):
        with database.for_shop(shop.id, actor) as uow:
            uow.ask(f"SELECT app.forget_shop_audit(now() - interval '{months} months')")

    with pytest.raises(psycopg.errors.CheckViolation, match="as long as the shop says"):
        forget(83)
    forget(84)
    with database.for_shop(shop.id, actor) as uow:
        uow.execute(insert(settings).values(name="audit.months", value=120, set_by=actor.name))
    with pytest.raises(psycopg.errors.CheckViolation):
        forget(84)
    forget(120)


@pytest.mark.usefixtures("kept_briefly")
def test_old_entries_may_go_and_the_chain_of_the_rest_holds(database, shop, actor, choose, trail, is_whole, clock):
    choose("first")
    clock.advance(timedelta(days=2))
    choose("second")
    with database.for_shop(shop.id, actor) as uow:
        uow.execute(select(func.app.forget_shop_audit(clock.now()))).all()
    assert trail()[0][0].at == clock.now()
    assert is_whole() is None
    choose("third")
    assert is_whole() is None


@pytest.mark.usefixtures("kept_briefly")
def test_an_entry_with_a_wrong_time_takes_no_others_along(database, shop, actor, choose, trail, clock):
    clock.advance(timedelta(days=1))
    choose("first")
    clock.advance(timedelta(days=1))
    choose("second")
    clock.advance(timedelta(days=-1))
    choose("third")
    clock.advance(timedelta(days=1))
    with database.for_shop(shop.id, actor) as uow:
        uow.execute(select(func.app.forget_shop_audit(clock.now()))).all()
    assert [changes[0][4] for _entry, changes in trail()] == [{"value": "second"}, {"value": "third"}]


@pytest.mark.usefixtures("kept_briefly")
def test_the_last_entry_stays_however_old_it_is(database, shop, actor, choose, trail, is_whole, clock):
    choose("first")
    choose("second")
    clock.advance(timedelta(days=2))
    with database.for_shop(shop.id, actor) as uow:
        uow.execute(select(func.app.forget_shop_audit(clock.now()))).all()
    assert [changes[0][4] for _entry, changes in trail()] == [{"value": "second"}]
    assert is_whole() is None


def test_the_last_ninety_days_stay(database, shop, actor):
    with pytest.raises(psycopg.errors.CheckViolation), database.for_shop(shop.id, actor) as uow:
        uow.ask("SELECT app.forget_shop_audit(now() - interval '89 days')")


def test_a_swallowed_error_is_not_sealed(database, shop, actor, trail):
    before = len(trail())
    with pytest.raises(SwallowedError), database.for_shop(shop.id, actor) as uow:
        uow.execute(insert(settings).values(name="trial.note", value=1, set_by="Sara"))
        with pytest.raises(psycopg.Error):
            uow.ask("SELECT 1 / 0")
    assert len(trail()) == before


def test_a_system_that_changes_nothing_says_nothing(database, shop, trail):
    before = len(trail())
    with database.for_shop(shop.id, system("worker")) as uow:
        uow.next_number("trial")
    assert len(trail()) == before

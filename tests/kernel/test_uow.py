"""The unit of work: one shop, one transaction, nothing by default."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from itertools import count

import pytest
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy import Engine, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError, ProgrammingError

from kernel.clock import SetClock
from kernel.contributions import Setting
from kernel.errors import Conflict, NotFound, TryLater
from kernel.ids import new_id
from kernel.tables import counters, overrides, settings, tenants
from kernel.tenancy import Actor, ActorKind, Shop, ShopState, TenantId
from kernel.uow import Database, SlugTaken, SwallowedError, open_engine, refusing
from tests.conftest import NOW
from tests.kernel.conftest import plugin

SHOUTED = Setting("till.shouted", "Shouted", "", False, bool)


def number(database: Database, shop: Shop, actor: Actor) -> int | None:
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        value: int | None = uow.execute(select(counters.c.value).where(counters.c.name == "sale")).scalar()
        return value


def test_the_suite_runs_as_the_application_role_that_owns_nothing(uow):
    role = uow.execute(
        text("SELECT current_user, session_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    ).one()
    assert tuple(role) == ("goldsmith_app", "goldsmith_app", False, False)


def test_a_unit_of_work_knows_its_shop_its_person_and_one_moment(database, shop, actor, clock):
    with database.for_shop(shop.id, actor) as uow:
        asked = text("SELECT app.tenant(), current_setting('app.actor')")
        assert tuple(uow.execute(asked).one()) == (shop.id, actor.name)
        assert (uow.shop, uow.actor, uow.now) == (shop, actor, NOW)


def test_an_actors_name_is_kept_whatever_is_written_in_it(database, shop):
    name = "O'Brien\\'; DROP TABLE shop.outbox; --"
    with database.for_shop(shop.id, Actor(ActorKind.PERSON, None, name + "\x00")) as uow:
        assert uow.execute(text("SELECT current_setting('app.actor')")).scalar() == name


def test_what_is_done_is_there_afterwards(database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        uow.next_number("sale")
    assert number(database, shop, actor) == 1


def test_an_exception_leaves_nothing(database, shop, actor):
    with pytest.raises(ZeroDivisionError), database.for_shop(shop.id, actor) as uow:
        uow.next_number("sale")
        raise ZeroDivisionError
    assert number(database, shop, actor) is None


def test_an_interrupt_leaves_nothing_either(database, shop, actor):
    with pytest.raises(KeyboardInterrupt), database.for_shop(shop.id, actor) as uow:
        uow.next_number("sale")
        raise KeyboardInterrupt
    assert number(database, shop, actor) is None


def test_a_part_can_fail_by_itself(database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        uow.next_number("sale")
        with pytest.raises(IntegrityError), uow.nested():
            uow.next_number("refund")
            uow.execute(insert(counters).values(name="sale", value=9))
        with uow.nested(), uow.nested():
            uow.next_number("sale")
    assert number(database, shop, actor) == 2
    with database.for_shop(shop.id, actor) as uow:
        assert uow.next_number("refund") == 1


def test_a_transaction_that_the_database_gave_up_is_never_taken_for_done(database, shop, actor):
    """Whoever swallows an error of the database has nothing left to commit: PostgreSQL answers ROLLBACK."""
    with pytest.raises(SwallowedError, match="rolled back"), database.for_shop(shop.id, actor) as uow:
        uow.next_number("sale")
        with pytest.raises(ProgrammingError):
            uow.execute(text("SELECT * FROM shop.no_such_table"))
    assert number(database, shop, actor) is None


def test_reading_only_refuses_to_write(database, shop, actor):
    with pytest.raises(ReadOnlySqlTransaction), database.for_shop(shop.id, actor, read_only=True) as uow:
        uow.next_number("sale")
    with pytest.raises(InternalError, match="read-only"):
        with database.for_platform("look around", actor, read_only=True) as work:
            work.execute(update(tenants).values(name="Mine"))


def test_a_shop_that_does_not_exist_is_not_found(database, actor):
    with pytest.raises(NotFound, match="no such shop"), database.for_shop(TenantId(new_id()), actor):
        pytest.fail("the door opened")


def test_no_other_shops_row_is_seen_or_touched(database, shop, new_shop, actor):
    other = new_shop()
    with database.for_shop(shop.id, actor) as uow:
        uow.next_number("sale")
    with database.for_shop(other.id, actor) as uow:
        assert uow.execute(select(counters.c.tenant_id).where(counters.c.tenant_id == shop.id)).all() == []
        assert uow.execute(update(counters).values(value=9).where(counters.c.tenant_id == shop.id)).rowcount == 0
        assert uow.execute(select(tenants.c.id)).scalars().all() == [other.id]
    assert number(database, shop, actor) == 1


@pytest.mark.parametrize("nothing", ["never set", "set before", "empty"])
def test_without_a_shop_nothing_is_readable_and_writing_is_refused(engines, shop, uow, nothing):
    assert uow.next_number("sale") == 1
    engine: Engine = engines[0]
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        if nothing == "set before":
            connection.execute(text("SELECT app.enter_shop(:shop, 'x', NULL, NULL)"), {"shop": shop.id})
            connection.exec_driver_sql("COMMIT; BEGIN")
        if nothing == "empty":
            connection.execute(text("SELECT set_config('app.current_tenant', '', true)"))
        for table in (counters, settings, tenants, overrides):
            assert connection.execute(select(text("1")).select_from(table)).all() == []
        assert connection.execute(update(counters).values(value=9)).rowcount == 0
        with pytest.raises(DBAPIError, match="row-level security"):
            connection.execute(insert(counters).values(tenant_id=shop.id, name="mine", value=1))
        connection.exec_driver_sql("ROLLBACK; BEGIN")
        with pytest.raises(DBAPIError, match=r'null value in column "tenant_id"|row-level'):
            connection.execute(insert(counters).values(name="mine", value=1))
        connection.exec_driver_sql("ROLLBACK")


def test_what_the_database_refuses_is_told_without_its_values(uow):
    with pytest.raises(DBAPIError) as refused, uow.nested():
        uow.execute(text("SELECT :hash, 1 / :nothing"), {"hash": "$argon2id$v=19$secret", "nothing": 0})
    assert ("division by zero" in str(refused.value), "argon2id" in str(refused.value)) == (True, False)


def test_the_shop_is_gone_from_the_connection_afterwards(engines, plugins, shop, actor, services, database_name):
    alone = open_engine(services.url("goldsmith_app", database_name), pool_size=1)
    database = Database(alone, engines[1], SetClock(NOW), plugins)
    for fails in (False, True):
        try:
            with database.for_shop(shop.id, actor) as uow:
                mine = uow.execute(text("SELECT pg_backend_pid()")).scalar()
                if fails:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        with alone.connect() as connection:
            left = text("SELECT pg_backend_pid(), current_setting('app.current_tenant', true), app.tenant()")
            assert tuple(connection.execute(left).one()) == (mine, "", None)
    alone.dispose()


def test_a_connection_that_comes_back_with_a_shop_is_thrown_away_and_reported(
    engines, plugins, shop, actor, services, database_name, caplog
):
    alone = open_engine(services.url("goldsmith_app", database_name), pool_size=1)
    database = Database(alone, engines[1], SetClock(NOW), plugins)
    me = text("SELECT pg_backend_pid()")
    with caplog.at_level(logging.ERROR, "kernel.uow"), database.for_shop(shop.id, actor) as uow:
        poisoned = uow.execute(me).scalar()
        uow.execute(text("SELECT set_config('app.current_tenant', :shop, false)"), {"shop": str(shop.id)})
    assert "a connection came back with a shop still set" in caplog.text
    with database.for_shop(shop.id, actor) as uow:
        assert uow.execute(me).scalar() != poisoned
    alone.dispose()


def test_when_all_connections_are_taken_the_next_one_is_told_to_try_later(
    engines, plugins, shop, actor, services, database_name, monkeypatch
):
    alone = open_engine(services.url("goldsmith_app", database_name), pool_size=1)
    monkeypatch.setattr(alone.pool, "_timeout", 0.05)
    database = Database(alone, engines[1], SetClock(NOW), plugins)
    with database.for_shop(shop.id, actor) as uow:
        with pytest.raises(TryLater), database.for_shop(shop.id, actor):
            pytest.fail("there was a second connection")
        assert uow.next_number("sale") == 1
    assert number(database, shop, actor) == 1
    alone.dispose()


def test_a_database_that_does_not_answer_is_said_in_a_sentence(services, engines, plugins, shop, actor):
    nowhere = open_engine(services.url("goldsmith_app", "goldsmith_no_such_database"), pool_size=1)
    with pytest.raises(TryLater, match="does not answer"):
        with Database(nowhere, engines[1], SetClock(NOW), plugins).for_shop(shop.id, actor):
            pytest.fail("the door opened")


def test_connections_that_the_server_ended_are_replaced_without_anybody_noticing(
    engines, plugins, shop, actor, services, database_name, superuser
):
    pool = open_engine(services.url("goldsmith_app", database_name), pool_size=3)
    database = Database(pool, engines[1], SetClock(NOW), plugins)
    with database.for_shop(shop.id, actor), database.for_shop(shop.id, actor), database.for_shop(shop.id, actor):
        pass
    superuser.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE usename = 'goldsmith_app' AND datname = current_database()"
    )
    assert [number(database, shop, actor) for _ in range(4)] == [None] * 4
    pool.dispose()


def test_a_connection_that_is_lost_in_the_middle_is_a_reason_to_try_later(database, shop, actor, superuser):
    with pytest.raises(TryLater), database.for_shop(shop.id, actor) as uow:
        uow.next_number("sale")
        mine = uow.execute(text("SELECT pg_backend_pid()")).scalar()
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", (mine,))
        uow.next_number("sale")
    assert number(database, shop, actor) is None


def test_two_that_wait_for_each_other_are_told_to_try_later_and_one_gets_on(database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        uow.next_number("a")
        uow.next_number("b")
    both_hold_one = threading.Barrier(2)
    ends: list[str] = []

    def count(first: str, second: str) -> None:
        try:
            with database.for_shop(shop.id, actor) as uow:
                uow.next_number(first)
                both_hold_one.wait(5)
                uow.next_number(second)
            ends.append("done")
        except TryLater:
            ends.append("later")

    tills = [threading.Thread(target=count, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for till in tills:
        till.start()
    for till in tills:
        till.join()
    assert sorted(ends) == ["done", "later"]


def test_a_statement_that_takes_too_long_is_a_reason_to_try_later(database, shop, actor):
    with pytest.raises(TryLater), database.for_shop(shop.id, actor) as uow:
        uow.execute(text("SET LOCAL statement_timeout = '20ms'"))
        uow.execute(text("SELECT pg_sleep(5)"))


# New shops


def test_a_new_shop_and_what_opens_with_it_exist_together_or_not_at_all(database, actor, new_shop):
    first = new_shop(slug=f"aurum-{new_id().hex[-8:]}")
    with pytest.raises(SlugTaken, match=f"“{first.slug}”"):
        new_shop(slug=first.slug)
    row = {
        name: getattr(first, name) for name in ("name", "market", "currency", "language", "zone", "calendar", "plan")
    }
    slug = f"argentum-{new_id().hex[-8:]}"
    with pytest.raises(ZeroDivisionError), database.for_new_shop(row | {"slug": slug}, actor) as uow:
        uow.next_number("sale")
        raise ZeroDivisionError
    with database.for_platform("count", actor) as work:
        assert work.execute(select(tenants.c.id).where(tenants.c.slug.in_([first.slug, slug]))).all() == [(first.id,)]


def test_a_suspension_is_seen_with_the_next_unit_of_work(database, shop, actor):
    with database.for_platform("not paid", actor) as work:
        suspended = {"state": "suspended", "version": tenants.c.version + 1}
        work.execute(update(tenants).where(tenants.c.id == shop.id).values(suspended))
    with database.for_shop(shop.id, actor) as uow:
        assert uow.shop.state is ShopState.SUSPENDED
        assert not uow.shop.state.allows.change


# The platform's door


def test_the_platform_sees_all_shops_and_none_of_their_rows(database, shop, new_shop, actor):
    other = new_shop()
    with database.for_platform("list the shops", actor) as work:
        ours = select(tenants.c.id).where(tenants.c.id.in_([shop.id, other.id])).order_by(tenants.c.id)
        assert work.execute(ours).scalars().all() == [shop.id, other.id]
        assert work.reason == "list the shops"
    with pytest.raises(ProgrammingError, match="permission denied"), database.for_platform("peep", actor) as work:
        work.execute(text("SELECT * FROM shop.counters"))


# What a process remembers of a shop


def second_process(database: Database) -> Database:
    return Database(database._shops, database._platform, database.clock, database.plugins)


def test_a_choice_made_by_one_process_is_seen_by_another_with_its_next_unit_of_work(database, shop, actor):
    other = second_process(database)
    with other.for_shop(shop.id, actor) as uow:
        assert uow.setting(SHOUTED) is False
    with database.for_shop(shop.id, actor) as uow:
        uow.choose(SHOUTED, True)
        assert uow.setting(SHOUTED) is True
    with other.for_shop(shop.id, actor) as uow:
        assert (uow.setting(SHOUTED), uow.shop.version) == (True, shop.version + 1)


def test_a_choice_that_was_not_committed_is_remembered_by_nobody(database, shop, actor):
    with pytest.raises(ZeroDivisionError), database.for_shop(shop.id, actor) as uow:
        uow.choose(SHOUTED, True)
        raise ZeroDivisionError
    with database.for_shop(shop.id, actor) as uow:
        assert (uow.setting(SHOUTED), uow.shop) == (False, shop)


def test_a_plugin_switched_off_by_one_process_is_off_for_another_with_its_next_unit_of_work(
    house, opened, engines, actor
):
    first = house(plugin("stock"), plugin("till", requires=["stock"]))
    shop, other = opened(first), second_process(first)
    with other.for_shop(shop.id, actor) as uow:
        assert uow.shop.plugins == {"stock", "till"}
    with first.for_shop(shop.id, actor) as uow:
        uow.execute(insert(overrides).values(tenant_id=shop.id, kind="plugin", name="stock", enabled=False, set_by="x"))
        uow.renew_shop()
        assert uow.shop.plugins == frozenset()
    with other.for_shop(shop.id, actor) as uow:
        assert uow.shop.plugins == frozenset()


def test_a_known_shop_costs_no_statement_to_enter(database, shop, actor, statements):
    with database.for_shop(shop.id, actor, read_only=True):
        pass
    with statements.counted() as sent, database.for_shop(shop.id, actor, read_only=True):
        pass
    assert [one[:6] for one in sent] == ["BEGIN ", "COMMIT"]


def test_a_shop_on_a_plan_that_is_no_longer_offered_keeps_only_what_was_added(house, opened, actor):
    database = house(plugin("stock"), plugin("till"))
    shop = opened(database, plan="gone")
    assert (shop.plugins, dict(shop.limits)) == (frozenset(), {})


# Numbers


def test_numbers_have_no_gaps_whatever_is_rolled_back(database, shop, actor):
    got: list[int] = []
    lock = threading.Lock()

    def sell(till: int) -> None:
        for turn in range(5):
            try:
                with database.for_shop(shop.id, actor) as uow:
                    taken = uow.next_number("sale")
                    if (till + turn) % 3 == 0:
                        raise ZeroDivisionError
                with lock:
                    got.append(taken)
            except ZeroDivisionError:
                pass

    tills = [threading.Thread(target=sell, args=(till,)) for till in range(6)]
    for till in tills:
        till.start()
    for till in tills:
        till.join()
    assert sorted(got) == list(range(1, 21))


def test_each_counter_and_each_shop_counts_for_itself(database, shop, new_shop, actor):
    other = new_shop()
    for one in (shop, other):
        with database.for_shop(one.id, actor) as uow:
            assert [uow.next_number("sale"), uow.next_number("sale"), uow.next_number("refund")] == [1, 2, 1]


def test_what_is_kept_is_read_once_for_each_version_of_the_shop(database, shop, actor):
    reads = count(1)

    def kept():
        with database.for_shop(shop.id, actor) as uow:
            return uow.keep("trays", lambda: next(reads))

    assert [kept(), kept()] == [1, 1]
    with database.for_shop(shop.id, actor) as uow:
        uow.renew_shop()
    assert [kept(), kept()] == [2, 2]


def test_what_is_kept_for_somebody_of_some_branches_is_for_nobody_else(database, shop, actor):
    reads = count(1)
    here, there = frozenset([new_id()]), frozenset([new_id()])

    def kept(branches):
        with database.for_shop(shop.id, replace(actor, branches=branches)) as uow:
            return uow.keep("trays", lambda: next(reads))

    assert [kept(None), kept(here), kept(there)] == [1, 2, 3]
    assert [kept(there), kept(here), kept(None)] == [3, 2, 1]


@pytest.mark.parametrize("many", [None, 0, 1, 3])
def test_a_transaction_knows_the_branches_of_its_person_until_it_ends(database, shop, actor, many):
    branches = None if many is None else frozenset(new_id() for _each in range(many))
    asked = "SELECT app.branches() AS them"
    with database.for_shop(shop.id, replace(actor, branches=branches)) as uow:
        assert uow.ask(asked)[0].them == (None if branches is None else sorted(branches))
    with database.for_shop(shop.id, actor) as uow:
        assert uow.ask(asked)[0].them is None


def test_what_is_kept_in_a_transaction_that_is_undone_is_kept_by_nobody(database, shop, actor):
    with pytest.raises(KeyError):
        with database.for_shop(shop.id, actor) as uow:
            uow.renew_shop()
            uow.keep("trays", lambda: "gone")
            raise KeyError
    with database.for_shop(shop.id, actor) as uow:
        assert uow.keep("trays", lambda: "there") == "there"


def test_rows_answer_by_name_and_a_statement_without_rows_with_none(uow):
    (row,) = uow.ask("SELECT %(carats)s::int AS carats, 'ring' AS piece", {"carats": 18})
    assert (row.carats, row.piece) == (18, "ring")
    assert uow.ask("SET LOCAL work_mem = '4MB'") == []


def test_a_rule_the_database_guards_refuses_a_written_out_statement_too(uow):
    uow.next_number("sales")
    with pytest.raises(Conflict, match="twice"), uow.nested(), refusing("counters_pkey", lambda: Conflict("twice")):
        uow.ask("INSERT INTO shop.counters (name, value) VALUES ('sales', 1)")
    assert uow.next_number("sales") == 2

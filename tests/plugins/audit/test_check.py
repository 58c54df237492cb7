"""Every night the chain is looked through, and what is old enough is forgotten."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from kernel.scheduler import start_platform
from kernel.tables import audit_entries, platform_audit_entries
from plugins.audit import actions, jobs, store
from plugins.audit.domain.keeping import MONTHS, YOUNGEST, kept_since
from plugins.audit.queries import PLATFORM, SHOP, last_check
from plugins.audit.tables import platform_audit_checks


@pytest.fixture
def check(database, shop, actor):
    def checked():
        with database.for_shop(shop.id, actor) as uow:
            actions.check_shop(uow)
        with database.for_shop(shop.id, actor, read_only=True) as uow:
            return last_check(uow, SHOP)

    return checked


def test_a_whole_chain_is_said_to_be_whole(change, check, clock):
    change("first")
    found = check()
    assert (found.at, found.broken, found.alarms) == (clock.now(), None, False)


def test_a_tampered_entry_is_found_logged_and_shown_until_looked_at(
    change, check, tamper, signed_in, shop, caplog, database, deliver_all
):
    number = change("first")
    change("second")
    owner = signed_in(shop)
    assert "does not hold" not in owner.get("/bell").text
    tamper(number)
    with caplog.at_level(logging.ERROR):
        assert check().broken == number
    assert f"broken at entry {number}" in caplog.text
    assert "does not hold" in owner.get("/bell").text
    assert "The audit trail does not hold" in owner.get("/audit").text
    assert owner.post("/audit/break/seen").status_code == 303
    assert "does not hold" not in owner.get("/bell").text
    found = check()
    assert (found.broken, found.alarms) == (number, False)


def test_changes_past_the_trail_are_found_logged_and_shown_until_looked_at(
    change, check, signed_in, shop, caplog, engines
):
    change("first")
    owner = signed_in(shop)
    with engines[0].connect() as connection:
        connection.exec_driver_sql(f"BEGIN; SELECT app.enter_shop('{shop.id}', 'Nobody', NULL, NULL)")
        connection.exec_driver_sql("INSERT INTO shop.settings (name, value, set_by) VALUES ('trial.slip', '1', 'x')")
        connection.exec_driver_sql("COMMIT")
    with caplog.at_level(logging.ERROR):
        found = check()
    assert (found.broken, found.unsealed, found.alarms) == (None, 1, True)
    assert "1 changes are in no entry of an audit trail" in caplog.text
    assert "in no entry" in owner.get("/bell").text
    page = owner.get("/audit").text
    assert "change was written past this program" in page
    assert "trial.slip" in page
    assert "Proven whole" not in page
    assert owner.post("/audit/break/seen").status_code == 303
    assert "in no entry" not in owner.get("/bell").text
    assert check().alarms is False


def test_changes_past_the_trail_are_evidence_too(change, check, clock, database, shop, actor, engines):
    with database.for_shop(shop.id, actor) as uow:
        uow.choose(MONTHS, 3)
    change("old")
    with engines[0].connect() as connection:
        connection.exec_driver_sql(f"BEGIN; SELECT app.enter_shop('{shop.id}', 'Nobody', NULL, NULL)")
        connection.exec_driver_sql("INSERT INTO shop.settings (name, value, set_by) VALUES ('trial.slip', '1', 'x')")
        connection.exec_driver_sql("COMMIT")
    clock.advance(timedelta(days=100))
    change("young")
    check()
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        assert uow.execute(select(func.min(audit_entries.c.number))).scalar_one() == 1


def test_it_can_be_checked_by_hand(change, signed_in, shop, deliver_all, tamper, database, actor):
    number = change("first")
    change("second")
    owner = signed_in(shop)
    tamper(number)
    assert owner.post("/audit/check").status_code == 303
    deliver_all()
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        found = last_check(uow, SHOP)
    assert found is not None
    assert found.broken == number


def test_what_is_old_enough_is_forgotten(change, check, clock, database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        uow.choose(MONTHS, 3)
    old = change("old")
    clock.advance(timedelta(days=100))
    young = change("young")
    assert check().broken is None
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        kept = uow.execute(select(func.min(audit_entries.c.number))).scalar_one()
    assert old < kept <= young


def test_a_broken_trail_is_evidence_and_stays(change, check, clock, tamper, database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        uow.choose(MONTHS, 3)
    old = change("old")
    change("older than three months, too")
    clock.advance(timedelta(days=100))
    tamper(old)
    assert check().broken == old
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        assert uow.execute(select(func.min(audit_entries.c.number))).scalar_one() == 1


@pytest.mark.parametrize("day", [datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC)])
def test_three_months_are_never_so_short_that_the_database_refuses(day):
    assert day - kept_since(day, 3) >= YOUNGEST


@pytest.mark.parametrize(("typed", "status"), [("84", 303), ("2", 400), ("999", 400), ("forever", 400)])
def test_the_owner_decides_how_long_it_is_kept(signed_in, shop, database, actor, typed, status):
    owner = signed_in(shop)
    assert owner.get("/settings/audit").status_code == 200
    assert owner.post("/settings/audit", months=typed).status_code == status


def test_what_is_forgotten_is_decided_by_who_proves_to_be_the_owner(signed_in, shop, clock):
    owner = signed_in(shop)
    clock.advance(timedelta(minutes=11))
    assert owner.post("/settings/audit", months="3").headers["location"].startswith("/account/prove")


def test_the_platforms_chain_is_checked_once_a_night_however_many_schedulers_run(database, actor, clock):
    night = datetime(2025, 6, 2, 2, 20, tzinfo=UTC)

    def checks():
        with database.for_platform("look", actor, read_only=True) as work:
            of_slot = platform_audit_checks.c.slot == night
            return work.execute(
                select(func.count()).select_from(platform_audit_checks).where(of_slot)
            ).scalar_one(), last_check(work, PLATFORM)

    for _scheduler in range(2):
        start_platform(database, night - timedelta(minutes=1), night)
    count, found = checks()
    assert (count, found.broken) == (1, None)
    start_platform(database, night, night + timedelta(minutes=1))
    assert checks()[0] == 1


def test_a_tampered_entry_of_the_platform_is_found(database, actor, tamper, superuser, caplog):
    for value in range(2):
        with database.for_platform("note", actor) as work:
            work.record("trial.note", value=value)
    with database.for_platform("look", actor, read_only=True) as work:
        number = work.execute(select(func.max(platform_audit_entries.c.number))).scalar_one()
    before = superuser.execute("SELECT actor FROM platform.audit_entries WHERE number = %s", (number,)).fetchone()
    tamper(number, "platform")
    try:
        with database.for_platform("check", actor) as work:
            assert actions.check_platform(work, 84) == number
        assert "broken at entry" in caplog.text
    finally:
        # The platform's trail is every test's.
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("UPDATE platform.audit_entries SET actor = %s WHERE number = %s", (*before, number))
        superuser.execute("DELETE FROM platform.audit_checks WHERE broken IS NOT NULL")
        superuser.execute("RESET session_replication_role")


def test_the_platforms_trail_is_kept_as_long_as_the_installation_says(alone, actor, monkeypatch):
    forgotten = []
    monkeypatch.setattr(store, "forget", lambda _work, trail, before: forgotten.append((trail.scope, before)))
    with alone.for_platform("check", actor) as work:
        actions.check_platform(work, 120)
        assert forgotten == [("platform", kept_since(work.now, 120))]


def test_the_job_is_what_the_clock_starts(plugins):
    assert [schedule.cron for _plugin, schedule in plugins.schedules() if schedule.work is jobs.check] == ["20 4 * * *"]

"""The platform's pages of jobs: where each stands, what is done about it, and nothing of what it is about."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text, update

from kernel import outbox as kernel_outbox
from kernel.ids import new_id
from kernel.jobs import PlatformSchedule, Schedule
from kernel.outbox import KEPT
from kernel.presence import Present, Running
from kernel.scheduler import start_platform
from kernel.tables import audit_entries, long_work, outbox, platform_audit_entries, schedule_runs, tenants
from kernel.uow import Database
from kernel.work import start_again, sweep
from plugins.audit.jobs import check
from plugins.jobs import jobs as clockwork
from plugins.jobs.actions import Clocked
from plugins.jobs.jobs import forget_old_jobs
from plugins.jobs.pages import next_start
from tests.conftest import NOW


def state_of(database: Database, actor, shop, job) -> str:
    with database.for_shop(shop.id, actor) as uow:
        return str(uow.execute(select(outbox.c.state).where(outbox.c.id == job)).scalar_one())


def listed(ada, shop, **asked: str) -> list[str]:
    """The jobs of a shop that a list shows."""
    page = ada.get("/platform/jobs", params={"shop": shop.slug, **asked})
    assert page.status_code == 200
    return re.findall(rf'href="/platform/jobs/{shop.id}/([0-9a-f-]{{36}})"', page.text)


def test_each_job_stands_under_its_state_and_under_no_other(ada, shop, promise, presence):
    dead, waiting, sent, done = (promise(shop, state=state) for state in ("dead", "waiting", "sent", "done"))
    running = promise(shop, state="sent")
    presence.tell(Present("worker", "w:1", NOW, NOW, (Running(running, NOW),)))
    found = {state: set(listed(ada, shop, state=state)) for state in ("dead", "sent", "running", "done")}
    assert (found["dead"], found["running"], found["done"]) == ({str(dead)}, {str(running)}, {str(done)})
    assert found["sent"] == {str(sent), str(running)}
    assert str(waiting) in listed(ada, shop, state="waiting")


def test_what_a_job_is_about_stays_in_its_shop(ada, shop, promise):
    job = promise(shop, state="dead", error="KeyError: 'Sara Ahmadi'", payload={"customer": "Sara Ahmadi"})
    for page in (ada.get("/platform/jobs", params={"shop": shop.slug}), ada.get(f"/platform/jobs/{shop.id}/{job}")):
        assert "KeyError" in page.text
        assert "Ahmadi" not in page.text


def test_the_platforms_role_reads_no_row_of_a_shops_outbox(database, actor, shop, promise):
    promise(shop)
    with pytest.raises(Exception, match="permission denied"), database.for_platform("look", actor) as work:
        work.execute(text("SELECT payload FROM shop.outbox"))
    with database.for_platform("look", actor) as work:
        row = work.execute(text("SELECT * FROM app.find_jobs('waiting', NULL, NULL, NULL, NULL, NULL, 1, 0)")).one()
    assert not {"payload", "actor", "key"} & set(row._fields)


def test_a_shop_may_not_look_across_shops(database, actor, shop):
    for call in ("app.find_jobs('dead', NULL, NULL, NULL, NULL, NULL, 1, 0)", "app.count_jobs()"):
        with pytest.raises(Exception, match="permission denied"), database.for_shop(shop.id, actor) as uow:
            uow.execute(text(f"SELECT * FROM {call}"))


def test_lists_are_narrowed_by_name_queue_age_and_shop(ada, shop, new_shop, promise):
    old = promise(shop, state="dead", created_at=NOW - timedelta(days=2))
    fresh, theirs = promise(shop, state="dead"), promise(new_shop(), state="dead")
    assert set(listed(ada, shop)) == {str(old), str(fresh)}
    assert listed(ada, shop, age="day") == [str(fresh)]
    assert listed(ada, shop, queue="urgent") == []
    assert set(listed(ada, shop, name="audit.check", queue="low")) == {str(old), str(fresh)}
    assert listed(ada, shop, name="tasks.forget") == []
    assert str(theirs) not in ada.get("/platform/jobs", params={"shop": shop.slug}).text
    assert "Nothing fits" in ada.get("/platform/jobs", params={"shop": "no-such-shop"}).text


def test_a_list_has_pages(ada, shop, promise, database, actor):
    first = promise(shop, state="dead")
    with database.for_shop(shop.id, actor) as uow:
        copies = text(
            "INSERT INTO shop.outbox (id, kind, name, plugin, payload, actor, queue, state, tries_max, created_at,"
            " run_at, ended_at) SELECT gen_random_uuid(), kind, name, plugin, payload, actor, queue, state, tries_max,"
            " created_at, run_at, ended_at + number * interval '1 second' FROM shop.outbox, generate_series(1, 60)"
            " AS number WHERE id = :id"
        )
        uow.execute(copies, {"id": first})
    assert (len(listed(ada, shop)), len(listed(ada, shop, page="2"))) == (50, 11)


def test_work_of_a_suspended_shop_says_why_it_waits(ada, new_shop, promise):
    shop = new_shop(state="suspended")
    job = promise(shop)
    page = ada.get("/platform/jobs", params={"shop": shop.slug, "state": "waiting"})
    assert "waits because the shop is suspended" in page.text
    assert "is done when the shop works again" in ada.get(f"/platform/jobs/{shop.id}/{job}").text


def test_trying_again_is_told_in_both_trails(ada, shop, promise, database, actor):
    job = promise(shop, state="dead")
    assert ada.post(f"/platform/jobs/{shop.id}/{job}/retry").status_code == 303
    assert state_of(database, actor, shop, job) == "waiting"
    assert ada.post(f"/platform/jobs/{shop.id}/{job}/retry").status_code == 409
    with database.for_shop(shop.id, actor) as uow:
        told = uow.execute(select(audit_entries).where(audit_entries.c.action == "jobs.retry")).one()
    assert (told.actor, told.actor_kind, told.details) == ("Ada", "platform", {"job": "audit.check", "id": str(job)})
    with database.for_platform("look", actor) as work:
        c = platform_audit_entries.c
        told = work.execute(select(c.details).where(c.action == "jobs.retry", c.details["id"].astext == str(job))).one()
    assert told.details == {"job": "audit.check", "id": str(job), "shop": str(shop.id)}


@pytest.mark.parametrize(("doing", "state"), [("drop", "waiting"), ("drop", "dead"), ("cancel", "sent")])
def test_what_is_not_done_any_more_asks_why(ada, shop, promise, database, actor, doing, state):
    job = promise(shop, state=state)
    at = f"/platform/jobs/{shop.id}/{job}/{doing}"
    assert ada.get(at).status_code == 200
    assert ada.post(at).status_code == 400
    assert state_of(database, actor, shop, job) == state
    assert ada.post(at, because="The file is gone").status_code == 303
    assert state_of(database, actor, shop, job) == "dropped"
    with database.for_shop(shop.id, actor) as uow:
        told = uow.execute(select(audit_entries).where(audit_entries.c.action == f"jobs.{doing}")).one()
    assert told.details == {"job": "audit.check", "id": str(job), "because": "The file is gone"}
    refused = ada.post(at, because="Again")
    assert (refused.status_code, "there is nothing to drop" in refused.text) == (409, True)


def test_all_that_failed_of_one_kind_begins_again_in_every_shop(ada, shop, new_shop, promise, database, actor):
    other = new_shop()
    ours, theirs, done = promise(shop, state="dead"), promise(other, state="dead"), promise(shop, state="done")
    page = ada.get("/platform/jobs").text
    assert "Try all again" in page
    assert ada.post("/platform/jobs/retries", name="audit.check").status_code == 303
    states = [state_of(database, actor, *each) for each in ((shop, ours), (other, theirs), (shop, done))]
    assert states == ["waiting", "waiting", "done"]


def test_a_job_that_is_not_there_is_not_found(ada, shop, new_shop, promise):
    job, other = promise(shop), new_shop()
    for at in (f"{shop.id}/{new_id()}", f"{other.id}/{job}"):
        assert ada.get(f"/platform/jobs/{at}").status_code == 404
        assert ada.post(f"/platform/jobs/{at}/drop", because="x").status_code == 404


def test_people_of_a_shop_find_none_of_it(shop, signed_in, promise):
    job, owner = promise(shop), signed_in(shop)
    for path in (
        "/platform/jobs",
        "/platform/jobs/times",
        "/platform/jobs/schedules",
        f"/platform/jobs/{shop.id}/{job}",
    ):
        assert owner.get(path).status_code == 404
    assert owner.post(f"/platform/jobs/{shop.id}/{job}/drop", because="x").status_code == 404


# Who is at work


def test_who_is_at_work_and_who_is_silent_is_shown(ada, presence):
    presence.tell(Present("worker", "host:1", NOW, NOW))
    presence.tell(Present("scheduler", "host:2", NOW, NOW - timedelta(minutes=5)))
    page = ada.get("/platform/jobs").text
    assert ("host:1" in page, "host:2" in page, "Silent" in page) == (True, True, True)
    assert "No worker is at work" not in page


def test_that_nobody_works_or_nobody_knows_is_said(ada, presence, monkeypatch):
    assert "No worker is at work" in ada.get("/platform/jobs").text
    monkeypatch.setattr(type(presence), "seen", lambda _self: None)
    monkeypatch.setattr(type(presence), "queued", lambda _self: None)
    assert "Valkey does not answer" in ada.get("/platform/jobs").text


# How long they take


def test_how_long_each_kind_takes_is_read_from_the_last_day(ada, shop, promise):
    name = f"audit.{new_id().hex}"
    for took_ms in (100, 200, 9_000):
        promise(shop, state="done", took_ms=took_ms, name=name)
    promise(shop, state="done", took_ms=600_000, name=name, ended_at=NOW - timedelta(days=2))
    page = ada.get("/platform/jobs/times").text
    row = page.split(f"<code>{name}</code>", 1)[1].split("</tr>", 1)[0]
    figures = [re.sub("<[^>]+>", "", cell).strip() for cell in re.findall(r'class="number[^"]*">(.*?)</td>', row)]
    assert figures == ["3", "0", "200 ms", "9 s", "9 s"]


# Scheduled


def test_every_schedule_is_listed_with_its_next_run(ada, plugins):
    page = ada.get("/platform/jobs/schedules").text
    for hook in ("schedules", "platform_schedules"):
        for given in plugins.given(hook):
            assert f"<code>{given.value.name}</code>" in page
            assert f'<code dir="ltr">{given.value.cron}</code>' in page


@pytest.mark.parametrize(
    ("cron", "zones", "now", "next_at"),
    [
        # Twenty past four in Tehran is ten to one in UTC, in Dubai twenty past midnight.
        ("20 4 * * *", ["Asia/Tehran"], "2026-11-21T08:28", "2026-11-22T00:50"),
        ("20 4 * * *", ["Asia/Tehran", "Asia/Dubai"], "2026-11-21T08:28", "2026-11-22T00:20"),
        ("20 4 * * *", ["Asia/Tehran", "Asia/Dubai"], "2026-11-22T00:30", "2026-11-22T00:50"),
        ("*/10 * * * *", ["Asia/Dubai"], "2026-11-21T08:28", "2026-11-21T08:30"),
        ("7 * * * *", ["Asia/Tehran"], "2026-11-21T08:28", "2026-11-21T08:37"),
        ("20 4 * * *", [], "2026-11-21T08:28", None),
    ],
)
def test_what_is_for_shops_begins_when_the_clock_of_the_first_shop_says_so(cron, zones, now, next_at):
    at = datetime.fromisoformat(f"{now}Z")
    clocked = Clocked("audit", Schedule("audit.check", cron, check))
    assert next_start(clocked, map(ZoneInfo, zones), at) == (datetime.fromisoformat(f"{next_at}Z") if next_at else None)


def test_what_is_for_the_installation_begins_by_utc():
    clocked = Clocked("audit", PlatformSchedule("audit.check_platform", "20 2 * * *", check, "Check"))
    found = next_start(clocked, [ZoneInfo("Asia/Tehran")], datetime.fromisoformat("2026-11-21T08:28Z"))
    assert found == datetime.fromisoformat("2026-11-22T02:20Z")


def test_a_shop_in_a_zone_that_this_machine_does_not_know_keeps_the_page_from_nobody(ada, shop, database, actor):
    change = update(tenants).where(tenants.c.id == shop.id)
    with database.for_platform("a zone of a newer system", actor) as work:
        work.execute(change.values(zone="Mars/Olympus", version=tenants.c.version + 1))
    try:
        assert ada.get("/platform/jobs/schedules").status_code == 200
    finally:
        with database.for_platform("tidy", actor) as work:
            work.execute(change.values(zone=shop.zone, version=tenants.c.version + 1))


def test_times_of_schedules_are_said_to_be_utc(ada, shop):
    page = ada.get("/platform/jobs/schedules").text
    row = page.split("<code>pricing.fetch_rates</code>", 1)[1].split("</tr>", 1)[0]
    assert "in the first shop" in row
    assert "The times below are UTC." in page


def test_a_schedule_is_started_for_one_shop_once_however_often_it_is_sent(ada, shop, database, actor):
    key = str(new_id())
    for _time in range(2):
        assert ada.post("/platform/jobs/schedules/audit.check", key=key, shop=shop.slug).status_code == 303
    with database.for_shop(shop.id, actor) as uow:
        asked = uow.execute(select(outbox.c.name).where(outbox.c.key == f"asked:{key}")).scalars().all()
    assert asked == ["audit.check"]


def test_nothing_is_started_for_a_shop_where_nothing_would_be_done(ada, new_shop, database, actor):
    suspended, bare = new_shop(state="suspended"), new_shop(plan="bare")
    for shop, schedule in ((suspended, "audit.check"), (bare, "accounting.catch_up")):
        answer = ada.post(f"/platform/jobs/schedules/{schedule}", key=str(new_id()), shop=shop.slug)
        assert answer.status_code in (404, 409)
    answer = ada.post("/platform/jobs/schedules/audit.check", key=str(new_id()), shop="no-such-shop")
    assert answer.status_code == 404
    assert ada.get("/platform/jobs/schedules/no.such").status_code == 404
    with database.for_shop(suspended.id, actor) as uow:
        assert uow.execute(select(outbox.c.id).where(outbox.c.key.startswith("asked:"))).all() == []


def test_what_the_installation_does_for_itself_is_done_by_a_scheduler_once(ada, database, actor):
    name = "audit.check_platform"
    ada.post(f"/platform/jobs/schedules/{name}", key=str(new_id()))
    assert "Asked for" in ada.get("/platform/jobs/schedules").text
    start_platform(database, NOW, NOW + timedelta(seconds=5))
    with database.for_platform("look", actor) as work:
        run = work.execute(select(schedule_runs).where(schedule_runs.c.name == name)).one()
    assert (run.slot, run.error, run.asked_at) == (NOW + timedelta(seconds=5), "", None)
    assert "Asked for" not in ada.get("/platform/jobs/schedules").text


# Forgotten


def ids(database: Database, actor, *shops) -> set[UUID]:
    found: set[UUID] = set()
    for shop in shops:
        with database.for_shop(shop.id, actor, read_only=True) as uow:
            found |= set(uow.execute(select(outbox.c.id)).scalars())
    return found


def test_what_ended_a_month_ago_is_forgotten_and_what_failed_or_waits_is_not(
    database, actor, new_shop, promise, monkeypatch
):
    shops = [new_shop(), new_shop()]
    before = ids(database, actor, *shops)
    old, younger = NOW - KEPT - timedelta(seconds=1), NOW - KEPT + timedelta(seconds=1)
    gone = [promise(shop, state=state, ended_at=old) for shop in shops for state in ("done", "skipped", "dropped")]
    stays = [promise(shops[0], state=state, ended_at=younger) for state in ("done", "skipped", "dropped")]
    stays += [promise(shops[0], state="dead", ended_at=old), promise(shops[0], created_at=old)]
    assert ids(database, actor, *shops) == before | {*gone, *stays}
    monkeypatch.setattr(kernel_outbox, "AT_ONCE", 2)
    with database.for_platform("test", actor) as work:
        forget_old_jobs(work, NOW, database)
    assert ids(database, actor, *shops) == before | set(stays)


def test_one_hour_forgets_so_many_batches_and_the_next_goes_on(database, actor, shop, promise, monkeypatch):
    monkeypatch.setattr(kernel_outbox, "AT_ONCE", 1)
    monkeypatch.setattr(clockwork, "BATCHES", 2)
    with database.for_platform("clean up after others", actor) as work:
        while kernel_outbox.sweep(work):
            pass
    before = ids(database, actor, shop)
    for _job in range(3):
        promise(shop, state="done", ended_at=NOW - KEPT - timedelta(days=1))
    left = []
    for _hour in range(3):
        with database.for_platform("test", actor) as work:
            forget_old_jobs(work, NOW, database)
        left.append(len(ids(database, actor, shop) - before))
    assert left == [1, 0, 0]


def test_work_that_a_person_may_start_again_keeps_its_job(database, actor, shop):
    with database.for_shop(shop.id, actor) as uow:
        job = uow.begin_work(check)
        ended = {"state": "skipped", "ended_at": NOW - KEPT - timedelta(days=1)}
        uow.execute(update(outbox).where(outbox.c.id == job).values(ended))
        uow.execute(update(long_work).where(long_work.c.id == job).values(state="stopped", ended_at=NOW))
    with database.for_platform("test", actor) as work:
        forget_old_jobs(work, NOW, database)
    with database.for_shop(shop.id, actor) as uow:
        assert start_again(uow, job).is_open
        uow.execute(update(outbox).where(outbox.c.id == job).values(ended))
        sweep(uow, NOW + timedelta(days=1))
    with database.for_platform("test", actor) as work:
        forget_old_jobs(work, NOW, database)
    assert job not in ids(database, actor, shop)


def test_a_shop_forgets_nothing_of_others(database, actor, shop):
    with pytest.raises(Exception, match="permission denied"), database.for_shop(shop.id, actor) as uow:
        uow.execute(text("SELECT app.sweep_jobs(now(), 1)"))

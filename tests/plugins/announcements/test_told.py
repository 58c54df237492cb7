"""What a shop is told: whom it concerns, where it stands, who has seen it, and what that costs a page."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.tables import tenants
from kernel.tenancy import ActorKind
from plugins.announcements import actions, queries
from plugins.announcements.domain import Reach, Read
from plugins.announcements.forms import AnnouncementForm
from plugins.announcements.tables import announcements, figures
from tests.plugins.announcements.conftest import fields, look


def titles(database, shop, actor):
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        return [said.words["en"].title for said in queries.live(uow)]


def reached(database, announcement, actor):
    with database.for_platform("read", actor, read_only=True) as work:
        return queries.reach(work, [announcement])[announcement.id]


# Whom it concerns


def test_a_shop_is_told_what_concerns_it_and_no_other_is(announce, shop, new_shop, database, actor):
    other = new_shop("AE")
    announce(shop, title_en="For one")
    announce(shop, other, title_en="For two")
    assert titles(database, shop, actor) == ["For two", "For one"]
    assert titles(database, other, actor) == ["For two"]


@pytest.mark.parametrize(
    ("narrowed", "is_told"),
    [
        ({"plans": ["all"]}, True),
        ({"plans": ["small"]}, False),
        ({"markets": ["IR", "AE"]}, True),
        ({"markets": ["AE"]}, False),
        ({"states": ["active"]}, True),
        ({"states": ["trial", "suspended"]}, False),
        ({"plans": ["all"], "markets": ["IR"], "states": ["active"]}, True),
        ({"plans": ["all"], "markets": ["GB"], "states": ["active"]}, False),
    ],
)
def test_every_list_that_is_not_empty_narrows(announce, shop, database, actor, narrowed, is_told):
    announced = announce(shop, title_en="Narrow", **narrowed)
    assert titles(database, shop, actor) == (["Narrow"] if is_told else [])
    assert reached(database, announced, actor) == Reach(concerned=int(is_told))


def test_without_any_list_it_concerns_every_shop_that_can_sign_in(shop, new_shop, database, actor):
    new_shop(state="pending_deletion")
    with database.for_platform("draft", actor) as work:
        everybody = actions.draft(work, AnnouncementForm.model_validate(fields()))
        two = actions.draft(work, AnnouncementForm.model_validate(fields(shop)))
        can = ["trial", "active", "past_due", "suspended"]
        counted = len(work.execute(select(tenants.c.id).where(tenants.c.state.in_(can))).all())
        assert queries.reach(work, [everybody, two]) == {
            everybody.id: Reach(concerned=counted),
            two.id: Reach(concerned=1),
        }


def test_a_shop_that_comes_to_be_concerned_is_told(announce, shop, database, actor):
    announce(shop, title_en="For those who are past due", states=["past_due"])
    assert titles(database, shop, actor) == []
    with database.for_platform("change", actor) as work:
        work.execute(
            update(tenants).where(tenants.c.id == shop.id).values(state="past_due", version=tenants.c.version + 1)
        )
    assert titles(database, shop, actor) == ["For those who are past due"]


def test_a_shop_cannot_read_whom_an_announcement_concerns(announce, shop, new_shop, database, actor):
    announce(new_shop("AE"), title_en="Not for you")
    with database.for_shop(shop.id, actor) as uow:
        with pytest.raises(Exception, match="permission denied"), uow.nested():
            uow.execute(select(announcements))
        row = uow.ask("SELECT * FROM app.announcements_here(%(since)s)", {"since": uow.now - timedelta(days=9)})
        assert row == []
        assert uow.execute(select(figures)).all() == []


def test_nobody_acknowledges_what_does_not_concern_them(announce, shop, new_shop, reader):
    for_others = announce(new_shop("AE"), severity="critical")
    owner = reader(shop)
    assert owner.post(f"/announcements/{for_others.id}/acknowledgement").status_code == 404
    assert owner.post(f"/announcements/{new_id()}/acknowledgement").status_code == 404


# When


def test_it_begins_and_ends_by_itself_without_anything_being_asked(announce, shop, database, actor, clock, statements):
    begins, ends = "2025-06-02", "2025-06-02"
    announce(shop, title_en="Noon", begins_day=begins, begins_time="13:00", ends_day=ends, ends_time="14:00")
    assert titles(database, shop, actor) == []  # 12:30 in Tehran
    with statements.counted() as sent:
        clock.advance(timedelta(minutes=45))
        assert titles(database, shop, actor) == ["Noon"]
        clock.advance(timedelta(hours=1))
        assert titles(database, shop, actor) == []
    assert not [one for one in sent if "announcement" in one]


def test_what_is_withdrawn_is_gone_from_every_page(announce, shop, database, actor, reader):
    announced = announce(shop, severity="critical", title_en="Wrong")
    owner = reader(shop)
    assert "Wrong" in owner.get("/branches").text
    with database.for_platform("withdraw", actor) as work:
        actions.withdraw(work, announced.id, "it was wrong")
    look(database)
    assert "Wrong" not in owner.get("/branches").text
    assert "Wrong" not in owner.get("/announcements").text
    assert owner.post(f"/announcements/{announced.id}/acknowledgement").status_code == 404


# Where it stands


def test_a_critical_one_stands_on_every_page_until_each_person_has_said_that_they_know(announce, shop, reader):
    announced = announce(shop, severity="critical", title_en="Close your tills")
    sara, omid = reader(shop, name="Sara"), reader(shop, "employee", "Omid")
    for browser in (sara, omid):
        assert "Close your tills" in browser.get("/announcements").text
        assert 'class="band band--warn" aria-label="Close your tills"' in browser.get("/tasks").text
    answer = sara.post(f"/announcements/{announced.id}/acknowledgement", next="/branches")
    assert (answer.status_code, answer.headers["location"]) == (303, "/branches")
    assert "Close your tills" not in sara.get("/tasks").text
    assert "Close your tills" in omid.get("/tasks").text
    assert "You have acknowledged this." in sara.get("/announcements").text


def test_what_is_acknowledged_leads_nowhere_else(announce, shop, reader):
    announced = announce(shop, severity="critical")
    answer = reader(shop).post(f"/announcements/{announced.id}/acknowledgement", next="https://evil.example/")
    assert answer.headers["location"] == "/announcements"


def test_others_stand_in_the_bell_and_on_today_until_they_are_seen(announce, shop, reader):
    announce(shop, severity="warning", title_en="A new price")
    owner = reader(shop)
    assert "A new price" in owner.get("/").text
    assert "A new price" not in owner.get("/tasks").text
    assert "A new price" in owner.get("/bell").text
    assert owner.get("/bell/count").text.count("1") >= 1
    assert owner.post("/announcements/seen").status_code == 303
    assert "A new price" not in owner.get("/").text
    assert "A new price" in owner.get("/announcements").text
    assert "A new price" in owner.get("/bell").text


def test_opening_the_bell_is_seeing_them(announce, shop, reader, database, actor):
    announced = announce(shop, title_en="A new page")
    owner = reader(shop)
    assert reached(database, announced, actor).seen == 0
    owner.post("/bell")
    assert reached(database, announced, actor) == Reach(concerned=1, shops_seen=1, seen=1)
    assert "A new page" not in owner.get("/").text


def test_it_is_said_in_the_language_of_who_reads_and_its_time_is_the_shops(announce, new_shop, reader):
    shop = new_shop("AE")
    announce(shop, begins_day="2025-06-02", begins_time="12:00", ends_day="2025-06-03", ends_time="12:00")
    owner = reader(shop)
    page = owner.get("/announcements").text
    assert "Goldsmith rests on Friday" in page
    assert "3 Jun 2025, 12:30" in page  # noon in Tehran, in Dubai
    assert '<a href="https://example.com/rest" rel="noopener noreferrer">' in page
    owner.client.cookies.set("language", "fa")
    assert "گلداسمیت جمعه استراحت می‌کند" in owner.get("/announcements").text


def test_words_are_words_and_no_html(announce, shop, reader):
    announce(shop, severity="critical", title_en="<b>Bold</b>", text_en="<script>alert(1)</script>")
    owner = reader(shop)
    for path in ("/announcements", "/tasks", "/bell"):
        page = owner.get(path).text
        assert "<b>Bold</b>" not in page
        assert "<script>alert(1)</script>" not in page
        assert "&lt;b&gt;Bold" in page


@pytest.mark.parametrize("state", ["past_due", "suspended"])
def test_who_may_change_nothing_sees_and_acknowledges_them(announce, new_shop, reader, database, actor, state):
    shop = new_shop("AE")
    owner = reader(shop)
    announced = announce(shop, severity="critical", title_en="Please pay")
    with database.for_platform("change", actor) as work:
        work.execute(update(tenants).where(tenants.c.id == shop.id).values(state=state, version=tenants.c.version + 1))
    assert "Please pay" in owner.get("/branches").text
    assert owner.post(f"/announcements/{announced.id}/acknowledgement").status_code == 303
    assert "Please pay" not in owner.get("/branches").text
    assert owner.post("/announcements/seen").status_code == 303


def test_an_admin_in_somebodys_account_reads_nothing_in_their_place(announce, shop, database, actor):
    announced = announce(shop, severity="critical")
    admin = replace(actor, kind=ActorKind.PLATFORM)
    with database.for_shop(shop.id, admin) as uow:
        assert queries.unread(uow)[0] == []
        actions.see(uow)
        with pytest.raises(NotFound):
            actions.acknowledge(uow, announced.id)
    assert reached(database, announced, actor) == Reach(concerned=1)


# Read


def test_to_have_seen_three_costs_what_to_have_seen_one_costs(announce, shop, database, actor, statements):
    costs = []
    for many in (1, 3):
        said = [announce(shop) for _number in range(many)]
        with database.for_shop(shop.id, actor, read_only=True) as uow:
            queries.here(uow)
        with statements.counted() as sent, database.for_shop(shop.id, actor) as uow:
            actions.see(uow)
        costs.append(len(sent))
        assert {reached(database, one, actor) for one in said} == {Reach(concerned=1, shops_seen=1, seen=1)}
    assert costs[0] == costs[1]


def test_saying_twice_that_one_knows_is_saying_it_once(announce, shop, database, actor):
    announced = announce(shop, severity="critical")

    def acknowledge(_time):
        with database.for_shop(shop.id, actor) as uow:
            actions.acknowledge(uow, announced.id)

    with ThreadPoolExecutor(2) as two:
        list(two.map(acknowledge, range(2)))
    acknowledge(3)
    assert reached(database, announced, actor) == Reach(concerned=1, shops_seen=1, seen=1, acknowledged=1)
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        assert queries.reads(uow, queries.lately(uow)) == {announced.id: Read(seen=True, acknowledged=True)}


def test_that_somebody_knows_stands_in_the_trail_once(announce, shop, database, actor, superuser):
    announced = announce(shop, severity="critical", title_en="Known")
    for _time in range(2):
        with database.for_shop(shop.id, actor) as uow:
            actions.acknowledge(uow, announced.id)
    entries = superuser.execute(
        "SELECT details FROM shop.audit_entries WHERE tenant_id = %s AND action = 'announcements.acknowledge'",
        (shop.id,),
    ).fetchall()
    assert entries == [({"announcement": str(announced.id), "title": "Known"},)]


def test_figures_are_summed_over_shops(announce, shop, new_shop, database, actor, reader):
    other = new_shop("AE")
    announced = announce(shop, other, severity="critical")
    for where, name in ((shop, "Sara"), (shop, "Omid"), (other, "Amal")):
        reader(where, "employee", name).post("/announcements/seen")
    reader(other).post(f"/announcements/{announced.id}/acknowledgement")
    assert reached(database, announced, actor) == Reach(concerned=2, shops_seen=2, seen=4, acknowledged=1)
    with database.for_platform("read", actor, read_only=True) as work:
        [(first, _name, here), _second] = queries.by_shop(work, announced.id)
    assert (first, here.seen, here.acknowledged) == (other.id, 2, 1)


# What it costs


def test_a_page_costs_no_statement_where_nothing_is_told_or_all_of_it_is_settled(announce, shop, reader, statements):
    owner = reader(shop)

    def asked():
        with statements.counted() as sent:
            assert owner.get("/branches").status_code == 200
        return [one for one in sent if "announcement" in one]

    asked()
    assert asked() == []
    announced = announce(shop, severity="critical")
    assert len(asked()) == 2  # what is told, once for a version, and what this person has read
    assert len(asked()) == 1
    owner.post(f"/announcements/{announced.id}/acknowledgement")
    assert len(asked()) == 1
    assert asked() == []

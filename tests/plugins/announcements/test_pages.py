"""The platform's pages of announcements."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from kernel.ids import new_id
from plugins.announcements import queries
from plugins.announcements.domain import Targets
from tests.plugins.announcements.conftest import fields, look

HOME = "/platform/announcements"


def written(ada, *shops, **changes):
    """The address of a new draft."""
    answer = ada.post(HOME, **fields(*shops, **changes))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_shops_people_know_nothing_of_these_pages(signed_in, shop):
    owner = signed_in(shop)
    assert [owner.get(path).status_code for path in (HOME, f"{HOME}/new", f"{HOME}/templates")] == [404] * 3
    assert owner.post(HOME, **fields(shop)).status_code == 404


def test_an_announcement_goes_from_draft_to_live_to_withdrawn(ada, shop, signed_in, database):
    here = written(ada, shop, severity="critical")
    owner = signed_in(shop)
    assert "Draft" in ada.get(here).text
    look(database)
    assert "Goldsmith rests" not in owner.get("/announcements").text
    assert ada.post(f"{here}/publication").headers["location"] == here
    look(database)
    owner.client.cookies.set("language", "en")
    assert "Goldsmith rests on Friday" in owner.get("/announcements").text
    assert "Live" in ada.get(here).text
    assert ada.post(f"{here}/withdrawal", because="Friday is free").status_code == 303
    page = ada.get(here).text
    assert "Withdrawn" in page
    assert "Friday is free" in page
    look(database)
    assert "Goldsmith rests on Friday" not in owner.get("/announcements").text


def test_its_times_are_those_of_its_zone(ada, shop, database, actor):
    here = written(ada, shop, begins_day="2025-07-01", begins_time="۰۹:۳۰", ends_day="2025-07-01", ends_time="18:00")
    with database.for_platform("read", actor, read_only=True) as work:
        found = queries.announcement(work, here.rpartition("/")[2])
    assert (found.begins_at, found.ends_at) == (
        datetime(2025, 7, 1, 6, 0, tzinfo=UTC),
        datetime(2025, 7, 1, 14, 30, tzinfo=UTC),
    )
    assert found.targets == Targets(shops=(shop.id,))
    assert "1 Jul 2025, 09:30" in ada.get(here).text
    form = ada.get(f"{here}/change").text
    assert 'value="09:30"' in form
    assert shop.slug in form


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title_fa": ""}, "Please fill this in."),
        ({"zone": "Mars/Olympus"}, "Please enter a time zone such as Asia/Tehran."),
        ({"begins_day": "2025-07-02", "ends_day": "2025-07-01"}, "It ends before it begins."),
        ({"begins_time": "9"}, "Please enter a time such as 14:30."),
        ({"begins_time": "09:00"}, "Please say on which day, too."),
        ({"shops": "nobodys-shop"}, "There is no shop with this address: nobodys-shop"),
        ({"states": "deleted-twice"}, "Please choose one from the list."),
        ({"severity": "loud"}, "Please choose one from the list."),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(ada, shop, changes, said):
    answer = ada.post(HOME, **(fields(shop) | changes))
    assert answer.status_code in (400, 404, 422)
    assert said in answer.text
    assert "Goldsmith rests on Friday" in answer.text


def test_what_is_published_is_not_changed_any_more(ada, shop):
    here = written(ada, shop)
    assert ada.post(f"{here}/change", **fields(shop, title_en="Better words")).status_code == 303
    assert "Better words" in ada.get(here).text
    ada.post(f"{here}/publication")
    assert ada.post(f"{here}/change", **fields(shop, title_en="Other words")).status_code == 409
    assert ada.post(f"{here}/publication").status_code == 409
    assert ada.post(f"{here}/removal").status_code == 409
    assert "Better words" in ada.get(here).text


def test_what_is_over_or_reaches_nobody_is_not_published(ada, shop):
    over = written(ada, shop, begins_day="2025-05-01", ends_day="2025-05-02")
    answer = ada.post(f"{over}/publication")
    assert (answer.status_code, "Its time is over already." in answer.text) == (422, True)
    silent = written(ada, shop, in_app="")
    assert ada.post(f"{silent}/publication").status_code == 422


def test_only_what_is_published_is_withdrawn_and_once_and_with_a_reason(ada, shop):
    here = written(ada, shop)
    assert ada.post(f"{here}/withdrawal", because="early").status_code == 409
    ada.post(f"{here}/publication")
    assert ada.post(f"{here}/withdrawal").status_code == 400
    assert ada.post(f"{here}/withdrawal", because="wrong").status_code == 303
    assert ada.post(f"{here}/withdrawal", because="again").status_code == 409


def test_a_draft_that_nobody_wants_is_gone(ada, shop):
    here = written(ada, shop)
    assert ada.post(f"{here}/removal").headers["location"] == HOME
    assert ada.get(here).status_code == 404
    assert ada.post(f"{HOME}/{new_id()}/removal").status_code == 404


def test_words_are_used_again(ada, shop):
    here = written(ada, shop, title_en="Once more")
    again = ada.post(f"{here}/copy").headers["location"]
    assert "Once more" in ada.get(again).text
    assert ada.post(f"{here}/template", name="Rest on Friday").status_code == 303
    kept = ada.get(f"{HOME}/templates").text
    [template] = re.findall(r"template=([0-9a-f-]+)\">Rest on Friday", kept)
    assert "Once more" in ada.get(f"{HOME}/new?template={template}").text
    assert ada.post(f"{HOME}/templates/{template}/removal").status_code == 303
    assert "Rest on Friday" not in ada.get(f"{HOME}/templates").text
    assert ada.post(f"{HOME}/templates/{template}/removal").status_code == 404


def test_there_are_templates_to_begin_with(ada):
    page = ada.get(f"{HOME}/new").text
    assert [name in page for name in ("Maintenance", "New feature", "Price change")] == [True] * 3


def test_the_list_says_where_each_stands_and_asks_as_often_for_three_as_for_one(ada, shop, statements):
    def asked():
        with statements.counted() as sent:
            page = ada.get(f"{HOME}?stage=draft")
        assert page.status_code == 200
        return len(sent), page.text

    written(ada, shop, title_en="First")
    asked()
    one, page = asked()
    assert "First" in page
    for number in range(2):
        written(ada, shop, title_en=f"More {number}")
    assert asked()[0] == one
    assert "First" not in ada.get(f"{HOME}?stage=live").text


def test_every_change_is_in_the_trail(ada, shop, superuser):
    here = written(ada, shop)
    ada.post(f"{here}/publication")
    ada.post(f"{here}/withdrawal", because="wrong")
    rows = superuser.execute(
        "SELECT e.action, e.actor, c.kind FROM platform.audit_entries AS e JOIN platform.audit_changes AS c "
        "ON c.entry_id = e.id WHERE c.about = 'announcements' AND c.row_key = %s ORDER BY e.number",
        (here.rpartition("/")[2],),
    ).fetchall()
    assert rows == [
        ("announcements.write_announcement", "Ada", "create"),
        ("announcements.publish_announcement", "Ada", "change"),
        ("announcements.withdraw_announcement", "Ada", "change"),
    ]


def test_a_draft_tells_what_of_its_template_is_still_to_be_filled_in(ada, shop):
    gap = "still stands where a day or a name belongs"
    assert gap in ada.get(written(ada, shop, title_fa="تعطیل در …")).text
    assert gap not in ada.get(written(ada, shop)).text


@pytest.mark.parametrize("part", ["title_en", "text_en", "title_fa", "text_fa"])
def test_and_is_not_published_before_that(ada, shop, part):
    here = written(ada, shop, **{part: "On …"})
    answer = ada.post(f"{here}/publication")
    assert (answer.status_code, "Please fill it in before publishing." in answer.text) == (422, True)
    assert "Draft" in ada.get(here).text
    ada.post(f"{here}/change", **fields(shop))
    assert ada.post(f"{here}/publication").status_code == 303

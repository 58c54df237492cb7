"""When nobody can be served: maintenance that every process sees, a database that is away, a page that broke."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette

from kernel import maintenance
from kernel.clock import SetClock
from kernel.maintenance import Watch
from kernel.plugins import Plugins
from kernel.uow import Database, open_engine
from tests.plugins.browser import Browser
from tests.plugins.conftest import app, browser, signed_in
from web.app import build
from web.house import House
from web.render import CSRF_FIELD

__all__ = ["app", "browser", "signed_in"]

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def _looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "LOOK_EVERY_S", 0)


@pytest.fixture
def house(database: Database, plugins: Plugins) -> House:
    """Another process on the same database, with a view of its own of what is going on."""
    return House(database, plugins, "localhost", production=False, threads=8, ready=list)


@pytest.fixture
def there(house: House) -> Browser:
    return Browser(build(house))


@pytest.fixture
def closed(database, actor, house):
    with database.for_platform("begin", actor) as work:
        maintenance.begin(work, work.now + timedelta(minutes=25), "A larger disk.")
    house.watch.look(database)
    yield
    with database.for_platform("end", actor) as work:
        maintenance.end(work)


def test_during_maintenance_nobody_is_let_in_and_everybody_is_told_until_when(closed, there):
    page = there.get("/login")
    assert (page.status_code, page.headers["retry-after"], page.headers["refresh"]) == (503, "1500", "10")
    assert "A larger disk." in page.text
    assert "We expect to be back in 25 minutes." in page.text
    assert page.headers["content-security-policy"]
    assert there.get("/api/v1/items").json()["type"] == "urn:goldsmith:problem:closed"
    assert there.client.post("/login", headers=PART).text.lstrip().startswith("<hx-partial")


def test_what_tells_whether_the_house_stands_goes_on(closed, there):
    assert there.get("/health/live").status_code == 200
    ready = there.get("/health/ready")
    assert (ready.status_code, ready.json()["maintenance"]) == (200, True)
    assert there.get("/static/nothing.css").status_code == 404


def test_another_process_sees_the_end_with_its_next_look(closed, house, there, database, actor, monkeypatch):
    with database.for_platform("end", actor) as work:
        assert maintenance.end(work)
    monkeypatch.setattr(maintenance, "LOOK_EVERY_S", 3600)
    house.watch.look(database)
    assert there.get("/login").status_code == 503  # it looked a moment ago
    monkeypatch.setattr(maintenance, "LOOK_EVERY_S", 0)
    house.watch.look(database)
    assert there.get("/login").status_code == 200


def test_a_new_announcement_takes_the_place_of_the_last(closed, database, actor):
    with database.for_platform("longer", actor) as work:
        maintenance.begin(work, work.now + timedelta(hours=2))
        assert maintenance.current(work) == maintenance.Maintenance(
            work.now + timedelta(hours=2), "", work.now, actor.name
        )
        assert maintenance.end(work)
        assert maintenance.current(work) is None
        assert not maintenance.end(work)


@pytest.fixture
def away(services, clock: SetClock, plugins: Plugins) -> Database:
    """A database whose server does not answer."""
    nowhere: list[Engine] = [open_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing", pool_size=1)] * 2
    return Database(nowhere[0], nowhere[1], clock, plugins)


def test_a_database_that_is_away_is_said_in_a_page_that_looks_again(away, plugins):
    lost = Browser(build(House(away, plugins, "localhost", production=False, threads=1, ready=list)))
    lost.client.cookies.set("goldsmith", "a" * 43)
    page = lost.get("/tasks")
    assert (page.status_code, page.headers["refresh"], page.headers["retry-after"]) == (503, "10", "2")
    assert "The database does not answer." in page.text
    assert "Traceback" not in page.text
    assert lost.get("/no/such/page").status_code == 404
    assert (
        lost.client.get("/tasks", headers={"cookie": "goldsmith=x", "accept-language": "fa"}).text.count('dir="rtl"')
        == 1
    )


def test_while_the_database_is_away_the_announcement_stands(closed, house, away, there):
    assert house.watch.look(away) is not None
    assert there.get("/login").status_code == 503
    assert Watch().look(away) is None


def test_what_breaks_outside_of_every_page_has_a_number_and_leaks_nothing(app: Starlette, caplog, monkeypatch):
    def broken(*_args, **_more):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("web.frame.nobodys", broken)
    answer = Browser(app).get("/login")
    assert (answer.status_code, "secret" in answer.text) == (500, False)
    numbers = [record.getMessage().split()[1] for record in caplog.records if record.getMessage().startswith("fault")]
    assert numbers
    assert numbers[0] in answer.text


def test_the_log_of_a_fault_says_no_token_of_its_address(app: Starlette, shop, caplog, monkeypatch):
    def broken(*_args, **_more):
        raise ZeroDivisionError

    monkeypatch.setattr("web.frame.nobodys", broken)
    assert Browser(app).get(f"/invitations/{shop.id}/letme1n").status_code == 500
    said = [record.getMessage() for record in caplog.records if record.name == "web.problems"]
    assert [line for line in said if line.startswith("fault") and "GET /invitations/{shop}/{token}" in line]
    assert [line for line in said if "letme1n" in line] == []


def test_an_address_that_takes_only_forms_is_no_page(signed_in, shop):
    answer = signed_in(shop).get("/books/reversals")
    assert answer.status_code == 404
    only_post = signed_in(shop).get("/logout")
    assert (only_post.status_code, only_post.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("token", ["\ud800", "چ", "", 7, None, ["x"]])
def test_a_token_that_is_none_is_refused_whatever_it_is(signed_in, shop, token):
    body = json.dumps({CSRF_FIELD: token})
    answer = signed_in(shop).client.post("/bell", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 403

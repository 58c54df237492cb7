"""Long work on its pages and in the bell: whose it is, how far it is, what one may do about it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kernel import work
from kernel.calendars import Calendar
from kernel.ids import new_id
from kernel.tenancy import system
from plugins.accounting.jobs import prove_books
from plugins.tasks.jobs import forget_old_work
from plugins.tasks.pages.shown import _left
from tests.plugins.browser import Browser
from web.formats import Formats

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def manager(signed_in, shop) -> Browser:
    mina: Browser = signed_in(shop, "manager", "Mina")
    mina.client.cookies.set("language", "en")
    return mina


def proved(browser: Browser) -> str:
    """Begin a proof of the books; answers the address of the work."""
    answer = browser.post("/books/proof")
    assert answer.status_code == 303
    address: str = answer.headers["location"]
    return address


def test_work_is_found_again_in_the_list_and_in_the_bell(manager, deliver_all):
    address = proved(manager)
    assert address in manager.get("/tasks").text
    assert manager.get("/tasks").text.count("Waiting") == 1
    assert "Proving the books" in manager.get(address).text
    assert address in manager.get("/bell").text
    deliver_all()
    page = manager.get(address).text
    assert "It is done" in page
    assert 'href="/books/proof"' in page


def test_only_who_began_it_and_the_owner_see_it(manager, signed_in, shop, new_shop):
    address = proved(manager)
    assert signed_in(shop, "manager", "Ali").get(address).status_code == 404
    assert signed_in(shop, "employee", "Omid").get("/tasks").text.count(address) == 0
    assert signed_in(shop, "owner", "Sara").get(address).status_code == 200
    assert signed_in(new_shop(), "owner", "Nadia").get(address).status_code == 404


def test_the_bell_counts_what_is_new_until_it_is_opened(manager, deliver_all):
    assert 'class="top__unread"' not in manager.get("/").text
    proved(manager)
    assert 'class="top__unread"' in manager.get("/").text
    deliver_all()
    assert "</bdi> new</span>" in manager.get("/bell/count", headers=HTMX).text
    manager.post("/bell")
    assert "</bdi> new</span>" not in manager.get("/bell/count", headers=HTMX).text
    assert 'class="top__unread"' not in manager.get("/").text


def test_the_number_in_the_bell_costs_one_statement_and_a_fragment_none(manager, statements):
    manager.get("/tasks")
    with statements.counted() as whole:
        manager.get("/tasks")
    with statements.counted() as part:
        manager.get("/tasks", headers=HTMX)
    assert len(whole) == len(part) + 1


def test_a_part_is_asked_for_while_the_work_is_under_way(manager, deliver_all):
    address = proved(manager)
    part = manager.get(address, headers=HTMX).text
    assert 'hx-trigger="every 2s, live:work from:body throttle:1s"' in part
    assert "<html" not in part
    deliver_all()
    assert "hx-trigger" not in manager.get(address, headers=HTMX).text


def test_failed_work_says_why_and_starts_again(manager, shop, database, deliver_all):
    address = proved(manager)
    id = UUID(address.rsplit("/", 1)[1])
    with database.for_shop(shop.id, system("test")) as uow:
        work.fail(uow, id, "The ledger was locked.")
    page = manager.get(address).text
    assert "It did not work" in page
    assert "The ledger was locked." in page
    assert manager.post(f"{address}/again").headers["location"] == address
    deliver_all()
    assert "It is done" in manager.get(address).text


def test_work_that_may_not_be_stopped_offers_no_button(manager):
    address = proved(manager)
    assert f"{address}/stop" not in manager.get(address).text
    manager.post(f"{address}/stop")
    assert "Waiting" in manager.get(address).text


def test_an_empty_list_says_what_it_is_for(manager):
    assert "No long work" in manager.get("/tasks").text
    assert "There is no rate to sell at" in manager.get("/bell").text


def test_work_that_does_not_exist_is_not_found(manager):
    assert manager.get(f"/tasks/{new_id()}").status_code == 404


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (3, "a few seconds left"), (48, "about 50 seconds left"), (95, "about 2 minutes left"),
        (1500, "about 25 minutes left"),
    ],
)  # fmt: skip
def test_the_time_left_is_no_more_exact_than_it_is_known(clock, seconds, said):
    show = Formats("en", Calendar.GREGORIAN, clock.now().tzinfo, clock.now())
    assert _left(show, timedelta(seconds=seconds)) == said


def test_old_work_is_forgotten_by_night(uow, actor):
    uow.begin_work(prove_books)
    forget_old_work(uow)
    assert work.count(uow) == 1

"""The stream of what changes in a shop: for its own people only, and only while they are signed in."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import Engine

from adapters.signals.memory import MemorySignals
from kernel.plugins import Plugins
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from tests.plugins.browser import Browser
from tests.plugins.conftest import ada, admin_signs_in, app, browser, signed_in
from tests.serving import serving
from web import live
from web.app import build
from web.house import House

__all__ = ["ada", "admin_signs_in", "app", "browser", "signed_in"]

SOON_S = 5.0


class Listening:
    """A page that is open: what it is told, line by line, and whether the line still stands."""

    def __init__(self, address: str, who: Browser) -> None:
        session = who.client.cookies.get("goldsmith", "")
        self._answer = httpx.Client(base_url=address, cookies={"goldsmith": session}, timeout=SOON_S)
        self._lines: queue.Queue[str] = queue.Queue()
        self.status = 0
        self.headers = httpx.Headers()
        self.over = threading.Event()
        self._open = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._open.wait(SOON_S)

    def _listen(self) -> None:
        try:
            with self._answer.stream("GET", "/live") as answer:
                self.status, self.headers = answer.status_code, answer.headers
                for line in answer.iter_lines():
                    if line:
                        self._lines.put(line)
                        self._open.set()
        except httpx.TransportError:
            pass
        self._open.set()
        self.over.set()

    def told(self) -> str:
        """The next topic."""
        while not (line := self._lines.get(timeout=SOON_S)).startswith("data: "):
            pass
        return line.removeprefix("data: ")

    def next_line(self) -> str:
        return self._lines.get(timeout=SOON_S)

    def close(self) -> None:
        self._answer.close()


@pytest.fixture
def signals() -> MemorySignals:
    return MemorySignals()


@pytest.fixture
def telling(engines: tuple[Engine, Engine], database: Database, plugins: Plugins, signals: MemorySignals) -> Database:
    """The database of a process that tells what it changes."""
    return Database(*engines, database.clock, plugins, signals)


@pytest.fixture
def address(telling: Database, signals: MemorySignals, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.4)
    monkeypatch.setattr(live, "LOOK_AGAIN_S", 0.2)
    application = build(
        House(telling, telling.plugins, "localhost", production=False, threads=2, ready=list, signals=signals)
    )
    with serving(application, lifespan="on") as address:
        yield address
        application.state.live.stop()


@pytest.fixture
def listens(address: str) -> Iterator[Callable[[Browser], Listening]]:
    with ExitStack() as open_pages:

        def opened(who: Browser) -> Listening:
            page = Listening(address, who)
            open_pages.callback(page.close)
            return page

        yield opened


def change(database: Database, shop: Shop, actor: Actor, *topics: str) -> None:
    with database.for_shop(shop.id, actor) as uow:
        for topic in topics:
            uow.signal(topic)


def test_an_open_page_is_told_what_changes(listens, signed_in, telling, shop, actor):
    page = listens(signed_in(shop))
    change(telling, shop, actor, "sales", "stock", "sales")
    assert [page.told(), page.told()] == ["sales", "stock"]
    assert (page.status, page.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert (page.headers["cache-control"], page.headers["x-accel-buffering"]) == ("no-store", "no")


def test_another_shops_page_is_told_nothing(listens, signed_in, telling, shop, new_shop, actor):
    other = new_shop("AE")
    ours, theirs = listens(signed_in(shop)), listens(signed_in(other))
    change(telling, shop, actor, "sales")
    change(telling, other, actor, "rates")
    assert (ours.told(), theirs.told()) == ("sales", "rates")  # theirs was told second, and heard no "sales" before


def test_what_was_not_committed_is_not_told(listens, signed_in, telling, shop, actor):
    page = listens(signed_in(shop))
    with pytest.raises(ZeroDivisionError):
        with telling.for_shop(shop.id, actor) as uow:
            uow.signal("sales")
            raise ZeroDivisionError
    change(telling, shop, actor, "stock")
    assert page.told() == "stock"


def test_a_quiet_line_is_kept_open_and_says_when_to_come_back(listens, signed_in, shop):
    page = listens(signed_in(shop))
    retry = page.next_line()
    assert retry.startswith("retry: ")
    assert 2_000 <= int(retry.removeprefix("retry: ")) <= 8_000
    assert page.next_line() == ": still here"


def test_who_is_not_signed_in_is_told_to_stay_away(listens, browser):
    page = listens(browser())
    assert (page.status, page.over.wait(SOON_S)) == (204, True)


def test_the_platforms_pages_are_told_what_is_theirs_and_nothing_of_shops(
    listens, ada, signed_in, telling, shop, actor
):
    platforms, sara = listens(ada), listens(signed_in(shop))
    with telling.for_shop(shop.id, actor) as uow:
        uow.signal("sales")
        uow.signal_platform("shops")
    with telling.for_platform("change", actor) as work:
        work.signal("jobs")
    change(telling, shop, actor, "stock")
    # What comes while a line is busy is told together, in no order that is promised.
    assert {platforms.told(), platforms.told()} == {"shops", "jobs"}
    assert {sara.told(), sara.told()} == {"sales", "stock"}


def test_what_the_platform_did_not_commit_is_not_told(listens, ada, telling, actor):
    page = listens(ada)
    with pytest.raises(ZeroDivisionError), telling.for_platform("change", actor) as work:
        work.signal("faults")
        raise ZeroDivisionError
    with telling.for_platform("change", actor) as work:
        work.signal("jobs")
    assert page.told() == "jobs"


def test_the_page_of_an_admin_who_signs_out_goes_silent(listens, ada):
    page = listens(ada)
    ada.post("/logout")
    assert page.over.wait(SOON_S)


def test_the_page_of_somebody_who_signs_out_goes_silent(listens, signed_in, telling, shop, actor):
    sara, reza = signed_in(shop), signed_in(shop, name="Reza")
    hers, his = listens(sara), listens(reza)
    sara.post("/logout")
    assert hers.over.wait(SOON_S)
    assert not his.over.is_set()
    change(telling, shop, actor, "sales")
    assert his.told() == "sales"


@pytest.mark.parametrize("ends", ["leaves", "runs out", "elsewhere"])
def test_the_page_of_an_admin_in_somebodys_account_goes_silent_within_two_seconds(
    ends, listens, ada, signed_in, telling, shop, actor, clock, superuser, monkeypatch
):
    sara = signed_in(shop)
    [(person,)] = superuser.execute("SELECT id FROM shop.users WHERE tenant_id = %s", [shop.id]).fetchall()
    begun = {"user": str(person), "because": "a figure that does not change", "minutes": "15"}
    assert ada.post(f"/platform/shops/{shop.id}/impersonation", **begun).status_code == 303
    hers, his = listens(sara), listens(ada)
    change(telling, shop, actor, "sales")
    assert (hers.told(), his.told()) == ("sales", "sales")
    monkeypatch.setattr(live, "LOOK_AGAIN_S", 60)
    if ends == "leaves":
        assert ada.post("/impersonation/leave").status_code == 303
    elif ends == "runs out":
        clock.advance(timedelta(minutes=15))
    else:
        superuser.execute(
            "DELETE FROM platform.sessions WHERE impersonator_id IS NOT NULL AND person_id = %s", [person]
        )
    assert his.over.wait(2.5)
    change(telling, shop, actor, "stock")
    assert hers.told() == "stock"
    assert "data: stock" not in list(his._lines.queue)


def test_an_open_page_does_not_keep_its_session_alive(listens, signed_in, database, shop, clock, superuser):
    listens(signed_in(shop))
    seen = "SELECT seen_at FROM platform.sessions WHERE tenant_id = %s"
    before = superuser.execute(seen, [shop.id]).fetchone()
    clock.advance(timedelta(minutes=90))
    time.sleep(1.5)  # looked at again, and past the second for which a session is remembered
    assert superuser.execute(seen, [shop.id]).fetchone() == before


def test_a_session_that_ran_out_ends_its_page(listens, signed_in, shop, clock):
    page = listens(signed_in(shop))
    clock.advance(timedelta(minutes=121))
    assert page.over.wait(SOON_S)


def test_of_too_many_windows_the_first_gives_way_for_good(listens, signed_in, telling, shop, actor):
    sara = signed_in(shop)
    first, *others = [listens(sara) for _window in range(live.MOST_STREAMS + 1)]
    assert first.over.wait(SOON_S)
    change(telling, shop, actor, "sales")
    assert [page.told() for page in others] == ["sales"] * live.MOST_STREAMS
    assert "event: end" in list(first._lines.queue)


def test_many_open_pages_hold_no_thread_and_no_connection(listens, signed_in, telling, shop, actor, address):
    windows = [listens(signed_in(shop, name=f"Person {number}")) for number in range(10) for _window in range(8)]
    pool = telling._shops.pool
    assert pool.checkedout() == 0
    assert sum(thread.name.startswith("request") for thread in threading.enumerate()) <= 2
    assert httpx.get(f"{address}/login").status_code == 200
    begun = time.perf_counter()
    change(telling, shop, actor, "sales")
    assert [page.told() for page in windows] == ["sales"] * 80
    assert time.perf_counter() - begun < 1


def test_a_stream_is_counted_while_it_is_open_and_is_no_slow_request(listens, signed_in, shop, address):
    def figures(begin: str) -> list[str]:
        return [line for line in httpx.get(f"{address}/metrics").text.splitlines() if line.startswith(begin)]

    answered = 'goldsmith_request_seconds_count{method="GET",route="/live"}'
    before = figures(answered)
    page = listens(signed_in(shop))
    assert figures("goldsmith_live_streams") == ["goldsmith_live_streams 1.0"]
    page.close()
    assert page.over.wait(SOON_S)
    assert figures(answered) == before

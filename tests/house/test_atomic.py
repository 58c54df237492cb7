"""A sale is done or it is not: stock, money, number and books together, whoever dies, asks twice or comes late."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from psycopg import Cursor
from sqlalchemy import Engine, event
from starlette.applications import Starlette

from kernel.clock import SetClock
from kernel.ids import new_id
from kernel.plugins import Plugins
from kernel.uow import Database, open_engine
from plugins.inventory.public import Item
from plugins.pos.actions.sell import sell
from plugins.pos.forms import SaleForm
from tests.conftest import NOW
from tests.house.addresses import everything
from tests.plugins.browser import Browser
from tests.plugins.pos.conftest import Counter, counter, open_counter, paid
from tests.rows import Superuser
from tests.services import Services
from web.app import build
from web.house import House

__all__ = ["counter", "open_counter"]


def due(counter: Counter, *items: Item) -> list[Any]:
    return paid(cash=str(counter.prices(*items).due.decimal))


def booked(connection: Superuser, counter: Counter) -> dict[str, int]:
    """What there is of sales, wherever it stands."""
    connection.rollback()
    counted = {}
    for what in ("sales", "journals WHERE document_kind = 'sale'", "stock_movements WHERE quantity < 0"):
        table, _where, condition = what.partition(" WHERE ")
        found = connection.execute(
            f"SELECT count(*) FROM shop.{table} WHERE tenant_id = %s AND {condition or 'true'}".encode(),
            (counter.shop.id,),
        ).fetchone()
        counted[table] = found[0] if found else 0
    connection.rollback()
    return counted


ONE = {"sales": 1, "journals": 1, "stock_movements": 1}


# Killed


class Dying(Cursor[Any]):
    """Kills its process instead of sending the statement after so many."""

    left = -1

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        if Dying.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        Dying.left -= 1
        return super().execute(*args, **kwargs)


@pytest.fixture
def killed_after(
    services: Services, database_name: str, plugins: Plugins, counter: Counter
) -> Callable[[int, SaleForm], bool]:
    """Sell in a process of its own that dies, with -9, in place of the statement after so many. Answers if it did."""

    def sell_and_die(statements: int, wanted: SaleForm) -> bool:
        def life() -> None:
            engines = [open_engine(services.url(f"goldsmith_{role}", database_name), pool_size=1) for role in DOORS]
            for engine in engines:
                event.listen(engine, "do_connect", lambda *args: args[3].update(cursor_factory=Dying))
            database = Database(engines[0], engines[1], SetClock(NOW), plugins)
            with database.for_shop(counter.shop.id, counter.actor, read_only=True):
                pass
            Dying.left = statements
            with database.for_shop(counter.shop.id, counter.actor) as uow:
                sell(uow, wanted)
            os._exit(0)

        child = multiprocessing.get_context("fork").Process(target=life)
        child.start()
        child.join(20)
        assert child.exitcode in (0, -signal.SIGKILL)
        return child.exitcode != 0

    return sell_and_die


DOORS = ("app", "platform")


def test_a_process_killed_at_any_statement_of_a_sale_leaves_nothing_half_done(
    counter: Counter, killed_after, past_all_rules
):
    ring = counter.takes_in()
    wanted = counter.form(ring, payments=due(counter, ring))
    before = everything(past_all_rules, counter.shop)
    statements = 0
    while killed_after(statements, wanted):
        past_all_rules.rollback()
        assert everything(past_all_rules, counter.shop) == before, f"killed before statement {statements + 1}"
        statements += 1
    assert statements >= 5
    assert booked(past_all_rules, counter) == ONE


def test_after_every_death_the_same_request_makes_the_one_sale(counter: Counter, killed_after, past_all_rules):
    for place in (1, 3, 5):
        ring = counter.takes_in()
        wanted = counter.form(ring, payments=due(counter, ring))
        assert killed_after(place, wanted)
        assert [counter.completes(wanted).is_new, counter.completes(wanted).is_new] == [True, False]
        assert counter.stock(ring) == 0
    assert booked(past_all_rules, counter) == dict.fromkeys(ONE, 3)


def test_told_that_it_was_not_done_although_it_was_the_same_request_finds_it(
    counter: Counter, killed_after, past_all_rules
):
    """Killed after the commit and before the answer: the till asks again, and is shown what it sold."""
    ring = counter.takes_in()
    wanted = counter.form(ring, payments=due(counter, ring))
    assert not killed_after(1_000, wanted)
    assert not counter.completes(wanted).is_new
    assert booked(past_all_rules, counter) == ONE


# On several processes at once


@pytest.fixture
def processes(app: Starlette, engines: tuple[Engine, Engine], plugins: Plugins) -> list[Starlette]:
    """The application twice, each with what a process remembers of its own."""
    other = Database(*engines, SetClock(NOW), plugins)
    return [app, build(House(other, plugins, "localhost", production=False, threads=8, ready=list))]


@pytest.fixture
def tills(counter: Counter, signed_in: Callable[..., Browser], processes: list[Starlette]) -> list[Browser]:
    """Twenty browsers of one seller, half of them at each process."""
    seller = signed_in(counter.shop)
    browsers = [Browser(processes[number % 2]) for number in range(20)]
    for one in browsers:
        one.client.cookies.update(seller.client.cookies)
    return browsers


def requested(counter: Counter, *items: Item, key: str) -> dict[str, Any]:
    lines = [{"item": str(item.id)} for item in items]
    return {"id": key, "terminal": str(counter.till.id), "lines": lines, "payments": due(counter, *items)}


def test_twenty_tills_sell_one_ring_and_the_books_show_one(counter: Counter, tills, clock, past_all_rules):
    ring = counter.takes_in()
    bodies = [requested(counter, ring, key=str(new_id())) for _till in tills]
    with ThreadPoolExecutor(20) as people:
        answers = list(people.map(lambda till, body: till.send("POST", "/api/v1/sales", body), tills, bodies))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    (refusal,) = {answer.json()["title"] for answer in answers if answer.status_code == 409}
    assert "is not in stock any more" in refusal
    assert booked(past_all_rules, counter) == ONE


def test_one_request_sent_by_twenty_is_one_sale_and_every_answer_is_the_same(
    counter: Counter, tills, clock, past_all_rules
):
    ring = counter.takes_in()
    body = requested(counter, ring, key=str(new_id()))
    with ThreadPoolExecutor(20) as people:
        answers = list(people.map(lambda till: till.send("POST", "/api/v1/sales", body), tills))
    answers += [till.send("POST", "/api/v1/sales", body) for till in tills[:2]]
    assert sorted(answer.status_code for answer in answers) == [200] * 21 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert booked(past_all_rules, counter) == ONE


def test_one_key_for_two_different_sales_is_refused_on_any_process(counter: Counter, tills, clock, past_all_rules):
    ring, chain = counter.takes_in(), counter.takes_in("10.000", name="Chain")
    key = str(new_id())
    assert tills[0].send("POST", "/api/v1/sales", requested(counter, ring, key=key)).status_code == 201
    for till in tills[:2]:
        assert till.send("POST", "/api/v1/sales", requested(counter, chain, key=key)).status_code == 409
    assert (booked(past_all_rules, counter), counter.stock(chain)) == (ONE, 1)

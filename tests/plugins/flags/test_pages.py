"""The platform's pages of feature flags, and what a shop notices of a decision: on another process, too."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import Engine

from kernel.plugins import Plugins
from kernel.tables import flags
from kernel.tenancy import system
from kernel.uow import Database
from plugins.flags import actions, queries
from plugins.flags.forms import NamedShopForm
from plugins.pos.domain.trial import SHOWS_KEYS
from tests.conftest import installed, offer_of
from tests.serving import serving
from web.app import build
from web.house import House

HERE = f"/platform/flags/{SHOWS_KEYS.name}"
KEYS = "sale__keys"


@pytest.fixture
def ada(ada, database, actor):
    """Ada, after whom the flag is as delivered."""
    yield ada
    with database.for_platform("as it was", actor) as work:
        work.execute(flags.update().values(shares={"off": 100}, shops={}, killed=False, because="as it was"))
    database.learn()


def shares(percent: int, because: str = "Let us see") -> dict[str, str]:
    return {"shares[0][variant]": "on", "shares[0][percent]": str(percent), "because": because}


def test_a_shops_people_know_nothing_of_flags(signed_in, shop):
    owner = signed_in(shop)
    assert [owner.get(path).status_code for path in ("/platform/flags", HERE)] == [404, 404]
    assert owner.post(f"{HERE}/kill", because_switch="mine").status_code == 404


def test_a_decision_is_seen_at_the_till(ada, shop, signed_in, database):
    till = signed_in(shop)
    assert KEYS not in till.get("/pos").text
    assert ada.post(f"{HERE}/shares", **shares(100)).headers["location"] == HERE
    database.learn()
    assert KEYS in till.get("/pos").text
    ada.post(f"{HERE}/kill", because_switch="It is in the way")
    database.learn()
    assert KEYS not in till.get("/pos").text
    page = ada.get(HERE).text
    assert "Kill switch on" in page
    assert "It is in the way" in page
    ada.post(f"{HERE}/revival", because_switch="It was not that")
    database.learn()
    assert KEYS in till.get("/pos").text


def test_a_named_shop_has_it_and_others_do_not(ada, shop, new_shop, signed_in, database):
    other = signed_in(new_shop("AE"))
    till = signed_in(shop)
    answer = ada.post(f"{HERE}/shops", shop=shop.slug, variant="on", because_shop="They asked for it")
    assert answer.status_code == 303
    database.learn()
    assert (KEYS in till.get("/pos").text, KEYS in other.get("/pos").text) == (True, False)
    assert f'href="/platform/shops/{shop.id}"' in ada.get(HERE).text
    ada.post(f"{HERE}/shops/{shop.id}/draw", because_draw="They had enough")
    database.learn()
    assert KEYS not in till.get("/pos").text
    assert ada.post(f"{HERE}/shops/{shop.id}/draw", because_draw="Twice").status_code == 409


@pytest.mark.parametrize(
    ("path", "sent", "status", "said"),
    [
        ("shares", shares(101), 400, "At most 100, please."),
        ("shares", shares(50, because=""), 400, "Please fill this in."),
        ("shares", shares(50) | {"shares[0][variant]": "purple"}, 422, "This flag has no such variant."),
        (
            "shares",
            shares(60) | {"shares[1][variant]": "on", "shares[1][percent]": "-1"},
            400,
            "This cannot be negative.",
        ),
        ("shops", {"shop": "nobodys-shop", "variant": "on", "because_shop": "why"}, 404, "There is no such shop."),
        ("shops", {"shop": "no slug!", "variant": "on", "because_shop": "why"}, 400, "Small letters"),
        ("kill", {}, 400, "Please fill this in."),
        ("revival", {"because_switch": "why"}, 409, "The kill switch is not on."),
    ],
)
def test_what_cannot_be_is_refused(ada, path, sent, status, said):
    answer = ada.post(f"{HERE}/{path}", **sent)
    assert (answer.status_code, said in answer.text) == (status, True)


def test_a_shop_cannot_be_named_for_a_variant_there_is_not(ada, shop):
    answer = ada.post(f"{HERE}/shops", shop=shop.slug, variant="purple", because_shop="why")
    assert (answer.status_code, "This flag has no such variant." in answer.text) == (422, True)


def test_a_kill_switch_is_pulled_once(ada):
    assert ada.post(f"{HERE}/kill", because_switch="one").status_code == 303
    assert ada.post(f"{HERE}/kill", because_switch="two").status_code == 409


def test_there_is_no_page_of_a_flag_that_no_plugin_lists(ada):
    assert ada.get("/platform/flags/pos.nothing").status_code == 404
    assert ada.post("/platform/flags/pos.nothing/shares", **shares(1)).status_code == 404


def test_the_history_says_who_when_and_why_from_the_trail(ada, shop, database, actor):
    ada.post(f"{HERE}/shares", **shares(10, "A tenth first"))
    ada.post(f"{HERE}/shops", shop=shop.slug, variant="off", because_shop="They are closed")
    ada.post(f"{HERE}/kill", because_switch="Enough")
    with database.for_platform("read", actor, read_only=True) as work:
        newest = queries.history(work, SHOWS_KEYS.name)[:3]
    assert [(past.by, past.because, past.after.killed) for past in newest] == [
        ("Ada", "Enough", True),
        ("Ada", "They are closed", False),
        ("Ada", "A tenth first", False),
    ]
    assert dict(newest[0].after.shares) == {"off": 90, "on": 10}
    assert dict(newest[0].after.shops) == {shop.id: "off"}
    page = ada.get(HERE).text
    assert [said in page for said in ("A tenth first", "They are closed", "Enough", "On for 10%")] == [True] * 4


def test_of_two_who_name_shops_at_once_neither_is_lost(ada, new_shop, database, actor):
    shops = [new_shop("AE") for _number in range(4)]

    def name(shop):
        with database.for_platform("name", actor) as work:
            form = NamedShopForm(shop=shop.slug, variant="on", because_shop="all at once")
            actions.name_shop(work, SHOWS_KEYS, form)

    with ThreadPoolExecutor(2) as two:
        list(two.map(name, shops))
    with database.for_platform("read", actor, read_only=True) as work:
        found = queries.decision(work, SHOWS_KEYS.name)
    assert found is not None
    assert set(found.rule.shops) >= {shop.id for shop in shops}


def test_what_came_of_it_stands_on_its_page(ada, shop, signed_in, database, actor):
    ada.post(f"{HERE}/shares", **shares(100))
    database.learn()
    signed_in(shop).get("/pos")
    with database.for_shop(shop.id, actor) as uow:
        assert uow.flag(SHOWS_KEYS)
        uow.converted(SHOWS_KEYS, "sold")
    database.write_sightings()
    with database.for_platform("read", system("test"), read_only=True) as work:
        off, on = queries.arms(work, SHOWS_KEYS, database.clock.now().date())
    assert (on.shops >= 1, on.met >= 2, on.reached("sold").count >= 1, off.variant) == (True, True, True, "off")
    page = ada.get(HERE).text
    assert "A sale was completed" in page
    assert "Too few shops to say anything yet." in page
    assert "NIST/SEMATECH" in page


def test_the_list_has_every_flag_and_costs_one_statement_for_all(ada, statements):
    ada.get("/platform/flags")
    with statements.counted() as sent:
        page = ada.get("/platform/flags").text
    assert "Keys on the empty till" in page
    assert len([one for one in sent if "platform.flags" in one]) == 1


def test_another_process_follows_within_two_seconds(
    ada, shop, signed_in, engines: tuple[Engine, Engine], clock, plugins: Plugins, adapters, pytestconfig
):
    """A second installation of everything, with its own memory, served as it really is."""
    other_plugins = Plugins.load(offer_of(installed(pytestconfig)), adapters)
    house = House(Database(*engines, clock, other_plugins), other_plugins, "localhost", False, 4, ready=list)
    house.database.close = lambda: None  # type: ignore[method-assign]  # the pools are this test's, too
    session = signed_in(shop).client.cookies["goldsmith"]
    with serving(build(house), lifespan="on") as address:

        def shown() -> bool:
            answer = httpx.get(f"{address}/pos", cookies={"goldsmith": session})
            assert answer.status_code == 200
            return KEYS in answer.text

        assert not shown()
        ada.post(f"{HERE}/shares", **shares(100))
        assert within(2.5, shown)
        ada.post(f"{HERE}/kill", because_switch="Off, everywhere")
        assert within(2.5, lambda: not shown())


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return False

"""Where somebody is signed in: they see it, they end it, and what has ended is over on every process."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from starlette.testclient import TestClient

from adapters.sessions.memory import AT_MOST_S, MemorySessions
from adapters.valkey import connect
from kernel import tables
from kernel.clock import SetClock
from kernel.ids import new_id
from kernel.plugins import Plugins
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity import jobs, public, queries
from plugins.identity.actions.recognise import recognise
from plugins.identity.domain.device import device_of
from plugins.identity.domain.session import IDLE, LONGEST
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD
from tests.services import Services
from web.app import build
from web.house import House

Browsers = Callable[[], Browser]
SignedIn = Callable[..., Browser]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E1 Safari/604.1"
)


@pytest.fixture
def sara(database: Database, shop: Shop, actor: Actor) -> str:
    """The address of an owner of the shop, whose password is PASSWORD."""
    email = f"sara-{shop.slug}@example.com"
    with database.for_shop(shop.id, actor) as uow:
        public.add_user_with_password(uow, public.NewUserForm(name="Sara", email=email, role="owner"), PASSWORD)
    return email


@pytest.fixture
def devices(browser: Browsers, sara: str) -> Callable[[str], Browser]:
    """Sara on one more device."""

    def enter(named: str) -> Browser:
        visitor = browser()
        visitor.client.headers["user-agent"] = named
        visitor.sign_in(sara, PASSWORD)
        return visitor

    return enter


def is_in(visitor: Browser) -> bool:
    return bool(visitor.get("/account/password").status_code == 200)


def ids(page: str) -> list[str]:
    return re.findall(r"/account/sessions/([0-9a-f-]{36})/end", page)


def test_each_session_is_shown_with_its_device_and_address_and_this_one_is_marked(devices: Callable[[str], Browser]):
    desk, phone = devices(FIREFOX), devices(IPHONE)
    page = re.sub("[\u2068\u2069]", "", desk.get("/account/sessions").text)
    rows = [row for row in page.split("<strong>") if "Linux" in row or "iPhone" in row]
    assert len(rows) == 2
    [here] = [row for row in rows if "This one" in row]
    [other] = [row for row in rows if "This one" not in row]
    assert ("Firefox on Linux" in here, desk.address in here) == (True, True)
    assert ("Safari on iPhone" in other, phone.address in other, "IR Gold" in other) == (True, True, True)
    assert len(ids(page)) == 1


def test_one_session_is_ended_and_no_other(devices: Callable[[str], Browser]):
    desk, phone, tablet = devices(FIREFOX), devices(IPHONE), devices("iPad")
    [iphone] = [
        each for row in desk.get("/account/sessions").text.split("<strong>") if "iPhone" in row for each in ids(row)
    ]
    assert desk.post(f"/account/sessions/{iphone}/end").headers["location"] == "/account/sessions"
    assert [is_in(each) for each in (desk, phone, tablet)] == [True, False, True]
    again = desk.post(f"/account/sessions/{iphone}/end")
    assert (again.status_code, "ended already" in again.text) == (404, True)


def test_all_others_are_ended_at_once_and_then_this_one_too(devices: Callable[[str], Browser]):
    desk, phone, tablet = devices(FIREFOX), devices(IPHONE), devices("iPad")
    desk.post("/account/sessions/end-others")
    assert [is_in(each) for each in (desk, phone, tablet)] == [True, False, False]
    phone = devices(IPHONE)
    answer = desk.post("/account/sessions/end-all")
    assert answer.headers["location"] == "/login"
    assert "goldsmith" not in desk.client.cookies
    assert not is_in(phone)


def test_nobody_ends_what_is_anothers(devices: Callable[[str], Browser], signed_in: SignedIn, shop: Shop):
    desk, phone = devices(FIREFOX), devices(IPHONE)
    stranger = signed_in(shop, "owner", "Mina")
    [session] = ids(desk.get("/account/sessions").text)
    assert session not in stranger.get("/account/sessions").text
    for unknown in (session, str(new_id())):
        assert stranger.post(f"/account/sessions/{unknown}/end").status_code == 404
    assert desk.client.post(f"/account/sessions/{session}/end").status_code == 403  # without the session's proof
    stranger.post("/account/sessions/end-others")
    assert [is_in(each) for each in (desk, phone)] == [True, True]


def test_admins_have_the_same_page(browser: Browsers, database: Database, actor: Actor):
    email = f"ada-{new_id().hex}@example.com"
    with database.for_platform("set up", actor) as work:
        public.add_admin(work, email, "Ada", PASSWORD)
    here, there = browser(), browser()
    for each in (here, there):
        each.sign_in(email, PASSWORD)
    page = here.get("/platform/account/sessions").text
    [other] = ids(page)
    assert "This one" in page
    assert here.post(f"/platform/account/sessions/{other}/end").status_code == 303
    assert there.get("/platform/account/sessions").status_code == 303
    assert here.get("/platform/account/sessions").status_code == 200
    assert here.post("/platform/account/sessions/end-all").headers["location"] == "/login"
    assert here.get("/platform/account/sessions").status_code == 303


def test_an_owner_ends_the_sessions_of_one_of_their_people_and_only_in_their_shop(
    signed_in: SignedIn, shop: Shop, database: Database, actor: Actor, superuser: psycopg.Connection[Any]
):
    owner, manager, employee = signed_in(shop), signed_in(shop, "manager", "Mina"), signed_in(shop, "employee", "Reza")
    with database.for_shop(shop.id, actor) as uow:
        people = {user.name: user.id for user in public.users(uow)}
    asked = owner.get(f"/users/{people['Reza']}/activity").text
    assert "Open sessions" in asked
    assert manager.post(f"/users/{people['Reza']}/sessions/end").status_code == 403
    assert is_in(employee)
    assert owner.post(f"/users/{people['Reza']}/sessions/end").status_code == 303
    assert [is_in(each) for each in (owner, manager, employee)] == [True, True, False]
    assert "End their sessions" not in owner.get(f"/users/{people['Reza']}/activity").text


def test_the_page_of_a_person_says_when_they_last_came_and_what_they_did(
    signed_in: SignedIn, shop: Shop, database: Database, actor: Actor, clock: SetClock
):
    owner = signed_in(shop)
    clock.advance(timedelta(minutes=30))
    signed_in(shop, "employee", "Reza").post("/logout")
    with database.for_shop(shop.id, actor) as uow:
        form = public.NewUserForm(name="Ali", email=f"{new_id().hex}@example.com", role="employee")
        ali = public.add_user(uow, form).user
        [reza] = [user.id for user in public.users(uow) if user.name == "Reza"]
    owner.client.cookies.set("language", "en")
    page = owner.get(f"/users/{reza}/activity").text
    assert "13:00" in page  # half past nine in Greenwich, in Tehran
    assert ("Sign-in" in page, "Sign-out" in page) == (True, True)
    assert "Never" in owner.get(f"/users/{ali.id}/activity").text
    assert signed_in(shop, "manager", "Mina").get(f"/users/{reza}/activity").status_code == 403


def test_of_another_shops_people_nothing_is_counted(
    signed_in: SignedIn, shop: Shop, new_shop: Callable[..., Shop], database: Database, actor: Actor
):
    signed_in(shop, "employee", "Reza")
    with database.for_shop(shop.id, actor) as uow:
        [reza] = [user.id for user in public.users(uow)]
    elsewhere = signed_in(new_shop())
    assert elsewhere.get(f"/users/{reza}/activity").status_code == 404
    assert elsewhere.post(f"/users/{reza}/sessions/end").status_code == 404


def test_endings_are_in_the_trail(devices: Callable[[str], Browser], database: Database, shop: Shop, actor: Actor):
    devices(FIREFOX).post("/account/sessions/end-others")
    e = tables.audit_entries.c
    with database.for_shop(shop.id, actor) as uow:
        told = uow.execute(select(e.actor, e.outcome).where(e.action == "identity.end_session")).all()
    assert [tuple(row) for row in told] == [("Sara", "done")]


# On every process, with the cache that they have


@pytest.fixture
def processes(database: Database) -> tuple[Callable[[str], bool], Callable[[str], bool]]:
    """Two processes, each with a memory of its own: does a token open anything there?"""
    caches = MemorySessions(), MemorySessions()

    def on(cache: MemorySessions) -> Callable[[str], bool]:
        return lambda secret: recognise(database, secret, cache) is not None

    return on(caches[0]), on(caches[1])


ENDINGS: dict[str, Callable[[Browser, Browser], Any]] = {
    "sign-out": lambda mine, _other: mine.post("/logout"),
    "ended from another device": lambda _mine, other: other.post("/account/sessions/end-others"),
    "another password": lambda mine, _other: mine.post(
        "/account/password", current=PASSWORD, password="quiet-harbour-42-moss", repeated="quiet-harbour-42-moss"
    ),
    "another sign-in": lambda mine, _other: mine.post("/login", email="", password=PASSWORD),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_an_old_token_is_dead_on_another_process_within_a_second(
    devices: Callable[[str], Browser], sara: str, how: str,
    processes: tuple[Callable[[str], bool], Callable[[str], bool]],
):  # fmt: skip
    mine, other = devices(FIREFOX), devices(IPHONE)
    old = mine.client.cookies["goldsmith"]
    assert [opens(old) for opens in processes] == [True, True]
    if how == "another sign-in":
        mine.sign_in(sara, PASSWORD)
    else:
        ENDINGS[how](mine, other)
    time.sleep(AT_MOST_S + 0.05)
    assert [opens(old) for opens in processes] == [False, False]


def test_a_valkey_that_forgot_everything_changes_nothing(
    devices: Callable[[str], Browser],
    processes: tuple[Callable[[str], bool], Callable[[str], bool]],
    services: Services,
):
    mine, other = devices(FIREFOX), devices(IPHONE)
    other.post("/account/sessions/end-others")
    dead, alive = mine.client.cookies["goldsmith"], other.client.cookies["goldsmith"]
    connect(SecretStr(services.redis)).flushall()
    assert [(opens(dead), opens(alive)) for opens in processes] == [(False, True), (False, True)]
    assert (is_in(mine), is_in(other)) == (False, True)


def test_what_has_run_out_is_swept_away_by_the_clock(
    devices: Callable[[str], Browser], database: Database, actor: Actor, clock: SetClock,
    superuser: psycopg.Connection[Any],
    sara: str,
):  # fmt: skip
    devices(FIREFOX)

    def left() -> int:
        with database.for_platform("sweep", actor) as work:
            jobs.sweep_sessions(work, datetime(2025, 6, 2, tzinfo=UTC))
        asked = (
            "SELECT count(*) FROM platform.sessions AS s JOIN platform.people AS p ON p.id = person_id WHERE email = %s"
        )
        [(count,)] = superuser.execute(asked, (sara,)).fetchall()
        return int(count)

    assert left() == 1
    clock.advance(IDLE - timedelta(seconds=1))
    assert left() == 1
    clock.advance(timedelta(seconds=1))
    assert left() == 0


# The cookie


def test_in_production_the_cookie_is_bound_to_this_host_and_to_https(database: Database, plugins: Plugins, sara: str):
    app = build(House(database, plugins, "gold.example", production=True, threads=2, ready=list))
    with TestClient(app, base_url="https://gold.example", follow_redirects=False) as client:
        answer = client.post("/login", data={"email": sara, "password": PASSWORD})
    [cookie] = [each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-")]
    name, *flags = [part.strip() for part in cookie.split(";")]
    assert name.startswith("__Host-goldsmith=")
    assert {flag.lower() for flag in flags} == {
        "secure", "httponly", "path=/", "samesite=lax", f"max-age={int(LONGEST.total_seconds())}"
    }  # fmt: skip


# A device in words


CHROME = "AppleWebKit/537.36 Chrome/137.0.0.0"
APPLE = "AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (IPHONE, "Safari on iPhone"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {CHROME} Safari/537.36 Edg/137.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Linux; Android 15; SM-S921B) {CHROME} Mobile Safari/537.36", "Chrome on Android"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/18.5 Safari/605.1.15", "Safari on macOS"),
        (f"Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) {APPLE} CriOS/137.0 Mobile Safari/604.1", "Chrome on iPad"),
        ("curl/8.14.1", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_device_is_told_by_how_it_names_itself(named: str, words: str):
    assert device_of(named).words == words
    assert device_of(named).is_handheld == any(sign in words for sign in ("iPhone", "iPad", "Android"))


def test_a_function_that_answers_one_column_more_fails_nothing_that_is_prepared(
    alone: Database, actor: Actor, services: Services
):
    """The next migration may drop and make it anew while this version runs."""

    def look_up() -> None:
        with alone.for_platform("look", actor, read_only=True) as work:
            assert queries.login(work, "nobody@example.com") is None
            assert queries.session(work, b"") is None
            counted = text("SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'app.find_[a-z]'")
            prepared.append(work.execute(counted).scalar_one())

    prepared: list[int] = []
    for _time in range(4):
        look_up()
    with alone.for_platform("look", actor, read_only=True) as work:
        name = work.execute(text("SELECT current_database()")).scalar_one()
    with psycopg.connect(services.url(None, name).replace("+psycopg", ""), autocommit=True) as superuser:
        for function, given in (("find_login_2", "text"), ("find_session_2", "bytea")):
            answer = superuser.execute(
                "SELECT pg_get_function_result(%s::regprocedure)", (f"app.{function}({given})",)
            ).fetchone()
            assert answer is not None
            superuser.execute(f"ALTER FUNCTION app.{function} RENAME TO {function}_before")
            superuser.execute(
                f"CREATE FUNCTION app.{function}(given {given}) RETURNS {answer[0][:-1]}, more integer) LANGUAGE sql"
                f" SECURITY DEFINER AS 'SELECT *, 1 FROM app.{function}_before(given)'"
            )
            superuser.execute(f"GRANT EXECUTE ON FUNCTION app.{function} TO goldsmith_platform")
    look_up()
    assert prepared[-2:] == [2, 2]

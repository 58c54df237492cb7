"""A forgotten password: who gets a letter, what it opens, and what nobody learns by asking."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pyotp
import pytest
from sqlalchemy import exists, select

from kernel.clock import SetClock
from kernel.errors import TryLater
from kernel.mail import NotCarried, PostIsClosed
from kernel.scheduler import start_platform
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity import jobs
from plugins.identity.actions import choose_password, tell
from plugins.identity.actions.hash_password import hash_password
from plugins.identity.domain.reset import GOOD_FOR
from plugins.identity.domain.session import Token
from plugins.identity.public import add_admin, give_app, send_reset
from plugins.identity.tables import letters
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD
from tests.plugins.identity import fakes

Browsers = Callable[[], Browser]
NEW = "quiet-harbour-42-moss"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _post_is_open() -> Iterator[None]:
    yield
    fakes.POST.refuse = None


@pytest.fixture
def send(database: Database, actor: Actor) -> Callable[[], None]:
    """The minute is over: what waits is sent."""

    def send_some() -> None:
        with database.for_platform("send letters", actor) as work:
            jobs.send_letters(work, work.now, fakes.POST, fakes.SITE)

    def wait_more() -> bool:
        with database.for_platform("who waits", actor, read_only=True) as work:
            return bool(work.execute(select(exists().where(letters.c.run_at <= work.now))).scalar_one())

    def sent() -> None:
        tell.wait()
        send_some()
        # What other tests left waiting is older, and went first.
        while fakes.POST.refuse is None and wait_more():
            send_some()

    return sent


@pytest.fixture
def token(browser: Browsers, sara: str, send: Callable[[], None]) -> str:
    """What stands in the letter that Sara got."""
    browser().post("/forgot", email=sara)
    send()
    return in_letter(fakes.POST.to(sara)[-1].text)


def in_letter(text: str) -> str:
    found = re.search(r"https://gold\.example\.com/reset\?token=([\w-]{43})", text)
    assert found, text
    return found[1]


def choose(visitor: Browser, token: str, password: str = NEW) -> Any:
    return visitor.post("/reset", token=token, password=password, repeated=password)


def test_who_is_known_and_who_is_not_get_the_same_answer_and_one_gets_a_letter(browser: Browsers, sara: str, send):
    known, unknown = browser().post("/forgot", email=sara), browser().post("/forgot", email=f"x{sara}")
    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text.replace(f"x{sara}", sara)
    send()
    assert [letter.subject for letter in fakes.POST.to(sara)] == ["Choose a new password"]
    assert fakes.POST.to(f"x{sara}") == []


def test_a_letter_waits_for_no_minute(browser: Browsers, sara: str, database: Database):
    browser().post("/forgot", email=sara)
    tell.wait()
    moment = datetime(2025, 6, 2, 9, 0, 5, tzinfo=UTC)
    start_platform(database, moment, moment + timedelta(seconds=5))
    assert [letter.subject for letter in fakes.POST.to(sara)] == ["Choose a new password"]


def test_nobodys_letter_waits_for_a_password_that_is_being_hashed(
    sara: str, database: Database, actor: Actor, superuser, new_shop, signed_in, monkeypatch
):
    [(person,)] = superuser.execute("SELECT id FROM platform.people WHERE email = %s", (sara,)).fetchall()
    mina = signed_in(new_shop("AE"), name="Mina")

    def meanwhile(password: str) -> str:
        with database.for_platform("a letter", actor) as work:
            work.ask("SET LOCAL lock_timeout = '1s'")
            send_reset(work, person)
        return hash_password(password)

    monkeypatch.setattr(choose_password, "hash_password", meanwhile)
    answer = mina.post("/account/password", current=PASSWORD, password=NEW, repeated=NEW)
    assert answer.headers["location"] == "/"


def test_nothing_is_looked_up_before_the_answer(browser: Browsers, sara: str, statements, monkeypatch):
    monkeypatch.setattr(tell, "afterwards", lambda *_what, **_details: None)

    for email in (sara, f"x{sara}"):
        with statements.counted() as sent:
            assert browser().post("/forgot", email=email).status_code == 200
        assert sent == []


def test_a_password_is_chosen_once_and_every_session_ends(browser: Browsers, sara: str, token: str):
    inside = browser()
    inside.sign_in(sara, PASSWORD)
    visitor = browser()
    assert 'autocomplete="new-password"' in visitor.get(f"/reset?token={token}").text
    answer = choose(visitor, token)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "goldsmith" not in visitor.client.cookies
    assert inside.get("/users").status_code == 303
    assert browser().sign_in(sara, PASSWORD).status_code == 422
    assert browser().sign_in(sara, NEW).headers["location"] == "/"
    assert visitor.get(f"/reset?token={token}").headers["location"] == "/forgot"
    assert choose(visitor, token, "another-lantern-80-x").status_code == 422
    assert browser().sign_in(sara, NEW).status_code == 303


def test_of_two_who_use_one_letter_at_once_one_chooses(browser: Browsers, sara: str, token: str):
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda new: choose(browser(), token, new), [NEW, "other-harbour-43-fern"]))
    assert sorted(answer.status_code for answer in answers) == [303, 422]


def test_a_letter_is_good_for_half_an_hour(browser: Browsers, sara: str, token: str, clock: SetClock):
    clock.advance(GOOD_FOR)
    assert browser().get(f"/reset?token={token}").headers["location"] == "/forgot"
    assert choose(browser(), token).status_code == 422
    assert browser().sign_in(sara, PASSWORD).status_code == 303


def test_the_letter_before_opens_nothing_any_more(browser: Browsers, sara: str, token: str, send):
    browser().post("/forgot", email=sara)
    send()
    assert choose(browser(), token).status_code == 422
    assert choose(browser(), in_letter(fakes.POST.to(sara)[-1].text)).status_code == 303


def test_a_changed_password_makes_letters_worthless(browser: Browsers, sara: str, token: str):
    visitor = browser()
    visitor.sign_in(sara, PASSWORD)
    visitor.post("/account/password", current=PASSWORD, password=NEW, repeated=NEW)
    assert choose(browser(), token, "another-lantern-80-x").status_code == 422


@pytest.mark.parametrize("typed", ["", "x", "é", "\x00", "a" * 101, "a" * 43])
def test_what_is_no_letter_of_ours_opens_nothing(browser: Browsers, sara: str, typed: str):
    assert choose(browser(), typed).status_code in (400, 422)
    assert browser().sign_in(sara, PASSWORD).status_code == 303


def test_a_weak_password_is_refused_and_the_letter_stays_good(browser: Browsers, sara: str, token: str):
    for weak in ("short", "password1234", f"{sara.split('@')[0]}!"):
        answer = choose(browser(), token, weak)
        assert answer.status_code == 400
        assert token in answer.text
    assert choose(browser(), token).status_code == 303


def test_the_second_step_stays_and_is_asked_for(browser: Browsers, sara: str, token: str, database, actor, clock):
    with database.for_platform("set up", actor) as work:
        give_app(work, fakes.SAFE, sara, SEED)
    assert choose(browser(), token).status_code == 303
    visitor = browser()
    assert visitor.post("/login", email=sara, password=NEW).headers["location"] == "/login/code"
    assert visitor.get("/users").status_code == 303
    assert visitor.post("/login/code", code=pyotp.TOTP(SEED).at(clock.now())).status_code == 303


def test_an_address_may_ask_five_times_a_minute(browser: Browsers, sara: str):
    visitor = browser()
    assert [visitor.post("/forgot", email=f"{n}{sara}").status_code for n in range(6)] == [200] * 5 + [429]
    assert browser().post("/forgot", email=sara).status_code == 200


def test_nobody_fills_a_letter_box_from_many_addresses(browser: Browsers, sara: str, send):
    for _each in range(5):
        assert browser().post("/forgot", email=sara.upper()).status_code == 200
        send()
    assert len(fakes.POST.to(sara)) == 3


def test_nobody_asks_while_nobody_can_count(browser: Browsers, sara: str, send, monkeypatch):
    def down(*_what: object, **_how: object) -> bool:
        raise TryLater

    monkeypatch.setattr(fakes.LIMITS, "allow", down)
    assert browser().post("/forgot", email=sara).status_code == 503
    send()
    assert fakes.POST.to(sara) == []


def test_a_letter_waits_for_the_post_and_not_for_ever(browser: Browsers, sara: str, send, clock: SetClock):
    fakes.POST.refuse = PostIsClosed()
    browser().post("/forgot", email=sara)
    send()
    fakes.POST.refuse = None
    send()
    assert fakes.POST.to(sara) == []  # a minute later, not at once
    clock.advance(timedelta(minutes=1))
    send()
    assert len(fakes.POST.to(sara)) == 1
    fakes.POST.refuse = PostIsClosed()
    browser().post("/forgot", email=sara)
    send()
    fakes.POST.refuse = None
    clock.advance(timedelta(days=1, seconds=1))
    send()
    assert len(fakes.POST.to(sara)) == 1


def test_a_letter_that_nobody_takes_is_given_up(browser: Browsers, sara: str, send):
    fakes.POST.refuse = NotCarried()
    browser().post("/forgot", email=sara)
    send()
    fakes.POST.refuse = None
    send()
    assert fakes.POST.to(sara) == []


def test_an_admin_has_a_letter_sent_and_never_sees_what_it_opens(
    browser: Browsers, sara: str, database: Database, actor: Actor, send, superuser: psycopg.Connection[Any]
):
    [(person,)] = superuser.execute("SELECT id FROM platform.people WHERE email = %s", (sara,)).fetchall()
    with database.for_platform("help", actor) as work:
        send_reset(work, person)
        send_reset(work, person)
    send()
    assert len(fakes.POST.to(sara)) == 1
    token = in_letter(fakes.POST.to(sara)[0].text)
    [(kept,)] = superuser.execute("SELECT token_hash FROM platform.resets WHERE person_id = %s", (person,)).fetchall()
    assert token.encode() not in kept
    assert len(kept) == 32
    assert choose(browser(), token).status_code == 303


def test_people_of_the_platform_get_letters_too(browser: Browsers, database: Database, actor: Actor, shop: Shop, send):
    email = f"ada-{shop.slug}@example.com"
    with database.for_platform("set up", actor) as work:
        add_admin(work, email, "Ada", PASSWORD)
    browser().post("/forgot", email=email)
    send()
    assert choose(browser(), in_letter(fakes.POST.to(email)[0].text)).status_code == 303
    assert browser().post("/login", email=email, password=NEW).headers["location"] == "/login/app"


def test_the_letter_speaks_the_language_of_who_gets_it(browser: Browsers, sara: str, send, superuser):
    superuser.execute("UPDATE platform.people SET language = 'fa' WHERE email = %s", (sara,))
    browser().post("/forgot", email=sara)
    send()
    assert 'dir="rtl"' in fakes.POST.to(sara)[0].html


def test_the_trail_tells_who_asked_and_who_chose(browser, sara, token, shop, superuser):
    choose(browser(), token)
    tell.wait()
    told = superuser.execute(
        "SELECT action, outcome, subject FROM shop.audit_entries WHERE tenant_id = %s AND action IN "
        "('identity.send_letter', 'identity.choose_anew') ORDER BY number",
        (shop.id,),
    ).fetchall()
    assert told == [("identity.send_letter", "done", "Sara"), ("identity.choose_anew", "done", "Sara")]


def test_what_stood_in_the_letter_stands_in_no_trail(
    browser: Browsers, token: str, sara: str, superuser: psycopg.Connection[Any], caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    visitor = browser()
    assert visitor.get(f"/reset?token={token}").status_code == 200
    choose(visitor, token, "short")
    assert choose(visitor, token).status_code == 303
    assert visitor.get(f"/reset?token={token}").status_code == 303
    browser().sign_in(sara, "not the password")
    tell.wait()
    trail = ("shop.audit_entries", "shop.audit_changes", "platform.audit_entries", "platform.audit_changes")
    written = "".join(
        str(superuser.execute(f"SELECT string_agg(t::text, ' ') FROM {table} AS t").fetchone()) for table in trail
    )
    assert "identity.choose_anew" in written
    for secret in (token, Token(token).hash.hex()):
        assert secret not in written
    # The browser that the tests drive tells on its own which addresses it asks for.
    assert [record for record in caplog.records if token in record.getMessage() and record.name != "httpx"] == []

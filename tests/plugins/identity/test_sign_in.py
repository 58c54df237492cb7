"""The door: who gets in, who does not, and what a session is worth."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal

import psycopg
import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from starlette.applications import Starlette

from kernel.clock import SetClock
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity.actions import hash_password as hashing
from plugins.identity.domain import password
from plugins.identity.domain.session import IDLE, LONGEST, Token
from plugins.identity.public import Added, NewUserForm, add_admin, add_user, add_user_with_password
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD

Browsers = Callable[[], Browser]


@pytest.fixture
def sara(database: Database, shop: Shop, actor: Actor) -> str:
    """The address of an owner of the shop, whose password is PASSWORD."""
    email = f"Sara.{shop.slug}@example.com"
    with database.for_shop(shop.id, actor) as uow:
        add_user_with_password(uow, NewUserForm(name="Sara", email=email, role="owner"), PASSWORD)
    return email


@pytest.fixture
def newcomer(database: Database, shop: Shop, actor: Actor) -> Added:
    """Somebody who was given a password to begin with."""
    with database.for_shop(shop.id, actor) as uow:
        return add_user(uow, NewUserForm(name="Reza", email=f"reza-{shop.slug}@example.com", role="employee"))


def test_nobody_is_shown_the_door_and_brought_back_afterwards(browser: Browsers, sara: str):
    visitor = browser()
    assert visitor.get("/users").headers["location"] == "/login?next=/users"
    answer = visitor.post("/login", email=sara, password=PASSWORD, next="/users")
    assert (answer.status_code, answer.headers["location"]) == (303, "/users")
    assert visitor.get("/users").status_code == 200


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "/platform/shops"])
def test_signing_in_never_leads_elsewhere(browser: Browsers, sara: str, elsewhere: str):
    answer = browser().post("/login", email=sara, password=PASSWORD, next=elsewhere)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_the_address_may_be_written_in_any_case(browser: Browsers, sara: str):
    assert browser().sign_in(sara.upper(), PASSWORD).status_code == 303


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(browser: Browsers, sara: str):
    wrong = browser().sign_in(sara, "not my password at all")
    unknown = browser().sign_in("x" + sara, "not my password at all")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert without_questions(wrong.text) == without_questions(unknown.text.replace("x" + sara, sara))
    assert "do not belong together" in wrong.text
    assert "set-cookie" not in wrong.headers


def without_questions(page: str) -> str:
    """What a passkey is asked is new on every page."""
    return re.sub(r'(data-passkey|name="question" value)="[^"]*"', "", page)


def test_an_unknown_address_costs_a_hash_as_well(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            asked.append("verify")
            return super().verify(hash, password)

    monkeypatch.setattr(hashing, "hasher", Watched(1, 8, 1))
    hashing._nobodys_hash.cache_clear()
    assert not hashing.matches("anything", None)
    assert not hashing.matches("nobody signs in with this", None)
    assert asked == ["verify", "verify"]


def test_after_five_tries_a_minute_an_address_waits_and_others_do_not(browser: Browsers, sara: str):
    stranger = browser()
    tries = [stranger.sign_in(sara, f"guess number {number}") for number in range(6)]
    assert [answer.status_code for answer in tries] == [422, 422, 422, 422, 422, 429]
    assert tries[-1].headers["retry-after"] == "60"
    assert stranger.sign_in(sara, PASSWORD).status_code == 429
    assert browser().sign_in(sara, PASSWORD).status_code == 303


def test_the_addresses_of_one_ipv6_customer_count_as_one(app: Starlette, database: Database, sara: str):
    for number in range(5):
        assert Browser(app, f"2001:db8:1:2::{number}").sign_in(sara, "a wrong password").status_code == 422
    assert Browser(app, "2001:db8:1:2:ffff::9").sign_in(sara, PASSWORD).status_code == 429
    assert Browser(app, "2001:db8:1:3::1").sign_in(sara, PASSWORD).status_code == 303


def test_only_the_hash_of_a_token_is_kept(browser: Browsers, sara: str, superuser: psycopg.Connection[Any]):
    visitor = browser()
    answer = visitor.sign_in(sara, PASSWORD)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    secret = visitor.client.cookies["goldsmith"]
    assert len(secret) == 43
    [(kept,)] = superuser.execute(
        "SELECT token_hash FROM platform.sessions JOIN platform.people AS p ON p.id = person_id WHERE email = %s",
        (sara,),
    ).fetchall()
    assert kept == hashlib.sha256(secret.encode()).digest()


@pytest.mark.parametrize("typed", ["", "\x00", "a\x00@example.com", "\u202e", "x" * 5000, "'; --", "é@example.com"])
@pytest.mark.parametrize("field", ["email", "password", "next"])
def test_nothing_typed_breaks_the_door(browser: Browsers, field: str, typed: str):
    answer = browser().post("/login", **({"email": "nobody@example.com", "password": "x"} | {field: typed}))
    assert answer.status_code in (400, 422)
    assert "set-cookie" not in answer.headers


def test_a_session_is_new_with_every_sign_in(browser: Browsers, sara: str):
    visitor = browser()
    visitor.sign_in(sara, PASSWORD)
    first = visitor.client.cookies["goldsmith"]
    visitor.sign_in(sara, PASSWORD)
    second = visitor.client.cookies["goldsmith"]
    assert first != second
    stale = browser()
    stale.client.cookies["goldsmith"] = first
    assert stale.get("/users").status_code == 303


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(browser: Browsers, sara: str):
    visitor, thief = browser(), browser()
    visitor.sign_in(sara, PASSWORD)
    thief.client.cookies["goldsmith"] = visitor.client.cookies["goldsmith"]
    assert thief.get("/users").status_code == 200
    assert visitor.post("/logout").headers["location"] == "/login"
    assert "goldsmith" not in visitor.client.cookies
    assert thief.get("/users").status_code == 303


def test_a_session_ends_when_nobody_uses_it(browser: Browsers, sara: str, clock: SetClock):
    visitor = browser()
    visitor.sign_in(sara, PASSWORD)
    clock.advance(IDLE - timedelta(minutes=1))
    assert visitor.get("/users").status_code == 200
    clock.advance(IDLE - timedelta(minutes=1))
    assert visitor.get("/users").status_code == 200
    clock.advance(IDLE)
    assert visitor.get("/users").status_code == 303


def test_a_session_ends_after_a_long_day_however_much_it_is_used(browser: Browsers, sara: str, clock: SetClock):
    visitor = browser()
    visitor.sign_in(sara, PASSWORD)
    for _hour in range(13):
        clock.advance(timedelta(hours=1))
        assert visitor.get("/users").status_code == 200
    clock.advance(LONGEST - timedelta(hours=13))
    assert visitor.get("/users").status_code == 303


def test_a_change_without_the_sessions_proof_is_refused(browser: Browsers, sara: str):
    visitor = browser()
    visitor.sign_in(sara, PASSWORD)
    form = {"name": "Ali", "email": "ali@example.com", "role": "employee"}
    assert visitor.client.post("/users/invitations", data=form).status_code == 403
    assert (
        visitor.client.post("/users/invitations", data=form, headers={"sec-fetch-site": "cross-site"}).status_code
        == 403
    )
    assert "ali@example.com" not in visitor.get("/users/invitations").text


def test_another_sites_form_cannot_sign_anybody_in(browser: Browsers, sara: str):
    answer = browser().client.post(
        "/login", data={"email": sara, "password": PASSWORD}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert "goldsmith" not in answer.cookies


@pytest.mark.parametrize("token", ["", "x", "é\x80", "a" * 5000, pytest.param(Token.new().secret, id="made up")])
def test_a_token_that_was_never_given_opens_nothing(browser: Browsers, token: str):
    answer = browser().get("/users", headers=[(b"cookie", b"goldsmith=" + token.encode("latin-1"))])
    assert answer.headers["location"] == "/login?next=/users"


def test_a_given_password_opens_only_the_choice_of_an_own_one(browser: Browsers, newcomer: Added):
    visitor = browser()
    assert newcomer.start_password is not None
    answer = visitor.sign_in(newcomer.user.email, newcomer.start_password)
    assert answer.headers["location"] == "/login/password"
    assert visitor.get("/account/password").status_code == 303
    assert visitor.get("/login/password").status_code == 200
    half = visitor.client.cookies["goldsmith"]

    assert visitor.post("/login/password", password=PASSWORD, repeated=PASSWORD).headers["location"] == "/"
    assert visitor.client.cookies["goldsmith"] != half
    assert visitor.get("/account/password").status_code == 200
    assert browser().sign_in(newcomer.user.email, newcomer.start_password).status_code == 422
    assert browser().sign_in(newcomer.user.email, PASSWORD).headers["location"] == "/"


def test_a_given_password_is_good_for_two_weeks(browser: Browsers, newcomer: Added, clock: SetClock):
    clock.advance(timedelta(days=14))
    assert browser().sign_in(newcomer.user.email, newcomer.start_password or "").status_code == 422


def test_nobody_chooses_a_first_password_without_having_signed_in(browser: Browsers, sara: str):
    visitor = browser()
    assert visitor.post("/login/password", password=PASSWORD, repeated=PASSWORD).status_code == 422
    visitor.sign_in(sara, PASSWORD)
    assert (
        visitor.post("/login/password", password="another-lantern-80", repeated="another-lantern-80").status_code == 422
    )
    assert browser().sign_in(sara, PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("weak", "sentence"),
    [
        ("short", "At least 12 characters"),
        ("834756283475", "Digits alone"),
        ("۸۳۴۷۵۶۲۸۳۴۷۵", "Digits alone"),
        ("password1234", "Many people use"),
        ("dragondragon", "Many people use"),
        ("1QAZ2wsx3edc", "Many people use"),
        ("abababababab", "too few different"),
        ("reza-2025-07", "too much like"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(browser: Browsers, newcomer: Added, weak: str, sentence: str):
    visitor = browser()
    visitor.sign_in(newcomer.user.email, newcomer.start_password or "")
    answer = visitor.post("/login/password", password=weak, repeated=weak)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert weak not in answer.text


def test_thousands_of_common_passwords_are_long_enough_and_refused():
    """ASVS 5.0, 6.2.4: at least the 3000 most frequent that the length would let in."""
    long = [word for word in password._common() if len(word) >= password.LENGTH_MIN]
    assert len(long) >= 3000
    for word in long[::50]:
        with pytest.raises(password.WeakPassword):
            password.check_password(word, [])


@pytest.mark.parametrize(
    "chosen",
    [
        "correct horse battery staple",
        " blanks at both ends ",
        "گاو آبی روی میز نشست",
        "🐫🌙 und ein Kamel im Mai",
        "no-capitals-no-digits-here",
        "x1" + "lantern copper river " * 9,
    ],
)
def test_a_password_may_be_long_and_of_anything(browser: Browsers, newcomer: Added, chosen: str):
    """ASVS 5.0, 6.2: at least 128 characters, none cut off, any characters, no rules of composition."""
    visitor = browser()
    visitor.sign_in(newcomer.user.email, newcomer.start_password or "")
    assert visitor.post("/login/password", password=chosen, repeated=chosen).status_code == 303
    assert browser().sign_in(newcomer.user.email, chosen[:-1]).status_code == 422
    assert browser().sign_in(newcomer.user.email, chosen).status_code == 303


def test_the_new_password_is_typed_twice(browser: Browsers, newcomer: Added):
    visitor = browser()
    visitor.sign_in(newcomer.user.email, newcomer.start_password or "")
    answer = visitor.post("/login/password", password=PASSWORD, repeated=PASSWORD + "x")
    assert answer.status_code == 400
    assert "not the same" in answer.text


def test_a_changed_password_signs_every_other_device_out(browser: Browsers, sara: str):
    here, there = browser(), browser()
    here.sign_in(sara, PASSWORD)
    there.sign_in(sara, PASSWORD)
    new = "quiet-harbour-42-moss"
    before = here.client.cookies["goldsmith"]
    answer = here.post("/account/password", current=PASSWORD, password=new, repeated=new)
    assert answer.status_code == 303
    assert here.client.cookies["goldsmith"] != before
    assert here.get("/users").status_code == 200
    assert there.get("/users").status_code == 303
    assert browser().sign_in(sara, PASSWORD).status_code == 422
    assert browser().sign_in(sara, new).status_code == 303


def test_the_present_password_is_asked_before_it_changes(browser: Browsers, sara: str):
    visitor = browser()
    visitor.sign_in(sara, PASSWORD)
    new = "quiet-harbour-42-moss"
    answer = visitor.post("/account/password", current="something else", password=new, repeated=new)
    assert answer.status_code == 400
    assert "not your current password" in answer.text
    assert browser().sign_in(sara, PASSWORD).status_code == 303


def test_a_hash_of_old_parameters_is_renewed_at_sign_in(
    browser: Browsers, sara: str, superuser: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(hashing, "hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert browser().sign_in(sara, PASSWORD).status_code == 303
    [(hashed,)] = superuser.execute("SELECT password_hash FROM platform.people WHERE email = %s", (sara,)).fetchall()
    assert hashed.startswith("$argon2id$v=19$m=16,t=2,p=1$")
    assert browser().sign_in(sara, PASSWORD).status_code == 303


def test_a_password_is_the_same_however_the_keyboard_composes_it():
    assert hashing.matches("Cafe\u0301-und-Tee-9", hashing.hash_password("Caf\u00e9-und-Tee-9"))


def test_an_admin_signs_in_to_the_platform_and_to_no_shop(
    browser: Browsers, database: Database, actor: Actor, shop: Shop
):
    email = f"admin-{shop.slug}@example.com"
    with database.for_platform("set up", actor) as work:
        add_admin(work, email, "Ada", PASSWORD)
    visitor = browser()
    visitor.sign_in(email, PASSWORD)
    assert browser().sign_in(email, PASSWORD).headers["location"] == "/"
    assert visitor.get("/users").status_code == 404
    assert visitor.get("/platform/account/password").status_code == 200


def test_a_shops_person_has_no_way_to_the_platform(browser: Browsers, sara: str):
    visitor = browser()
    visitor.sign_in(sara, PASSWORD)
    assert visitor.get("/platform/account/password").status_code == 404


def test_the_sign_in_page_speaks_english_and_persian(browser: Browsers):
    visitor = browser()
    assert 'lang="en"' in visitor.get("/login").text
    answer = visitor.post("/preferences", language="fa", next="/login")
    assert answer.headers["location"] == "/login"
    shown = visitor.get("/login").text
    assert 'lang="fa"' in shown
    assert 'dir="rtl"' in shown


def test_a_preferred_language_follows_the_person_to_another_device(browser: Browsers, sara: str):
    visitor = browser()
    visitor.sign_in(sara, PASSWORD)
    visitor.post("/preferences", language="en")
    other = browser()
    other.sign_in(sara, PASSWORD)
    assert 'lang="en"' in other.get("/users").text  # the shop's own language is Persian


def test_the_people_of_a_suspended_shop_get_in_and_those_of_a_closing_one_do_not(
    browser: Browsers, sara: str, shop: Shop, superuser: psycopg.Connection[Any]
):
    state = "UPDATE platform.tenants SET state = %s, version = version + 1 WHERE id = %s"
    superuser.execute(state, ("suspended", shop.id))
    visitor = browser()
    assert visitor.sign_in(sara, PASSWORD).status_code == 303
    assert visitor.get("/users").status_code == 200
    superuser.execute(state, ("pending_deletion", shop.id))
    assert visitor.get("/users").status_code == 303
    assert browser().sign_in(sara, PASSWORD).status_code == 422


@pytest.mark.parametrize("state", ["pending_deletion", "deleted"])
def test_with_the_right_password_one_is_told_that_the_shop_is_closed(
    browser: Browsers, sara: str, shop: Shop, superuser: psycopg.Connection[Any], state: str
):
    change = "UPDATE platform.tenants SET state = %s, version = version + 1 WHERE id = %s"
    superuser.execute(change, (state, shop.id))
    told = browser().sign_in(sara, PASSWORD)
    assert told.status_code == 422
    assert f"{shop.name} is closed and will be deleted" in told.text
    assert "needs another look" not in told.text
    assert "ask its owner, or whoever runs this installation" in told.text
    # Who guesses learns nothing: neither that there is such an account, nor what became of its shop.
    guessed, unknown = (
        browser().sign_in(sara, "a guess of mine 12"),
        browser().sign_in("no@example.com", "a guess 12345"),
    )
    assert [answer.status_code for answer in (guessed, unknown)] == [422, 422]
    assert "closed" not in guessed.text
    assert guessed.text.count("do not belong together") == unknown.text.count("do not belong together") > 0


def test_who_works_in_another_shop_comes_in_there(
    browser: Browsers, sara: str, shop: Shop, new_shop: Callable[..., Shop], superuser: psycopg.Connection[Any]
):
    other = new_shop("AE", name="Dubai Gold")
    superuser.execute(
        "INSERT INTO shop.users (tenant_id, id, name, role, since) "
        "SELECT %s, id, 'Sara', 'owner', now() FROM platform.people WHERE email = %s",
        (other.id, sara),
    )
    superuser.execute(
        "UPDATE platform.tenants SET state = 'pending_deletion', version = version + 1 WHERE id = %s", (shop.id,)
    )
    visitor = browser()
    assert visitor.sign_in(sara, PASSWORD).status_code == 303
    assert visitor.get("/api/v1/me").json()["shop"] == "Dubai Gold"


def test_an_account_that_a_shop_made_does_not_open_the_platform(
    browser: Browsers, database: Database, actor: Actor, sara: str
):
    inside = browser()
    inside.sign_in(sara, PASSWORD)
    with database.for_platform("set up", actor) as work:
        given = add_admin(work, sara, "Ada")
    assert given is not None
    stranger = browser()
    assert stranger.sign_in(sara, PASSWORD).status_code == 422
    assert browser().sign_in(sara, given).headers["location"] == "/login/password"
    with database.for_platform("look", actor) as work:
        assert (
            work.execute(
                text(
                    "SELECT count(*) FROM platform.sessions AS s JOIN platform.people AS p "
                    "ON p.id = s.person_id WHERE p.email = :email AND s.stage = 'in'"
                ),
                {"email": sara},
            ).scalar_one()
            == 0
        )

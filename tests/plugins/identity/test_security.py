"""One's own account: what is set up and removed, who is written to, and what nobody can take away."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest

from kernel.clock import SetClock
from kernel.ids import new_id
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity import jobs, queries, store
from plugins.identity.actions.next_stage import REQUIRE_SECOND_FACTOR
from plugins.identity.actions.passkeys import remove_passkey
from plugins.identity.actions.remove_factor import remove_app
from plugins.identity.domain.factor import HasApp, NeedsFactor
from plugins.identity.domain.passkey import Passkey
from plugins.identity.public import NewUserForm, add_admin, add_user_with_password
from tests.plugins.browser import Browser, found
from tests.plugins.conftest import PASSWORD
from tests.plugins.identity import fakes
from web.proof import FRESH_FOR

Browsers = Callable[[], Browser]
CODE = r"<bdi[^>]*>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</bdi>"


@pytest.fixture
def shop(new_shop: Callable[..., Shop]) -> Shop:
    """One that speaks English."""
    return new_shop("AE")


@pytest.fixture
def sara(database: Database, shop: Shop, actor: Actor) -> str:
    email = f"sara-{shop.slug}@example.com"
    with database.for_shop(shop.id, actor) as uow:
        add_user_with_password(uow, NewUserForm(name="Sara", email=email, role="employee"), PASSWORD)
    return email


@pytest.fixture
def inside(browser: Browsers, sara: str) -> Browser:
    visitor = browser()
    visitor.sign_in(sara, PASSWORD)
    return visitor


@pytest.fixture
def written(database: Database, actor: Actor) -> Callable[[str], list[str]]:
    """The subjects of the letters to an address, after the minute is over."""

    def subjects(email: str) -> list[str]:
        with database.for_platform("send letters", actor) as work:
            jobs.send_letters(work, work.now, fakes.POST, fakes.SITE)
        return [letter.subject for letter in fakes.POST.to(email)]

    return subjects


def set_up(visitor: Browser, at: str = "/account/security/app") -> tuple[str, list[str]]:
    """The seed of a new app, and the recovery codes that came with it."""
    shown = visitor.get(at).text
    seed, offer = found(r"<bdi[^>]*>([A-Z2-7]{32})</bdi>", shown), found(r'name="offer" value="([^"]+)"', shown)
    answer = visitor.post(at, code=pyotp.TOTP(seed).at(visitor.now), offer=offer)
    assert answer.status_code == 200, answer.text
    return seed, re.findall(CODE, answer.text)


def test_an_app_is_set_up_and_asked_for_from_then_on(inside: Browser, browser: Browsers, sara: str, written, clock):
    assert "Set up an app" in inside.get("/account/security").text
    seed, codes = set_up(inside)
    assert len(codes) == 10
    assert written(sara) == ["An authenticator app was set up for your account"]
    page = inside.get("/account/security").text
    assert "10 codes are left" in re.sub(r"<[^>]+>", "", page)
    visitor = browser()
    assert visitor.post("/login", email=sara, password=PASSWORD).headers["location"] == "/login/code"
    clock.advance(timedelta(seconds=30))
    assert visitor.post("/login/code", code=pyotp.TOTP(seed).at(clock.now())).status_code == 303


def test_there_is_one_app(inside: Browser, sara: str, database: Database, actor: Actor, superuser):
    shown = inside.get("/account/security/app").text
    seed, offer = found(r"<bdi[^>]*>([A-Z2-7]{32})</bdi>", shown), found(r'name="offer" value="([^"]+)"', shown)
    set_up(inside)
    answer = inside.post("/account/security/app", code=pyotp.TOTP(seed).at(inside.now), offer=offer)
    assert answer.status_code == 303
    asked = "SELECT count(*) FROM platform.apps AS a JOIN platform.people AS p ON p.id = person_id WHERE email = %s"
    assert superuser.execute(asked, (sara,)).fetchone() == (1,)
    # At the door, where a password alone was shown, none is replaced.
    with pytest.raises(HasApp), database.for_platform("enrol another", actor) as work:
        login = queries.login(work, sara)
        assert login is not None
        store.add_app(work, login.person, b"locked", 0)


def test_an_app_that_is_removed_takes_the_recovery_codes_along(inside: Browser, browser: Browsers, sara: str, written):
    _seed, codes = set_up(inside)
    assert inside.post("/account/security/app/removal").headers["location"] == "/account/security"
    assert written(sara)[-1] == "The authenticator app of your account was removed"
    assert inside.post("/account/security/app/removal").status_code == 404
    assert browser().sign_in(sara, PASSWORD).headers["location"] == "/"
    set_up(inside)
    visitor = browser()
    visitor.post("/login", email=sara, password=PASSWORD)
    assert visitor.post("/login/code", code=codes[0]).status_code == 400


def test_new_recovery_codes_end_the_old_ones(inside: Browser, browser: Browsers, sara: str, written):
    assert inside.post("/account/security/codes").status_code == 422
    _seed, old = set_up(inside)
    answer = inside.post("/account/security/codes")
    new = re.findall(CODE, answer.text)
    assert len(set(new) | set(old)) == 20
    assert written(sara)[-1] == "New recovery codes were made for your account"
    visitor = browser()
    visitor.post("/login", email=sara, password=PASSWORD)
    assert visitor.post("/login/code", code=old[0]).status_code == 400
    assert visitor.post("/login/code", code=new[0]).status_code == 303
    assert written(sara)[-1] == "Somebody signed in with a recovery code of yours"
    assert "9 codes are left" in re.sub(r"<[^>]+>", "", inside.get("/account/security").text)


@pytest.mark.parametrize("path", ["", "/removal"])
def test_all_of_it_asks_first_who_it_is(inside: Browser, clock: SetClock, path: str):
    set_up(inside)
    clock.advance(FRESH_FOR + timedelta(seconds=1))
    for answer in (inside.get("/account/security/app"), inside.post(f"/account/security/app{path}")):
        assert answer.headers["location"].startswith("/account/prove")
    assert inside.post("/account/security/codes").headers["location"].startswith("/account/prove")
    assert inside.get("/account/password").headers["location"].startswith("/account/prove")
    assert "Remove the app" in inside.get("/account/security").text


def test_who_needs_a_factor_keeps_it(
    browser: Browsers, inside: Browser, sara: str, shop: Shop, database: Database, actor: Actor
):
    email = f"ada-{shop.slug}@example.com"
    with database.for_platform("set up", actor) as work:
        add_admin(work, email, "Ada", PASSWORD)
    ada = browser()
    ada.sign_in(email, PASSWORD)
    assert "Remove the app" not in ada.get("/platform/account/security").text
    answer = ada.post("/platform/account/security/app/removal")
    assert answer.status_code == 422
    assert "You need a second factor here" in answer.text
    set_up(inside)
    with database.for_shop(shop.id, actor) as uow:
        uow.choose(REQUIRE_SECOND_FACTOR, True)
    assert inside.post("/account/security/app/removal").status_code == 422


@pytest.mark.parametrize("account", ["/account", "/platform/account"])
def test_an_app_moves_to_another_phone(
    browser: Browsers, sara: str, shop: Shop, database: Database, actor: Actor, written, account: str
):
    if account == "/platform/account":
        sara = f"ada-{shop.slug}@example.com"
        with database.for_platform("set up", actor) as work:
            add_admin(work, sara, "Ada", PASSWORD)
    visitor = browser()
    visitor.sign_in(sara, PASSWORD)
    if account == "/account":
        set_up(visitor)
    written(sara)
    assert "Set up on another phone" in visitor.get(f"{account}/security").text
    assert "takes the place of the app you use now" in visitor.get(f"{account}/security/app").text

    def seeds() -> list[bytes | None]:
        with database.for_platform("look", actor) as work:
            login = queries.login(work, sara)
            assert login is not None
            return [queries.locked_seed(work, login.person), bytes(queries.factors(work, login.person).codes_left)]

    old = seeds()
    shown = visitor.get(f"{account}/security/app").text
    offer = found(r'name="offer" value="([^"]+)"', shown)
    assert visitor.post(f"{account}/security/app", code="000000", offer=offer).status_code in (400, 422)
    assert seeds() == old
    seed = found(r"<bdi[^>]*>([A-Z2-7]{32})</bdi>", shown)
    answer = visitor.post(f"{account}/security/app", code=pyotp.TOTP(seed).at(visitor.now), offer=offer)
    assert answer.status_code == 303
    assert (seeds()[0] != old[0], seeds()[1] == old[1]) == (True, True)
    assert written(sara)[-1] == "An authenticator app was set up for your account"


def test_of_two_factors_that_are_removed_at_once_one_stays(shop: Shop, database: Database, actor: Actor):
    email = f"ada-{shop.slug}@example.com"
    with database.for_platform("set up", actor) as work:
        add_admin(work, email, "Ada", PASSWORD)
        login = queries.login(work, email)
        assert login is not None
        ada = login.person
        store.add_app(work, ada, b"locked", 0)
        key = Passkey(new_id(), ada, shop.slug.encode(), b"key", 0, (), "Phone", work.now, None)
        store.add_passkey(work, key)

    def remove_the_key() -> None:
        with database.for_platform("remove a passkey", actor) as work:
            remove_passkey(work, ada, key.id, required=False)

    with ThreadPoolExecutor(1) as pool:
        with database.for_platform("remove an app", actor) as work:
            remove_app(work, ada, required=False)
            second = pool.submit(remove_the_key)
            with pytest.raises(TimeoutError):
                second.result(0.5)
        with pytest.raises(NeedsFactor):
            second.result(10)
    with database.for_platform("look", actor) as work:
        assert [one.id for one in queries.passkeys_of(work, ada)] == [key.id]


def test_a_changed_password_is_written_about(inside: Browser, sara: str, written):
    new = "quiet-harbour-42-moss"
    inside.post("/account/password", current=PASSWORD, password=new, repeated=new)
    assert written(sara) == ["Your password was changed"]


def test_the_shops_trail_tells_of_it(inside: Browser, shop: Shop, superuser):
    set_up(inside)
    inside.post("/account/security/codes")
    inside.post("/account/security/app/removal")
    told = superuser.execute(
        "SELECT action, actor FROM shop.audit_entries WHERE tenant_id = %s AND action LIKE 'identity.%%_app'"
        " OR tenant_id = %s AND action = 'identity.make_codes' ORDER BY number",
        (shop.id, shop.id),
    ).fetchall()
    assert told == [(f"identity.{what}", "Sara") for what in ("add_app", "make_codes", "remove_app")]

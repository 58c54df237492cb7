"""The second step of the door: an authenticator app, recovery codes, and who cannot do without."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pyotp
import pytest
from httpx import Response

from kernel.clock import SetClock
from kernel.errors import TryLater
from kernel.ids import new_id
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity import queries, store
from plugins.identity.actions import check_code, hash_password, tell
from plugins.identity.actions.next_stage import REQUIRE_SECOND_FACTOR
from plugins.identity.domain.factor import RECOVERY_CODES, Factors
from plugins.identity.domain.passkey import Passkey
from plugins.identity.domain.session import HALF_WAY
from plugins.identity.public import NewUserForm, add_admin, add_user, add_user_with_password, give_app
from tests.plugins.browser import Browser, found
from tests.plugins.conftest import PASSWORD
from tests.plugins.identity import fakes

Browsers = Callable[[], Browser]
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = timedelta(seconds=30)


@pytest.fixture
def ada(database: Database, shop: Shop, actor: Actor) -> str:
    """The address of an admin of the platform who has no second factor yet."""
    email = f"ada-{shop.slug}@example.com"
    with database.for_platform("set up", actor) as work:
        add_admin(work, email, "Ada", PASSWORD)
    return email


@pytest.fixture
def sara(database: Database, shop: Shop, actor: Actor) -> str:
    """The address of an owner whose authenticator app has SEED."""
    email = f"sara-{shop.slug}@example.com"
    with database.for_shop(shop.id, actor) as uow:
        add_user_with_password(uow, NewUserForm(name="Sara", email=email, role="owner"), PASSWORD)
    with database.for_platform("set up", actor) as work:
        give_app(work, fakes.SAFE, email, SEED)
    return email


@pytest.fixture
def code(clock: SetClock) -> Callable[[int], str]:
    """What Sara's app shows, so many steps from now."""
    return lambda steps: pyotp.TOTP(SEED).at(clock.now(), counter_offset=steps)


def halfway(visitor: Browser, email: str) -> Browser:
    answer = visitor.post("/login", email=email, password=PASSWORD)
    assert answer.headers["location"] == "/login/code"
    return visitor


def is_in(visitor: Browser, path: str = "/account/password") -> bool:
    return visitor.get(path).status_code == 200


# An app


def test_a_password_alone_is_half_the_way(browser: Browsers, sara: str, code):
    visitor = halfway(browser(), sara)
    before = visitor.client.cookies["goldsmith"]
    assert visitor.get("/users").headers["location"] == "/login?next=/users"
    assert visitor.get("/login/code").status_code == 200
    answer = visitor.post("/login/code", code=code(0), next="/users")
    assert (answer.status_code, answer.headers["location"]) == (303, "/users")
    assert visitor.client.cookies["goldsmith"] != before
    assert is_in(visitor)
    thief = browser()
    thief.client.cookies["goldsmith"] = before
    assert not is_in(thief)


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/platform/shops"])
def test_the_second_step_never_leads_elsewhere(browser: Browsers, sara: str, code, elsewhere: str):
    assert halfway(browser(), sara).post("/login/code", code=code(0), next=elsewhere).headers["location"] == "/"


@pytest.mark.parametrize(("steps", "status"), [(-2, 400), (-1, 303), (0, 303), (1, 303), (2, 400)])
def test_clocks_may_differ_by_one_step(browser: Browsers, sara: str, code, steps: int, status: int):
    assert halfway(browser(), sara).post("/login/code", code=code(steps)).status_code == status


def test_a_code_opens_once_and_none_before_it_does_afterwards(browser: Browsers, sara: str, code):
    assert halfway(browser(), sara).post("/login/code", code=code(0)).status_code == 303
    again = halfway(browser(), sara)
    assert again.post("/login/code", code=code(0)).status_code == 400
    assert again.post("/login/code", code=code(-1)).status_code == 400
    assert not is_in(again)
    assert again.post("/login/code", code=code(1)).status_code == 303


def test_of_two_who_use_one_code_at_once_one_gets_in(browser: Browsers, sara: str, code):
    both = [halfway(browser(), sara) for _each in range(2)]

    def enter(visitor: Browser) -> Response:
        return visitor.post("/login/code", code=code(0))

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(enter, both))
    assert sorted(answer.status_code for answer in answers) == [303, 400]
    assert sorted(is_in(visitor) for visitor in both) == [False, True]


def test_a_code_is_read_as_people_write_it(browser: Browsers, sara: str, code):
    persian = code(0).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert halfway(browser(), sara).post("/login/code", code=f" {persian[:3]} {persian[3:]} ").status_code == 303


@pytest.mark.parametrize("typed", ["", "000000", "12345", "1234567", "٫", "x" * 61, "kf7m-2qpd-x9rt", "\x00", "'; --"])
def test_what_is_no_code_of_theirs_opens_nothing(browser: Browsers, sara: str, typed: str):
    visitor = halfway(browser(), sara)
    answer = visitor.post("/login/code", code=typed)
    assert answer.status_code in (400, 422)
    assert not is_in(visitor)


def test_nobody_gives_a_code_without_a_password_before(browser: Browsers, sara: str, code):
    visitor = browser()
    assert visitor.get("/login/code").headers["location"] == "/login"
    answer = visitor.post("/login/code", code=code(0))
    assert answer.status_code in (422, 303)
    assert not is_in(visitor)
    assert halfway(visitor, sara).post("/login/code", code=code(0)).status_code == 303


def test_who_stops_half_way_begins_again(browser: Browsers, sara: str, code, clock: SetClock):
    visitor = halfway(browser(), sara)
    clock.advance(HALF_WAY)
    assert visitor.get("/login/code").headers["location"] == "/login"
    assert visitor.post("/login/code", code=code(0)).status_code == 422
    assert not is_in(visitor)


def test_a_password_that_was_given_does_not_go_around_the_second_step(
    browser: Browsers, database: Database, shop: Shop, actor: Actor, clock: SetClock
):
    with database.for_shop(shop.id, actor) as uow:
        reza = add_user(uow, NewUserForm(name="Reza", email=f"reza-{shop.slug}@example.com", role="employee"))
    with database.for_platform("set up", actor) as work:
        give_app(work, fakes.SAFE, reza.user.email, SEED)
    visitor = browser()
    visitor.post("/login", email=reza.user.email, password=reza.start_password)
    answer = visitor.post("/login/password", password=PASSWORD, repeated=PASSWORD)
    assert answer.headers["location"] == "/login/code"
    assert not is_in(visitor)
    assert visitor.post("/login/code", code=pyotp.TOTP(SEED).at(clock.now())).status_code == 303


def test_the_database_alone_makes_no_codes(sara: str, superuser: psycopg.Connection[Any]):
    [(seed, hashes)] = superuser.execute(
        "SELECT seed, hashes FROM platform.apps JOIN platform.recovery_codes USING (person_id) "
        "JOIN platform.people ON id = person_id WHERE email = %s",
        (sara,),
    ).fetchall()
    assert SEED.encode() not in seed
    assert len(hashes) == RECOVERY_CODES
    assert {each[:12] for each in hashes} == {"$argon2id$v="}


# How often


def test_after_five_wrong_codes_a_sign_in_waits(browser: Browsers, sara: str, code):
    visitor = halfway(browser(), sara)
    tries = [visitor.post("/login/code", code=f"{number:06}") for number in range(5)]
    assert {answer.status_code for answer in tries} == {400}
    refused = visitor.post("/login/code", code=code(0))
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
    assert not is_in(visitor)
    assert halfway(browser(), sara).post("/login/code", code=code(0)).status_code == 303


def test_codes_are_not_tried_through_in_many_sign_ins_and_the_person_gets_in_afterwards(
    browser: Browsers, sara: str, code
):
    for _sign_in in range(2):
        thief = halfway(browser(), sara)
        for number in range(5):
            assert thief.post("/login/code", code=f"{number:06}").status_code == 400
    assert halfway(browser(), sara).post("/login/code", code=code(0)).status_code == 429
    fakes.LIMITS.forget()  # a quarter of an hour
    assert halfway(browser(), sara).post("/login/code", code=code(0)).status_code == 303


def test_nobody_tries_codes_while_nobody_can_count_them(browser: Browsers, sara: str, code, monkeypatch):
    visitor = halfway(browser(), sara)

    def down(*_what: object, **_how: object) -> bool:
        raise TryLater

    with monkeypatch.context() as patched:
        patched.setattr(fakes.LIMITS, "allow", down)
        assert visitor.post("/login/code", code=code(0)).status_code == 503
    assert not is_in(visitor)
    assert visitor.post("/login/code", code=code(0)).status_code == 303


# Where one is needed


def test_an_admin_sets_up_an_app_before_anything_of_the_platform_opens(browser: Browsers, ada: str, clock: SetClock):
    visitor = browser()
    answer = visitor.post("/login", email=ada, password=PASSWORD)
    assert answer.headers["location"] == "/login/app"
    for path in ("/platform/shops", "/platform/account/password"):
        assert visitor.get(path).headers["location"] == f"/login?next={path}"
    half = visitor.client.cookies["goldsmith"]

    shown = visitor.get("/login/app").text
    assert '<img class="qr" src="data:image/svg+xml' in shown
    seed, offer = found(r"<bdi[^>]*>([A-Z2-7]{32})</bdi>", shown), found(r'name="offer" value="([^"]+)"', shown)
    wrong = visitor.post("/login/app", code="000000", offer=offer)
    assert wrong.status_code == 400
    assert seed in wrong.text
    right = visitor.post("/login/app", code=pyotp.TOTP(seed).at(clock.now()), offer=offer)
    assert right.status_code == 200
    assert 'href="/"' in right.text
    assert visitor.client.cookies["goldsmith"] != half
    assert is_in(visitor, "/platform/account/password")
    assert visitor.post("/login/app", code=pyotp.TOTP(seed).at(clock.now()), offer=offer).status_code == 422

    clock.advance(STEP)
    assert halfway(browser(), ada).post("/login/code", code=pyotp.TOTP(seed).at(clock.now())).status_code == 303


def test_a_seed_is_good_for_whom_it_was_offered_and_for_a_while(
    browser: Browsers, ada: str, clock: SetClock, database: Database, actor: Actor
):
    other = f"other-{ada}"
    with database.for_platform("set up", actor) as work:
        add_admin(work, other, "Other", PASSWORD)
    visitors = []
    for email in (ada, other):
        visitor = browser()
        visitor.post("/login", email=email, password=PASSWORD)
        visitors.append(visitor)
    mine, theirs = visitors
    shown = mine.get("/login/app").text
    seed, offer = found(r"<bdi[^>]*>([A-Z2-7]{32})</bdi>", shown), found(r'name="offer" value="([^"]+)"', shown)
    code = pyotp.TOTP(seed).at(clock.now())
    for wrong in (offer[:-8] + "AAAAAAA=", "x", "é", ""):
        assert mine.post("/login/app", code=code, offer=wrong).status_code in (400, 422)
    assert theirs.post("/login/app", code=code, offer=offer).status_code == 422
    assert seed not in theirs.get("/login/app").text
    clock.advance(HALF_WAY - timedelta(seconds=1))
    assert mine.post("/login/app", code=pyotp.TOTP(seed).at(clock.now()), offer=offer).status_code == 200


def test_a_shop_may_ask_for_a_second_step_of_everybody(
    browser: Browsers, signed_in, database: Database, shop: Shop, actor: Actor
):
    with database.for_shop(shop.id, actor) as uow:
        uow.choose(REQUIRE_SECOND_FACTOR, True)
        add_user_with_password(
            uow, NewUserForm(name="Reza", email=f"reza-{shop.slug}@example.com", role="employee"), PASSWORD
        )
    answer = browser().post("/login", email=f"reza-{shop.slug}@example.com", password=PASSWORD)
    assert answer.headers["location"] == "/login/app"


def test_an_owner_decides_that_and_nobody_else(browser: Browsers, signed_in, shop: Shop):
    owner, manager = signed_in(shop), signed_in(shop, "manager")
    assert manager.post("/users/second-step", required="on").status_code == 403
    assert owner.post("/users/second-step", required="on").status_code == 303
    assert 'name="required" value="on" checked' in re.sub(r"\s+", " ", owner.get("/users/roles").text)
    assert owner.post("/users/second-step").status_code == 303
    assert 'name="required" value="on" checked' not in re.sub(r"\s+", " ", owner.get("/users/roles").text)


# When the app is lost


@pytest.fixture
def codes(browser: Browsers, ada: str) -> list[str]:
    """Ada's recovery codes."""
    return new_codes(browser(), ada)


def new_codes(visitor: Browser, ada: str) -> list[str]:
    """Those of a first app."""
    visitor.post("/login", email=ada, password=PASSWORD)
    shown = visitor.get("/login/app").text
    seed, offer = found(r"<bdi[^>]*>([A-Z2-7]{32})</bdi>", shown), found(r'name="offer" value="([^"]+)"', shown)
    answer = visitor.post("/login/app", code=pyotp.TOTP(seed).at(visitor.now), offer=offer)

    return re.findall(r"<bdi[^>]*>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</bdi>", answer.text)


def test_a_recovery_code_opens_once(browser: Browsers, ada: str, codes: list[str]):
    assert len(set(codes)) == RECOVERY_CODES
    visitor = halfway(browser(), ada)
    assert visitor.post("/login/code", code=codes[3].replace("-", " ").upper()).status_code == 303
    assert is_in(visitor, "/platform/account/password")
    again = halfway(browser(), ada)
    assert again.post("/login/code", code=codes[3]).status_code == 400
    assert not is_in(again, "/platform/account/password")
    assert again.post("/login/code", code=codes[4]).status_code == 303


def test_codes_that_were_hashed_with_other_parameters_go_on_opening(
    browser: Browsers, ada: str, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as before:
        before.setattr(check_code, "_hasher", hash_password.hasher)
        codes = new_codes(browser(), ada)
    assert halfway(browser(), ada).post("/login/code", code=codes[0]).status_code == 303


def test_of_two_who_use_one_recovery_code_at_once_one_gets_in(browser: Browsers, ada: str, codes: list[str]):
    both = [halfway(browser(), ada) for _each in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda visitor: visitor.post("/login/code", code=codes[0]), both))
    assert sorted(answer.status_code for answer in answers) == [303, 400]


def test_codes_of_one_person_are_nothing_to_another(browser: Browsers, sara: str, codes: list[str]):
    assert halfway(browser(), sara).post("/login/code", code=codes[0]).status_code == 400


# The trail


def test_the_trail_tells_by_what_somebody_got_in_and_flags_a_recovery_code(
    browser: Browsers, ada: str, codes: list[str], superuser: psycopg.Connection[Any]
):
    wrong = halfway(browser(), ada)
    wrong.post("/login/code", code="000000")
    wrong.post("/login/code", code=codes[0])
    tell.wait()
    told = superuser.execute(
        "SELECT outcome, details FROM platform.audit_entries AS e JOIN platform.people AS p "
        "ON p.id IN (e.actor_id, e.subject_id) WHERE email = %s AND action = 'identity.sign_in' ORDER BY number",
        (ada,),
    ).fetchall()
    first, refused, last = told
    assert (first[0], first[1]["proof"], "signs" in first[1]) == ("done", "app", False)
    assert (refused[0], refused[1]["proof"]) == ("refused", "wrong")
    assert (last[0], last[1]["proof"]) == ("done", "recovery_code")
    assert "recovery_code" in last[1]["signs"]
    everything = superuser.execute("SELECT before, after FROM platform.audit_changes WHERE about = 'apps'").fetchall()
    assert everything
    assert {after["seed"] for _before, after in everything if after and "seed" in after} == {"…"}


def test_what_somebody_had_before_they_run_the_installation_opens_nothing_of_it(
    database: Database, actor: Actor, sara: str
):
    """A shop may have made their account, and whoever held it first a passkey of their own: that needs no password."""
    with database.for_platform("set up", actor) as work:
        login = queries.login(work, sara)
        assert login is not None
        key = Passkey(new_id(), login.person, new_id().bytes, b"public", 0, (), "Phone", work.now, None)
        store.add_passkey(work, key)
        assert queries.factors(work, login.person) == Factors(True, 1, RECOVERY_CODES)
        add_admin(work, sara, "Ada", PASSWORD)
        assert queries.factors(work, login.person) == Factors(False, 0, 0)
        # Who runs it already keeps what they have.
        give_app(work, fakes.SAFE, sara, SEED)
        add_admin(work, sara, "Ada of Goldsmith", PASSWORD)
        assert queries.factors(work, login.person) == Factors(True, 0, RECOVERY_CODES)

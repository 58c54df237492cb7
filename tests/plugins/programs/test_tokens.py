"""A program signs in, acts, gets new tokens and signs out; and nobody else does with what it holds."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from psycopg import Connection
from pydantic import SecretStr
from starlette.applications import Starlette

from adapters.passes.jwt import JwtPasses
from kernel.clock import SetClock
from kernel.ids import new_id
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity import queries
from plugins.identity.actions.check_code import make_recovery_codes
from plugins.identity.public import add_admin, give_app
from plugins.programs.domain.passes import AGAIN_WITHIN, GOOD_FOR
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD
from tests.plugins.identity import fakes
from tests.plugins.programs.conftest import ME, Program
from tests.plugins.programs.fakes import PASSES

# In and out


def test_a_program_acts_as_its_person(program: Program, shop: Shop):
    me = program.get().json()
    assert (me["name"], me["shop"]) == ("Parisa", shop.name)
    assert "pos.sell" in me["permissions"]
    assert "identity.edit_users" not in me["permissions"]


def test_a_wrong_password_is_answered_as_at_the_door(program: Program, email: str):
    sent: dict[str, Any] = {"email": email, "password": "not this one, sorry"}
    answer = program.send("POST", "/api/v1/tokens", anonymous=True, **sent)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:goldsmith:problem:wrong_sign_in")


def test_tries_of_programs_and_of_browsers_are_counted_together(app: Starlette, email: str):
    browser = Browser(app)
    tried = [
        browser.client.post("/api/v1/tokens", json={"email": email, "password": f"wrong {number}"}).status_code
        for number in range(5)
    ]
    assert (tried, browser.sign_in(email, PASSWORD).status_code) == ([422] * 5, 429)
    # Whoever is kept from one network gets in from another.
    assert Browser(app).sign_in(email, PASSWORD).status_code == 303


def test_people_of_the_platform_have_no_shop_to_work_in(app: Starlette, database: Database, actor: Actor):
    email = f"ada-{new_id().hex}@example.com"
    with database.for_platform("set up", actor) as work:
        add_admin(work, email, "Ada", PASSWORD)
    answer = Browser(app).client.post("/api/v1/tokens", json={"email": email, "password": PASSWORD})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:goldsmith:problem:no_shop")


def test_who_works_in_two_shops_says_in_which(
    app: Starlette, email: str, new_shop: Callable[..., Shop], superuser: Connection[Any]
):
    second = new_shop("AE", name="Dubai")
    superuser.execute(
        "INSERT INTO shop.users (tenant_id, id, name, role, since) "
        "SELECT %s, id, 'Parisa', 'manager', now() FROM platform.people WHERE email = %s",
        (second.id, email),
    )
    program = Program(app)
    program.sign_in(email, shop=str(second.id))
    assert program.get().json()["shop"] == "Dubai"
    stranger = new_shop("AE", name="Sharjah")
    sent: dict[str, Any] = {"email": email, "password": PASSWORD, "shop": str(stranger.id)}
    refused = Browser(app).client.post("/api/v1/tokens", json=sent)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:goldsmith:problem:no_shop")


def test_signing_out_ends_both_tokens(program: Program):
    assert program.send("DELETE", "/api/v1/tokens").status_code == 204
    assert (program.get().status_code, program.refresh().status_code) == (401, 401)


def test_a_program_is_none_of_the_browsers(program: Program, app: Starlette):
    said = PASSES.read(program.access)
    assert said is not None
    for secret in (program.access, program.refresh_token, said.family.session.hex()):
        browser = Browser(app)
        browser.client.cookies.set("goldsmith", secret)
        assert browser.get(ME).status_code == 401


def test_its_person_sees_it_among_their_sessions_and_ends_it(program: Program, app: Starlette, email: str):
    browser = Browser(app)
    browser.sign_in(email, PASSWORD)
    page = browser.get("/account/sessions").text
    assert "Stock of the web shop" in page
    [end] = re.findall(r'action="(/account/sessions/[0-9a-f-]{36}/end)"', page)
    assert browser.post(end).status_code == 303
    assert (program.get().status_code, program.refresh().status_code) == (401, 401)
    assert browser.get("/account/sessions").status_code == 200


def test_the_trail_names_the_program(owners: Program, shop: Shop, superuser: Connection[Any]):
    rate: dict[str, Any] = {"metal": "gold", "unit": "gram", "fineness": "750", "value": "1000"}
    assert owners.send("POST", "/api/v1/pricing/rates", **rate).status_code == 201
    found = superuser.execute(
        "SELECT actor, details FROM shop.audit_entries WHERE tenant_id = %s AND action = 'pricing.api_set_rate'",
        (shop.id,),
    ).fetchall()
    assert found == [("Parisa", {"program": "Night import"})]


# A second factor

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def with_app(email: str, database: Database, actor: Actor) -> str:
    """Somebody with an authenticator app."""
    with database.for_platform("set up", actor) as work:
        give_app(work, fakes.SAFE, email, SEED)
    return email


def enter(app: Starlette, email: str, **more: str) -> tuple[int, str]:
    answer = Browser(app).client.post("/api/v1/tokens", json={"email": email, "password": PASSWORD, **more})
    return answer.status_code, answer.json().get("type", "")


def test_who_has_a_second_factor_sends_a_code_as_well(app: Starlette, with_app: str, clock: SetClock):
    assert enter(app, with_app) == (422, "urn:goldsmith:problem:needs_code")
    assert enter(app, with_app, code="000000") == (400, "urn:goldsmith:problem:wrong_code")
    code = pyotp.TOTP(SEED).at(clock.now())
    assert enter(app, with_app, code=code) == (201, "")
    assert enter(app, with_app, code=code) == (400, "urn:goldsmith:problem:wrong_code")  # each opens once


def test_a_recovery_code_that_a_program_sends_is_written_to_its_person(
    app: Starlette, with_app: str, database: Database, actor: Actor, superuser: Connection[Any]
):
    with database.for_platform("make codes", actor) as work:
        login = queries.login(work, with_app)
        assert login is not None
        codes = make_recovery_codes(work, login.person)
    assert enter(app, with_app, code=codes[0]) == (201, "")
    assert enter(app, with_app, code=codes[0]) == (400, "urn:goldsmith:problem:wrong_code")
    told = "SELECT about FROM platform.letters WHERE person_id = %s"
    assert superuser.execute(told, (login.person,)).fetchall() == [("code_used",)]


def test_a_wrong_password_does_not_say_who_has_one(app: Starlette, with_app: str):
    answer = Browser(app).client.post("/api/v1/tokens", json={"email": with_app, "password": "not this one, sorry"})
    assert answer.json()["type"] == "urn:goldsmith:problem:wrong_sign_in"


def test_nobody_guesses_a_code(app: Starlette, with_app: str, clock: SetClock):
    tried = [enter(app, with_app, code=f"{number:06}")[0] for number in range(11)]
    assert tried[-1] == 429
    assert enter(app, with_app, code=pyotp.TOTP(SEED).at(clock.now()))[0] == 429


def test_what_is_sensitive_needs_a_fresh_sign_in(owners: Program, clock: SetClock):
    rights: dict[str, Any] = {"shown": ["pos.see"], "manager": ["pos.see"], "employee": []}
    assert owners.send("PUT", "/api/v1/roles", **rights).status_code == 200
    clock.advance(timedelta(minutes=11))
    owners.take(owners.refresh())
    refused = owners.send("PUT", "/api/v1/roles", **rights)
    assert (refused.status_code, owners.get("/api/v1/roles").status_code) == (403, 200)


# New tokens


def test_tokens_are_exchanged_for_the_next_two(program: Program, clock: SetClock):
    before = (program.access, program.refresh_token)
    clock.advance(GOOD_FOR)
    assert program.get().status_code == 401
    program.take(program.refresh())
    assert program.get().status_code == 200
    assert not {program.access, program.refresh_token} & set(before)


def test_a_refresh_token_that_was_used_before_ends_what_came_of_it(program: Program, clock: SetClock):
    stolen = program.refresh_token
    program.take(program.refresh())
    program.take(program.refresh())
    refused = program.refresh(stolen)
    assert (refused.status_code, refused.json()["type"]) == (401, "urn:goldsmith:problem:refresh_refused")
    assert (program.get().status_code, program.refresh().status_code) == (401, 401)


def test_it_also_ends_when_the_next_was_not_used_yet_and_some_time_went_by(program: Program, clock: SetClock):
    stolen = program.refresh_token
    program.take(program.refresh())
    clock.advance(AGAIN_WITHIN)
    assert program.refresh(stolen).status_code == 401
    assert program.refresh().status_code == 401


def test_an_answer_that_was_lost_is_given_again(program: Program, clock: SetClock):
    lost = program.refresh()
    clock.advance(timedelta(seconds=5))
    again = program.refresh()
    assert again.json()["refresh_token"] == lost.json()["refresh_token"]
    program.take(again)
    assert program.get().status_code == 200
    assert program.refresh().status_code == 200


def test_of_two_at_once_one_moves_on_and_both_get_the_same(program: Program, superuser: Connection[Any]):
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _each: program.refresh(), range(2)))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    said = PASSES.read(program.access)
    assert said is not None
    asked = "SELECT count(*) FROM platform.refresh_tokens WHERE session_hash = %s"
    assert superuser.execute(asked, (said.family.session,)).fetchone() == (2,)
    program.take(answers[0])
    assert program.get().status_code == 200


@pytest.mark.parametrize("sent", ["", "rubbish", "x" * 100, "سکه"])
def test_a_refresh_token_that_never_was_is_refused(program: Program, sent: str):
    assert program.refresh(sent or " ").status_code in (400, 401)
    assert program.get().status_code == 200


def test_a_month_is_the_longest(program: Program, clock: SetClock):
    for _day in range(29):
        clock.advance(timedelta(days=1))
        program.take(program.refresh())
    clock.advance(timedelta(days=1))
    assert program.refresh().status_code == 401


# What somebody may now


def test_it_may_what_its_person_may_now(program: Program, signed_in: Callable[..., Browser], shop: Shop):
    owner = signed_in(shop)
    assert program.get("/api/v1/sales").status_code == 200
    owner.post("/users/roles", **{"shown[]": "pos.see"})
    assert program.get("/api/v1/sales").status_code == 401
    program.take(program.refresh())
    assert program.get("/api/v1/sales").status_code == 403


def test_it_ends_when_its_person_leaves(
    program: Program, email: str, signed_in: Callable[..., Browser], shop: Shop, superuser: Connection[Any]
):
    owner = signed_in(shop)
    asked = "SELECT u.id FROM shop.users u JOIN platform.people p ON p.id = u.id WHERE p.email = %s"
    [(person,)] = superuser.execute(asked, (email,)).fetchall()
    assert owner.post(f"/users/{person}/departure").status_code == 303
    assert (program.get().status_code, program.refresh().status_code) == (401, 401)


def test_it_ends_when_the_shop_closes_and_only_reads_where_nothing_may_be_changed(
    program: Program, shop: Shop, superuser: Connection[Any]
):
    for state, reads, writes in (("suspended", 200, 403), ("pending_deletion", 401, 401)):
        superuser.execute(
            "UPDATE platform.tenants SET state = %s, version = version + 1 WHERE id = %s", (state, shop.id)
        )
        assert program.get().status_code == reads
        assert program.send("POST", "/api/v1/sales").status_code == writes


# What is not ours


def signed(change: dict[str, Any], *, key: str = "", algorithm: str = "HS256", header: dict[str, str] | None = None):
    def made(program: Program) -> str:
        _header, claims, _signature = program.access.split(".")
        said = json.loads(urlsafe_b64decode(claims + "=="))
        secret = OctKey.import_key(key) if key else PASSES._key
        return jwt.encode({"alg": algorithm, "typ": "at+jwt", **(header or {})}, said | change, secret, [algorithm])

    return made


def unsigned(program: Program) -> str:
    _header, claims, _signature = program.access.split(".")
    header = urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
    return f"{header}.{claims}."


def renamed(program: Program) -> str:
    header, claims, signature = program.access.split(".")
    said = json.loads(urlsafe_b64decode(claims + "==")) | {"shop": str(new_id())}
    changed = urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    return f"{header}.{changed}.{signature}"


LATER = 4_000_000_000


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(unsigned, id="no algorithm"),
        pytest.param(signed({}, key="k" * 64, algorithm="HS512"), id="another algorithm and key"),
        pytest.param(signed({}, algorithm="HS512"), id="another algorithm"),
        pytest.param(signed({}, key="another key of thirty-two characters"), id="another key"),
        pytest.param(signed({}, header={"typ": "JWT"}), id="a token for something else"),
        pytest.param(signed({"aud": "elsewhere.example"}), id="another audience"),
        pytest.param(signed({"aud": ["localhost", "elsewhere.example"]}), id="several audiences"),
        pytest.param(signed({"iss": "elsewhere.example"}), id="another issuer"),
        pytest.param(signed({"exp": 1_000_000_000}), id="run out"),
        pytest.param(signed({"nbf": LATER, "exp": LATER + 600}), id="not yet"),
        pytest.param(signed({"exp": "for ever"}), id="no date"),
        pytest.param(signed({"exp": 10**30}), id="beyond all dates"),
        pytest.param(signed({"shop": str(new_id())}), id="another shop"),
        pytest.param(signed({"sub": str(new_id())}), id="another person"),
        pytest.param(signed({"sid": "00" * 32}), id="another sign-in"),
        pytest.param(signed({"sid": None}), id="no sign-in"),
        pytest.param(signed({"ver": "0" * 16}), id="other rights"),
        pytest.param(renamed, id="changed"),
        pytest.param(lambda program: program.access[:-2], id="cut off"),
        pytest.param(lambda program: program.refresh_token, id="the refresh token"),
        pytest.param(lambda _program: "gsk_" + "0" * 49, id="no key"),
        pytest.param(lambda _program: "..", id="nothing"),
    ],
)
def test_what_we_did_not_write_opens_nothing(program: Program, app: Starlette, forged: Callable[[Program], str]):
    answer = Program(app, forged(program)).get()
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:goldsmith:problem:opens_nothing")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="goldsmith", error="invalid_token"'
    assert program.get().status_code == 200


def test_another_installations_token_is_none_of_ours(program: Program, app: Starlette):
    said = PASSES.read(program.access)
    assert said is not None
    for other in (
        JwtPasses(SecretStr("another key, and long enough at that"), "localhost"),
        JwtPasses(SecretStr("a key for tests, of forty-one characters."), "elsewhere.example"),
    ):
        assert Program(app, other.write(said)).get().status_code == 401
    assert Program(app, PASSES.write(said)).get().status_code == 200


def test_no_token_is_taken_from_an_address_or_a_body(program: Program):
    for name in ("access_token", "token", "authorization"):
        assert program.browser.client.get(ME, params={name: program.access}).status_code == 401
    sent = program.send("POST", "/api/v1/sales", anonymous=True, access_token=program.access)
    assert sent.status_code == 401


@pytest.mark.parametrize("scheme", ["Basic", "Token", "", "Bearer Bearer"])
def test_only_bearers_are_let_in(program: Program, scheme: str):
    headers = {"Authorization": f"{scheme} {program.access}".strip()}
    assert program.browser.client.get(ME, headers=headers).status_code == 401


def test_a_cookie_and_a_token_at_once_are_refused(program: Program, signed_in: Callable[..., Browser], shop: Shop):
    owner = signed_in(shop)
    answer = owner.client.get(ME, headers={"Authorization": f"Bearer {program.access}"})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:goldsmith:problem:two_credentials")
    assert owner.get(ME).status_code == 200


def test_pages_are_not_for_programs(program: Program):
    for path in ("/sales", "/account/password", "/account/keys"):
        answer = program.get(path)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/login")


def test_nobody_is_told_how_to_come_in(browser: Callable[[], Browser]):
    answer = browser().get(ME)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="goldsmith"')

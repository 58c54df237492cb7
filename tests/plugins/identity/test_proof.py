"""Before what is sensitive: who signed in a while ago shows once more that it is them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pyotp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route as Address

from kernel.clock import SetClock
from kernel.tenancy import Actor, Shop
from kernel.uow import Database, PlatformWork, UnitOfWork
from plugins.identity.actions import tell
from plugins.identity.public import add_admin, give_app
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD
from tests.plugins.identity import fakes
from web.answer import Answering
from web.app import _endpoint
from web.proof import FRESH_FOR
from web.routing import get, post, redirect

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LATER = FRESH_FOR + timedelta(seconds=1)
Browsers = Callable[[], Browser]


@get("/api/v1/touchy", everyone=True, sensitive=True)
@get("/touchy", everyone=True, sensitive=True)
def look(request: Request, uow: UnitOfWork) -> Response:
    return PlainTextResponse("seen")


@post("/touchy", everyone=True, sensitive=True)
def touch(request: Request, uow: UnitOfWork) -> Response:
    return redirect("/", say="Done.")


@get("/platform/touchy", platform=True, everyone=True, sensitive=True)
def look_there(request: Request, work: PlatformWork) -> Response:
    return PlainTextResponse("seen")


@pytest.fixture(scope="module", autouse=True)
def _sensitive_addresses(app: Starlette) -> Any:
    """Addresses of nobody but these tests, before the catch-all of the others."""
    ours = [
        Address(route.path, _endpoint(Answering(app.state.house, "identity", route)), methods=[route.method])
        for endpoint in (look, touch, look_there)
        for route in endpoint.__dict__["__routes__"]
    ]
    before = list(app.router.routes)
    app.router.routes[:0] = ours
    yield
    app.router.routes[:] = before


@pytest.fixture
def owner(browser: Browsers, sara: str) -> Browser:
    visitor = browser()
    visitor.sign_in(sara, PASSWORD)
    return visitor


def test_who_signed_in_a_moment_ago_is_not_asked(owner: Browser, clock: SetClock):
    clock.advance(FRESH_FOR)
    assert owner.get("/touchy").text == "seen"
    assert owner.post("/touchy").headers["location"] == "/"


def test_later_a_password_is_asked_for_and_leads_back(owner: Browser, clock: SetClock):
    clock.advance(LATER)
    assert owner.get("/touchy?a=1").headers["location"] == "/account/prove?next=/touchy%3Fa%3D1"
    page = owner.get("/account/prove?next=/touchy%3Fa%3D1").text
    assert 'name="password"' in page
    assert 'name="code"' not in page
    before = owner.client.cookies["goldsmith"]
    answer = owner.post("/account/prove", password=PASSWORD, next="/touchy?a=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/touchy?a=1")
    assert owner.client.cookies["goldsmith"] != before
    assert owner.get("/touchy?a=1").text == "seen"
    clock.advance(LATER)
    assert owner.get("/touchy").status_code == 303


def test_who_held_a_copy_of_the_session_has_no_part_in_the_proof(owner: Browser, browser: Browsers, clock: SetClock):
    clock.advance(LATER)
    thief = browser()
    thief.client.cookies["goldsmith"] = owner.client.cookies["goldsmith"]
    owner.post("/account/prove", password=PASSWORD)
    assert thief.get("/touchy").headers["location"] == "/login?next=/touchy"
    assert owner.get("/touchy").text == "seen"


def test_a_change_is_not_made_and_its_form_is_kept(owner: Browser, clock: SetClock):
    clock.advance(LATER)
    owner.client.headers["referer"] = "http://localhost/users?page=2"
    answer = owner.post("/touchy", name="typed")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/prove?next=/users%3Fpage%3D2")
    assert "draft=kept" in answer.headers["set-cookie"]


def test_a_part_of_a_page_has_the_whole_page_loaded(owner: Browser, clock: SetClock):
    clock.advance(LATER)
    part = {"hx-request": "true", "hx-current-url": "http://localhost/users"}
    answer = owner.get("/touchy", headers=part)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (403, "/account/prove?next=/users")


def test_a_program_is_told_so(owner: Browser, clock: SetClock):
    clock.advance(LATER)
    answer = owner.get("/api/v1/touchy")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:goldsmith:problem:prove_yourself")


@pytest.mark.parametrize("typed", ["", "not my password", "x" * 3000])
def test_a_wrong_password_proves_nothing(owner: Browser, clock: SetClock, typed: str):
    clock.advance(LATER)
    before = owner.client.cookies["goldsmith"]
    assert owner.post("/account/prove", password=typed).status_code == 400
    assert owner.client.cookies["goldsmith"] == before
    assert owner.get("/touchy").status_code == 303


def test_a_password_is_not_tried_through_there(owner: Browser, clock: SetClock):
    clock.advance(LATER)
    for number in range(5):
        assert owner.post("/account/prove", password=f"guess number {number}").status_code == 400
    assert owner.post("/account/prove", password=PASSWORD).status_code == 429
    assert owner.get("/touchy").status_code == 303


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_proof_leads_nowhere_else(owner: Browser, elsewhere: str):
    assert owner.post("/account/prove", password=PASSWORD, next=elsewhere).headers["location"] == "/"


def test_who_has_a_second_factor_shows_that(
    owner: Browser, sara: str, clock: SetClock, database: Database, actor: Actor
):
    with database.for_platform("set up", actor) as work:
        give_app(work, fakes.SAFE, sara, SEED)
    clock.advance(LATER)
    page = owner.get("/account/prove").text
    assert 'name="code"' in page
    assert 'name="password"' not in page
    assert owner.post("/account/prove", password=PASSWORD).status_code == 400
    assert owner.get("/touchy").status_code == 303
    code = pyotp.TOTP(SEED).at(clock.now())
    assert owner.post("/account/prove", code=code).status_code == 303
    assert owner.get("/touchy").text == "seen"
    clock.advance(LATER)
    assert owner.post("/account/prove", code=code).status_code == 400


def test_the_platform_asks_on_a_page_of_its_own(
    browser: Browsers, shop: Shop, clock: SetClock, database: Database, actor: Actor, sara: str
):
    email = f"ada-{shop.slug}@example.com"
    with database.for_platform("set up", actor) as work:
        add_admin(work, email, "Ada", PASSWORD)
    ada = browser()
    ada.sign_in(email, PASSWORD)
    clock.advance(LATER)
    assert ada.get("/platform/touchy").headers["location"] == "/platform/account/prove?next=/platform/touchy"
    assert ada.get("/platform/account/prove").status_code == 200
    assert ada.get("/account/prove").status_code == 404
    answer = ada.post("/platform/account/prove", code=ada.code(email), next="/platform/touchy")
    assert answer.headers["location"] == "/platform/touchy"
    assert ada.get("/platform/touchy").text == "seen"


def test_what_was_shown_and_what_was_not_is_in_the_trail(
    owner: Browser, clock: SetClock, superuser: psycopg.Connection[Any], shop: Shop
):
    owner.post("/account/prove", password="not my password")
    tell.wait()
    owner.post("/account/prove", password=PASSWORD)
    told = superuser.execute(
        "SELECT outcome FROM shop.audit_entries WHERE tenant_id = %s AND action = 'identity.prove' ORDER BY number",
        (shop.id,),
    ).fetchall()
    assert told == [("refused",), ("done",)]


def test_nobody_proves_anything_who_is_not_signed_in(browser: Browsers, sara: str):
    answer = browser().post("/account/prove", password=PASSWORD)
    assert answer.headers["location"].startswith("/login")

"""Passkeys in a real browser, with an authenticator that Chromium plays: they open, once, and nothing else does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette

from kernel.clock import SetClock
from kernel.ids import new_id
from kernel.tenancy import Shop
from plugins.identity.actions import tell
from plugins.identity.actions.passkeys import are_possible
from plugins.identity.domain.passkey import GOOD_FOR
from plugins.identity.public import NewUserForm, add_user_with_password
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD
from tests.plugins.identity import fakes
from tests.serving import serving
from web.proof import FRESH_FOR

pytestmark = pytest.mark.browser

#: As a phone with a fingerprint.
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def address(app: Starlette) -> Iterator[str]:
    """Keys belong to a name, so the installation has one here."""
    with serving(app) as numbered:
        named = numbered.replace("127.0.0.1", "localhost")
        before = fakes.SITE.domain, fakes.SITE.secure
        value: object
        for name, value in (("domain", named.removeprefix("http://")), ("secure", False)):
            object.__setattr__(fakes.SITE, name, value)
        yield named
        for name, value in zip(("domain", "secure"), before, strict=True):
            object.__setattr__(fakes.SITE, name, value)


@pytest.fixture
def shop(new_shop: Callable[..., Shop]) -> Shop:
    return new_shop("AE")


class Phone:
    """A tab with an authenticator beside it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        self.id = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})["authenticatorId"]

    def __call__(self, command: str, **parameters: Any) -> Any:
        return self._session.send(f"WebAuthn.{command}", {"authenticatorId": self.id, **parameters})

    @property
    def keys(self) -> list[Any]:
        found: list[Any] = self("getCredentials")["credentials"]
        return found

    def carries(self, key: Any) -> None:
        self("addCredential", credential=key)


@pytest.fixture
def tab(chromium: Any, address: str) -> Iterator[Any]:
    context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": "language", "value": "en", "url": address}])
    # This authenticator takes whatever the browser suggests at once: only where a test says so.
    context.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => !!window.suggests")
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(tab: Any) -> Phone:
    return Phone(tab)


@pytest.fixture
def inside(tab: Any, app: Starlette, address: str, sara: str) -> Browser:
    """Sara, signed in by her password in the tab and out of it with the same session."""
    visitor = Browser(app)
    visitor.sign_in(sara, PASSWORD)
    tab.context.add_cookies([{"name": "goldsmith", "value": visitor.client.cookies["goldsmith"], "url": address}])
    return visitor


def add(tab: Any, name: str = "My phone") -> None:
    tab.goto("/account/security/passkeys/new")
    tab.locator("[name=name]").fill(name)
    tab.get_by_role("button", name="Add").click()
    tab.get_by_role("link", name=re.compile("I have kept them|Add a passkey")).wait_for()


def sign_out(tab: Any) -> None:
    tab.context.clear_cookies(name="goldsmith")


def is_in(tab: Any) -> bool:
    tab.goto("/users")
    return bool(urlsplit(tab.url).path == "/users")


def arrives_at(tab: Any, path: str) -> None:
    tab.wait_for_url(lambda url: urlsplit(url).path == path)


def test_a_passkey_is_added_shown_asked_for_and_removed(tab, phone, inside, sara, superuser):
    add(tab)
    tab.goto("/account/security")
    assert "My phone" in tab.locator("main").inner_text()
    assert "10 codes are left" in tab.locator("main").inner_text()
    [(count, name)] = superuser.execute(
        "SELECT count(*) OVER (), k.name FROM platform.passkeys AS k JOIN platform.people AS p ON p.id = person_id "
        "WHERE email = %s",
        (sara,),
    ).fetchall()
    assert (count, name) == (1, "My phone")

    sign_out(tab)
    tab.goto("/login")
    tab.locator("[name=email]").fill(sara)
    tab.locator("[name=password]").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url("**/login/code*")
    assert tab.locator("text=One of your recovery codes.").is_visible()
    tab.get_by_role("button", name="Use a passkey").click()
    arrives_at(tab, "/")
    assert is_in(tab)

    tab.goto("/account/security")
    tab.get_by_role("button", name="Remove").first.click()
    tab.locator("dialog[open]").get_by_role("button", name="Remove").click()
    tab.locator("text=The passkey is removed.").wait_for()
    assert "My phone" not in tab.locator("main").inner_text()


def test_a_passkey_alone_opens_the_door(tab, phone, inside, shop, superuser):
    add(tab)
    sign_out(tab)
    tab.goto("/login?next=/users")
    tab.get_by_role("button", name="Use a passkey").click()
    arrives_at(tab, "/users")
    tell.wait()
    [(details,)] = superuser.execute(
        "SELECT details FROM shop.audit_entries WHERE tenant_id = %s AND action = 'identity.sign_in' "
        "ORDER BY number DESC LIMIT 1",
        (shop.id,),
    ).fetchall()
    assert details["proof"] == "passkey"


def test_a_passkey_of_a_closed_shop_opens_nothing_and_says_why(tab, phone, inside, shop, superuser):
    add(tab)
    sign_out(tab)
    superuser.execute(
        "UPDATE platform.tenants SET state = 'pending_deletion', version = version + 1 WHERE id = %s", (shop.id,)
    )
    tab.goto("/login")
    tab.get_by_role("button", name="Use a passkey").click()
    tab.locator("text=is closed and will be deleted").first.wait_for()
    assert not is_in(tab)


def test_the_field_for_the_address_suggests_a_passkey(tab, phone, inside):
    add(tab)
    sign_out(tab)
    tab.add_init_script("window.suggests = true")
    tab.goto("/login?next=/users")
    arrives_at(tab, "/users")


def test_a_passkey_that_has_not_seen_its_holder_does_not_stand_for_a_password(tab, phone, inside):
    add(tab)
    sign_out(tab)
    phone("setUserVerified", isUserVerified=False)
    tab.goto("/login")
    tab.get_by_role("button", name="Use a passkey").click()
    tab.locator("[data-passkey-failed]:visible").or_(tab.locator("text=was not accepted")).wait_for()
    assert not is_in(tab)


def test_a_passkey_proves_who_it_is(tab, phone, inside, clock: SetClock):
    add(tab)
    clock.advance(FRESH_FOR * 2)
    tab.goto("/account/password")
    tab.wait_for_url("**/account/prove?next=/account/password")
    tab.get_by_role("button", name="Use a passkey").click()
    arrives_at(tab, "/account/password")
    assert tab.locator("[name=current]").is_visible()


def test_a_second_device_is_added_beside_the_first_and_the_first_is_not_added_twice(tab, phone, inside):
    add(tab)
    tab.goto("/account/security/passkeys/new")
    tab.get_by_role("button", name="Add").click()
    tab.locator("[data-passkey-failed]:visible").wait_for()
    phone("removeCredential", credentialId=phone.keys[0]["credentialId"])
    add(tab, "My computer")
    tab.goto("/account/security")
    said = tab.locator("main").inner_text()
    assert "My phone" in said
    assert "My computer" in said


def answered(tab: Any, path: str) -> dict[str, str]:
    """What the key at hand answers to the question of this page, kept back instead of sent."""
    tab.goto(path)
    return dict(
        tab.evaluate(
            """async () => {
                const form = document.querySelector("form[data-passkey]");
                const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(form.dataset.passkey));
                const made = await navigator.credentials.get({ publicKey });
                return { credential: JSON.stringify(made.toJSON()), question: form.elements.question.value };
            }"""
        )
    )


def test_an_answer_opens_once_and_for_a_while(tab, phone, inside, app, clock: SetClock):
    add(tab)
    sign_out(tab)
    first, second = answered(tab, "/login"), answered(tab, "/login")
    assert Browser(app).post("/login/passkey", **first).status_code == 303
    assert Browser(app).post("/login/passkey", **first).status_code == 422
    assert Browser(app).post("/login/passkey", **{**second, "question": first["question"]}).status_code == 422
    clock.advance(GOOD_FOR * 2)
    assert Browser(app).post("/login/passkey", **second).status_code == 422


def test_what_was_signed_for_one_thing_is_no_use_for_another(tab, phone, inside, app, sara):
    add(tab)
    prove = answered(tab, "/account/prove")
    sign_out(tab)
    sign_in = answered(tab, "/login")
    assert Browser(app).post("/login/passkey", **prove).status_code == 422
    assert inside.post("/account/prove", **sign_in).status_code == 422
    other = Browser(app)
    other.post("/login", email=sara, password=PASSWORD)
    assert other.post("/login/code", **prove).status_code == 422
    assert other.get("/users").status_code == 303
    assert inside.post("/account/prove", **prove).status_code == 303


def test_a_key_that_counts_backwards_was_copied(tab, phone, inside, app):
    add(tab)
    [key] = phone.keys
    sign_out(tab)
    assert Browser(app).post("/login/passkey", **answered(tab, "/login")).status_code == 303
    phone("removeCredential", credentialId=key["credentialId"])
    phone.carries(key | {"signCount": 0})
    assert Browser(app).post("/login/passkey", **answered(tab, "/login")).status_code == 422


def test_anothers_key_opens_nothing_of_mine(tab, phone, inside, app, database, shop, actor):
    add(tab)
    email = f"reza-{new_id()}@example.com"
    with database.for_shop(shop.id, actor) as uow:
        add_user_with_password(uow, NewUserForm(name="Reza", email=email, role="employee"), PASSWORD)
    sign_out(tab)
    theirs = answered(tab, "/login")
    changed = json.loads(theirs["credential"])
    changed["response"]["userHandle"] = None
    changed["response"]["signature"] = changed["response"]["signature"][:-4] + "AAAA"
    stranger = Browser(app)
    refused = stranger.post("/login/passkey", credential=json.dumps(changed), question=theirs["question"])
    assert refused.status_code == 422
    reza = Browser(app)
    reza.sign_in(email, PASSWORD)
    [key] = re.findall(r"/account/security/passkeys/([0-9a-f-]{36})/removal", inside.get("/account/security").text)
    assert reza.post(f"/account/security/passkeys/{key}/removal").status_code == 404
    assert inside.post(f"/account/security/passkeys/{key}/removal").status_code == 303


@pytest.mark.parametrize("typed", ["", "{}", "[]", "x", "null", '{"id": 1}', "\x00", "é" * 9])
def test_what_is_no_answer_of_a_key_is_refused(app: Starlette, address: str, typed: str):
    visitor = Browser(app)
    question = re.search(r'name="question" value="([^"]+)"', visitor.get("/login").text)
    assert question
    answer = visitor.post("/login/passkey", credential=typed, question=question[1])
    assert answer.status_code in (400, 422)
    assert "goldsmith" not in visitor.client.cookies


def test_an_installation_without_a_name_offers_no_passkeys():
    from adapters.site import ConfiguredSite

    assert not are_possible(ConfiguredSite("127.0.0.1:8000", secure=False, sends_mail=False))
    assert not are_possible(ConfiguredSite("[::1]:8000", secure=False, sends_mail=False))
    assert are_possible(ConfiguredSite("gold.example.com", secure=True, sends_mail=False))

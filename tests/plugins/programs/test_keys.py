"""A person makes a key for a program: it may what they chose, as long as they may it themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection
from starlette.applications import Starlette

from kernel import i18n
from kernel.clock import SetClock
from kernel.tenancy import Shop
from plugins.programs.domain.key import MOST_KEYS, PREFIX, hash_of, is_key, new_key
from tests.plugins.browser import Browser
from tests.plugins.programs.conftest import Program

PAGE = "/account/keys"


def make(browser: Browser, *scopes: str, **more: str) -> str:
    """The new key, as the page shows it."""
    assert browser.token is not None
    answer = browser.client.post(
        PAGE, data={"name": "Web shop", "scopes[]": list(scopes), "csrf_token": browser.token.csrf, **more}
    )
    assert answer.status_code == 200, answer.text
    [found] = set(re.findall(rf"{PREFIX}\w{{49}}", answer.text))
    return str(found)


@pytest.fixture
def owner(signed_in: Callable[..., Browser], shop: Shop) -> Browser:
    return signed_in(shop, "owner", "Sara")


def test_it_may_what_was_chosen_and_nothing_else(owner: Browser, app: Starlette):
    program = Program(app, make(owner, "pos.see", "inventory.see"))
    assert program.get().json()["permissions"] == ["inventory.see", "pos.see"]
    refused = program.get("/api/v1/journals")
    assert (program.get("/api/v1/sales").status_code, refused.status_code) == (200, 403)
    assert (refused.json()["type"], refused.json()["permission"]) == (
        "urn:goldsmith:problem:not_allowed",
        "accounting.see",
    )
    assert refused.json()["title"].startswith("This key does not allow “")


def test_it_may_no_more_than_its_person_now(owner: Browser, signed_in, shop: Shop, app: Starlette):
    employee = signed_in(shop, "employee", "Parisa")
    program = Program(app, make(employee, "pos.see"))
    assert program.get("/api/v1/sales").status_code == 200
    owner.post("/users/roles", **{"shown[]": "pos.see"})
    assert (program.get().json()["permissions"], program.get("/api/v1/sales").status_code) == ([], 403)


def test_nobody_makes_one_that_may_more_than_they(signed_in, shop: Shop, superuser: Connection[Any]):
    employee = signed_in(shop, "employee")
    answer = employee.post(PAGE, name="More", **{"scopes[]": "identity.edit_users"})
    assert answer.status_code == 422
    assert "A key may do what you may" in answer.text
    assert superuser.execute("SELECT count(*) FROM shop.program_keys WHERE tenant_id = %s", (shop.id,)).fetchone() == (
        0,
    )


def test_one_that_could_do_nothing_is_refused_beside_the_boxes(owner: Browser, shop: Shop, superuser: Connection[Any]):
    answer = owner.post(PAGE, name="Web shop")
    assert answer.status_code == 400
    assert '<a href="#f-scopes">What the program may do: Choose what the key may do.</a>' in answer.text
    [beside] = re.findall(r'id="f-scopes-error">(?:<svg.*?</svg>)?([^<]+)</p>', answer.text, re.DOTALL)
    assert beside == "Choose what the key may do."
    asked = "SELECT count(*) FROM shop.program_keys WHERE tenant_id = %s"
    assert superuser.execute(asked, (shop.id,)).fetchone() == (0,)


def test_its_person_sees_what_it_may_in_their_language(owner: Browser, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(i18n, "_locale_dirs", [Path(__file__).parents[3] / "locale"])
    i18n._catalogue.cache_clear()
    make(owner, "pos.see", "inventory.see")

    def may(language: str) -> str:
        owner.client.cookies.set("language", language)
        table = owner.get(PAGE).text.split("</table>", 1)[0]
        [found] = re.findall(r'<td>Web shop<p class="muted">([^<]+)</p>', table)
        return str(found)

    assert may("en") == "See the stock · See sales and receipts"
    assert may("fa") == "دیدن انبار · دیدن فروش‌ها و رسیدها"


def test_it_is_shown_once_and_kept_as_a_hash(owner: Browser, shop: Shop, superuser: Connection[Any]):
    key = make(owner, "pos.see")
    assert key not in owner.get(PAGE).text
    assert key[:10] in owner.get(PAGE).text
    stored = superuser.execute("SELECT k::text FROM shop.program_keys k WHERE tenant_id = %s", (shop.id,)).fetchone()
    assert key not in str(stored)
    assert hash_of(key).hex() in str(stored)


def test_the_trail_says_who_made_it_and_never_what_it_is(owner: Browser, shop: Shop, superuser: Connection[Any]):
    key = make(owner, "pos.see")
    asked = """
        SELECT e.actor, e.action, c.after FROM shop.audit_entries e
        JOIN shop.audit_changes c ON c.tenant_id = e.tenant_id AND c.entry_id = e.id
        WHERE e.tenant_id = %s AND c.about = 'program_keys'
    """
    [(who, action, after)] = superuser.execute(asked, (shop.id,)).fetchall()
    assert (who, action, after["name"]) == ("Sara", "programs.add_key", "Web shop")
    assert hash_of(key).hex() not in str(after)


def test_the_trail_names_the_key_that_did_something(owner, app: Starlette, shop: Shop, superuser: Connection[Any]):
    program = Program(app, make(owner, "pricing.set_rates"))
    rate: dict[str, Any] = {"metal": "gold", "unit": "gram", "fineness": "750", "value": "1000"}
    assert program.send("POST", "/api/v1/pricing/rates", **rate).status_code == 201
    asked = "SELECT actor, details FROM shop.audit_entries WHERE tenant_id = %s AND action = 'pricing.api_set_rate'"
    assert superuser.execute(asked, (shop.id,)).fetchall() == [("Sara", {"program": "Web shop"})]


def test_a_refusal_names_it_too(owner: Browser, app: Starlette, shop: Shop, superuser: Connection[Any]):
    Program(app, make(owner, "pos.see")).get("/api/v1/journals")
    asked = "SELECT action, details FROM shop.audit_entries WHERE tenant_id = %s AND outcome = 'refused'"
    told = {"permission": "accounting.see", "program": "Web shop"}
    assert superuser.execute(asked, (shop.id,)).fetchall() == [("accounting.api_list_journals", told)]


def test_it_is_seen_when_it_was_used(owner: Browser, app: Starlette, clock: SetClock, shop: Shop, superuser):
    program = Program(app, make(owner, "pos.see"))
    asked = "SELECT used_at FROM shop.program_keys WHERE tenant_id = %s"
    assert superuser.execute(asked, (shop.id,)).fetchone() == (None,)
    clock.advance(timedelta(hours=1))
    program.get()
    assert superuser.execute(asked, (shop.id,)).fetchone() == (clock.now(),)
    before = superuser.execute("SELECT count(*) FROM shop.audit_entries WHERE tenant_id = %s", (shop.id,)).fetchone()
    clock.advance(timedelta(hours=1))
    program.get()
    after = superuser.execute("SELECT count(*) FROM shop.audit_entries WHERE tenant_id = %s", (shop.id,)).fetchone()
    assert after == before


def test_a_key_that_was_revoked_opens_nothing(owner: Browser, app: Starlette, shop: Shop, superuser):
    program = Program(app, make(owner, "pos.see"))
    assert program.get().status_code == 200
    (key,) = superuser.execute("SELECT id FROM shop.program_keys WHERE tenant_id = %s", (shop.id,)).fetchone()
    assert owner.post(f"{PAGE}/{key}/revocation").status_code == 303
    assert program.get().status_code == 401
    assert owner.post(f"{PAGE}/{key}/revocation").status_code == 404


def test_nobody_revokes_the_key_of_another(owner: Browser, signed_in, app: Starlette, shop: Shop, superuser):
    program = Program(app, make(owner, "pos.see"))
    (key,) = superuser.execute("SELECT id FROM shop.program_keys WHERE tenant_id = %s", (shop.id,)).fetchone()
    other = signed_in(shop, "owner", "Omid")
    assert (other.post(f"{PAGE}/{key}/revocation").status_code, program.get().status_code) == (404, 200)
    assert "Web shop" not in other.get(PAGE).text


def test_a_key_ends_on_its_day(owner: Browser, app: Starlette, clock: SetClock):
    program = Program(app, make(owner, "pos.see", days="30"))
    clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert program.get().status_code == 200
    clock.advance(timedelta(seconds=1))
    assert program.get().status_code == 401


def test_keys_of_who_was_let_go_are_dead(owner: Browser, signed_in, app: Starlette, shop: Shop, superuser):
    employee = signed_in(shop, "employee", "Parisa")
    program = Program(app, make(employee, "pos.see"))
    (person,) = superuser.execute(
        "SELECT id FROM shop.users WHERE tenant_id = %s AND name = 'Parisa'", (shop.id,)
    ).fetchone()
    assert owner.post(f"/users/{person}/departure").status_code == 303
    assert program.get().status_code == 401


def test_they_stay_dead_when_their_person_is_taken_back(owner, signed_in, app, clock: SetClock, shop: Shop, superuser):
    key = make(signed_in(shop, "employee", "Parisa"), "pos.see")
    asked = "SELECT id FROM shop.users WHERE tenant_id = %s AND name = 'Parisa'"
    (person,) = superuser.execute(asked, (shop.id,)).fetchone()
    clock.advance(timedelta(minutes=1))
    assert owner.post(f"/users/{person}/departure").status_code == 303
    clock.advance(timedelta(minutes=1))
    assert owner.post(f"/users/{person}/return").status_code == 303
    assert Program(app, key).get().status_code == 401


def test_a_key_works_in_its_shop_alone(owner: Browser, app: Starlette, new_shop: Callable[..., Shop], shop: Shop):
    new_shop("AE", name="Dubai")
    assert Program(app, make(owner, "pos.see")).get().json()["shop"] == shop.name


def test_no_key_makes_keys_or_changes_passwords(owner: Browser, app: Starlette):
    program = Program(app, make(owner, "pos.see", "identity.edit_users"))
    for path in (PAGE, "/account/password", "/users/roles"):
        answer = program.send("POST", path, name="x")
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/login")


def test_no_key_does_what_asks_for_a_password(owner: Browser, app: Starlette):
    program = Program(app, make(owner, "identity.edit_users", "identity.adjust_roles", "identity.see_users"))
    somebody = program.get("/api/v1/users").json()["users"][0]["id"]
    assert program.get("/api/v1/roles").status_code == 200
    for method, path, body in (
        ("PUT", "/api/v1/roles", {"shown": []}),
        ("POST", "/api/v1/invitations", {"name": "Reza", "email": "reza@example.com", "role": "owner"}),
        ("POST", f"/api/v1/users/{somebody}/departure", {}),
        ("PUT", f"/api/v1/users/{somebody}", {"name": "Reza", "role": "owner"}),
        ("POST", f"/api/v1/users/{somebody}/sessions/end", {}),
    ):
        sent: dict[str, Any] = dict(body)
        answer = program.send(method, path, **sent)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:goldsmith:problem:prove_yourself"), path


def test_a_key_has_no_tokens_to_end(owner: Browser, app: Starlette):
    program = Program(app, make(owner, "pos.see"))
    assert (program.send("DELETE", "/api/v1/tokens").status_code, program.get().status_code) == (404, 200)


def test_nobody_has_more_than_they_can_look_after(owner: Browser):
    for _each in range(MOST_KEYS):
        make(owner, "pos.see")
    assert owner.post(PAGE, name="More", **{"scopes[]": "pos.see"}).status_code == 422


def test_a_key_says_that_it_is_one():
    key = new_key()
    assert (key.startswith("gsk_"), len(key), is_key(key)) == (True, 53, True)
    spoiled = key[:20] + ("a" if key[20] != "a" else "b") + key[21:]
    assert [is_key(one) for one in (spoiled, key[:-1], f"{key}0", key[4:], "", PREFIX)] == [False] * 6


def test_a_slip_is_seen_without_asking_the_database(owner: Browser, app: Starlette, statements):
    key = make(owner, "pos.see")
    spoiled = key[:-1] + ("a" if key[-1] != "a" else "b")
    with statements.counted() as sent:
        assert Program(app, spoiled).get().status_code == 401
    assert sent == []

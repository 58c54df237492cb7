"""Who decides about the people of a shop sees the keys and programs of each, and ends them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from psycopg import Connection
from starlette.applications import Starlette

from kernel.ids import new_id
from kernel.tenancy import Shop
from tests.conftest import Statements
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD
from tests.plugins.programs.conftest import Program
from tests.plugins.programs.test_keys import make

Superuser = Connection[Any]


@pytest.fixture
def owner(signed_in: Callable[..., Browser], shop: Shop) -> Browser:
    return signed_in(shop, "owner", "Sara")


@pytest.fixture
def parisa(app: Starlette, program: Program, email: str) -> Browser:
    """The employee for whom the program works."""
    browser = Browser(app)
    browser.sign_in(email, PASSWORD)
    return browser


@pytest.fixture
def page(shop: Shop, parisa: Browser, superuser: Superuser) -> str:
    """Hers, where it is seen what acts in her name."""
    return f"/users/{_id_of(superuser, shop, 'Parisa')}/activity"


def _id_of(superuser: Superuser, shop: Shop, name: str) -> str:
    asked = "SELECT id FROM shop.users WHERE tenant_id = %s AND name = %s"
    [(person,)] = superuser.execute(asked, (shop.id, name)).fetchall()
    return str(person)


def buttons(browser: Browser, page: str) -> list[str]:
    """Where those beside keys and programs lead."""
    return re.findall(r'action="(/users/[^"]+/(?:revocation|programs/[^"]+/end))"', browser.get(page).text)


def test_an_owner_sees_by_what_others_can_act_in_somebodys_name(
    owner: Browser, parisa: Browser, page: str, app: Starlette
):
    key = make(parisa, "pos.see")
    Program(app, key).get()
    shown = owner.get(page).text
    assert all(words in shown for words in ("Web shop", key[:10], "See sales and receipts", "Stock of the web shop"))
    assert key not in shown
    assert len(buttons(owner, page)) == 2


def test_what_has_run_out_is_not_among_them(
    owner: Browser, parisa: Browser, page: str, superuser: Superuser, shop: Shop
):
    make(parisa, "pos.see")
    for over in (
        "UPDATE shop.program_keys SET expires_at = made_at WHERE tenant_id = %s",
        "UPDATE platform.sessions SET expires_at = seen_at WHERE tenant_id = %s AND stage = 'program'",
    ):
        superuser.execute(over, (shop.id,))
    assert buttons(owner, page) == []


def test_who_has_none_has_an_empty_page(owner: Browser, shop: Shop, superuser: Superuser):
    here = f"/users/{_id_of(superuser, shop, 'Sara')}/activity"
    shown = owner.get(here).text
    assert ("Their keys for programs" in shown, "Programs that they signed in" in shown) == (False, False)


def test_an_owner_revokes_a_key_and_the_trail_says_whose(
    owner: Browser, parisa: Browser, page: str, app: Starlette, shop: Shop, superuser: Superuser
):
    program = Program(app, make(parisa, "pos.see"))
    assert program.get().status_code == 200
    [revoke] = [one for one in buttons(owner, page) if one.endswith("/revocation")]
    answer = owner.post(revoke)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert program.get().status_code == 401
    assert owner.post(revoke).status_code == 404
    asked = "SELECT actor, outcome, details FROM shop.audit_entries WHERE tenant_id = %s AND action = %s"
    told = superuser.execute(asked, (shop.id, "programs.end_key_of_user")).fetchall()
    assert told == [("Sara", "done", {"person": "Parisa"})]
    ended = superuser.execute("SELECT ended_by FROM shop.program_keys WHERE tenant_id = %s", (shop.id,)).fetchall()
    assert ended == [("Sara",)]
    # She reads herself that it is over.
    assert "Keys that open nothing any more" in parisa.get("/account/keys").text


def test_an_owner_signs_a_program_out_and_nothing_else(
    owner: Browser, parisa: Browser, page: str, program: Program, shop: Shop, superuser: Superuser
):
    [end] = buttons(owner, page)
    assert owner.post(end).headers["location"] == page
    assert (program.get().status_code, program.refresh().status_code) == (401, 401)
    assert parisa.get("/account/keys").status_code == 200
    assert (owner.post(end).status_code, buttons(owner, page)) == (404, [])
    asked = "SELECT actor, details FROM shop.audit_entries WHERE tenant_id = %s AND action = %s AND outcome = 'done'"
    told = superuser.execute(asked, (shop.id, "programs.end_program_of_user")).fetchall()
    assert told == [("Sara", {"person": "Parisa", "called": "Stock of the web shop"})]


def test_a_browsers_session_is_no_program(owner: Browser, parisa: Browser, page: str, shop: Shop, superuser: Superuser):
    asked = "SELECT id FROM platform.sessions WHERE tenant_id = %s AND stage = 'in' AND person_id = %s"
    person = page.split("/")[2]
    [(session,)] = superuser.execute(asked, (shop.id, person)).fetchall()
    assert owner.post(f"/users/{person}/programs/{session}/end").status_code == 404
    assert parisa.get("/account/keys").status_code == 200


@pytest.mark.parametrize("role", ["manager", "employee"])
def test_who_does_not_decide_about_people_may_not(
    role: str, owner: Browser, parisa: Browser, page: str, signed_in, shop: Shop, app: Starlette, program: Program
):
    key = Program(app, make(parisa, "pos.see"))
    colleague = signed_in(shop, role, "Reza")
    assert colleague.get(page).status_code == 403
    assert [colleague.post(one).status_code for one in buttons(owner, page)] == [403, 403]
    assert (key.get().status_code, program.get().status_code) == (200, 200)


def test_who_decides_about_people_takes_nothing_from_who_may_more(
    owner: Browser, signed_in, shop: Shop, app: Starlette, superuser: Superuser
):
    key = Program(app, make(owner, "pos.see"))
    here = f"/users/{_id_of(superuser, shop, 'Sara')}/activity"
    superuser.execute(
        "INSERT INTO shop.role_permissions (tenant_id, role, permission, allowed, set_by) "
        "VALUES (%s, 'manager', 'identity.edit_users', true, 'Sara')",
        (shop.id,),
    )
    manager = signed_in(shop, "manager", "Reza")
    [revoke] = buttons(manager, here)
    assert (manager.post(revoke).status_code, key.get().status_code) == (422, 200)


def test_what_belongs_to_another_shop_is_not_there(
    owner: Browser, parisa: Browser, page: str, new_shop, signed_in, app: Starlette, program: Program
):
    key = Program(app, make(parisa, "pos.see"))
    stranger = signed_in(new_shop("AE", name="Dubai"), "owner", "Omid")
    assert stranger.get(page).status_code == 404
    theirs = buttons(owner, page)
    assert [stranger.post(one).status_code for one in theirs] == [404, 404]
    # Nor are they the colleague's whose page it is.
    wrong = [one.replace(page.split("/")[2], str(new_id())) for one in theirs]
    assert [owner.post(one).status_code for one in wrong] == [404, 404]
    assert (key.get().status_code, program.get().status_code) == (200, 200)


def test_the_page_costs_the_same_for_one_key_and_for_three(
    owner: Browser, parisa: Browser, page: str, statements: Statements
):
    make(parisa, "pos.see")
    owner.get(page)
    with statements.counted() as for_one:
        assert owner.get(page).status_code == 200
    make(parisa, "pos.see")
    make(parisa, "pos.see")
    owner.get(page)
    with statements.counted() as for_three:
        assert len(buttons(owner, page)) == 4
    assert len(for_one) == len(for_three)

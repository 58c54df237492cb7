"""What each role may do, as the owner of a shop decides it; and that nobody gives more than they have."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert, select

from adapters.config import HOUSE
from kernel import i18n
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity import public, queries
from plugins.identity.tables import role_permissions
from tests.plugins.browser import Browser
from web.render import CSRF_FIELD

SignedIn = Callable[..., Browser]
SEE, EDIT, ADJUST = "identity.see_users", "identity.edit_users", "identity.adjust_roles"


def decide(browser: Browser, shown: list[str], **ticked: list[str]) -> Any:
    """Send the page's form with these boxes ticked."""
    assert browser.token is not None
    boxes = {f"{role}[]": names for role, names in ticked.items()}
    return browser.client.post("/users/roles", data={"shown[]": shown, **boxes, CSRF_FIELD: browser.token.csrf})


def fields(browser: Browser) -> list[tuple[str, str, str]]:
    """Name, value and marks of what the page's form sends of permissions."""
    found: list[tuple[str, str, str]] = re.findall(
        r'<input type="(?:hidden|checkbox)" name="(\w+\[\])" value="([^"]+)"([^>]*)>', browser.get("/users/roles").text
    )
    return found


def boxes(browser: Browser) -> dict[str, tuple[bool, bool]]:
    """For each permission: is the box of managers ticked, and that of employees?"""
    found: dict[str, dict[str, bool]] = {}
    for name, value, marks in fields(browser):
        if name != "shown[]":
            found.setdefault(value, {})[name] = "checked" in marks
    return {name: (roles["manager[]"], roles["employee[]"]) for name, roles in found.items()}


def as_it_was(browser: Browser) -> dict[str, list[str]]:
    """The form as the page shows it."""
    now = boxes(browser)
    return {
        "shown": list(now),
        "manager": [name for name, (manager, _employee) in now.items() if manager],
        "employee": [name for name, (_manager, employee) in now.items() if employee],
    }


def decided(database: Database, shop: Shop, actor: Actor) -> set[tuple[str, str, bool, str]]:
    asked = select(
        role_permissions.c.role, role_permissions.c.permission, role_permissions.c.allowed, role_permissions.c.set_by
    )
    with database.for_shop(shop.id, actor) as uow:
        return {tuple(row) for row in uow.execute(asked)}


@pytest.fixture
def adjusts(database: Database, shop: Shop, actor: Actor) -> Callable[..., None]:
    """Decide past the page: `adjusts("manager", {SEE: True})`."""

    def put(role: str, choices: dict[str, bool]) -> None:
        with database.for_shop(shop.id, actor) as uow:
            for permission, allowed in choices.items():
                uow.execute(
                    insert(role_permissions).values(role=role, permission=permission, allowed=allowed, set_by="Test")
                )

    return put


def test_the_page_shows_every_permission_of_the_shops_plugins_as_they_give_it(signed_in: SignedIn, shop: Shop):
    owner = signed_in(shop)
    declared = {
        given.value.name: ("manager" in given.value.roles, "employee" in given.value.roles)
        for given in owner.client.app.state.house.plugins.given("permissions")  # type: ignore[attr-defined]
        if "owner" in given.value.roles
    }
    assert boxes(owner) == declared
    assert "tenants.edit_shops" not in declared


def test_what_is_decided_counts_from_the_next_request(
    signed_in: SignedIn, shop: Shop, database: Database, actor: Actor
):
    owner, manager, employee = signed_in(shop), signed_in(shop, "manager", "Mina"), signed_in(shop, "employee", "Reza")
    assert (manager.get("/users").status_code, employee.get("/users").status_code) == (200, 403)
    assert decide(owner, [SEE], employee=[SEE]).headers["location"] == "/users/roles"
    assert (manager.get("/users").status_code, employee.get("/users").status_code) == (403, 200)
    assert boxes(owner)[SEE] == (False, True)
    assert decided(database, shop, actor) == {("manager", SEE, False, "Sara"), ("employee", SEE, True, "Sara")}
    decide(owner, [SEE], manager=[SEE])
    assert (manager.get("/users").status_code, employee.get("/users").status_code) == (200, 403)


def test_what_was_not_shown_stays_as_it_is_and_saving_the_page_as_it_is_decides_nothing(
    signed_in: SignedIn, shop: Shop, database: Database, actor: Actor
):
    owner = signed_in(shop)
    before = boxes(owner)
    assert decide(owner, []).status_code == 303
    assert (
        decide(owner, ["no.such", "tenants.edit_shops"], manager=["no.such", "tenants.edit_shops"]).status_code == 303
    )
    assert decide(owner, **as_it_was(owner)).status_code == 303
    assert (boxes(owner), decided(database, shop, actor)) == (before, set())


def test_one_shops_decision_is_no_others(signed_in: SignedIn, shop: Shop, new_shop: Callable[..., Shop]):
    decide(signed_in(shop), [SEE], employee=[SEE])
    assert signed_in(new_shop("AE"), "employee", "Reza").get("/users").status_code == 403


def test_owners_keep_everything_whatever_is_sent_or_stands_in_the_table(
    signed_in: SignedIn, shop: Shop, adjusts: Callable[..., None]
):
    owner = signed_in(shop)
    assert decide(owner, [EDIT, ADJUST], owner=[]).status_code == 303
    adjusts("owner", {EDIT: False, ADJUST: False, SEE: False})
    assert [owner.get(path).status_code for path in ("/users", "/users/new", "/users/roles")] == [200, 200, 200]


@pytest.mark.parametrize("role", ["manager", "employee"])
def test_only_owners_decide_until_they_decide_otherwise(signed_in: SignedIn, shop: Shop, role: str):
    owner, other = signed_in(shop), signed_in(shop, role, "Reza")
    assert other.get("/users/roles").status_code == 403
    assert decide(other, [SEE], employee=[SEE]).status_code == 403
    assert "/users/roles" not in other.get("/").text
    decide(owner, [ADJUST], **{role: [ADJUST]})
    assert other.get("/users/roles").status_code == 200


def test_nobody_gives_or_takes_what_they_may_not_do_themselves(
    signed_in: SignedIn, shop: Shop, database: Database, actor: Actor, adjusts: Callable[..., None]
):
    manager = signed_in(shop, "manager", "Mina")
    manager.post("/preferences", language="en")
    adjusts("manager", {ADJUST: True})
    shown = [(name, "disabled" in marks) for name, value, marks in fields(manager) if value == EDIT]
    assert shown == [("manager[]", True), ("employee[]", True)]

    refused = decide(manager, [EDIT], manager=[EDIT])
    assert refused.status_code == 422
    assert "please ask an owner about “Add people, let them go and set their roles”" in unescape(refused.text)
    assert decide(manager, [SEE, EDIT], manager=[SEE], employee=[SEE, EDIT]).status_code == 422
    adjusts("employee", {EDIT: True})
    assert decide(manager, [EDIT]).status_code == 422
    assert decided(database, shop, actor) == {("manager", ADJUST, True, "Test"), ("employee", EDIT, True, "Test")}
    assert decide(manager, [SEE], manager=[SEE], employee=[SEE]).status_code == 303


def test_who_may_take_people_in_makes_and_changes_nobody_who_may_do_more(
    signed_in: SignedIn, shop: Shop, database: Database, actor: Actor, adjusts: Callable[..., None]
):
    signed_in(shop)
    signed_in(shop, "owner", "Darya")
    manager = signed_in(shop, "manager", "Mina")
    signed_in(shop, "employee", "Reza")
    adjusts("manager", {EDIT: True})
    with database.for_shop(shop.id, actor) as uow:
        ids = {user.name: user.id for user in public.users(uow)}
    address = f"new-{shop.slug}@example.com"
    assert manager.post("/users/invitations", name="X", email=address, role="owner").status_code == 422
    assert manager.post(f"/users/{ids['Reza']}", name="Reza", role="owner").status_code == 422
    assert manager.post(f"/users/{ids['Mina']}", name="Mina", role="owner").status_code == 422
    assert manager.post(f"/users/{ids['Darya']}", name="Darya", role="employee").status_code == 422
    assert manager.post(f"/users/{ids['Darya']}/departure").status_code == 422
    assert manager.post(f"/users/{ids['Reza']}", name="Reza", role="manager").status_code == 303
    assert manager.post("/users/invitations", name="X", email=address, role="employee").status_code == 303
    with database.for_shop(shop.id, actor) as uow:
        roles = {user.name: user.role.value for user in public.users(uow)}
        invited = [(one.email, one.role.value) for one in queries.open_invitations(uow)]
    assert roles == {"Sara": "owner", "Darya": "owner", "Mina": "manager", "Reza": "manager"}
    assert invited == [(address, "employee")]


def test_every_decision_is_in_the_trail(signed_in: SignedIn, shop: Shop, superuser: psycopg.Connection[Any]):
    decide(signed_in(shop), [SEE], manager=[SEE], employee=[SEE])
    [(action, who, after)] = superuser.execute(
        "SELECT e.action, e.actor, c.after FROM shop.audit_changes AS c JOIN shop.audit_entries AS e "
        "ON e.tenant_id = c.tenant_id AND e.id = c.entry_id WHERE c.tenant_id = %s AND c.about = 'role_permissions'",
        (shop.id,),
    ).fetchall()
    assert (action, who) == ("identity.change_roles", "Sara")
    assert (after["role"], after["permission"], after["allowed"]) == ("employee", SEE, True)


def test_the_page_speaks_persian(signed_in: SignedIn, shop: Shop):
    i18n.add_locale_dir(HOUSE / "locale")
    owner = signed_in(shop)
    owner.post("/preferences", language="fa")
    said = owner.get("/users/roles").text
    assert "نقش‌ها" in said
    assert "مدیر: دیدن کارکنان فروشگاه" in unescape(said)

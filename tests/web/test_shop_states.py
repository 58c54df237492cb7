"""What each state of a shop allows: every cell of `kernel.tenancy.ALLOWED`, as its people find it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from httpx import Response

from kernel.tenancy import ALLOWED, Actor, Allows, Shop, ShopState
from kernel.uow import Database
from plugins.identity.public import NewUserForm, add_user_with_password
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD, app, browser, signed_in

__all__ = ["app", "browser", "signed_in"]

Close = Callable[[str], None]
Owner = tuple[str, Browser]

EVERYTHING = Allows(sign_in=True, read=True, change=True, export=True, jobs=True)
LOOK_AND_LEAVE = Allows(sign_in=True, read=True, change=False, export=True, jobs=False)
NOTHING = Allows(sign_in=False, read=False, change=False, export=False, jobs=False)
#: Written out, not taken from the code. Jobs have their cells in tests/kernel: test_outbox.py and test_scheduler.py.
CELLS = [
    ("trial", EVERYTHING), ("active", EVERYTHING), ("past_due", LOOK_AND_LEAVE), ("suspended", LOOK_AND_LEAVE),
    ("pending_deletion", NOTHING), ("deleted", NOTHING),
]  # fmt: skip
OPEN_TO_READ = ["past_due", "suspended"]


@pytest.fixture
def owner(browser: Callable[[], Browser], database: Database, shop: Shop, actor: Actor) -> Owner:
    """An owner's address, and the browser in which they were signed in before anything happened to the shop."""
    email = f"sara-{shop.slug}@example.com"
    with database.for_shop(shop.id, actor) as uow:
        add_user_with_password(uow, NewUserForm(name="Sara", email=email, role="owner"), PASSWORD)
    inside = browser()
    inside.sign_in(email, PASSWORD)
    return email, inside


@pytest.fixture
def becomes(shop: Shop, superuser: psycopg.Connection[Any]) -> Close:
    def change(state: str) -> None:
        changed = "UPDATE platform.tenants SET state = %s, version = version + 1 WHERE id = %s"
        superuser.execute(changed, (state, shop.id))

    return change


def test_the_table_has_every_state_and_says_what_it_is_meant_to():
    assert {ShopState(state): allows for state, allows in CELLS} == ALLOWED


def shown(answer: Response) -> str:
    """The page, but for the question that is put to a passkey: it is another each time."""
    return re.sub(r'[\w-]{43,}(?=&#34;|">)', "", answer.text)


@pytest.mark.parametrize(("state", "allows"), CELLS)
def test_signing_in(owner: Owner, becomes: Close, browser: Callable[[], Browser], state: str, allows: Allows):
    becomes(state)
    email, _inside = owner
    answer = browser().sign_in(email, PASSWORD)
    assert answer.status_code == (303 if allows.sign_in else 422)
    if not allows.sign_in:
        # Whoever has the right password is told why it opens nothing, and nobody else that anybody has one here.
        assert "is closed and will be deleted" in answer.text
        wrong, stranger = (browser().sign_in(to, "not the password at all") for to in (email, f"x{email}"))
        assert shown(wrong).replace(email, "") == shown(stranger).replace(f"x{email}", "")
        assert "is closed" not in wrong.text


@pytest.mark.parametrize(("state", "allows"), CELLS)
@pytest.mark.parametrize("path", ["/users", "/inventory", "/", "/account/password"])
def test_reading(owner: Owner, becomes: Close, path: str, state: str, allows: Allows):
    becomes(state)
    _email, inside = owner
    expect(inside.get(path), 200 if allows.read else None)


@pytest.mark.parametrize(("state", "allows"), CELLS)
@pytest.mark.parametrize("path", ["/users/export", "/inventory/export"])
def test_taking_a_list_away(owner: Owner, becomes: Close, path: str, state: str, allows: Allows):
    becomes(state)
    _email, inside = owner
    answer = inside.get(path)
    expect(answer, 200 if allows.export else None)
    assert ("attachment" in answer.headers.get("content-disposition", "")) is allows.export


@pytest.mark.parametrize(("state", "allows"), CELLS)
def test_changing(owner: Owner, becomes: Close, state: str, allows: Allows):
    becomes(state)
    _email, inside = owner
    answer = inside.post("/views", list="/users", query="text=sara", name="Sara")
    expect(answer, 303 if allows.change else 403 if allows.sign_in else None)
    program = inside.send("POST", "/api/v1/sales", {})
    assert program.status_code == (400 if allows.change else 403 if allows.sign_in else 401)


@pytest.mark.parametrize("state", OPEN_TO_READ)
def test_ones_own_password_can_be_changed_wherever_one_may_sign_in(
    owner: Owner, becomes: Close, browser: Callable[[], Browser], state: str
):
    becomes(state)
    email, inside = owner
    new = "silver-anchor-31-meadow"
    answer = inside.post("/account/password", current=PASSWORD, password=new, repeated=new)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser().sign_in(email, new).status_code == 303


@pytest.mark.parametrize("state", OPEN_TO_READ)
def test_one_can_choose_how_it_looks_and_sign_out(owner: Owner, becomes: Close, state: str):
    becomes(state)
    _email, inside = owner
    assert inside.post("/preferences", language="en", next="/users").headers["location"] == "/users"
    assert inside.post("/logout").headers["location"] == "/login"
    assert inside.get("/users").headers["location"] == "/login?next=/users"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("past_due", "This shop has not been paid for: everything can be read, nothing can be changed."),
        ("suspended", "This shop is suspended: everything can be read, nothing can be changed."),
    ],
)
def test_every_page_and_the_refusal_say_why(owner: Owner, becomes: Close, state: str, sentence: str):
    _email, inside = owner
    inside.post("/preferences", language="en")
    assert sentence not in inside.get("/users").text
    becomes(state)
    assert sentence in inside.get("/users").text
    assert sentence in inside.post("/views", list="/users", name="Sara").text


def expect(answer: Any, status: int | None) -> None:
    """This status; None for the way to the door."""
    assert answer.status_code == (status or 303)
    if status is None:
        assert answer.headers["location"].startswith("/login?next=")

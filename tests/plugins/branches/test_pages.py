"""The pages and addresses of branches."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kernel.ids import new_id
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.branches import public
from tests.conftest import Statements
from tests.plugins.browser import Browser

SignedIn = Callable[..., Browser]


@pytest.fixture
def main(database: Database, shop: Shop, actor: Actor) -> str:
    """The address of the shop's first branch."""
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        return f"/branches/{public.branches(uow)[0].id}"


def test_a_branch_is_opened_changed_closed_and_opened_again(signed_in: SignedIn, shop: Shop):
    owner = signed_in(shop)
    branch = owner.post("/branches", code="BZR", name="Bazaar", phone="۰۲۱-۵۵۵").headers["location"]
    assert 'value="021-555"' in owner.get(branch).text
    assert owner.post(branch, code="BZR", name="Grand bazaar").headers["location"] == branch
    assert "Grand bazaar" in owner.get("/branches").text
    assert owner.post(f"{branch}/tills", name="Window").headers["location"] == branch
    assert "Window" in owner.get(branch).text
    assert owner.post(f"{branch}/closing", because="The rent").headers["location"] == branch
    assert "The rent" in owner.get(branch).text
    assert owner.post(f"{branch}/reopening").headers["location"] == branch
    assert "The rent" not in owner.get(branch).text


def test_a_refused_form_keeps_what_was_typed(signed_in: SignedIn, shop: Shop):
    owner = signed_in(shop)
    taken = owner.post("/branches", code="MAIN", name="Another main")
    assert (taken.status_code, 'value="Another main"' in taken.text) == (409, True)
    missing = owner.post("/branches", code="X")
    assert (missing.status_code, 'value="X"' in missing.text) == (400, True)


def test_the_last_branch_says_why_it_stays_open(signed_in: SignedIn, shop: Shop, main: str):
    answer = signed_in(shop).post(f"{main}/closing", because="The rent")
    assert answer.status_code == 422
    assert 'value="The rent"' in answer.text


@pytest.mark.parametrize("typed", ["\x00", "a\x00b", "\u202e", "x" * 5000, "  ", "<script>alert(1)</script>"])
@pytest.mark.parametrize("field", ["code", "name", "phone", "address"])
def test_nothing_typed_breaks_a_form(signed_in: SignedIn, shop: Shop, main: str, field: str, typed: str):
    owner = signed_in(shop)
    answer = owner.post(main, **({"code": "MAIN", "name": "Main"} | {field: typed}))
    assert answer.status_code in (303, 400)
    assert "<script>alert" not in answer.text + owner.get("/branches").text


@pytest.mark.parametrize("path", ["", "/closing", "/tills/new"])
def test_another_shops_branch_is_unknown(signed_in: SignedIn, new_shop: Callable[..., Shop], main: str, path: str):
    stranger = signed_in(new_shop())
    theirs, nobodys = stranger.get(main + path), stranger.get(f"/branches/{new_id()}{path}")
    assert theirs.status_code == nobodys.status_code == 404
    assert "There is no such branch." in theirs.text
    assert "There is no such branch." in nobodys.text


def test_an_employee_sees_branches_and_changes_none(signed_in: SignedIn, shop: Shop, main: str):
    employee = signed_in(shop, "employee", "Reza")
    assert "Till 1" in employee.get(main).text or "صندوق" in employee.get(main).text
    for path in (main, f"{main}/closing", f"{main}/reopening", f"{main}/tills", "/branches"):
        assert employee.post(path, code="X", name="X", because="X").status_code == 403
    assert employee.get("/branches/new").status_code == 403


def test_programs_list_branches_with_their_tills(signed_in: SignedIn, shop: Shop, main: str):
    [branch] = signed_in(shop).get("/api/v1/branches").json()["branches"]
    assert main.endswith(branch["id"])
    assert branch["code"] == "MAIN"
    assert len(branch["tills"]) == 1


def test_the_list_costs_the_same_for_one_branch_and_for_three(signed_in: SignedIn, shop: Shop, statements: Statements):
    owner = signed_in(shop)
    owner.get("/branches")
    with statements.counted() as for_one:
        owner.get("/branches")
    for code in ("TWO", "THREE"):
        owner.post("/branches", code=code, name=code)
    owner.get("/branches")  # reads the shop, whose version is another now
    with statements.counted() as for_three:
        owner.get("/branches")
    assert len(for_one) == len(for_three)

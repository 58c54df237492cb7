"""The people of a shop: who is added, what their role lets them do, and how they leave."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import ProgrammingError

from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.limits import LimitReached
from kernel.tenancy import Actor, ActorKind, Shop
from kernel.uow import Database, UnitOfWork
from plugins.identity import public
from plugins.identity.actions.add_user import add_user
from plugins.identity.actions.change_user import change_user
from plugins.identity.actions.let_go import let_go, take_back
from plugins.identity.domain.user import (
    AddressTaken,
    AlreadyHere,
    Departure,
    LastOwner,
    NotYourself,
    Role,
    StillHere,
    User,
)
from plugins.identity.forms import NewUserForm, UserForm
from plugins.identity.tables import role_permissions
from tests.conftest import Statements
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD

SignedIn = Callable[..., Browser]


def form(name: str = "Reza", role: str = "employee", email: str = "") -> NewUserForm:
    return NewUserForm.model_validate({"name": name, "role": role, "email": email or f"{new_id().hex}@example.com"})


def test_a_person_is_added_with_a_password_that_is_told_once(uow: UnitOfWork):
    wanted = form()
    added = add_user(uow, wanted)
    assert added.user == User(added.user.id, "Reza", wanted.email, Role.EMPLOYEE)
    assert added.start_password is not None
    assert len(added.start_password) == 19
    assert added.start_password not in repr(added)
    assert public.users(uow) == [added.user]
    assert public.user(uow, added.user.id) == added.user


def test_nobody_is_added_twice_not_even_in_other_letters(database: Database, shop: Shop, actor: Actor):
    wanted = form(email=f"Reza.{new_id().hex}@Example.com")
    with database.for_shop(shop.id, actor) as uow:
        add_user(uow, wanted)
    again = form(email=wanted.email.upper())
    with pytest.raises(AlreadyHere), database.for_shop(shop.id, actor) as uow:
        add_user(uow, again)
    with database.for_shop(shop.id, actor) as uow:
        assert len(public.users(uow)) == 1


def test_whoever_made_an_account_first_does_not_come_into_a_second_shop_with_it(
    database: Database, actor: Actor, new_shop: Callable[..., Shop]
):
    known = form(role="manager")
    with database.for_shop(new_shop().id, actor) as uow:
        public.add_user_with_password(uow, known, PASSWORD)
    second = new_shop("AE")
    with pytest.raises(AddressTaken), database.for_shop(second.id, actor) as uow:
        add_user(uow, form("Mr Reza", "owner", known.email))
    with database.for_shop(second.id, actor) as uow:
        assert public.users(uow) == []


def test_another_shops_people_are_unknown(database: Database, actor: Actor, new_shop: Callable[..., Shop]):
    with database.for_shop(new_shop().id, actor) as uow:
        stranger = add_user(uow, form()).user
    with database.for_shop(new_shop().id, actor) as uow:
        assert public.users(uow) == []
        for unknown in (stranger.id, new_id()):
            with pytest.raises(NotFound, match=r"^There is no such person in this shop\.$"):
                public.user(uow, unknown)


def test_a_plan_allows_so_many_people(database: Database, actor: Actor, new_shop: Callable[..., Shop]):
    shop = new_shop(plan="small")
    with database.for_shop(shop.id, actor) as uow:
        gone = add_user(uow, form()).user
        add_user(uow, form())
    with pytest.raises(LimitReached), database.for_shop(shop.id, actor) as uow:
        add_user(uow, form())
    with database.for_shop(shop.id, actor) as uow:
        let_go(uow, gone.id)
        add_user(uow, form())
    with pytest.raises(LimitReached), database.for_shop(shop.id, actor) as uow:
        take_back(uow, gone.id)


def test_who_leaves_stays_in_the_list_with_date_and_person(uow: UnitOfWork):
    user = add_user(uow, form()).user
    let_go(uow, user.id)
    assert public.users(uow) == []
    assert public.user(uow, user.id).departure == Departure(uow.now, "Sara")
    take_back(uow, user.id)
    assert public.users(uow) == [user]
    with pytest.raises(StillHere):
        take_back(uow, user.id)


def test_the_last_owner_can_neither_leave_nor_step_down(database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        owner = add_user(uow, form("Sara", "owner")).user
        add_user(uow, form("Mina", "manager"))
    with pytest.raises(LastOwner), database.for_shop(shop.id, actor) as uow:
        let_go(uow, owner.id)
    with pytest.raises(LastOwner), database.for_shop(shop.id, actor) as uow:
        change_user(uow, owner.id, UserForm(name="Sara", role="manager"))
    with database.for_shop(shop.id, actor) as uow:
        assert public.user(uow, owner.id) == owner


def test_two_owners_cannot_let_each_other_go_at_once(database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        both = [add_user(uow, form("Sara", "owner")).user.id, add_user(uow, form("Mina", "owner")).user.id]

    def leave(user: UUID) -> str:
        try:
            with database.for_shop(shop.id, actor) as uow:
                let_go(uow, user)
        except LastOwner:
            return "refused"
        return "gone"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, both)) == ["gone", "refused"]


def test_two_owners_cannot_step_down_at_once(database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        both = [add_user(uow, form("Sara", "owner")).user.id, add_user(uow, form("Mina", "owner")).user.id]

    def step_down(user: UUID) -> str:
        try:
            with database.for_shop(shop.id, actor) as uow:
                change_user(uow, user, UserForm(name="X", role="manager"))
        except LastOwner:
            return "refused"
        return "down"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(step_down, both)) == ["down", "refused"]
    with database.for_shop(shop.id, actor) as uow:
        assert sorted(user.role.value for user in public.users(uow)) == ["manager", "owner"]


def test_an_owner_who_steps_down_while_the_other_is_let_go_stays(database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        sara, mina = (add_user(uow, form(name, "owner")).user.id for name in ("Sara", "Mina"))

    def leave(how: str) -> str:
        try:
            with database.for_shop(shop.id, actor) as uow:
                if how == "step down":
                    change_user(uow, sara, UserForm(name="Sara", role="employee"))
                else:
                    let_go(uow, mina)
        except LastOwner:
            return "refused"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, ("step down", "let go"))) == ["done", "refused"]


def test_a_changed_role_is_in_the_trail_before_and_after(
    signed_in: SignedIn, shop: Shop, database: Database, actor: Actor, superuser: psycopg.Connection[Any]
):
    owner = signed_in(shop)
    with database.for_shop(shop.id, actor) as uow:
        reza = add_user(uow, form()).user
    assert owner.post(f"/users/{reza.id}", name="Reza", role="manager", language="fa").status_code == 303
    changed = superuser.execute(
        "SELECT e.action, e.actor, c.before, c.after FROM shop.audit_changes AS c JOIN shop.audit_entries AS e "
        "ON e.tenant_id = c.tenant_id AND e.id = c.entry_id WHERE c.row_key = %s AND c.kind = 'change'",
        (str(reza.id),),
    ).fetchall()
    assert changed == [
        (
            "identity.change_user",
            "Sara",
            {"role": "employee", "language": None},
            {"role": "manager", "language": "fa"},
        )
    ]


def test_nobody_raises_themselves(signed_in: SignedIn, shop: Shop, database: Database, actor: Actor):
    signed_in(shop)
    manager = signed_in(shop, "manager", "Mina")
    with database.for_shop(shop.id, actor) as uow:
        uow.execute(
            insert(role_permissions).values(
                role="manager", permission="identity.edit_users", allowed=True, set_by="Sara"
            )
        )
        [mina] = [user.id for user in public.users(uow) if user.name == "Mina"]
    assert manager.post(f"/users/{mina}", name="Mina", role="owner").status_code == 422
    assert "identity.adjust_roles" not in manager.get("/api/v1/me").json()["permissions"]


def test_what_the_shop_speaks_with_somebody_holds_until_they_choose(
    signed_in: SignedIn, shop: Shop, database: Database, actor: Actor
):
    owner, reza = signed_in(shop), signed_in(shop, "employee", "Reza")
    with database.for_shop(shop.id, actor) as uow:
        [id] = [user.id for user in public.users(uow) if user.name == "Reza"]
    assert 'lang="fa"' in reza.get("/branches").text
    owner.post(f"/users/{id}", name="Reza", role="employee", language="en")
    assert 'lang="en"' in reza.get("/branches").text
    reza.post("/preferences", language="fa")
    assert 'lang="fa"' in reza.get("/branches").text


def test_nobody_lets_themselves_go(database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        add_user(uow, form("Mina", "owner"))
        owner = add_user(uow, form("Sara", "owner")).user
    with (
        pytest.raises(NotYourself),
        database.for_shop(shop.id, Actor(ActorKind.PERSON, owner.id, owner.name)) as uow,
    ):
        let_go(uow, owner.id)


# Over HTTP


def test_a_refused_form_keeps_what_was_typed(signed_in: SignedIn, shop: Shop):
    answer = signed_in(shop).post("/users/invitations", name="Reza", email="not an address", role="emperor")
    assert answer.status_code == 400
    assert 'value="not an address"' in answer.text
    assert 'value="Reza"' in answer.text


def test_who_is_let_go_is_out_at_once(signed_in: SignedIn, shop: Shop, database: Database, actor: Actor):
    owner, employee = signed_in(shop), signed_in(shop, "employee", "Reza")
    assert employee.get("/branches").status_code == 200
    with database.for_shop(shop.id, actor) as uow:
        [reza] = [user for user in public.users(uow) if user.name == "Reza"]
    assert owner.post(f"/users/{reza.id}/departure").status_code == 303
    assert employee.get("/branches").headers["location"] == "/login?next=/branches"


def test_a_role_bounds_what_one_sees_and_does(signed_in: SignedIn, shop: Shop):
    manager, employee = signed_in(shop, "manager", "Mina"), signed_in(shop, "employee", "Reza")
    assert manager.get("/users").status_code == 200
    assert manager.get("/users/new").status_code == 403
    invited = manager.post("/users/invitations", name="X", email="x@example.com", role="owner")
    assert invited.status_code == 403
    assert employee.get("/users").status_code == 403
    assert "/users" not in employee.get("/branches").text


def test_an_owner_may_adjust_what_a_role_may_do(signed_in: SignedIn, shop: Shop, database: Database, actor: Actor):
    employee = signed_in(shop, "employee", "Reza")
    with database.for_shop(shop.id, actor) as uow:
        for permission, allowed in {"identity.see_users": True, "branches.see": False}.items():
            uow.execute(
                insert(role_permissions).values(role="employee", permission=permission, allowed=allowed, set_by="Sara")
            )
    assert employee.get("/users").status_code == 200
    assert employee.get("/branches").status_code == 403


def test_a_role_change_counts_from_the_next_request(signed_in: SignedIn, shop: Shop, database: Database, actor: Actor):
    signed_in(shop)
    employee = signed_in(shop, "employee", "Reza")
    with database.for_shop(shop.id, actor) as uow:
        [reza] = [user for user in public.users(uow) if user.name == "Reza"]
        change_user(uow, reza.id, UserForm(name="Reza", role="owner"))
    assert employee.get("/users/new").status_code == 200


def test_the_list_costs_the_same_for_one_person_and_for_three(
    signed_in: SignedIn, shop: Shop, database: Database, actor: Actor, statements: Statements
):
    owner = signed_in(shop)
    owner.get("/users")  # what is kept with the shop is read once
    with statements.counted() as for_one:
        assert owner.get("/users").status_code == 200
    with database.for_shop(shop.id, actor) as uow:
        add_user(uow, form())
        add_user(uow, form())
    with database.for_shop(shop.id, actor):  # the shop is read again after a change, by whoever comes first
        pass
    with statements.counted() as for_three:
        assert owner.get("/users").status_code == 200
    assert len(for_one) == len(for_three)


def test_programs_narrow_the_list_as_people_do(signed_in: SignedIn, shop: Shop):
    owner = signed_in(shop)
    signed_in(shop, "employee", "Reza")
    signed_in(shop, "manager", "Parisa")
    people = {one["name"]: one["id"] for one in owner.get("/api/v1/users").json()["users"]}
    assert owner.post(f"/users/{people['Reza']}/departure").status_code == 303
    for query, names in {
        "role=owner": ["Sara"],
        "text=pari": ["Parisa"],
        "state=left": ["Reza"],
        "state=active": ["Parisa", "Sara"],
        "role=employee&state=active": [],
    }.items():
        assert [one["name"] for one in owner.get(f"/api/v1/users?{query}").json()["users"]] == names
    assert owner.get("/api/v1/users?state=gone").status_code == 400


def test_programs_learn_who_they_are(signed_in: SignedIn, shop: Shop):
    answer = signed_in(shop, "employee", "Reza").get("/api/v1/me")
    me: dict[str, Any] = answer.json()
    assert (me["name"], me["shop"], me["currency"]) == ("Reza", "IR Gold", "IRT")
    assert "branches.see" in me["permissions"]
    assert "identity.edit_users" not in me["permissions"]


def test_programs_that_nobody_signed_in_get_a_problem(browser: Callable[[], Browser]):
    answer = browser().get("/api/v1/users")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


# What the application role can reach


@pytest.mark.parametrize("table", ["people", "sessions", "admins"])
def test_a_shops_transaction_reads_no_table_of_people(uow: UnitOfWork, table: str):
    with pytest.raises(ProgrammingError, match="permission denied"), uow.nested():
        uow.execute(text(f"SELECT * FROM platform.{table}"))


@pytest.mark.parametrize("question", ["app.find_login_2('sara@example.com')", "app.find_session_2('\\x00')"])
def test_a_shops_transaction_cannot_look_anybody_up(uow: UnitOfWork, question: str):
    with pytest.raises(ProgrammingError, match="permission denied"), uow.nested():
        uow.execute(text(f"SELECT * FROM {question}"))


def test_the_platform_reads_no_password_from_the_table(database: Database, actor: Actor):
    with (
        database.for_platform("try", actor) as work,
        pytest.raises(ProgrammingError, match="permission denied"),
        work.nested(),
    ):
        work.execute(text("SELECT password_hash FROM platform.people"))


def test_a_shop_ends_only_its_own_sessions(
    database: Database, actor: Actor, new_shop: Callable[..., Shop], signed_in: SignedIn,
    superuser: psycopg.Connection[Any],
):  # fmt: skip
    home, other = new_shop(), new_shop()
    employee = signed_in(home, "employee", "Reza")
    with database.for_shop(home.id, actor) as uow:
        [reza] = public.users(uow)
    with database.for_shop(other.id, actor) as uow:
        uow.execute(text("SELECT app.end_sessions(:person)"), {"person": reza.id})
    assert employee.get("/branches").status_code == 200


def test_people_are_found_by_name_role_and_state_and_leave_as_a_file(
    shop: Shop, signed_in: SignedIn, database: Database, actor: Actor
):
    owner = signed_in(shop, "owner", "Sara")
    owner.client.cookies.set("language", "en")
    for name, role in (("Reza", "employee"), ("Leila", "manager")):
        with database.for_shop(shop.id, actor) as uow:
            add_user(uow, form(name, role))

    def found(asked: str) -> list[str]:
        rows = owner.get(f"/users/export{asked}").text.splitlines()
        names = [row.split(",")[0] for row in rows[1:]]
        page = owner.get(f"/users{asked}").text
        assert all(f">{name}</a>" in page for name in names)
        assert page.count('<tr tabindex="-1">') == len(names)
        return names

    assert found("") == ["Leila", "Reza", "Sara"]
    assert found("?sort=-name") == ["Sara", "Reza", "Leila"]
    assert found("?text=rez") == ["Reza"]
    assert found("?role=manager") == ["Leila"]
    assert found("?state=left") == []
    assert "Clear filters" in owner.get("/users?state=left").text

"""One person in several shops: they go from one to another without signing in again, and only to their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select

from kernel import tables
from kernel.clock import SetClock
from kernel.ids import new_id
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity import public, store
from plugins.identity.actions.let_go import let_go
from plugins.identity.actions.next_stage import REQUIRE_SECOND_FACTOR
from plugins.identity.domain.user import Role, User
from tests.conftest import Statements
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD

Browsers = Callable[[], Browser]
NewShop = Callable[..., Shop]


@dataclass(frozen=True, slots=True)
class Sara:
    """An owner at home, and an employee in the other shop, under another name."""

    id: UUID
    email: str
    home: Shop
    other: Shop
    browser: Browser

    def shop(self) -> str:
        """Where they are now, as programs are told."""
        answer: dict[str, Any] = self.browser.get("/api/v1/me").json()
        return str(answer.get("shop", answer))

    def go_to(self, place: UUID | None) -> Any:
        return self.browser.post("/account/shops", shop=str(place or ""))


@pytest.fixture
def sara(database: Database, actor: Actor, new_shop: NewShop, browser: Browsers, clock: SetClock) -> Sara:
    home, other, email = new_shop("IR", name="Zarrin"), new_shop("AE", name="Dubai Gold"), f"{new_id().hex}@example.com"
    with database.for_shop(home.id, actor) as uow:
        form = public.NewUserForm(name="Sara", email=email, role="owner")
        person = public.add_user_with_password(uow, form, PASSWORD)
    clock.advance(timedelta(hours=1))
    with database.for_shop(other.id, actor) as uow:
        store.add_user(uow, User(person.id, "Ms Sara", email, Role.EMPLOYEE))
    visitor = browser()
    visitor.sign_in(email, PASSWORD)
    return Sara(person.id, email, home, other, visitor)


def test_one_goes_on_to_another_shop_under_a_new_token_as_who_one_is_there(sara: Sara, browser: Browsers):
    assert sara.shop() == "Zarrin"
    before = sara.browser.client.cookies["goldsmith"]
    answer = sara.go_to(sara.other.id)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert sara.browser.client.cookies["goldsmith"] != before
    me = sara.browser.get("/api/v1/me").json()
    assert (me["shop"], me["name"]) == ("Dubai Gold", "Ms Sara")
    assert "identity.edit_users" not in me["permissions"]
    assert sara.browser.get("/users").status_code == 403
    thief = browser()
    thief.client.cookies["goldsmith"] = before
    assert thief.get("/users").headers["location"] == "/login?next=/users"


def test_the_frame_offers_the_other_shops_and_only_to_who_has_some(sara: Sara, signed_in: Callable[..., Browser]):
    here = sara.browser.get("/branches").text
    assert f'<button name="shop" value="{sara.other.id}">' in here
    assert f'value="{sara.home.id}"' not in here
    alone = signed_in(sara.home, "manager", "Mina").get("/branches").text
    assert "/account/shops" not in alone
    assert "Dubai Gold" not in alone


def test_the_search_of_every_page_finds_them(sara: Sara, signed_in: Callable[..., Browser]):
    assert "/account/shops" in sara.browser.get("/search?text=dub").text
    assert "Dubai Gold" not in signed_in(sara.home, "manager").get("/search?text=dub").text


def test_nobody_goes_where_they_do_not_work(sara: Sara, new_shop: NewShop, signed_in: Callable[..., Browser]):
    stranger, before = new_shop("GB"), sara.browser.client.cookies["goldsmith"]
    for place in (stranger.id, new_id(), None):
        answer = sara.go_to(place)
        assert (answer.status_code, "You do not work in this shop" in answer.text) == (404, True)
    assert sara.browser.client.cookies["goldsmith"] == before
    assert sara.shop() == "Zarrin"
    assert signed_in(sara.home, "manager").post("/account/shops", shop=str(sara.other.id)).status_code == 404


def test_who_was_let_go_there_stays_here(sara: Sara, database: Database, actor: Actor):
    with database.for_shop(sara.other.id, actor) as uow:
        let_go(uow, sara.id)
    assert sara.go_to(sara.other.id).status_code == 404
    assert "Dubai Gold" not in sara.browser.get("/account/shops").text
    assert sara.shop() == "Zarrin"


def test_who_is_let_go_where_they_came_from_stays_where_they_are(sara: Sara, database: Database, actor: Actor):
    sara.go_to(sara.other.id)
    with database.for_shop(sara.home.id, actor) as uow:
        public.add_user(uow, public.NewUserForm(name="Mina", email=f"{new_id().hex}@example.com", role="owner"))
        let_go(uow, sara.id)
    assert sara.shop() == "Dubai Gold"
    assert sara.go_to(sara.home.id).status_code == 404


@pytest.mark.parametrize(("state", "status"), [("suspended", 303), ("pending_deletion", 404), ("deleted", 404)])
def test_the_state_of_the_other_shop_says_who_comes_in(
    sara: Sara, superuser: psycopg.Connection[Any], state: str, status: int
):
    superuser.execute(
        "UPDATE platform.tenants SET state = %s, version = version + 1 WHERE id = %s", (state, sara.other.id)
    )
    assert sara.go_to(sara.other.id).status_code == status


def test_one_leaves_a_suspended_shop_for_another(sara: Sara, superuser: psycopg.Connection[Any]):
    superuser.execute(
        "UPDATE platform.tenants SET state = 'suspended', version = version + 1 WHERE id = %s", (sara.home.id,)
    )
    assert sara.go_to(sara.other.id).status_code == 303
    assert sara.shop() == "Dubai Gold"


def test_a_switch_needs_the_sessions_proof(sara: Sara):
    assert sara.browser.client.post("/account/shops", data={"shop": str(sara.other.id)}).status_code == 403
    assert sara.shop() == "Zarrin"


def test_signing_in_leads_where_they_were_last(sara: Sara, browser: Browsers, database: Database, actor: Actor):
    sara.go_to(sara.other.id)
    again = browser()
    again.sign_in(sara.email, PASSWORD)
    assert again.get("/api/v1/me").json()["shop"] == "Dubai Gold"
    with database.for_shop(sara.other.id, actor) as uow:
        let_go(uow, sara.id)
    later = browser()
    later.sign_in(sara.email, PASSWORD)
    assert later.get("/api/v1/me").json()["shop"] == "Zarrin"


def test_going_on_does_not_make_a_session_last_longer(sara: Sara, superuser: psycopg.Connection[Any]):
    asked = "SELECT id, opened_at, expires_at, proved_at FROM platform.sessions WHERE person_id = %s"
    before = superuser.execute(asked, (sara.id,)).fetchall()
    sara.go_to(sara.other.id)
    assert superuser.execute(asked, (sara.id,)).fetchall() == before


def test_of_two_clicks_at_once_one_counts(sara: Sara):
    def click(_number: int) -> int:
        twin = Browser(sara.browser.client.app)  # type: ignore[arg-type]
        twin.client.cookies["goldsmith"] = sara.browser.client.cookies["goldsmith"]
        return int(twin.post("/account/shops", shop=str(sara.other.id)).status_code)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(click, range(2)))
    assert answers.count(303) >= 1
    assert sara.browser.get("/api/v1/me").status_code == 401


def test_an_admin_who_has_a_shop_goes_there_and_back(sara: Sara, database: Database, actor: Actor, browser: Browsers):
    with database.for_platform("set up", actor) as work:
        public.add_admin(work, sara.email, "Ada", PASSWORD)
    visitor = browser()
    visitor.sign_in(sara.email, PASSWORD)
    shown = visitor.get("/platform/account/shops").text
    assert ("Zarrin" in shown, "Dubai Gold" in shown) == (True, True)
    assert f'<button name="shop" value="{sara.home.id}">' in shown
    assert "<span>Platform</span>" in shown
    assert visitor.post("/platform/account/shops", shop=str(sara.home.id)).headers["location"] == "/"
    assert visitor.get("/api/v1/me").json()["shop"] == "Zarrin"
    assert visitor.get("/platform/account/shops").status_code == 404
    assert visitor.post("/account/shops", shop="").headers["location"] == "/"
    assert visitor.get("/platform/account/shops").status_code == 200


def test_a_shop_that_asks_for_a_second_factor_asks_on_the_way_in(sara: Sara, database: Database, actor: Actor):
    with database.for_shop(sara.other.id, actor) as uow:
        uow.choose(REQUIRE_SECOND_FACTOR, True)
    assert sara.go_to(sara.other.id).headers["location"] == "/login/app"
    assert sara.browser.get("/users").headers["location"] == "/login?next=/users"


def test_a_session_that_lay_open_enrols_nothing_on_the_way(
    sara: Sara, database: Database, actor: Actor, browser: Browsers, clock: SetClock
):
    """Whoever takes it over would have a factor of their own on somebody else's account, without any password."""
    with database.for_shop(sara.other.id, actor) as uow:
        uow.choose(REQUIRE_SECOND_FACTOR, True)
    clock.advance(timedelta(minutes=31))
    assert sara.go_to(sara.other.id).headers["location"] == "/login/app"
    assert sara.browser.get("/login/app").headers["location"] == "/login"
    assert sara.browser.post("/login/app", code="123456", offer="x").headers["location"] == "/login"
    # They sign in once more, and are asked there.
    anew = browser()
    assert anew.post("/login", email=sara.email, password=PASSWORD).headers["location"] == "/login/app"
    assert anew.get("/login/app").status_code == 200


def test_each_shop_hears_of_it_and_of_no_other(sara: Sara, database: Database, actor: Actor):
    sara.go_to(sara.other.id)
    e = tables.audit_entries.c
    for shop, name in ((sara.home, "Sara"), (sara.other, "Ms Sara")):
        with database.for_shop(shop.id, actor) as uow:
            told = uow.execute(select(e.actor, e.details).where(e.action == "identity.switch_shop")).all()
        assert [(row.actor, row.details) for row in told] == [(name, None)]


def test_several_shops_cost_a_page_no_statement_more(
    sara: Sara, signed_in: Callable[..., Browser], statements: Statements
):
    alone = signed_in(sara.home, "owner", "Mina")
    counts = []
    for browser in (alone, sara.browser):
        browser.get("/branches")
        with statements.counted() as sent:
            assert browser.get("/branches").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]

"""Opening, suspending and finding shops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from kernel.errors import BadInput, NotFound
from kernel.events import ShopOpened, on
from kernel.ids import new_id
from kernel.tenancy import Actor, ShopState
from kernel.uow import Database, SlugTaken, UnitOfWork
from plugins.branches import public as branches
from plugins.identity import public as identity
from plugins.tenants import public as tenants
from plugins.tenants.domain.shop import Suspension
from plugins.tenants.domain.states import NotNow
from plugins.tenants.queries.standing import suspension
from tests.plugins.conftest import PASSWORD
from tests.plugins.identity.fakes import POST
from tests.plugins.tenants.conftest import Heard

BECAUSE = tenants.SuspensionForm(because="Three invoices are open")


def wanted(**changes: str) -> tenants.NewShopForm:
    slug = f"shop-{new_id().hex[-12:]}"
    return tenants.NewShopForm.model_validate(
        {
            "name": "Zarrin Gold",
            "slug": slug,
            "market": "IR",
            "plan": "metal",
            "owner_name": "Sara",
            "owner_email": f"{slug}@example.com",
        }
        | changes
    )


def test_a_shop_follows_its_market(platform: Database, admin: Actor):
    shop = tenants.create_shop(platform, admin, wanted()).shop
    assert (shop.name, shop.market, shop.plan, shop.state) == ("Zarrin Gold", "IR", "metal", ShopState.ACTIVE)
    assert (shop.currency, shop.language, shop.zone, shop.calendar) == ("IRT", "fa", "Asia/Tehran", "jalali")


def test_a_shop_may_differ_from_its_market(platform: Database, admin: Actor):
    different = wanted(market="AE", currency="USD", language="fa", zone="Asia/Tehran", calendar="jalali")
    shop = tenants.create_shop(platform, admin, different).shop
    assert (shop.currency, shop.language, shop.zone, shop.calendar) == ("USD", "fa", "Asia/Tehran", "jalali")


def test_a_shop_opens_with_its_owner_and_what_its_plugins_put_down(platform: Database, admin: Actor, heard: Heard):
    opened = tenants.create_shop(platform, admin, wanted(), password=PASSWORD)
    assert heard == [("metal", f"+{name}") for name in platform.plugins.by_name if name in opened.shop.plugins]
    with platform.for_shop(opened.shop.id, admin) as uow:
        [owner] = identity.users(uow)
        assert (owner.email, owner.role, opened.invited) == (opened.owner_email, identity.Role.OWNER, False)


def test_the_owner_of_a_new_shop_is_asked_in_by_letter(
    database: Database, actor: Actor, deliver_all: Callable[..., int]
):
    form = wanted(plan="all")
    opened = tenants.create_shop(database, actor, form)
    assert (opened.owner_email, opened.invited) == (form.owner_email, True)
    deliver_all(opened.shop)
    [letter] = POST.to(form.owner_email)
    assert "Zarrin Gold" in letter.subject + letter.text
    with database.for_shop(opened.shop.id, actor) as uow:
        assert identity.everybody(uow) == []


def test_a_shop_may_begin_with_a_trial(platform: Database, admin: Actor):
    shop = tenants.create_shop(platform, admin, wanted(trial_until="2025-06-16")).shop
    assert (shop.state, shop.trial_until) == (ShopState.TRIAL, datetime(2025, 6, 16, 20, 30, tzinfo=UTC))
    with pytest.raises(BadInput) as refused:
        tenants.create_shop(platform, admin, wanted(trial_until="2025-06-01"))
    assert list(refused.value.fields) == ["trial_until"]


def test_a_shop_whose_plan_has_branches_opens_with_one(database: Database, actor: Actor):
    opened = tenants.create_shop(database, actor, wanted(plan="all"))
    with database.for_shop(opened.shop.id, actor) as uow:
        assert [branch.code for branch in branches.branches(uow)] == ["MAIN"]


def test_two_shops_do_not_share_an_address(platform: Database, admin: Actor):
    first = wanted()
    tenants.create_shop(platform, admin, first)
    with pytest.raises(SlugTaken):
        tenants.create_shop(platform, admin, wanted(slug=first.slug))


@pytest.mark.parametrize(("field", "value"), [("plan", "golden"), ("market", "XX")])
def test_only_what_is_offered_can_be_chosen(platform: Database, admin: Actor, field: str, value: str):
    with pytest.raises(BadInput) as refused:
        tenants.create_shop(platform, admin, wanted(**{field: value}))
    assert list(refused.value.fields) == [field]


def test_a_plugin_that_refuses_leaves_no_shop_and_no_owner(
    platform: Database, admin: Actor, superuser: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
):
    @on(ShopOpened)
    def refuse(uow: UnitOfWork, opened: ShopOpened) -> None:
        raise RuntimeError("not today")

    [listener] = [one for one in platform.plugins.listeners(ShopOpened) if one.plugin == "branches"]
    angry = [type(listener)("identity", refuse.__subscription__, refuse)]  # type: ignore[attr-defined]
    monkeypatch.setitem(platform.plugins._listeners, ShopOpened, (*platform.plugins.listeners(ShopOpened), *angry))
    form = wanted()
    with pytest.raises(RuntimeError):
        tenants.create_shop(platform, admin, form)
    left = (
        "SELECT slug FROM platform.tenants WHERE slug = %s UNION ALL SELECT email FROM platform.people WHERE email = %s"
    )
    assert superuser.execute(left, (form.slug, form.owner_email)).fetchall() == []


def test_a_suspended_shop_works_again_as_before(platform: Database, admin: Actor):
    shop = tenants.create_shop(platform, admin, wanted()).shop
    with platform.for_platform("test", admin) as work:
        tenants.suspend(platform, work, shop.id, BECAUSE)
        assert suspension(work, shop.id) == Suspension(work.now, "Ada", "Three invoices are open")
    with platform.for_shop(shop.id, admin) as uow:
        assert uow.shop.state is ShopState.SUSPENDED
    with platform.for_platform("test", admin) as work:
        tenants.reactivate(platform, work, shop.id)
        assert suspension(work, shop.id) is None
    with platform.for_shop(shop.id, admin) as uow:
        assert uow.shop.state is ShopState.ACTIVE
    with platform.for_platform("test", admin) as work:
        tenants.suspend(platform, work, shop.id, BECAUSE)


def test_what_is_suspended_is_not_suspended_again_nor_what_works_reactivated(platform: Database, admin: Actor):
    shop = tenants.create_shop(platform, admin, wanted()).shop
    with pytest.raises(NotNow), platform.for_platform("test", admin) as work:
        tenants.reactivate(platform, work, shop.id)
    with platform.for_platform("test", admin) as work:
        tenants.suspend(platform, work, shop.id, BECAUSE)
    with pytest.raises(NotNow), platform.for_platform("test", admin) as work:
        tenants.suspend(platform, work, shop.id, BECAUSE)


def test_shops_are_found_by_name_address_state_and_plan(platform: Database, admin: Actor):
    mark = new_id().hex[-8:]
    one = tenants.create_shop(platform, admin, wanted(name=f"Zarrin {mark}")).shop
    two = tenants.create_shop(platform, admin, wanted(name="100% Gold", slug=f"pure-{mark}", plan="none")).shop
    with platform.for_platform("test", admin) as work:
        tenants.suspend(platform, work, two.id, BECAUSE)
    with platform.for_platform("test", admin, read_only=True) as work:

        def found(**asked: Any) -> list[str]:
            return [shop.slug for shop in tenants.shops(work, tenants.Wanted(limit=500, **asked)).rows]

        assert found(text=mark.upper()) == [two.slug, one.slug]
        assert found(text=mark, state="suspended") == found(text=mark, plan="none") == [two.slug]
        assert two.slug in found(text="0% G")
        assert one.slug not in found(text="%")
        assert tenants.shop_called(work, one.slug).id == one.id
        with pytest.raises(NotFound):
            tenants.shop_called(work, "nobody-here")

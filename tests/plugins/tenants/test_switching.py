"""Plugins of a shop, on and off: with what they need, and never from under those who need them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from kernel.errors import NotFound
from kernel.tenancy import Actor, Shop, TenantId
from kernel.uow import Database
from plugins.tenants import public as tenants
from plugins.tenants.domain.plugin import PluginAlwaysOn, PluginNeeded
from tests.plugins.tenants.conftest import Heard
from tests.plugins.tenants.test_shops import wanted

ALWAYS = frozenset({"tenants", "identity"})


@pytest.fixture
def shop(platform: Database, admin: Actor, heard: Heard) -> Shop:
    """A shop without any plugin but those that every shop has."""
    opened = tenants.create_shop(platform, admin, wanted(plan="none")).shop
    heard.clear()
    return opened


def on_now(platform: Database, admin: Actor, shop: TenantId) -> set[str]:
    with platform.for_shop(shop, admin, read_only=True) as uow:
        return set(uow.shop.plugins - ALWAYS)


def switch_on(platform: Database, admin: Actor, shop: Shop, plugin: str) -> tuple[str, ...]:
    with platform.for_shop(shop.id, admin) as uow:
        return tenants.switch_on(uow, plugin)


def switch_off(platform: Database, admin: Actor, shop: Shop, plugin: str) -> None:
    with platform.for_shop(shop.id, admin) as uow:
        tenants.switch_off(uow, plugin)


def test_switching_on_pulls_in_what_is_needed_and_says_so(platform: Database, admin: Actor, shop: Shop, heard: Heard):
    assert switch_on(platform, admin, shop, "till") == ("metal", "stock", "till")
    assert on_now(platform, admin, shop.id) == {"metal", "stock", "till"}
    assert [event for who, event in heard if who == "till"] == ["+metal", "+stock", "+till"]


def test_switching_on_twice_changes_nothing(platform: Database, admin: Actor, shop: Shop, heard: Heard):
    switch_on(platform, admin, shop, "chat")
    heard.clear()
    assert switch_on(platform, admin, shop, "chat") == ()
    assert heard == []


def test_what_is_needed_stays_on_and_the_answer_names_who_needs_it(platform: Database, admin: Actor, shop: Shop):
    switch_on(platform, admin, shop, "till")
    with pytest.raises(PluginNeeded, match="“Metal” stays on, because it is needed by “Stock”, “Till”") as refused:
        switch_off(platform, admin, shop, "metal")
    assert refused.value.needing == ("stock", "till")
    assert on_now(platform, admin, shop.id) == {"metal", "stock", "till"}


def test_a_plugin_hears_that_it_goes(platform: Database, admin: Actor, shop: Shop, heard: Heard):
    switch_on(platform, admin, shop, "chat")
    heard.clear()
    switch_off(platform, admin, shop, "chat")
    assert heard == [("chat", "-chat")]
    assert on_now(platform, admin, shop.id) == set()


def test_from_the_last_to_the_first_all_can_go(platform: Database, admin: Actor, shop: Shop):
    switch_on(platform, admin, shop, "till")
    for plugin in ("till", "stock", "metal"):
        switch_off(platform, admin, shop, plugin)
    assert on_now(platform, admin, shop.id) == set()


def test_what_every_shop_has_cannot_be_switched_off(platform: Database, admin: Actor, shop: Shop):
    with pytest.raises(PluginAlwaysOn, match="“People” is part of every shop"):
        switch_off(platform, admin, shop, "identity")


def test_an_unknown_plugin_is_not_found(platform: Database, admin: Actor, shop: Shop):
    for switch in (switch_on, switch_off):
        with pytest.raises(NotFound):
            switch(platform, admin, shop, "perpetuum-mobile")


def test_another_shop_notices_nothing(platform: Database, admin: Actor, shop: Shop):
    other = tenants.create_shop(platform, admin, wanted(plan="none")).shop
    switch_on(platform, admin, shop, "till")
    assert on_now(platform, admin, other.id) == set()


def test_an_admin_takes_away_what_the_plan_contains(platform: Database, admin: Actor):
    shop = tenants.create_shop(platform, admin, wanted(plan="most")).shop
    switch_off(platform, admin, shop, "till")
    assert on_now(platform, admin, shop.id) == {"metal", "stock"}
    switch_on(platform, admin, shop, "till")
    assert on_now(platform, admin, shop.id) == {"metal", "stock", "till"}


def test_one_switches_the_till_on_while_another_switches_its_metal_off(platform: Database, admin: Actor, shop: Shop):
    """Whoever comes second sees what the first did: no till is ever left without its metal."""
    for _round in range(5):
        switch_on(platform, admin, shop, "metal")

        def off() -> str:
            try:
                switch_off(platform, admin, shop, "metal")
            except PluginNeeded:
                return "refused"
            return "off"

        with ThreadPoolExecutor(2) as pool:
            going = pool.submit(off)
            pool.submit(switch_on, platform, admin, shop, "till").result()
        assert going.result() in ("refused", "off")
        assert on_now(platform, admin, shop.id) == {"metal", "stock", "till"}
        for plugin in ("till", "stock"):
            switch_off(platform, admin, shop, plugin)


def test_another_plan_brings_and_takes_plugins(platform: Database, admin: Actor, heard: Heard):
    shop = tenants.create_shop(platform, admin, wanted(plan="most")).shop
    heard.clear()
    with platform.for_shop(shop.id, admin) as uow:
        tenants.change_plan(uow, tenants.PlanForm(plan="metal"))
        assert dict(uow.shop.limits) == {"users": 2}
    assert on_now(platform, admin, shop.id) == {"metal"}
    assert [event for who, event in heard if who == "till"] == ["-stock", "-till"]
    heard.clear()
    with platform.for_shop(shop.id, admin) as uow:
        tenants.change_plan(uow, tenants.PlanForm(plan="most"))
    assert [event for who, event in heard if who == "metal"] == ["+stock", "+till"]


def test_what_an_admin_added_stays_when_the_plan_changes(platform: Database, admin: Actor):
    shop = tenants.create_shop(platform, admin, wanted(plan="metal")).shop
    switch_on(platform, admin, shop, "chat")
    with platform.for_shop(shop.id, admin) as uow:
        tenants.change_plan(uow, tenants.PlanForm(plan="most"))
    assert on_now(platform, admin, shop.id) == {"metal", "stock", "till", "chat"}


def test_a_plugins_state_names_what_it_needs_and_who_needs_it(platform: Database, admin: Actor):
    shop = tenants.create_shop(platform, admin, wanted(plan="most")).shop
    with platform.for_shop(shop.id, admin, read_only=True) as uow:
        states = {state.name: state for state in tenants.plugin_states(uow)}
    assert states["stock"] == tenants.PluginState(
        name="stock", title="Stock", summary="About stock.", is_on=True, in_plan=True, can_be_switched=True,
        needs=("Metal",), needed_by=("Till",),
    )  # fmt: skip
    assert not states["chat"].is_on
    assert not states["identity"].can_be_switched

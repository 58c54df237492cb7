"""A shop's choices: its own, with a default, of any plain kind."""

from __future__ import annotations

import pytest

from kernel.contributions import Setting


def whole(typed: str) -> int:
    return int(typed)


DAYS = Setting("till.return_days", "Days to return", "", 14, whole)


def test_what_was_never_chosen_is_the_default(uow):
    assert uow.setting(DAYS) == 14


@pytest.mark.parametrize("value", [0, 30, False, "", "روز", None, ["a", "b"], {"rings": 7, "coins": None}])
def test_a_choice_is_kept_as_it_was_made(database, shop, actor, value):
    with database.for_shop(shop.id, actor) as uow:
        uow.choose(DAYS, value)
        assert uow.setting(DAYS) == value
    with database.for_shop(shop.id, actor) as uow:
        assert uow.setting(DAYS) == value


def test_the_last_choice_counts(uow):
    for days in (7, 30):
        uow.choose(DAYS, days)
    assert uow.setting(DAYS) == 30


def test_one_shops_choice_is_no_other_shops(database, shop, new_shop, actor):
    other = new_shop()
    with database.for_shop(shop.id, actor) as uow:
        uow.choose(DAYS, 30)
    with database.for_shop(other.id, actor) as uow:
        assert uow.setting(DAYS) == 14


def test_every_choice_of_every_plugin_has_a_default_that_can_be_typed(plugins):
    """A default is what `read` would make of the choice that stands for it."""
    for given in plugins.given("settings"):
        setting: Setting = given.value
        if setting.choices:
            assert setting.default in [setting.read(value) for value, _title in setting.choices], setting.name


def test_every_setting_is_named_after_its_plugin(plugins):
    assert [
        given.value.name for given in plugins.given("settings") if not given.value.name.startswith(given.plugin)
    ] == []

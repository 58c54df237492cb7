"""What one shop has beside its plan: granted or denied for a reason, over by itself at the end of a day of the shop."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.clock import SetClock
from kernel.errors import BadInput
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.tenants import public as tenants
from plugins.tenants.actions.grant_limit import end_override, grant_limit
from plugins.tenants.domain.override import OverrideEnded, end_of, last_day
from plugins.tenants.forms import GrantForm, LimitForm
from plugins.tenants.queries.overrides import ended, in_force
from tests.conftest import Statements
from tests.plugins.tenants.conftest import Heard
from tests.plugins.tenants.test_shops import wanted

LAST_DAY = date(2025, 6, 12)


@pytest.fixture
def shop(platform: Database, admin: Actor, heard: Heard) -> Shop:
    """On a plan with metal and two people."""
    opened = tenants.create_shop(platform, admin, wanted(plan="metal")).shop
    heard.clear()
    return opened


def elsewhere(platform: Database) -> Database:
    return Database(platform._shops, platform._platform, platform.clock, platform.plugins)


def seen(database: Database, shop: Shop, actor: Actor) -> Shop:
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        return uow.shop


def granted(limit: str, number: int | None, until: date | None = None) -> LimitForm:
    return LimitForm.model_validate({"limit": limit, "number": number, "because": "A fair", "until": until})


def grant(platform: Database, admin: Actor, shop: Shop, form: LimitForm) -> None:
    with platform.for_shop(shop.id, admin) as uow:
        grant_limit(uow, form)


def at(platform: Database, moment: datetime) -> None:
    assert isinstance(platform.clock, SetClock)
    platform.clock.at = moment


def test_of_two_who_grant_at_once_the_second_ends_what_the_first_began(platform: Database, admin: Actor, shop: Shop):
    # More than once: who comes first is chance.
    for _ in range(4):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda many: grant(platform, admin, shop, granted("users", many)), (5, 6)))
    with platform.for_shop(shop.id, admin, read_only=True) as uow:
        [(name, number)] = [(one.name, one.number) for one in in_force(uow)]
        assert (name, number) in {("users", 5), ("users", 6)}
        assert len(ended(uow)) == 7


def test_a_shop_may_have_more_than_its_plan_and_no_other_shop_notices(platform: Database, admin: Actor, shop: Shop):
    other = tenants.create_shop(platform, admin, wanted(plan="metal")).shop
    grant(platform, admin, shop, granted("users", 5))
    assert seen(elsewhere(platform), shop, admin).limits == {"users": 5}
    assert seen(platform, other, admin).limits == {"users": 2}
    grant(platform, admin, shop, granted("users", None))
    assert seen(platform, shop, admin).limits == {}
    grant(platform, admin, shop, granted("items", 9))
    assert seen(platform, shop, admin).limits == {"items": 9}


def test_what_was_granted_is_over_at_the_end_of_the_shops_day_on_every_process(
    platform: Database, admin: Actor, shop: Shop
):
    grant(platform, admin, shop, granted("users", 5, LAST_DAY))
    processes = [platform, elsewhere(platform)]
    # Tehran is three and a half hours ahead.
    midnight = datetime(2025, 6, 12, 20, 30, tzinfo=UTC)
    at(platform, midnight - timedelta(seconds=1))
    assert [seen(process, shop, admin).limits for process in processes] == [{"users": 5}] * 2
    at(platform, midnight)
    assert [seen(process, shop, admin).limits for process in processes] == [{"users": 2}] * 2
    with platform.for_shop(shop.id, admin) as uow:
        assert in_force(uow) == []
        [past] = ended(uow)
        assert (past.name, past.number, past.because, past.until, past.set_by) == (
            "users",
            5,
            "A fair",
            midnight,
            "Ada",
        )


@pytest.mark.parametrize(
    ("zone", "over"),
    [
        ("Asia/Tehran", datetime(2025, 6, 12, 20, 30, tzinfo=UTC)),
        ("Pacific/Honolulu", datetime(2025, 6, 13, 10, 0, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_midnight_of_the_shop(zone: str, over: datetime):
    assert end_of(LAST_DAY, zone, over - timedelta(seconds=1)) == over
    assert last_day(over, zone) == LAST_DAY
    with pytest.raises(BadInput):
        end_of(LAST_DAY, zone, over)


def test_a_granted_plugin_goes_by_itself_with_all_it_brought_and_hears_it(
    platform: Database, admin: Actor, shop: Shop, heard: Heard
):
    with platform.for_shop(shop.id, admin) as uow:
        assert tenants.switch_on(uow, "till", GrantForm(because="A fair", until=LAST_DAY)) == ("stock", "till")
    assert seen(platform, shop, admin).plugins >= {"metal", "stock", "till"}
    heard.clear()
    at(platform, datetime(2025, 6, 13, tzinfo=UTC))
    other = elsewhere(platform)
    assert not seen(other, shop, admin).plugins & {"stock", "till"}
    assert not seen(platform, shop, admin).plugins & {"stock", "till"}
    assert [event for who, event in heard if who == "till"] == ["-stock", "-till"]


def test_a_denied_plugin_of_the_plan_comes_back_by_itself(platform: Database, admin: Actor, shop: Shop, heard: Heard):
    with platform.for_shop(shop.id, admin) as uow:
        tenants.switch_off(uow, "metal", GrantForm(because="Broken", until=LAST_DAY))
    assert "metal" not in seen(platform, shop, admin).plugins
    heard.clear()
    at(platform, datetime(2025, 6, 13, tzinfo=UTC))
    assert "metal" in seen(platform, shop, admin).plugins
    assert [event for who, event in heard if who == "metal"] == ["+metal"]


def test_switching_back_leaves_no_exception(platform: Database, admin: Actor, shop: Shop):
    with platform.for_shop(shop.id, admin) as uow:
        tenants.switch_off(uow, "metal", GrantForm(because="Broken"))
        tenants.switch_on(uow, "metal")
        tenants.switch_on(uow, "chat", GrantForm(because="A gift"))
        tenants.switch_off(uow, "chat")
        assert in_force(uow) == []
        past = sorted((one.name, one.enabled, one.ended_by) for one in ended(uow))
        assert past == [("chat", True, "Ada"), ("metal", False, "Ada")]


def test_an_exception_is_ended_once(platform: Database, admin: Actor, shop: Shop):
    grant(platform, admin, shop, granted("users", 5))
    with platform.for_shop(shop.id, admin) as uow:
        [one] = in_force(uow)
        end_override(uow, one.id)
    assert seen(elsewhere(platform), shop, admin).limits == {"users": 2}
    with pytest.raises(OverrideEnded), platform.for_shop(shop.id, admin) as uow:
        end_override(uow, one.id)


def test_another_shops_exception_is_not_ended(platform: Database, admin: Actor, shop: Shop):
    grant(platform, admin, shop, granted("users", 5))
    with platform.for_shop(shop.id, admin, read_only=True) as uow:
        [one] = in_force(uow)
    other = tenants.create_shop(platform, admin, wanted(plan="metal")).shop
    with pytest.raises(OverrideEnded), platform.for_shop(other.id, admin) as uow:
        end_override(uow, one.id)
    assert seen(platform, shop, admin).limits == {"users": 5}


def test_a_shop_with_exceptions_costs_no_more_to_enter(
    platform: Database, admin: Actor, shop: Shop, statements: Statements
):
    grant(platform, admin, shop, granted("users", 5, LAST_DAY))
    seen(platform, shop, admin)
    with statements.counted() as sent:
        seen(platform, shop, admin)
    assert len(sent) == 2

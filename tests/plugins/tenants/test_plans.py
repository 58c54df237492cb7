"""Plans: made and changed on the platform, in force for every shop on them with its next request on every process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kernel.clock import SetClock
from kernel.errors import BadInput, NotFound
from kernel.events import PluginEnabled
from kernel.ids import new_id
from kernel.money import Money
from kernel.plans import Cycle, Plan, begin_with
from kernel.tables import subscriptions
from kernel.tenancy import Actor, Shop, ShopState
from kernel.uow import Database
from plugins.tenants import public as tenants
from plugins.tenants.actions.add_plan import add_plan
from plugins.tenants.actions.archive_plan import archive_plan, offer_plan_again
from plugins.tenants.actions.edit_plan import edit_plan
from plugins.tenants.domain.plan import PlanChanged, PlanNameTaken
from plugins.tenants.forms import NewPlanForm, PlanTermsForm
from plugins.tenants.queries.plans import plan as plan_called
from tests.conftest import Statements
from tests.plugins.tenants.conftest import Heard
from tests.plugins.tenants.test_shops import wanted

Edit = Callable[..., None]


def terms(**changes: Any) -> dict[str, Any]:
    return {"title": "Gold", "price": "29.00", "currency": "USD", "cycle": "month", "plugins": ["metal"]} | changes


@pytest.fixture
def gold(platform: Database, admin: Actor) -> str:
    """A plan of this test's own."""
    name = f"gold-{new_id().hex[-8:]}"
    with platform.for_platform("test", admin) as work:
        add_plan(work, platform.plugins, NewPlanForm.model_validate(terms(name=name)))
    return name


@pytest.fixture
def edit(platform: Database, admin: Actor, gold: str) -> Edit:
    """Change that plan: `edit(plugins=["till"])`."""

    def changed(**changes: Any) -> None:
        with platform.for_platform("test", admin) as work:
            seen = {"version": plan_called(work, gold).version}
            edit_plan(work, platform.plugins, gold, PlanTermsForm.model_validate(terms(**seen | changes)))

    return changed


@pytest.fixture
def shop(platform: Database, admin: Actor, gold: str, heard: Heard) -> Shop:
    opened = tenants.create_shop(platform, admin, wanted(plan=gold)).shop
    heard.clear()
    return opened


@pytest.fixture
def elsewhere(platform: Database) -> Database:
    """The same installation in another process."""
    return Database(platform._shops, platform._platform, platform.clock, platform.plugins)


def seen(database: Database, shop: Shop, actor: Actor, *, read_only: bool = True) -> Shop:
    with database.for_shop(shop.id, actor, read_only=read_only) as uow:
        return uow.shop


def paid(platform: Database, admin: Actor, shop: Shop) -> list[tuple[Any, ...]]:
    with platform.for_platform("test", admin, read_only=True) as work:
        one = subscriptions.c
        history = select(one.plan, one.price, one.cycle, one.since, one.until).where(one.tenant_id == shop.id)
        return [tuple(row) for row in work.execute(history.order_by(one.since, one.until))]


def test_an_installation_begins_with_the_plans_of_its_file_and_keeps_its_own(platform: Database, admin: Actor):
    name = f"file-{new_id().hex[-8:]}"
    first = Plan(name, "First", frozenset({"metal"}), {"users": 2}, Money(4900, "USD"))
    with platform.for_platform("test", admin) as work:
        begin_with(work, [first])
        begin_with(work, [Plan(name, "Second", frozenset(), {})])
        assert plan_called(work, name) == first
        assert first in tenants.plans(work)


def test_a_plan_is_kept_as_typed_with_what_its_plugins_require(platform: Database, admin: Actor):
    name = f"plan-{new_id().hex[-8:]}"
    typed = terms(name=name, price="290", cycle="year", plugins=["till"], limits={"users": "3"})
    with platform.for_platform("test", admin) as work:
        add_plan(work, platform.plugins, NewPlanForm.model_validate(typed))
        assert plan_called(work, name) == Plan(
            name, "Gold", frozenset({"metal", "stock", "till"}), {"users": 3}, Money(29_000, "USD"), Cycle.YEAR
        )


def test_of_two_who_change_a_plan_at_once_the_second_hears_of_the_first(
    platform: Database, admin: Actor, shop: Shop, gold: str, edit: Edit
):
    edit(version=1, title="First", price="39.00")
    with pytest.raises(PlanChanged, match="“First” was changed by somebody else meanwhile"):
        edit(version=1, title="Second", price="49.00", everyone="on")
    with platform.for_platform("test", admin) as work:
        after = plan_called(work, gold)
    assert (after.title, after.price, after.version) == ("First", Money(3900, "USD"), 2)
    assert [price for _plan, price, *_rest in paid(platform, admin, shop)] == [2900]
    edit(version=2, title="Second")

    def change(title: str) -> str:
        try:
            edit(version=3, title=title)
        except PlanChanged:
            return "refused"
        return "changed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(change, ("Third", "Fourth"))) == ["changed", "refused"]


def test_a_plan_does_not_take_anothers_name(platform: Database, admin: Actor, gold: str):
    with pytest.raises(PlanNameTaken), platform.for_platform("test", admin) as work:
        add_plan(work, platform.plugins, NewPlanForm.model_validate(terms(name=gold, title="Mine")))
    with platform.for_platform("test", admin) as work:
        assert plan_called(work, gold).title == "Gold"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"plugins": ["perpetuum"]}, "plugins"), ({"price": "1.005"}, "price"), ({"plugins": ["identity"]}, None)],
)
def test_a_plan_has_only_what_there_is(platform: Database, admin: Actor, edit: Edit, gold: str, change, field):
    if field is None:  # what every shop has is in no plan
        edit(**change)
        with platform.for_platform("test", admin) as work:
            assert plan_called(work, gold).plugins == frozenset()
        return
    with pytest.raises(BadInput) as refused:
        edit(**change)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("verb", [archive_plan, offer_plan_again])
def test_an_unknown_plan_is_not_found(platform: Database, admin: Actor, verb: Callable[..., None]):
    with pytest.raises(NotFound), platform.for_platform("test", admin) as work:
        verb(work, "golden")
    with pytest.raises(NotFound), platform.for_platform("test", admin) as work:
        edit_plan(work, platform.plugins, "golden", PlanTermsForm.model_validate(terms(version=1)))


@pytest.mark.parametrize("read_only", [True, False])
def test_an_edited_plan_is_in_force_with_the_next_request_on_every_process(
    platform: Database, elsewhere: Database, admin: Actor, shop: Shop, edit: Edit, heard: Heard, read_only: bool
):
    for database in (platform, elsewhere):
        assert "till" not in seen(database, shop, admin).plugins
    edit(plugins=["till"], limits={"users": "7"})
    after = seen(elsewhere, shop, admin, read_only=read_only)
    assert (after.plugins >= {"metal", "stock", "till"}, after.limits) == (True, {"users": 7})
    assert seen(platform, shop, admin, read_only=read_only) == after
    assert [event for who, event in heard if who == "till"] == ["+stock", "+till"]
    edit(plugins=["metal"])
    assert "till" not in seen(platform, shop, admin, read_only=read_only).plugins
    assert "till" not in seen(elsewhere, shop, admin, read_only=read_only).plugins
    assert [event for who, event in heard if who == "till"] == ["+stock", "+till", "-stock", "-till"]


def test_a_plugin_that_refuses_to_come_stays_off_and_the_shop_goes_on(
    platform: Database, admin: Actor, shop: Shop, edit: Edit, monkeypatch: pytest.MonkeyPatch, caplog
):
    def refuse(_uow: object, _event: object) -> None:
        raise RuntimeError("not today")

    with monkeypatch.context() as patched:
        for listener in platform.plugins.listeners(PluginEnabled):
            if listener.plugin == "stock":
                angry = type(listener)("stock", listener.subscription, refuse)
                patched.setitem(platform.plugins._listeners, PluginEnabled, (angry,))
        edit(plugins=["stock"])
        after = seen(platform, shop, admin)
        assert "metal" in after.plugins
        assert "stock" not in after.plugins
        assert "plugins of a shop could not be switched" in caplog.text
    edit(plugins=["stock"], limits={"users": "9"})
    assert "stock" in seen(platform, shop, admin).plugins


def test_a_newer_process_and_an_older_one_do_not_switch_against_each_other(
    platform: Database, admin: Actor, shop: Shop, edit: Edit, database: Database
):
    """`database` is an installation without the strangers: it knows no till, and leaves it to those who do."""
    edit(plugins=["till"])
    version = seen(platform, shop, admin).version
    assert "till" not in seen(database, shop, admin).plugins
    after = seen(platform, shop, admin)
    assert "till" in after.plugins
    for _round in range(3):
        seen(database, shop, admin)
        assert seen(platform, shop, admin) == after
    assert after.version <= version + 1


def test_entering_a_shop_after_an_edit_costs_one_statement_and_then_none(
    platform: Database, admin: Actor, shop: Shop, edit: Edit, statements: Statements
):
    # One round trip to begin, one to end, and the shop is read once.
    seen(platform, shop, admin)
    edit(limits={"users": "8"})
    with statements.counted() as first:
        seen(platform, shop, admin)
    with statements.counted() as second:
        seen(platform, shop, admin)
    assert (len(first), len(second)) == (3, 2)


def test_all_shops_of_a_plan_are_renewed_in_one_statement(
    platform: Database, admin: Actor, gold: str, edit: Edit, statements: Statements
):
    edit(limits={"users": "2"})
    with statements.counted() as without:
        edit(limits={"users": "3"})
    for _number in range(3):
        tenants.create_shop(platform, admin, wanted(plan=gold))
    with statements.counted() as with_three:
        edit(limits={"users": "4"})
    assert len(with_three) == len(without)


def test_an_archived_plan_keeps_its_shops_and_takes_no_new_ones(
    platform: Database, admin: Actor, shop: Shop, gold: str
):
    with platform.for_platform("test", admin) as work:
        archive_plan(work, gold)
        assert plan_called(work, gold).archived
    assert "metal" in seen(platform, shop, admin).plugins
    with pytest.raises(BadInput) as not_opened:
        tenants.create_shop(platform, admin, wanted(plan=gold))
    other = tenants.create_shop(platform, admin, wanted(plan="none")).shop
    with pytest.raises(BadInput) as not_moved, platform.for_shop(other.id, admin) as uow:
        tenants.change_plan(uow, tenants.PlanForm(plan=gold))
    for refused in (not_opened, not_moved):
        assert refused.value.fields == {"plan": "This plan takes no new shops any more."}
    assert seen(platform, other, admin).plan == "none"
    with platform.for_platform("test", admin) as work:
        offer_plan_again(work, gold)
    assert tenants.create_shop(platform, admin, wanted(plan=gold)).shop.plan == gold


# What is paid


def test_what_a_shop_pays_has_a_history_without_gaps(
    platform: Database, admin: Actor, shop: Shop, gold: str, edit: Edit
):
    clock = platform.clock
    assert isinstance(clock, SetClock)
    start = clock.now()
    assert paid(platform, admin, shop) == [(gold, 2900, "month", start, None)]
    clock.advance(timedelta(days=10))
    with platform.for_shop(shop.id, admin) as uow:
        tenants.change_plan(uow, tenants.PlanForm(plan="none"))
    middle = clock.now()
    clock.advance(timedelta(days=10))
    with platform.for_shop(shop.id, admin) as uow:
        tenants.change_plan(uow, tenants.PlanForm(plan=gold))
    assert paid(platform, admin, shop) == [
        (gold, 2900, "month", start, middle),
        ("none", 0, "month", middle, clock.now()),
        (gold, 2900, "month", clock.now(), None),
    ]


def test_a_new_price_is_for_who_comes_unless_everyone_is_to_pay_it(
    platform: Database, admin: Actor, shop: Shop, gold: str, edit: Edit
):
    edit(price="39.00")
    assert [price for _plan, price, *_rest in paid(platform, admin, shop)] == [2900]
    late = tenants.create_shop(platform, admin, wanted(plan=gold)).shop
    assert [price for _plan, price, *_rest in paid(platform, admin, late)] == [3900]
    edit(price="49.00", everyone="on")
    assert [price for _plan, price, *_rest in paid(platform, admin, shop)] == [2900, 4900]
    assert [price for _plan, price, *_rest in paid(platform, admin, late)] == [3900, 4900]
    edit(price="49.00", everyone="on", title="Other words")
    assert len(paid(platform, admin, shop)) == 2


def test_a_shop_that_changes_its_plan_while_all_get_a_new_price_pays_once(
    platform: Database, admin: Actor, shop: Shop, edit: Edit, gold: str
):
    def change_price(price: str) -> None:
        edit(price=price, everyone=True)

    def put_on(plan: str) -> None:
        with platform.for_shop(shop.id, admin) as uow:
            tenants.change_plan(uow, tenants.PlanForm(plan=plan))

    with ThreadPoolExecutor(2) as pool:
        for place in range(6):
            priced = pool.submit(change_price, str(30 + place))
            moved = pool.submit(put_on, "most" if place % 2 else gold)
            assert (priced.result(), moved.result()) == (None, None)
    assert [until for *_paid, until in paid(platform, admin, shop)].count(None) == 1


def test_a_trial_pays_nothing_whatever_becomes_of_its_plan(
    platform: Database, admin: Actor, gold: str, edit: Edit, new_shop: Callable[..., Shop]
):
    trial = new_shop(plan=gold, state=ShopState.TRIAL.value)
    edit(price="49.00", everyone="on")
    with platform.for_shop(trial.id, admin) as uow:
        tenants.change_plan(uow, tenants.PlanForm(plan="none"))
    assert paid(platform, admin, trial) == []


def test_what_is_refused_leaves_plan_and_price_as_they_were(platform: Database, admin: Actor, shop: Shop, gold: str):
    with pytest.raises(ZeroDivisionError), platform.for_shop(shop.id, admin) as uow:
        tenants.change_plan(uow, tenants.PlanForm(plan="none"))
        raise ZeroDivisionError
    assert seen(platform, shop, admin).plan == gold
    assert [until for *_rest, until in paid(platform, admin, shop)] == [None]

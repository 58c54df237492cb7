"""A plan's limits hold, also when many add at the same time."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, update

from kernel.limits import LimitReached, use
from kernel.tables import counters, tenants


@pytest.fixture
def opened(new_shop):
    """A shop of which the plan allows three pieces."""
    return new_shop(plan="small")


def used(database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        return uow.execute(select(counters.c.value).where(counters.c.name == "used:items")).scalar()


def test_the_last_place_is_taken_once_however_many_want_it(database, opened, actor):
    ends: list[str] = []

    def add() -> None:
        try:
            with database.for_shop(opened.id, actor) as uow:
                use(uow, "items", 1, "items")
            ends.append("added")
        except LimitReached:
            ends.append("full")

    tills = [threading.Thread(target=add) for _ in range(8)]
    for till in tills:
        till.start()
    for till in tills:
        till.join()
    assert sorted(ends) == ["added"] * 3 + ["full"] * 5
    assert used(database, opened, actor) == 3


def test_the_refusal_names_the_limit_and_counts_nothing(database, opened, actor):
    with pytest.raises(LimitReached, match=r"Your plan includes 3 pieces\. Ask for a larger plan"):
        with database.for_shop(opened.id, actor) as uow:
            use(uow, "items", 4, "pieces")
    assert used(database, opened, actor) is None


def test_what_is_given_back_makes_room(database, opened, actor):
    with database.for_shop(opened.id, actor) as uow:
        use(uow, "items", 3, "items")
        use(uow, "items", -1, "items")
        use(uow, "items", 1, "items")
    assert used(database, opened, actor) == 3


def test_giving_back_more_than_was_used_makes_no_extra_room(database, opened, actor):
    with database.for_shop(opened.id, actor) as uow:
        use(uow, "items", -5, "items")
        use(uow, "items", 1, "items")
        use(uow, "items", -5, "items")
        use(uow, "items", 3, "items")
        with pytest.raises(LimitReached), uow.nested():
            use(uow, "items", 1, "items")
    assert used(database, opened, actor) == 3


def test_a_shop_above_its_new_plan_keeps_what_it_has_and_may_give_back(database, new_shop, actor):
    shop = new_shop(plan="all")
    with database.for_shop(shop.id, actor) as uow:
        use(uow, "items", 10, "items")
        uow.execute(update(tenants).where(tenants.c.id == shop.id).values(plan="small"))
        uow.renew_shop()
    with database.for_shop(shop.id, actor) as uow:
        use(uow, "items", -1, "items")
        with pytest.raises(LimitReached), uow.nested():
            use(uow, "items", 1, "items")
    assert used(database, shop, actor) == 9


def test_what_a_plan_does_not_limit_is_free(database, opened, actor):
    with database.for_shop(opened.id, actor) as uow:
        use(uow, "wishes", 1000, "wishes")

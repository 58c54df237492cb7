"""Branches and tills: what a shop begins with, and what it may do with them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select

from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.limits import LimitReached
from kernel.tables import counters
from kernel.tenancy import Actor, Shop
from kernel.uow import Database, UnitOfWork
from plugins.branches import actions, public, queries
from plugins.branches.domain import (
    Branch,
    BranchClosed,
    BranchOpen,
    Closing,
    CodeTaken,
    LastBranch,
    Terminal,
    TillNameTaken,
)
from plugins.branches.forms import BranchForm, ClosingForm, TillForm

BAZAAR = BranchForm(code="BZR", name="Bazaar", address="Row 3", phone="021-5555")
RENT = ClosingForm(because="The rent doubled")


def test_a_new_shop_has_one_branch_with_one_till(uow: UnitOfWork):
    [branch] = public.branches(uow)
    [till] = public.terminals(uow)
    assert branch == Branch(branch.id, "MAIN", "Main")
    assert till == Terminal(till.id, branch.id, "Till 1")


def test_a_branch_is_kept_as_it_was_entered(uow: UnitOfWork):
    branch = actions.add(uow, BAZAAR)
    assert public.branch(uow, branch.id) == Branch(branch.id, "BZR", "Bazaar", "Row 3", "021-5555")


def test_a_branch_gets_another_name(uow: UnitOfWork):
    branch = actions.add(uow, BAZAAR)
    actions.change(uow, branch.id, BranchForm(code="NEW", name="New bazaar"))
    assert public.branch(uow, branch.id) == Branch(branch.id, "NEW", "New bazaar")


def test_two_branches_do_not_share_a_code(database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        actions.add(uow, BAZAAR)
    with pytest.raises(CodeTaken), database.for_shop(shop.id, actor) as uow:
        actions.add(uow, BranchForm(code="BZR", name="Another"))
    assert codes(database, shop, actor) == ["BZR", "MAIN"]


def test_two_shops_may_use_the_same_code(database: Database, actor: Actor, new_shop: Callable[..., Shop]):
    one, other = new_shop(), new_shop("AE")
    for shop in (one, other):
        with database.for_shop(shop.id, actor) as uow:
            actions.add(uow, BAZAAR)
    assert codes(database, one, actor) == codes(database, other, actor) == ["BZR", "MAIN"]


def test_another_shops_branch_is_unknown(database: Database, actor: Actor, new_shop: Callable[..., Shop]):
    with database.for_shop(new_shop().id, actor) as uow:
        branch, till = public.branches(uow)[0].id, public.terminals(uow)[0].id
    with database.for_shop(new_shop().id, actor) as uow:
        for unknown in (branch, new_id()):
            with pytest.raises(NotFound, match=r"^There is no such branch\.$"):
                public.branch(uow, unknown)
        for unknown in (till, new_id()):
            with pytest.raises(NotFound, match=r"^There is no such till\.$"):
                public.terminal(uow, unknown)


def test_a_branch_closes_with_date_person_and_reason(uow: UnitOfWork):
    branch = actions.add(uow, BAZAAR)
    till = actions.add_till(uow, branch.id, TillForm(name="Till 2"))
    actions.close(uow, branch.id, RENT)
    closed = public.branch(uow, branch.id)
    assert closed.closing == Closing(uow.now, "Sara", "The rent doubled")
    assert [branch.code for branch in public.branches(uow)] == ["MAIN"]
    assert till not in public.terminals(uow)
    assert public.terminal(uow, till.id) == till
    with pytest.raises(BranchClosed):
        public.open_terminal(uow, till.id)


def test_a_closed_branch_opens_again_and_can_close_again(uow: UnitOfWork):
    branch = actions.add(uow, BAZAAR)
    actions.close(uow, branch.id, RENT)
    actions.reopen(uow, branch.id)
    assert public.branch(uow, branch.id).is_open
    actions.close(uow, branch.id, ClosingForm(because="Again"))
    assert queries.branch(uow, branch.id).closing == Closing(uow.now, "Sara", "Again")


def test_what_is_open_is_not_opened_and_what_is_closed_is_not_closed(database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        branch = actions.add(uow, BAZAAR).id
    with pytest.raises(BranchOpen), database.for_shop(shop.id, actor) as uow:
        actions.reopen(uow, branch)
    with database.for_shop(shop.id, actor) as uow:
        actions.close(uow, branch, RENT)
    with pytest.raises(BranchClosed), database.for_shop(shop.id, actor) as uow:
        actions.close(uow, branch, RENT)


def test_the_last_open_branch_stays_open(database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        main = public.branches(uow)[0].id
    with pytest.raises(LastBranch), database.for_shop(shop.id, actor) as uow:
        actions.close(uow, main, RENT)
    with database.for_shop(shop.id, actor) as uow:
        assert public.branch(uow, main).is_open


def test_two_people_cannot_close_the_last_two_branches_at_once(database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        actions.add(uow, BAZAAR)
        both = [branch.id for branch in public.branches(uow)]

    def close(branch: UUID) -> str:
        try:
            with database.for_shop(shop.id, actor) as uow:
                actions.close(uow, branch, RENT)
        except LastBranch:
            return "refused"
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(close, both)) == ["closed", "refused"]


def test_a_plan_allows_so_many_open_branches(database: Database, actor: Actor, new_shop: Callable[..., Shop]):
    shop = new_shop(plan="small")
    with pytest.raises(LimitReached, match="1 branches"), database.for_shop(shop.id, actor) as uow:
        actions.add(uow, BAZAAR)
    assert codes(database, shop, actor) == ["MAIN"]


def test_a_closed_branch_gives_its_place_in_the_plan_back(database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        branch = actions.add(uow, BAZAAR).id
        assert used(uow) == 2
        actions.close(uow, branch, RENT)
        assert used(uow) == 1
        actions.reopen(uow, branch)
        assert used(uow) == 2


def test_a_till_has_its_name_once_in_its_branch(database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        main = public.branches(uow)[0].id
    with pytest.raises(TillNameTaken), database.for_shop(shop.id, actor) as uow:
        actions.add_till(uow, main, TillForm(name="Till 1"))
    with database.for_shop(shop.id, actor) as uow:
        branch = actions.add(uow, BAZAAR)
        assert actions.add_till(uow, branch.id, TillForm(name="Till 1")).branch == branch.id


def test_a_till_is_renamed(uow: UnitOfWork):
    [till] = public.terminals(uow)
    actions.rename_till(uow, till.id, TillForm(name="Window"))
    assert public.terminals(uow) == [Terminal(till.id, till.branch, "Window")]


def test_a_till_of_a_closed_branch_sells_no_more_in_any_process(database: Database, shop: Shop, actor: Actor):
    def sell_at(till: UUID) -> str:
        with database.for_shop(shop.id, actor) as uow:
            return public.open_terminal(uow, till).name

    with database.for_shop(shop.id, actor) as uow:
        branch = actions.add(uow, BranchForm(code="TWO", name="Two"))
        till = actions.add_till(uow, branch.id, TillForm(name="Front"))
    assert sell_at(till.id) == "Front"
    with database.for_shop(shop.id, actor) as uow:
        actions.rename_till(uow, till.id, TillForm(name="Back"))
    assert sell_at(till.id) == "Back"
    with database.for_shop(shop.id, actor) as uow:
        actions.close(uow, branch.id, ClosingForm(because="Renovation"))
    with pytest.raises(public.BranchClosed):
        sell_at(till.id)
    with database.for_shop(shop.id, actor) as uow:
        actions.reopen(uow, branch.id)
    assert sell_at(till.id) == "Back"
    with pytest.raises(NotFound, match="no such till"):
        sell_at(new_id())


def codes(database: Database, shop: Shop, actor: Actor) -> list[str]:
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        return sorted(branch.code for branch in queries.all_branches(uow))


def used(uow: UnitOfWork) -> int:
    value: int = uow.execute(select(counters.c.value).where(counters.c.name == "used:branches")).scalar_one()
    return value

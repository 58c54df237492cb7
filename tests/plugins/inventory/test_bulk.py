"""Many items of the list at once: what is ticked changes, nothing else does, and it can be undone."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from kernel.errors import NotFound
from kernel.limits import LimitReached
from plugins.inventory import queries, store
from plugins.inventory.actions import bulk
from plugins.inventory.actions.categories import add as add_category
from plugins.inventory.domain.bulk import TakenBackAlready, Thing
from plugins.inventory.tables import items
from tests.plugins.inventory.test_pages import main, owner, put  # noqa: F401 - fixtures


@pytest.fixture
def rings(uow):
    return add_category(uow, "Rings", None).id


@pytest.fixture
def chains(uow):
    return add_category(uow, "Chains", None).id


def undo(uow, changed):
    assert changed.change is not None
    return bulk.undo(uow, changed.change)


def categories_of(uow, *some):
    by_id = {row.id: row.category_id for row in uow.execute(select(items.c.id, items.c.category_id))}
    return [by_id[item.id] for item in some]


def test_what_is_chosen_changes_its_category_and_what_is_not_stays(uow, take_in, rings, chains):
    one, other, third = take_in(category=chains), take_in(), take_in(category=chains)
    changed = bulk.change_many(uow, Thing.CATEGORY, [one.id, other.id], rings)
    assert (changed.count, categories_of(uow, one, other, third)) == (2, [rings, rings, chains])
    assert undo(uow, changed).count == 2
    assert categories_of(uow, one, other, third) == [chains, None, chains]


def test_what_was_so_already_is_not_changed_and_not_undone(uow, take_in, rings, chains):
    already, other = take_in(category=rings), take_in(category=chains)
    changed = bulk.change_many(uow, Thing.CATEGORY, [already.id, other.id], rings)
    assert changed.count == 1
    undo(uow, changed)
    assert categories_of(uow, already, other) == [rings, chains]
    assert bulk.change_many(uow, Thing.CATEGORY, [already.id], rings) == bulk.Changed(0, None)


def test_what_was_changed_again_meanwhile_stays_when_it_is_undone(uow, take_in, rings, chains):
    one, other = take_in(), take_in()
    changed = bulk.change_many(uow, Thing.CATEGORY, [one.id, other.id], rings)
    bulk.change_many(uow, Thing.CATEGORY, [other.id], chains)
    assert undo(uow, changed).count == 1
    assert categories_of(uow, one, other) == [None, chains]


def test_a_change_is_undone_once(uow, take_in, rings):
    changed = bulk.change_many(uow, Thing.CATEGORY, [take_in().id], rings)
    undo(uow, changed)
    with pytest.raises(TakenBackAlready):
        undo(uow, changed)


def test_a_form_that_was_open_notices_that_its_item_was_changed(uow, ring, rings):
    bulk.change_many(uow, Thing.CATEGORY, [ring.id], rings)
    assert not store.items.describe(uow, ring.id, ring.version, ring.description, active=True)


def test_only_what_becomes_active_counts_for_the_plan(database, new_shop, actor):
    shop = new_shop(plan="small")  # three items
    with database.for_shop(shop.id, actor) as uow:
        from plugins.branches.public import branches
        from plugins.inventory.actions.add import add
        from tests.plugins.inventory.conftest import a_ring

        branch = branches(uow)[0].id
        first = [add(uow, a_ring(branch)).id for _ in range(3)]
        resting = bulk.change_many(uow, Thing.ACTIVE, first, False)
        later = [add(uow, a_ring(branch)).id for _ in range(2)]
        assert bulk.change_many(uow, Thing.ACTIVE, first[:1], True).count == 1
    with pytest.raises(LimitReached), database.for_shop(shop.id, actor) as uow:
        undo(uow, resting)
    with database.for_shop(shop.id, actor) as uow:
        active = set(uow.execute(select(items.c.id).where(items.c.active)).scalars())
    assert active == {first[0], *later}


def test_another_shops_items_are_nobody_elses(uow, ring, database, new_shop, actor):
    changed = bulk.change_many(uow, Thing.ACTIVE, [ring.id], False)
    with database.for_shop(new_shop().id, actor) as theirs:
        assert bulk.change_many(theirs, Thing.ACTIVE, [ring.id], True).count == 0
        with pytest.raises(NotFound):
            undo(theirs, changed)
    assert queries.items.item(uow, ring.id).active is False


# Over HTTP


def sku_rows(owner, address="/inventory"):  # noqa: F811
    return re.findall(r'<bdi dir="ltr">([^<]+)</bdi></a>', owner.get(address).text)


def test_ticked_items_are_set_aside_and_come_back_by_undo(owner, put):  # noqa: F811
    one, other = put(sku="R-1"), put(sku="R-2")
    answer = owner.post("/inventory/bulk", item=str(one.id), do="deactivate", query="sort=sku")
    assert (answer.status_code, answer.headers["location"]) == (303, "/inventory?sort=sku")
    page = owner.get("/inventory?sort=sku").text
    assert "1 item is changed." in page
    [address] = re.findall(r'action="(/inventory/bulk/[0-9a-f-]{36}/undo)"', page)
    assert sku_rows(owner) == ["R-2"]
    owner.post(address)
    assert sku_rows(owner, "/inventory?sort=sku") == ["R-1", "R-2"]
    assert other.active


def test_everything_means_what_the_list_finds(owner, put):  # noqa: F811
    put(sku="R-1", name="Ring"), put(sku="R-2", name="Ring"), put(sku="C-1", name="Chain")
    owner.post("/inventory/bulk", everything="on", do="deactivate", query="text=ring")
    assert sku_rows(owner) == ["C-1"]


def test_ticked_items_leave_as_a_file_with_just_them(owner, put):  # noqa: F811
    one, _other = put(sku="R-1"), put(sku="R-2")
    answer = owner.post("/inventory/bulk", item=str(one.id), do="export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert ("R-1" in answer.text, "R-2" in answer.text) == (True, False)


def test_ticked_items_go_on_to_another_page_of_the_stock_and_to_no_other(owner, put):  # noqa: F811
    one = put()
    answer = owner.post("/inventory/bulk", item=str(one.id), onward="/inventory/labels")
    assert answer.headers["location"] == f"/inventory/labels?item={one.id}"
    for elsewhere in ("https://evil.example", "//evil.example", "/inventory/../users", "/users"):
        assert owner.post("/inventory/bulk", item=str(one.id), onward=elsewhere).status_code == 400


def test_nothing_ticked_is_said(owner, put):  # noqa: F811
    put()
    answer = owner.post("/inventory/bulk", do="deactivate")
    assert (answer.status_code, "Please select at least one item first." in answer.text) == (422, True)


def test_a_category_that_is_not_there_changes_nothing(owner, put):  # noqa: F811
    one = put()
    answer = owner.post("/inventory/bulk", item=str(one.id), do="categorise", category=str(one.id))
    assert answer.status_code == 400
    assert "is changed" not in owner.get("/inventory").text


def test_no_category_is_taken_away_because_none_was_chosen(owner, put):  # noqa: F811
    one = put()
    answer = owner.post("/inventory/bulk", item=str(one.id), do="categorise", category="")
    assert (answer.status_code, "Please choose a category first." in answer.text) == (422, True)
    assert owner.post("/inventory/bulk", item=str(one.id), do="uncategorise").status_code == 303


def test_not_more_is_taken_along_than_fits_in_an_address(owner, put, monkeypatch):  # noqa: F811
    monkeypatch.setattr("plugins.inventory.pages.bulk.MOST_ONWARD", 1)
    one, other = put(sku="R-1"), put(sku="R-2")
    fields = {"item": [str(one.id), str(other.id)], "onward": "/inventory/labels"}
    assert owner.post("/inventory/bulk", **fields).status_code == 422


@pytest.mark.parametrize("do", ["categorise", "deactivate", "activate", "export"])
def test_who_may_only_look_changes_and_takes_nothing(signed_in, shop, put, do):  # noqa: F811
    one = put()
    employee = signed_in(shop, "employee")
    assert employee.post("/inventory/bulk", item=str(one.id), do=do).status_code == 403
    page = employee.get("/inventory").text
    assert 'value="deactivate"' not in page
    assert 'value="export"' not in page


def test_the_list_asks_the_same_for_one_row_and_for_three(owner, put, statements):  # noqa: F811
    counts = []
    for _ in range(2):
        with statements.counted() as empty:
            owner.get("/inventory?text=ring")
        counts.append(len(empty))
        put()
    for _ in range(2):
        put()
    with statements.counted() as three:
        owner.get("/inventory?text=ring")
    assert counts[1] == len(three)


def test_a_list_that_finds_nothing_says_so_and_offers_to_clear_the_filters(owner, put):  # noqa: F811
    put()
    page = owner.get("/inventory?text=tiara").text
    assert ("Nothing fits" in page, "Clear filters" in page, "The window is empty" in page) == (True, True, False)

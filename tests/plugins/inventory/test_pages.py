"""The stock over HTTP: pages for people, JSON for programs, and what a wrong entry is answered with."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from kernel.contributions import Given, Slot
from kernel.ids import new_id
from plugins.branches.public import branches
from plugins.inventory import queries
from plugins.inventory.actions.add import add
from plugins.inventory.actions.categories import add as add_category
from plugins.inventory.domain.item import Kind, Stone
from plugins.inventory.permissions import SEE_COST
from plugins.inventory.tables import items, stock_movements
from tests.plugins.inventory.conftest import a_ring


@pytest.fixture
def main(database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        return branches(uow)[0].id


@pytest.fixture
def put(database, shop, actor, main):
    """Put an item into the stock: `put(name="Coin")`."""

    def added(**changes):
        with database.for_shop(shop.id, actor) as uow:
            return add(uow, a_ring(main, **changes))

    return added


@pytest.fixture
def owner(signed_in, shop):
    """Reads English, also in a shop in Iran."""
    browser = signed_in(shop)
    browser.client.cookies.set("language", "en")
    return browser


@pytest.fixture
def count_rows(database, shop, actor):
    def counted():
        with database.for_shop(shop.id, actor) as uow:
            return tuple(
                uow.execute(select(func.count()).select_from(t)).scalar_one() for t in (items, stock_movements)
            )

    return counted


def new_ring(main, **changes):
    return {
        "sku": "R-77", "name": "انگشتر ترنج", "kind": "piece", "metal": "gold", "stamped": "۷۵۰", "gross": "۴٫۳۵۰",
        "net": "۴/۲۵۰", "making_kind": "percent", "making_value": "۱۸", "quantity": "۱", "cost": "۲۵٬۰۰۰٬۰۰۰",
        "branch": str(main), "stones[0][name]": "Ruby", "stones[0][count]": "2", "stones[0][carats]": "0.35",
        "stones[1][name]": "",
    } | changes  # fmt: skip


def test_a_making_charge_in_money_is_read_as_any_money(owner, main):
    kept = owner.post("/inventory", **new_ring(main, making_kind="per_piece", making_value="2500000"))
    assert "2,500,000 toman per piece" in owner.get(kept.headers["location"]).text


def test_an_empty_stock_says_what_it_is_for_and_offers_the_first_action(owner):
    page = owner.get("/inventory")
    assert page.status_code == 200
    assert "The window is empty" in page.text
    assert 'href="/inventory/new"' in page.text


def test_a_ring_typed_with_persian_digits_is_in_the_stock(owner, main):
    answer = owner.post("/inventory", **new_ring(main))
    assert answer.status_code == 303
    item = owner.get(f"/api/v1{answer.headers['location'].replace('inventory', 'items')}").json()
    kept = {
        "sku": "R-77", "name": "انگشتر ترنج", "fineness": "750", "gross_mg": 4350, "net_mg": 4250,
        "fine": 31_875_000, "cost": 25_000_000, "on_hand": 1,
    }  # fmt: skip
    assert {name: item[name] for name in kept} == kept
    assert item["making"] == {"kind": "percent", "value": "18", "fineness": None}
    assert item["stones"] == [
        {"name": "Ruby", "count": 2, "carats": "0.35", "value": None, "lab": "", "certificate": ""}
    ]
    page = owner.get(answer.headers["location"])
    assert page.status_code == 200
    assert "4.250" in page.text


def test_every_page_of_an_item_opens(owner, put):
    ring = put(stones=(Stone("Ruby", 1),))
    for page in ("", "/edit", "/receive", "/adjust", "/weigh"):
        assert owner.get(f"/inventory/{ring.id}{page}").status_code == 200, page
    for page in ("/inventory/new", "/inventory/categories", "/inventory/imports", "/"):
        assert owner.get(page).status_code == 200, page


def test_a_list_asks_the_same_number_of_statements_for_one_item_and_for_three(owner, put, statements):
    put()
    owner.get("/inventory")  # what is kept with the shop is read once
    counts = []
    for _more in range(2):
        with statements.counted() as sent:
            assert owner.get("/inventory").status_code == 200
        counts.append(len(sent))
        put(), put()
    assert counts[0] == counts[1]


def test_htmx_gets_the_list_alone(owner, put):
    put(name="Ring Yalda")
    part = owner.get("/inventory?text=yal", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert "Ring Yalda" in part
    assert "<html" not in part


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sku": ""}, "sku"),
        ({"sku": "SCRAP-1"}, "sku"),
        ({"sku": "A" * 61}, "sku"),
        ({"name": "a\x00b"}, "name"),
        ({"gross": "0"}, "gross"),
        ({"gross": "-4"}, "gross"),
        ({"gross": "99999999999"}, "gross"),
        ({"gross": "4,250"}, "gross"),
        ({"gross": "much"}, "gross"),
        ({"net": "5"}, "net"),
        ({"stamped": "1001"}, "stamped"),
        ({"stamped": "18"}, "stamped"),
        ({"stamped": ""}, "stamped"),
        ({"metal": ""}, "metal"),
        ({"metal": "tin"}, "metal"),
        ({"kind": "scrap"}, "kind"),
        ({"quantity": "2"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"cost": "-1"}, "cost"),
        ({"cost": "1.5"}, "cost"),
        ({"cost": "1e400"}, "cost"),
        ({"making_kind": "gold", "making_value": "1.2345"}, "making_value"),
        ({"making_kind": "milyem", "making_value": "1001"}, "making_value"),
        ({"making_kind": "none", "making_value": "5"}, "making_value"),
        ({"making_fineness": "900"}, "making_fineness"),
        ({"wastage": "101"}, "wastage"),
        ({"low_at": "3"}, "low_at"),
        ({"fixed_price": "0.5"}, "fixed_price"),
        ({"branch": "nowhere"}, "branch"),
        ({"branch": str(new_id())}, "branch"),
        ({"category": str(new_id())}, "category"),
        ({"stones[0][carats]": "-1"}, "stones-0-carats"),
        ({"stones[0][count]": "0"}, "stones-0-count"),
    ],
)
def test_a_wrong_entry_is_named_beside_its_field_and_nothing_is_written(owner, main, count_rows, wrong, field):
    answer = owner.post("/inventory", **new_ring(main, **wrong))
    assert answer.status_code in (400, 422)
    assert re.findall(r'class="field__error" id="f-([^"]+)-error"', answer.text) == [field]
    assert "انگشتر ترنج" in answer.text or field == "name"
    assert count_rows() == (0, 0)


def test_the_same_sku_or_barcode_twice_is_refused_with_a_sentence(owner, main, count_rows):
    assert owner.post("/inventory", **new_ring(main, barcode="123")).status_code == 303
    again = owner.post("/inventory", **new_ring(main))
    assert (again.status_code, "already has the SKU R-77" in again.text) == (409, True)
    again = owner.post("/inventory", **new_ring(main, sku="R-78", barcode="123"))
    assert (again.status_code, "already has the barcode 123" in again.text) == (409, True)
    assert count_rows() == (1, 1)


def edited(item, **changes):
    return {"sku": item.sku, "name": item.name, "version": str(item.version), "active": "on"} | changes


def test_an_edit_keeps_what_somebody_else_wrote_meanwhile(owner, put):
    ring = put()
    assert owner.post(f"/inventory/{ring.id}", **edited(ring, name="Ring Yalda")).status_code == 303
    late = owner.post(f"/inventory/{ring.id}", **edited(ring, name="Ring Roya"))
    assert (late.status_code, "changed by somebody else" in late.text) == (409, True)
    assert owner.get(f"/api/v1/items/{ring.id}").json()["name"] == "Ring Yalda"


def test_what_is_not_active_is_not_found_at_the_till_and_frees_a_place_of_the_plan(owner, put):
    ring = put(name="Ring Yalda")
    fields = edited(ring)
    del fields["active"]
    assert owner.post(f"/inventory/{ring.id}", **fields).status_code == 303
    assert owner.get("/api/v1/items?text=yalda").json()["items"] == []
    assert len(owner.get("/api/v1/items?text=yalda&state=inactive").json()["items"]) == 1


def test_an_edit_replaces_the_stones_and_finds_their_certificate(owner, put):
    ring = put(stones=(Stone("Ruby", 1, certificate="GIA-1"),))
    fields = edited(ring) | {"stones[0][name]": "Emerald", "stones[0][lab]": "GIA", "stones[0][certificate]": "GIA-2"}
    assert owner.post(f"/inventory/{ring.id}", **fields).status_code == 303
    stones = owner.get(f"/api/v1/items/{ring.id}").json()["stones"]
    assert [(stone["name"], stone["certificate"]) for stone in stones] == [("Emerald", "GIA-2")]
    assert [len(owner.get(f"/api/v1/items?text={code}").json()["items"]) for code in ("GIA-1", "GIA-2")] == [0, 1]


def test_stock_is_received_adjusted_and_weighed_again_on_its_pages(owner, put):
    coins = put(kind=Kind.COUNTED, quantity=2, cost=100)
    at = f"/inventory/{coins.id}"
    assert owner.post(f"{at}/receive", quantity="3", cost="200", note="Invoice 7").status_code == 303
    assert owner.post(f"{at}/adjust", reason="lost", quantity="1").status_code == 303
    weighed = {"gross": "4.4", "net": "4.3", "stamped": "750", "cost": "900", "seen": "4", "note": "new scale"}
    assert owner.post(f"{at}/weigh", **weighed).status_code == 303
    movements = owner.get(f"/api/v1/items/{coins.id}").json()["movements"]
    assert [(m["reason"], m["quantity"], m["on_hand"], m["person"]) for m in movements] == [
        ("corrected", 0, 4, "Sara"), ("lost", -1, 4, "Sara"), ("received", 3, 5, "Sara"), ("received", 2, 2, "Sara"),
    ]  # fmt: skip
    page = owner.get(at).text
    assert "Weighed or valued again" in page
    assert "Invoice 7" in page


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("receive", {"quantity": "0", "cost": "1"}),
        ("receive", {"quantity": "1", "cost": "-1"}),
        ("receive", {"quantity": "1000001", "cost": "1"}),
        ("adjust", {"reason": "sold", "quantity": "1"}),
        ("adjust", {"reason": "lost", "quantity": "3"}),
        ("adjust", {"reason": "lost", "quantity": "many"}),
        ("adjust", {}),
        ("weigh", {"gross": "4", "net": "5", "stamped": "750", "cost": "1", "note": "x"}),
        ("weigh", {"gross": "4", "stamped": "", "cost": "1", "note": "x"}),
        ("weigh", {"gross": "4", "stamped": "750", "cost": "1"}),
    ],
)
def test_what_cannot_be_moved_is_said_and_moves_nothing(owner, put, count_rows, path, fields):
    coins = put(kind=Kind.COUNTED, quantity=2)
    answer = owner.post(f"/inventory/{coins.id}/{path}", **fields)
    assert answer.status_code in (400, 409, 422)
    assert 'role="alert"' in answer.text
    assert count_rows() == (1, 1)


def test_an_employee_sees_the_stock_and_not_its_cost(signed_in, shop, put):
    ring = put(cost=24_681_357)
    employee = signed_in(shop, "employee")
    page = employee.get(f"/inventory/{ring.id}")
    assert page.status_code == 200
    assert "24,681,357" not in page.text
    assert employee.get(f"/api/v1/items/{ring.id}").json()["cost"] is None
    for path in ("/inventory/new", f"/inventory/{ring.id}/edit", f"/inventory/{ring.id}/adjust", "/inventory/imports"):
        assert employee.get(path).status_code == 403, path


def test_another_shops_item_is_an_unknown_page(signed_in, new_shop, put):
    ring = put()
    stranger = signed_in(new_shop("AE"))
    for page in ("", "/edit", "/receive", "/adjust", "/weigh"):
        assert stranger.get(f"/inventory/{ring.id}{page}").status_code == 404
    assert stranger.get(f"/api/v1/items/{ring.id}").status_code == 404
    assert stranger.get("/api/v1/items").json() == {"items": [], "next": None}


def test_an_old_or_odd_address_shows_a_list_and_no_error(owner, put):
    put(name="Ring Yalda")
    odd = "/inventory?category=nothing&fineness=99K&lightest=abc&state=gone&sort=moon&page=-1&text=yalda"
    page = owner.get(odd)
    assert (page.status_code, "Ring Yalda" in page.text) == (200, True)


def test_the_api_refuses_what_it_cannot_mean_with_a_problem(owner):
    answer = owner.get("/api/v1/items?fineness=18&limit=500&after=x&lightest=-1")
    assert answer.status_code == 400
    assert sorted(answer.json()["fields"]) == ["fineness", "lightest", "limit"]
    answer = owner.get("/api/v1/items?after=x")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["after"])


def test_the_api_pages_by_cursor(owner, put):
    skus = [put().sku for _number in range(5)]
    seen, after = [], ""
    while True:
        answer = owner.get(f"/api/v1/items?limit=2{after}").json()
        seen += [item["sku"] for item in answer["items"]]
        if answer["next"] is None:
            break
        after = f"&after={answer['next']}"
    assert seen == skus[::-1]


def test_categories_are_made_moved_and_removed(owner, database, shop, actor, put):
    assert owner.post("/inventory/categories", name="Rings").status_code == 303
    assert owner.post("/inventory/categories", name="Rings").status_code == 409
    with database.for_shop(shop.id, actor) as uow:
        (rings,) = queries.categories.tree(uow)
        stone = add_category(uow, "With stones", rings.id)
        ruby = add_category(uow, "Ruby", stone.id)
        gifts = add_category(uow, "Gifts", None)
    put(category=ruby.id)
    at = "/inventory/categories"
    assert owner.post(f"{at}/{rings.id}", name="Rings", parent=str(ruby.id)).status_code == 422
    assert owner.post(f"{at}/{rings.id}", name="Rings", parent=str(new_id())).status_code == 404
    assert owner.post(f"{at}/{stone.id}", name="Stones", parent=str(gifts.id)).status_code == 303
    assert owner.post(f"{at}/{ruby.id}/removal").status_code == 422
    assert owner.post(f"{at}/{rings.id}/removal").status_code == 303
    with database.for_shop(shop.id, actor) as uow:
        assert [category.title for category in queries.categories.tree(uow)] == [
            "Gifts", "Gifts › Stones", "Gifts › Stones › Ruby",
        ]  # fmt: skip
    found = owner.get(f"/api/v1/items?category={gifts.id}").json()["items"]
    assert [item["category"] for item in found] == [str(ruby.id)]


def test_categories_do_not_go_deeper_than_six_levels(owner, database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        parent = None
        for level in range(6):
            parent = add_category(uow, f"Level {level}", parent).id
    answer = owner.post("/inventory/categories", name="Seven", parent=str(parent))
    assert (answer.status_code, "6 levels" in answer.text) == (422, True)


def test_today_says_what_runs_low(owner, put):
    put(name="Coin Bahar", kind=Kind.COUNTED, quantity=2, low_at=3)
    put(name="Coin Emami", kind=Kind.COUNTED, quantity=9, low_at=3)
    today = owner.get("/").text
    assert "Coin Bahar" in today
    assert "Coin Emami" not in today


def test_pages_in_persian_open_too(owner, put):
    ring = put()
    owner.client.cookies.set("language", "fa")
    for page in ("/inventory", "/inventory/new", f"/inventory/{ring.id}", "/inventory/imports"):
        assert owner.get(page).status_code == 200


@pytest.fixture
def added_by_another(plugins, monkeypatch):
    """Another plugin adds something to the page of an item, for those who may see cost."""
    seen = []

    def show(uow, item):
        seen.append(item)
        return {"low": [], "are_more": True}

    slots = [
        Given("branches", Slot("inventory.piece", "inventory/_low.html", show, SEE_COST)),
        Given("branches", Slot("somewhere.else", "inventory/_low.html", show, None)),
        Given("a plugin that is off", Slot("inventory.piece", "inventory/_low.html", show, None)),
    ]
    given = plugins.given
    monkeypatch.setattr(type(plugins), "given", lambda self, hook: slots if hook == "slots" else given(hook))
    return seen


def test_other_plugins_may_add_to_the_page_of_an_item(owner, signed_in, shop, put, added_by_another):
    ring = put()
    assert "All that run low" in owner.get(f"/inventory/{ring.id}").text
    assert added_by_another == [ring.id]
    assert signed_in(shop, "employee").get(f"/inventory/{ring.id}").status_code == 200
    assert added_by_another == [ring.id]

"""The till for programs: the same rules as its pages, answers in plain figures, problems with their names."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.ids import new_id
from kernel.money import Money
from plugins.pos.domain.quote import Quote
from tests.plugins.pos.conftest import paid


@pytest.fixture
def dubai(open_counter, new_shop):
    return open_counter(new_shop("AE", name="Dubai Gold"), "300.00", "916")


@pytest.fixture
def program(dubai, signed_in):
    """`program("POST", "/api/v1/sales", {...}, key=...)` answers (status, body)."""
    browser = signed_in(dubai.shop)

    def ask(method: str, path: str, body: Any = None, key: object = None) -> tuple[int, Any]:
        if key is not None:
            browser.client.headers["idempotency-key"] = str(key)
        answer = browser.send(method, path, body)
        browser.client.headers.pop("idempotency-key", None)
        return answer.status_code, answer.json()

    return ask


def wanted(dubai, *items, **more):
    return {"terminal": str(dubai.till.id), "lines": [{"item": str(item.id)} for item in items]} | more


def test_search_quote_sell_refund_and_void(dubai, program):
    ring = dubai.takes_in("4.250", "18", name="Ring Toranj", sku="R-1001", barcode="629100")
    status, found = program("GET", "/api/v1/pos/search?text=629100")
    [item] = found["items"]
    assert (status, found["currency"], item["sku"], item["price"], item["on_hand"]) == (
        200,
        "AED",
        "R-1001",
        129_344,
        1,
    )

    status, quote = program("POST", "/api/v1/pos/quotes", {"lines": [{"item": item["id"]}]})
    [line] = quote["lines"]
    assert (status, line["parts"], line["taxes"]) == (200, {"metal": 104_394, "making": 18_791}, {"VAT": 6_159})
    assert [step["name"] for step in line["steps"]] == ["metal", "making", "tax", "total"]
    assert (quote["due"], quote["due_decimal"], quote["decimals"]) == (129_344, "1293.44", 2)

    key = new_id()
    body = wanted(dubai, ring, quote=quote["quote"], payments=paid(card="1293.44"))
    status, sale = program("POST", "/api/v1/sales", body, key)
    assert (status, sale["id"], sale["number"], sale["due"], sale["seller"]) == (201, str(key), 1, 129_344, "Sara")
    assert sale["payments"] == [{"method": "card", "amount": 129_344, "given": 129_344}]
    assert program("POST", "/api/v1/sales", body, key) == (201, sale)
    assert program("GET", f"/api/v1/sales/{key}") == (200, sale)

    status, refund = program(
        "POST", f"/api/v1/sales/{key}/refunds", {"because": "too small", "method": "card"}, new_id()
    )
    assert (status, refund["number"], refund["due"], refund["lines"][0]["quantity"]) == (201, 1, 129_344, 1)
    assert program("GET", f"/api/v1/refunds/{refund['id']}") == (200, refund)

    second = program("POST", "/api/v1/sales", wanted(dubai, ring, payments=paid(cash="1293.44")), new_id())[1]
    status, void = program("POST", f"/api/v1/sales/{second['id']}/void", {"because": "typed twice"})
    assert (status, void["void"]["because"], dubai.stock(ring)) == (200, "typed twice", 1)


def test_an_exchange_answers_the_new_sale(dubai, program):
    ring, chain = dubai.takes_in("4.250", "18"), dubai.takes_in("10.000", "12")
    sale = dubai.sells(ring)
    body = wanted(dubai, chain, id=str(new_id()), because="other", returns=[{"line": 1}], payments=paid(card="1595.20"))
    status, made = program("POST", f"/api/v1/sales/{sale.id}/exchanges", body)
    assert (status, made["number"]) == (201, 2), made
    assert {each["method"]: each["amount"] for each in made["payments"]} == {"exchange": 129_344, "card": 159_520}


def test_the_same_key_with_another_body_is_a_conflict(dubai, program):
    ring, chain = dubai.takes_in(), dubai.takes_in("10.000")
    sale = dubai.sells(ring)
    status, problem = program("POST", "/api/v1/sales", wanted(dubai, chain, payments=paid(cash="1")), sale.id)
    assert (status, problem["type"]) == (409, "urn:goldsmith:problem:key_used_before")
    assert dubai.stock(chain) == 1


def test_sales_are_found_by_the_phone_of_a_customer(dubai, program):
    dubai.sells(dubai.takes_in())
    hers = dubai.sells(dubai.takes_in(), customer_phone="0501234567")
    status, page = program("GET", "/api/v1/sales?phone=0501234567")
    assert (status, [row["number"] for row in page["sales"]]) == (200, [hers.number])
    assert program("GET", "/api/v1/sales?phone=0509999999")[1]["sales"] == []


def test_a_list_goes_on_where_the_page_before_ended(dubai, program):
    sold = [dubai.sells(dubai.takes_in()).number for _sale in range(5)]
    seen, after = [], ""
    while after is not None:
        status, page = program("GET", f"/api/v1/sales?limit=2{after and f'&after={after}'}")
        assert status == 200
        seen += [row["number"] for row in page["sales"]]
        after = page["next"]
    assert seen == sorted(sold, reverse=True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": [{"item": "nonsense"}]}, "lines.0.item"),
        ({"lines": [{"item": None}]}, "lines.0.item"),
        ({"lines": [{"item": "0" * 5000}]}, "lines.0.item"),
        ({"lines": "x"}, "lines"),
        ({"lines": {"a": 1}}, "lines"),
        ({"lines": [{"quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"quantity": -1}]}, "lines.0.quantity"),
        ({"lines": [{"quantity": 1.5}]}, "lines.0.quantity"),
        ({"lines": [{"quantity": 10**12}]}, "lines.0.quantity"),
        ({"lines": [{"quantity": True}]}, "lines.0.quantity"),
        ({"lines": [{"discount": "101%"}]}, "lines.0.discount"),
        ({"lines": [{"discount": [1]}]}, "lines.0.discount"),
        ({"discount": "-1"}, "discount"),
        ({"discount": 10**30}, "discount"),
        ({"old_gold": [{"weight": "0", "fineness": "750"}]}, "old_gold.0.weight"),
        ({"old_gold": [{"weight": "-1", "fineness": "750"}]}, "old_gold.0.weight"),
        ({"old_gold": [{"weight": "1", "fineness": "1000.1"}]}, "old_gold.0.fineness"),
        ({"old_gold": [{"weight": "1", "fineness": "18"}]}, "old_gold.0.fineness"),
        ({"old_gold": [{"weight": "1", "fineness": "750", "metal": "lead"}]}, "old_gold.0.metal"),
        ({"old_gold": [{"weight": 10**9, "fineness": "750"}]}, "old_gold.0.weight"),
        ({"payments": [{"method": "shells", "amount": "1"}]}, "payments.0.method"),
        ({"payments": [{"method": "exchange", "amount": "1"}]}, "payments.0.method"),
        ({"payments": [{"method": "cash", "amount": "-1"}]}, "payments.0.amount"),
        ({"payments": [{"method": "cash", "amount": "1.001"}]}, "payments.0.amount"),
        ({"payments": [{"method": "cash", "amount": "9" * 40}]}, "payments.0.amount"),
        ({"terminal": "x"}, "terminal"),
        ({"terminal": None}, "terminal"),
        ({"customer_name": "a\u0000b"}, "customer_name"),
        ({"customer_name": "x" * 500}, "customer_name"),
        ({"language": "xx"}, "language"),
        ({"id": "x"}, "id"),
    ],
)
def test_what_cannot_be_meant_is_a_field_error_and_nothing_is_written(dubai, program, change, field):
    ring = dubai.takes_in()
    body = wanted(dubai, ring, payments=paid(cash="1293.44")) | change
    if isinstance(change.get("lines"), list) and "item" not in change["lines"][0]:
        body["lines"] = [{"item": str(ring.id), **change["lines"][0]}]
    status, problem = program("POST", "/api/v1/sales", body, None if "id" in change else new_id())
    assert (status, list(problem["fields"])) == (400, [field]), problem
    assert dubai.stock(ring) == 1


@pytest.mark.parametrize("body", ["x", [], 1, None])
def test_a_body_that_is_no_object_is_refused(program, body):
    assert program("POST", "/api/v1/sales", body, new_id())[0] == 400


def test_a_sale_without_a_key_is_told_how_to_make_one(dubai, program):
    status, problem = program("POST", "/api/v1/sales", wanted(dubai, dubai.takes_in(), payments=paid(cash="1")))
    assert (status, list(problem["fields"])) == (400, ["id"])
    status, problem = program("POST", "/api/v1/sales", wanted(dubai), key="nonsense")
    assert (status, list(problem["fields"])) == (400, ["id"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/sales/{id}"),
        ("POST", "/api/v1/sales/{id}/refunds"),
        ("POST", "/api/v1/sales/{id}/void"),
        ("GET", "/api/v1/refunds/{id}"),
    ],
)
def test_what_nobody_knows_is_not_found(program, method, path):
    body = {"because": "?", "id": str(new_id())} if method == "POST" else None
    assert program(method, path.format(id=new_id()), body)[0] == 404
    assert program(method, path.format(id="nonsense"), body)[0] == 404


def test_an_unknown_till_is_not_found(dubai, program):
    ring = dubai.takes_in()
    body = wanted(dubai, ring, payments=paid(cash="1293.44")) | {"terminal": str(new_id())}
    assert program("POST", "/api/v1/sales", body, new_id())[0] == 404


def test_a_quote_of_another_shop_or_of_nobody_is_no_quote(dubai, program):
    ring = dubai.takes_in("4.250", "18")
    forged = Quote(dubai.database.clock.now(), Money(1, "AED")).sealed(dubai.shop.id, lambda _said: "forged")
    for quote in ("nonsense", forged):
        body = wanted(dubai, ring, quote=quote, payments=paid(cash="0.01"))
        assert program("POST", "/api/v1/sales", body, new_id())[0] == 422
    assert dubai.stock(ring) == 1

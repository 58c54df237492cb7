"""The till's pages without a script: everything is in the form, and nothing that was typed is lost."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from kernel.ids import new_id
from plugins.branches import public as branches
from plugins.identity import public as identity
from plugins.pos import queries
from plugins.pos.actions.hold import recall, sweep_held
from plugins.pos.domain.held import NotHeld
from plugins.pos.queries.held import MOST_SHOWN
from tests.plugins.pos.conftest import paid
from tests.plugins.pos.pressing import AtTheTill


@pytest.fixture
def dubai(open_counter, new_shop):
    return open_counter(new_shop("AE", name="Dubai Gold"), "300.00", "916")


@pytest.fixture
def till(dubai, signed_in):
    return AtTheTill(signed_in(dubai.shop))


def test_a_ring_is_sold_by_pressing_buttons(dubai, till):
    dubai.takes_in("4.250", "18", name="Ring Toranj", sku="R-1001")
    till.press(find="R-1001", go="find")
    assert "AED 1,293.44" in till.text
    till.press(go="pay")
    assert till.fields["pay_amount"] == "1293.44"
    till.press(pay="card", pay_amount="1000")
    assert till.fields["pay_amount"] == "293.44"
    till.press(pay="cash", pay_amount="300")
    assert "Change due AED 6.56" in till.text
    till.press("/pos/sales")
    assert (till.answer.status_code, "Sale 1 is complete" in till.text, "Change given AED 6.56" in till.text) == (
        200,
        True,
        True,
    )
    with dubai.work() as uow:
        [sale] = queries.newest(uow, queries.Wanted(), limit=5)
    assert sale.due.amount == 129_344


def test_the_worked_days_part_exchange_by_pressing_buttons(counter, signed_in):
    counter.takes_in("10.000", "12", name="Chain", sku="C-1")
    till = AtTheTill(signed_in(counter.shop))
    till.press(find="C-1", go="find").press(old_gold__0__weight="۶٫۱۲۰", old_gold__0__fineness="۷۵۰")
    assert "۴۳٬۰۰۸٬۰۰۰" in till.text
    till.press(go="pay").press(pay="transfer").press("/pos/sales")
    with counter.work() as uow:
        [row] = queries.newest(uow, queries.Wanted(), limit=5)
        sale = queries.sale(uow, row.id)
    assert (sale.due, sale.exchanged, sale.lines[0].taxes) == (43_008_000, 42_268_800, {"VAT": 1_388_800})
    assert str(sale.old_gold[0].fine) == "4.5288 g"


def test_pressing_complete_twice_shows_the_same_sale(dubai, till):
    dubai.takes_in("4.250", "18", sku="R-1001")
    till.press(find="R-1001", go="find").press(go="pay").press(pay="cash")
    form = till.fields
    first = till.press("/pos/sales").text
    till.answer = till.browser.post(
        "/pos/sales", **{name: value for name, value in form.items() if name != "csrf_token"}
    )
    assert till.text == first


def test_words_show_what_fits_and_a_press_adds_it(dubai, till):
    ring = dubai.takes_in(name="Ring Toranj", sku="R-1001")
    dubai.takes_in(name="Ring Mina", sku="R-1002")
    till.press(find="ring", go="find")
    assert all(shown in till.text for shown in ("R-1001", "R-1002", "1,293.44"))
    till.press(add=ring.id)
    assert till.fields["lines[0][item]"] == str(ring.id)


def test_a_second_scan_of_the_only_one_says_so_and_of_counted_goods_adds_one(dubai, till):
    dubai.takes_in(name="Ring Toranj", sku="R-1001")
    dubai.takes_in("8.133", "3", 22, name="Coin", quantity=5, sku="C-20")
    till.press(find="R-1001", go="find").press(find="r-1001", go="find")
    assert "“Ring Toranj” lies on the counter already; there is only one." in till.text
    till.press(find="C-20", go="find").press(find="C-20", go="find")
    assert (till.fields["lines[0][quantity]"], till.fields["lines[1][quantity]"]) == ("1", "2")


def test_what_old_gold_is_bought_at_is_said_before_it_is_weighed(counter, signed_in):
    assert "۶٬۹۰۶٬۶۶۷ toman per gram" in AtTheTill(signed_in(counter.shop)).text


def test_what_nobody_has_is_said(till):
    assert "Nothing fits “NOPE-1”." in till.press(find="NOPE-1", go="find").text


def test_a_sold_piece_is_not_added_again(dubai, till):
    ring = dubai.takes_in(sku="R-1001", name="Ring Toranj")
    dubai.sells(ring)
    assert "“Ring Toranj” is not in stock any more." in till.press(find="R-1001", go="find").text


def test_lines_old_gold_and_payments_can_be_taken_away_again(dubai, till):
    dubai.takes_in(sku="R-1")
    dubai.takes_in(sku="R-2")
    till.press(find="R-1", go="find").press(find="R-2", go="find")
    till.press(old_gold__0__weight="3.100", old_gold__0__fineness="21K")
    assert "Old gold 21K" in till.text
    till.press(go="pay").press(pay="cash", pay_amount="10")
    assert till.fields["payments[0][amount]"] == "10"
    till.press(drop_payment=0).press(drop_gold=0).press(drop=0)
    fields = till.press(go="sale").fields
    assert [name for name in fields if name.startswith(("payments", "lines[1]"))] == []
    assert fields["old_gold[0][weight]"] == ""


def test_discounts_are_typed_as_per_cent_or_as_an_amount(dubai, till):
    dubai.takes_in("4.250", "18", sku="R-1")
    till.press(find="R-1", go="find").press(lines__0__discount="10%", discount="100", go="update")
    assert "Discount -223.19" in till.text.replace("−", "-")
    assert (till.fields["lines[0][discount]"], till.fields["discount"]) == ("10%", "100")


def test_the_price_is_explained_step_by_step(dubai, till):
    dubai.takes_in("4.250", "18", sku="R-1")
    text = till.press(find="R-1", go="find").text
    assert "Making charge 18% of 1,043.94 187.91" in text
    assert "300 AED per gram at 916" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"lines__0__discount": "much"}, "Please enter a number."),
        ({"lines__0__discount": "101%"}, "At most 100 per cent, please."),
        ({"lines__0__quantity": "0"}, "This must be more than zero."),
        ({"discount": "-5"}, "This cannot be negative."),
        ({"old_gold__0__weight": "3.1000001", "old_gold__0__fineness": "750"}, "At most 3 decimals, please."),
        ({"old_gold__0__weight": "3.1", "old_gold__0__fineness": "1001"}, "Fineness is above 0 and at most 1000."),
        ({"old_gold__0__weight": "3.1"}, "Please fill this in."),
        ({"customer_name": "x\x00y"}, "There are characters in this text that cannot be kept."),
        ({"pay": "cash"}, "How much is paid this way?"),
    ],
)
def test_one_wrong_entry_is_said_beside_it_and_the_cart_stays(dubai, till, typed, said):
    ring = dubai.takes_in("4.250", "18", sku="R-1")
    till.press(find="R-1", go="find").press(**typed)
    assert till.answer.status_code == 400
    assert said in till.text
    assert till.fields["lines[0][item]"] == str(ring.id)
    name, value = next(iter(typed.items()))
    if "quantity" not in name and name in ("lines__0__discount", "discount", "old_gold__0__weight"):
        assert value in till.fields.values()


def test_what_cannot_be_priced_stays_in_sight(dubai, till):
    dubai.takes_in("4.250", "18", sku="R-1")
    till.press(find="R-1", go="find").press(discount="99999", go="update")
    assert till.answer.status_code == 200
    assert "A discount of 99,999.00 AED is more than the 1,231.85 AED it can come off." in till.text
    assert "lines[0][item]" in till.fields


def test_persian_digits_are_read(dubai, till):
    dubai.takes_in("4.250", "18", sku="R-1")
    till.press(find="R-1", go="find").press(discount="۱۰٪", go="update")
    assert "AED 1,164.09" in till.text


def test_when_the_price_moved_the_till_asks_and_sells_at_the_new_one(dubai, till, clock):
    dubai.takes_in("4.250", "18", sku="R-1")
    till.press(find="R-1", go="find").press(go="pay").press(pay="cash")
    clock.advance(timedelta(hours=1))
    dubai.rate("310.00", "916")
    till.press("/pos/sales")
    assert till.answer.status_code == 409
    assert "The price is 1,336.56 AED now, 43.12 AED more than the 1,293.44 AED that was quoted." in till.text
    assert till.fields["pay_amount"] == "43.12"
    till.press(pay="cash").press("/pos/sales")
    assert (till.answer.status_code, "AED 1,336.56" in till.text) == (200, True)


def test_when_another_till_was_faster_the_line_says_so(dubai, till):
    ring = dubai.takes_in("4.250", "18", sku="R-1", name="Ring Toranj")
    till.press(find="R-1", go="find").press(go="pay").press(pay="cash")
    dubai.sells(ring)
    till.press("/pos/sales")
    assert till.answer.status_code == 409
    assert "“Ring Toranj” is not in stock any more." in till.text
    assert "This was sold meanwhile." in till.text


def test_what_the_browser_says_about_prices_is_never_asked(dubai, till):
    dubai.takes_in("4.250", "18", sku="R-1")
    till.press(find="R-1", go="find").press(go="pay").press(pay="cash", pay_amount="1")
    till.press("/pos/sales", total="1", due="1", **{"lines[0][total]": "1", "lines[0][tax]": "0"})
    assert till.answer.status_code == 422
    assert "1,293.44 AED is due, 1.00 AED was paid." in till.text


def test_a_seller_may_sell_and_see_but_neither_void_nor_refund(dubai, signed_in):
    sale = dubai.sells(dubai.takes_in())
    seller = signed_in(dubai.shop, "employee", "Ali")
    assert seller.get(f"/sales/{sale.id}").status_code == 200
    assert "Void this sale" not in seller.get(f"/sales/{sale.id}").text
    answers = [
        seller.get(f"/sales/{sale.id}/refund").status_code,
        seller.post(f"/sales/{sale.id}/refunds", because="x").status_code,
        seller.post(f"/sales/{sale.id}/void", because="x").status_code,
        seller.get(f"/sales/{sale.id}/exchange").status_code,
    ]
    assert answers == [403] * 4


def test_a_refund_and_its_credit_note(dubai, signed_in):
    browser = signed_in(dubai.shop)
    sale = dubai.sells(dubai.takes_in("4.250", "18", name="Ring Toranj"))
    page = browser.get(f"/sales/{sale.id}/refund")
    assert "AED 1,293.44" in re.sub(r"<[^>]+>", "", page.text).replace("\xa0", " ")
    fields = {"lines[0][line]": "1", "lines[0][quantity]": "1", "method": "cash", "id": str(new_id())}
    assert browser.post(f"/sales/{sale.id}/refunds", **fields).status_code == 400
    made = browser.post(f"/sales/{sale.id}/refunds", because="too small", **fields)
    note = browser.get(made.headers["location"])
    text = re.sub(r"<[^>]+>", " ", note.text).replace("\xa0", " ")
    assert all(words in text for words in ("Credit note", "No. 1", "too small", "AED 1,293.44"))
    pdf = browser.get(f"{made.headers['location']}/receipt/80mm")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")


def test_a_void_asks_for_a_reason(dubai, signed_in):
    browser = signed_in(dubai.shop)
    sale = dubai.sells(dubai.takes_in())
    refused = browser.post(f"/sales/{sale.id}/void", because=" ")
    assert (refused.status_code, "Please fill this in." in refused.text) == (400, True)
    assert browser.post(f"/sales/{sale.id}/void", because="typed twice").status_code == 303
    page = re.sub(r"<[^>]+>", " ", browser.get(f"/sales/{sale.id}").text)
    assert all(words in page for words in ("Voided by Sara", "typed twice", "VOID"))
    again = browser.post(f"/sales/{sale.id}/void", because="typed twice")
    assert (again.status_code, "Sale 1 was voided." in again.text) == (409, True)


def test_an_exchange_begins_at_the_sale_and_ends_at_the_till(dubai, signed_in):
    browser = signed_in(dubai.shop)
    ring = dubai.takes_in("4.250", "18", name="Ring")
    dubai.takes_in("10.000", "12", name="Chain", sku="C-1")
    sale = dubai.sells(ring)
    assert browser.get(f"/sales/{sale.id}/exchange").status_code == 200
    till = AtTheTill(browser)
    till.answer = browser.post(
        "/pos/cart",
        **{
            "exchange_of": str(sale.id), "because": "another size", "returns[0][line]": "1",
            "returns[0][quantity]": "1",
        },
    )  # fmt: skip
    assert "Exchange for sale 1" in till.text
    till.press(find="C-1", go="find")
    assert "Returned goods -1,293.44" in till.text.replace("−", "-")
    till.press(go="pay").press(pay="card")
    till.press(f"/sales/{sale.id}/exchanges")
    assert (till.answer.status_code, "Sale 2 is complete" in till.text) == (200, True)
    assert dubai.stock(ring) == 1


def test_the_list_finds_sales_by_number_phone_day_branch_and_state(dubai, signed_in):
    browser = signed_in(dubai.shop)
    first = dubai.sells(dubai.takes_in(), customer_name="Omar", customer_phone="+971501234567")
    second = dubai.sells(dubai.takes_in())
    browser.post(f"/sales/{second.id}/void", because="typed twice")

    def listed(**filters):
        page = browser.get("/sales", params=filters).text
        return [number for number, sale in ((1, first), (2, second)) if str(sale.id) in page]

    assert listed() == [1, 2]
    assert listed(text="2") == [2]
    assert listed(text="+971501234567") == [1]
    assert listed(state="void") == [2]
    assert listed(state="done") == [1]
    assert listed(branch=str(dubai.till.branch)) == [1, 2]
    assert listed(branch=str(new_id())) == []
    assert listed(since="2025-06-02", until="2025-06-02") == [1, 2]
    assert listed(until="2025-06-01") == []
    assert listed(period="today") == listed(period="this_week") == [1, 2]
    assert listed(period="yesterday") == listed(period="last_month") == []
    assert listed(since="nonsense", state="nonsense", branch="nonsense", page="0") == [1, 2]


def test_the_list_leaves_as_a_file_with_exactly_what_it_shows(dubai, signed_in):
    browser = signed_in(dubai.shop)
    dubai.sells(dubai.takes_in(), customer_name="=HYPERLINK(1)", customer_phone="+971501234567")
    void = dubai.sells(dubai.takes_in())
    browser.post(f"/sales/{void.id}/void", because="typed twice")
    answer = browser.get("/sales/export?state=done")
    assert answer.headers["content-disposition"] == 'attachment; filename="sales-2025-06-02.csv"'
    [headings, sale] = csv.reader(answer.text.removeprefix("\ufeff").splitlines())
    assert headings == ["Number", "When", "Branch", "Seller", "Customer", "Total", "Currency", "State"]
    assert (sale[0], sale[4], sale[7]) == ("1", "'=HYPERLINK(1)", "Completed")
    assert len(browser.get("/sales/export").text.splitlines()) == 3
    browser.client.cookies.set("language", "fa")
    assert list(csv.reader(browser.get("/sales/export?state=done").text.splitlines()))[1][:2] == sale[:2]


@pytest.mark.parametrize(
    ("asked", "words"), [("", "Nothing sold yet"), ("?text=77", "Nothing fits"), ("?period=today", "Nothing fits")]
)
def test_an_empty_list_says_what_it_is_for_and_a_narrow_one_offers_to_clear_the_filters(dubai, signed_in, asked, words):
    page = signed_in(dubai.shop).get(f"/sales{asked}").text
    assert (words in page, "Clear filters" in page) == (True, bool(asked))


def test_a_list_of_many_sales_asks_no_more_than_a_list_of_one(dubai, signed_in, statements):
    browser = signed_in(dubai.shop)
    dubai.sells(dubai.takes_in())
    browser.get("/sales")
    with statements.counted() as one:
        browser.get("/sales")
    for _sale in range(3):
        dubai.sells(dubai.takes_in())
    with statements.counted() as many:
        browser.get("/sales")
    assert len(one) == len(many)


def test_today_shows_what_was_taken(dubai, signed_in):
    browser = signed_in(dubai.shop)
    assert "Your first sale" in browser.get("/").text
    dubai.sells(dubai.takes_in("4.250", "18"))
    assert "AED 1,293.44" in re.sub(r"<[^>]+>", "", browser.get("/").text).replace("\xa0", " ")


def test_where_the_till_is_off_nothing_of_it_answers(new_shop, signed_in, plugins):
    browser = signed_in(new_shop("AE", plan="bare"))
    paths = ["/pos", "/sales", f"/sales/{new_id()}", "/pos/find", "/api/v1/sales", "/api/v1/pos/search?text=a"]
    assert [browser.get(path).status_code for path in paths] == [404] * len(paths)
    assert "/pos" not in browser.get("/").text


def test_another_shops_sale_is_as_unknown_as_none(dubai, open_counter, new_shop, signed_in):
    theirs = open_counter(new_shop("AE"), "300.00", "916")
    sale = theirs.sells(theirs.takes_in(), payments=paid(cash="1293.44"))
    browser = signed_in(dubai.shop)
    for path in (f"/sales/{sale.id}", f"/sales/{sale.id}/receipt/a4", f"/api/v1/sales/{sale.id}"):
        assert (browser.get(path).status_code, browser.get(path.replace(str(sale.id), str(new_id()))).status_code) == (
            404,
            404,
        )


# On hold


def held(till):
    """What may be recalled: by its words, the button's value."""
    found = re.findall(r'name="recall" value="([^"]+)"><span>([^<]+)<', till.answer.text)
    return {title: id for id, title in found}


def test_a_cart_waits_on_hold_while_another_is_sold(dubai, till):
    dubai.takes_in(sku="R-1", name="Ring Toranj")
    dubai.takes_in(sku="R-2", name="Ring Mina")
    till.press(find="R-1", go="find").press(
        lines__0__discount="5%", old_gold__0__weight="3.1", old_gold__0__fineness="21K"
    )
    before = {name: value for name, value in till.fields.items() if name.startswith(("lines", "old_gold"))}
    till.press(go="hold")
    assert "On hold: Ring Toranj · Old gold 21K." in till.text
    assert "lines[0][item]" not in till.fields
    till.press(find="R-2", go="find")
    [(title, id)] = held(till).items()
    assert title == "Ring Toranj · Old gold 21K"
    till.press(recall=id)
    assert {name: value for name, value in till.fields.items() if name.startswith(("lines", "old_gold"))} == before
    assert list(held(till)) == ["Ring Mina"]


def test_a_cart_on_hold_is_taken_up_once(dubai, till, signed_in):
    dubai.takes_in(sku="R-1", name="Ring Toranj")
    till.press(find="R-1", go="find").press(customer_name="Mrs Karimi", go="hold")
    other = AtTheTill(signed_in(dubai.shop))
    [(title, id)] = held(other).items()
    assert title == "Mrs Karimi"
    assert "Ring Toranj" in other.press(recall=id).text
    assert "somebody else took it up" in till.press(recall=id).text
    assert till.answer.status_code == 409


def test_a_cart_whose_answer_was_lost_is_there_until_it_is_sold(dubai, till, signed_in):
    dubai.takes_in(sku="R-1", name="Ring Toranj")
    till.press(find="R-1", go="find").press(customer_name="Mrs Karimi", go="hold")
    [(_title, id)] = held(till).items()
    assert till.press(recall=id).fields["customer_name"] == "Mrs Karimi"
    assert (till.fields["id"], held(till)) == (id, {})
    # That answer never came: the page from the beginning, and the same button again.
    again = AtTheTill(till.browser)
    assert held(again) == {"Mrs Karimi": id}
    assert held(AtTheTill(signed_in(dubai.shop, "manager", "Reza"))) == {}
    again.press(recall=id)
    assert (again.fields["id"], again.fields["customer_name"]) == (id, "Mrs Karimi")
    again.press(go="pay").press(pay="card").press("/pos/sales")
    assert "is complete" in again.text
    assert held(AtTheTill(till.browser)) == {}
    assert till.press(recall=id).answer.status_code == 409


def test_an_admin_who_only_looks_leaves_a_cart_on_hold_as_it_is(dubai, till, ada):
    dubai.takes_in(sku="R-1", name="Ring Toranj")
    till.press(find="R-1", go="find").press(customer_name="Mrs Karimi", go="hold")
    [(_title, id)] = held(till).items()
    with dubai.work() as uow:
        before = uow.ask("SELECT * FROM shop.held_carts", {})
        [sara] = [user for user in identity.users(uow) if user.name == "Sara"]
    begun = {"user": str(sara.id), "because": "a cart that cannot be found", "minutes": "15"}
    assert ada.post(f"/platform/shops/{dubai.shop.id}/impersonation", **begun).status_code == 303
    admins = AtTheTill(ada)
    assert held(admins) == {"Mrs Karimi": id}
    for pressed in ({"recall": id}, {"id": id, "customer_name": "Mrs Amini", "go": "hold"}):
        assert "You are only looking" in admins.press(**pressed).text
        assert admins.answer.status_code == 403
        admins = AtTheTill(ada)
    with dubai.work() as uow:
        assert uow.ask("SELECT * FROM shop.held_carts", {}) == before
    assert till.press(recall=id).fields["customer_name"] == "Mrs Karimi"


def test_a_cart_that_was_recalled_goes_back_to_its_place(dubai, till):
    dubai.takes_in(sku="R-1", name="Ring Toranj")
    till.press(find="R-1", go="find").press(customer_name="Mrs Karimi", go="hold")
    [(_title, id)] = held(till).items()
    till.press(recall=id)
    twice = {**till.fields, "customer_name": "Mrs Amini", "go": "hold"}
    twice.pop("csrf_token", None)
    for _time in range(2):
        assert till.browser.post("/pos/cart", **twice).status_code == 200
    assert held(AtTheTill(till.browser)) == {"Mrs Amini": id}


def test_carts_are_cleared_that_nobody_came_back_for(dubai, till, clock):
    dubai.takes_in(sku="R-1", name="Ring Toranj")
    till.press(find="R-1", go="find").press(customer_name="Mrs Karimi", go="hold")
    till.press(find="R-1", go="find").press(customer_name="Mrs Amini", go="hold")
    with dubai.work() as uow:
        recall(uow, UUID(held(till)["Mrs Amini"]), branches.terminals(uow)[0])
    clock.advance(timedelta(days=2))
    with dubai.work() as uow:
        sweep_held(uow)
        assert rows(uow) == ["Mrs Karimi"]
    clock.advance(timedelta(days=29))
    with dubai.work() as uow:
        sweep_held(uow)
        assert rows(uow) == []


def rows(uow):
    return [row.title for row in uow.ask("SELECT title FROM shop.held_carts", {})]


def test_a_cart_of_another_branch_is_not_on_hold_here(dubai, till):
    dubai.takes_in(sku="R-1", name="Ring Toranj")
    till.press(find="R-1", go="find").press(customer_name="Mrs Karimi", go="hold")
    [(_title, id)] = held(till).items()
    with dubai.work() as uow:
        here = branches.terminals(uow)[0]
        with pytest.raises(NotHeld):
            recall(uow, UUID(id), replace(here, branch=new_id()))
        assert recall(uow, UUID(id), here).customer_name == "Mrs Karimi"


def test_more_carts_than_are_listed_are_said(dubai, till):
    dubai.takes_in(sku="R-1", name="Ring Toranj")
    for number in range(MOST_SHOWN + 1):
        till.press(find="R-1", go="find").press(customer_name=f"Customer {number}", go="hold")
    assert (len(held(till)), "These are the latest." in till.text) == (MOST_SHOWN, True)
    assert f"Recall {MOST_SHOWN + 1}" in till.text


def test_a_long_cart_is_held_under_its_first_pieces(dubai, till):
    for number in range(4):
        dubai.takes_in(sku=f"R-{number}", name=f"Ring {number}")
        till.press(find=f"R-{number}", go="find")
    assert list(held(till.press(go="hold"))) == ["Ring 0 · Ring 1 and 2 more"]


# Money that does not fit


def test_too_much_given_for_old_gold_is_no_change(dubai, till):
    till.press(old_gold__0__weight="3.100", old_gold__0__fineness="916").press(go="pay")
    till.press(pay="cash", pay_amount="5000")
    assert "The customer gets" in till.text
    assert ("Change due" in till.text, "Complete" in till.text) == (False, False)


def test_only_cash_gives_change(dubai, till):
    dubai.takes_in("4.250", "18", sku="R-1")
    till.press(find="R-1", go="find").press(go="pay").press(pay="card", pay_amount="5000")
    assert "was paid" in till.text
    assert ("Change due" in till.text, "Complete" in till.text) == (False, False)
    till.press(drop_payment=0).press(pay="cash", pay_amount="5000")
    assert ("Change due" in till.text, "Complete" in till.text) == (True, True)

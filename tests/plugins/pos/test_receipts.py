"""What stands on a receipt: in the customer's language, broken down as the market does."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from plugins.branches.actions import change as change_branch
from plugins.branches.forms import BranchForm
from plugins.pos import queries
from plugins.pos.actions.void import void
from plugins.pos.domain.choices import COPIES, FOOTINGS, PAPER
from plugins.pos.domain.receipt import Figure
from plugins.pos.forms import VoidForm
from plugins.pos.pages.receipt import receipt_of
from plugins.pricing.public import ReplayDiffers
from plugins.shop.actions.introduce import introduce
from plugins.shop.forms import ShopForm
from plugins.shop.public import TAX_NUMBER, Letterhead
from plugins.shop.store import put_logo
from tests.adapters.papers import SQUARE
from tests.plugins.pos.conftest import paid


def receipt(counter, sale, language=None):
    with counter.work() as uow:
        return receipt_of(uow, queries.sale(uow, sale.id), language)


def test_in_iran_the_four_parts_of_a_price_stand_apart(counter):
    sale = counter.sells(counter.takes_in("4.250", "18", name="Ring"), language="en")
    [line] = receipt(counter, sale).lines
    assert line.parts == (
        Figure("Metal", "29,750,000"),
        Figure("Making charge", "5,355,000"),
        Figure("Profit", "2,457,350"),
        Figure("VAT 10%", "781,235"),
    )
    assert (line.details, line.amount) == ("18K · 4.250\xa0g · 7,000,000 per gram", "38,343,585")


def test_in_india_the_tax_is_split(open_counter, new_shop):
    mumbai = open_counter(new_shop("IN"), "13000", "916")
    sale = mumbai.sells(mumbai.takes_in("1.000", "12", 22), payments=paid(cash="14997"))
    [line] = receipt(mumbai, sale).lines
    assert line.parts[2:] == (Figure("CGST 1.5%", "218.00"), Figure("SGST 1.5%", "218.00"))


def test_old_gold_payments_change_and_rounding_lead_to_the_total(counter):
    chain = counter.takes_in("10.000", "12", name="Chain")
    sale = counter.sells(
        chain,
        old_gold=[{"weight": "6.120", "fineness": "750"}],
        payments=paid(card="40000000", cash="4000000"),
        language="en",
    )
    made = receipt(counter, sale)
    assert (made.taken[0].name, made.taken[0].details, made.taken[0].amount) == (
        "Old gold 18K",
        "6.120\xa0g · tested 750 · paid as 740",
        "−42,268,800",
    )
    assert made.sums == (Figure("Goods", "85,276,800"), Figure("Old gold", "−42,268,800"))
    assert made.total == Figure("Total", "43,008,000\xa0toman")
    assert made.settled == (
        Figure("Card", "40,000,000"),
        Figure("Cash", "4,000,000"),
        Figure("Change given", "992,000"),
    )


def test_gold_that_is_only_bought_gets_a_purchase_voucher(counter):
    sale = counter.sells(
        old_gold=[{"weight": "6.120", "fineness": "750"}], payments=paid(cash="42269000"), language="en"
    )
    made = receipt(counter, sale)
    assert (made.title, made.total, made.taken[0].amount) == (
        "Purchase voucher",
        Figure("Paid out", "42,269,000\xa0toman"),
        "42,268,800",
    )


def test_the_language_is_the_customers_and_its_digits_too(counter):
    sale = counter.sells(counter.takes_in("4.250", "18"), customer_name="مریم احمدی")
    in_persian, in_english = receipt(counter, sale), receipt(counter, sale, "en")
    assert (in_persian.direction, in_english.direction) == ("rtl", "ltr")
    assert in_persian.lines[0].amount == "۳۸٬۳۴۳٬۵۸۵"
    assert in_persian.facts[0].value.startswith("۱۲ ")
    assert in_english.facts[0].value == "12 Khordad 1404, 12:30"
    assert in_persian.code == in_english.code == f"1/{sale.id}"


def test_the_branch_says_where_it_is_and_the_shop_whatever_else_stands_above_and_below(counter):
    sale = counter.sells(counter.takes_in(), language="en")
    with counter.work() as uow:
        introduce(
            uow,
            ShopForm(
                name="Parseh",
                language="fa",
                calendar="jalali",
                zone="Asia/Tehran",
                names={"en": "Parseh Gold"},
                headings={"fa": "از ۱۳۴۲"},
                addresses={"en": "Grand Bazaar"},
                hours={"en": "Sat to Thu 10–21"},
                phones="021-1\n021-2",
                website="parseh.example",
                tax_number="14001234567",
            ),
        )
        uow.choose(FOOTINGS, {"en": "No return without this receipt."})
    made = receipt(counter, sale)
    assert made.letterhead == Letterhead(
        "Parseh Gold",
        ("از ۱۳۴۲",),
        (
            "Grand Bazaar",
            "Phone \u2066021-1\u2069 · \u2066021-2\u2069",
            "\u2066parseh.example\u2069",
            "Tax number \u206614001234567\u2069",
        ),
        ("Sat to Thu 10–21",),
    )
    assert made.footing == ("No return without this receipt.",)
    with counter.work() as uow:
        change_branch(uow, counter.till.branch, BranchForm(code="M", name="Main", address="Bazaar 12", phone="021-55"))
    assert receipt(counter, sale).letterhead.rows[:2] == ("Bazaar 12", "Phone \u2066021-55\u2069")
    in_persian = receipt(counter, sale, "fa")
    assert (in_persian.letterhead.name, in_persian.footing) == ("Parseh", ("No return without this receipt.",))


def test_the_till_prints_as_many_copies_as_the_shop_wants(counter, signed_in):
    sale = counter.sells(counter.takes_in(), language="en")
    with counter.work() as uow:
        uow.choose(COPIES, "two")
    browser = signed_in(counter.shop)

    def sheets(paper):
        pages = PdfReader(io.BytesIO(browser.get(f"/sales/{sale.id}/receipt/{paper}").content)).pages
        return [page.extract_text() for page in pages]

    customers, shops = sheets("print")
    assert ("Customer’s copy" in customers, "Shop’s copy" in shops) == (True, True)
    assert len(sheets("a4")) == 1


def test_where_the_law_wants_it_an_invoice_with_tax_says_so(open_counter, new_shop):
    dubai = open_counter(new_shop("AE"), "290", "999")
    sale = dubai.sells(dubai.takes_in("4.250", "18"), language="en", payments=paid(card="1146.44"))
    assert receipt(dubai, sale).title == "Invoice"
    with dubai.work() as uow:
        uow.choose(TAX_NUMBER, "100234567800003")
    assert receipt(dubai, sale).title == "Tax invoice"


def test_a_void_sales_receipt_says_so(counter):
    sale = counter.sells(counter.takes_in(), language="en")
    with counter.work() as uow:
        void(uow, sale.id, VoidForm(because="typed twice"))
    assert receipt(counter, sale).stamp == "VOID"


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize(("paper", "width_mm"), [("80mm", 80), ("a4", 210), ("print", 80)])
def test_every_paper_in_every_language(counter, signed_in, language, paper, width_mm):
    sale = counter.sells(counter.takes_in())
    answer = signed_in(counter.shop).get(f"/sales/{sale.id}/receipt/{paper}?language={language}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    [sheet] = PdfReader(io.BytesIO(answer.content)).pages
    assert round(float(sheet.mediabox.width) / 72 * 25.4) == width_mm


def test_the_shop_chooses_the_paper_of_its_printer(counter, signed_in):
    sale = counter.sells(counter.takes_in())
    with counter.work() as uow:
        uow.choose(PAPER, "a4")
    browser = signed_in(counter.shop)
    sheet = PdfReader(io.BytesIO(browser.get(f"/sales/{sale.id}/receipt/print").content)).pages[0]
    assert round(float(sheet.mediabox.width) / 72 * 25.4) == 210
    assert browser.get(f"/sales/{sale.id}/receipt/a3").status_code == 404


def test_the_receipt_alone_is_a_page_for_the_browsers_own_printing(counter, signed_in):
    sale = counter.sells(counter.takes_in())
    page = signed_in(counter.shop).get(f"/sales/{sale.id}/receipt")
    assert (page.status_code, 'class="receipt"' in page.text, "<nav" in page.text) == (200, True, False)


def test_a_receipt_of_any_date_prices_again_to_the_same_figure(counter, clock):
    sale = counter.sells(counter.takes_in("4.250", "18"))
    before = receipt(counter, sale)
    clock.advance(timedelta(days=400))
    counter.rate("19000000")
    assert receipt(counter, sale) == before


def test_a_price_that_somebody_changed_in_the_database_is_noticed(counter, superuser):
    sale = counter.sells(counter.takes_in("4.250", "18"))
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        "UPDATE shop.sale_lines SET price = replace(price::text, '29750000', '19750000')::json WHERE sale_id = %s",
        (sale.id,),
    )
    with pytest.raises(ReplayDiffers):
        receipt(counter, sale)


def test_the_logo_is_read_for_paper_alone(counter, signed_in):
    sale = counter.sells(counter.takes_in())
    browser = signed_in(counter.shop)
    bare = browser.get(f"/sales/{sale.id}/receipt/80mm").content
    with counter.work() as uow:
        put_logo(uow, SQUARE)
    assert len(browser.get(f"/sales/{sale.id}/receipt/80mm").content) > len(bare)
    with counter.work() as uow:
        assert receipt_of(uow, queries.sale(uow, sale.id)).letterhead.logo is None

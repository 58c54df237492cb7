"""Labels for pieces: which, what stands on them, and how they come out of the printer."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader

from kernel.errors import NotFound
from kernel.metal import Weight
from plugins.inventory.public import MakingKind, Stone
from plugins.labels import queries
from plugins.labels.domain.label import Label, Shown
from plugins.labels.forms import LabelsForm
from plugins.labels.jobs import KEPT, forget_files
from plugins.labels.pages.printing import SOON
from plugins.labels.pages.written import run_of
from web.forms import validate

EVERYTHING = [shown.value for shown in Shown]


def run(counter, *items, **more):
    with counter.work() as uow:
        wanted = {"item": [str(item.id) for item in items], "layout": "a4-3x8", "shown": EVERYTHING} | more
        return run_of(uow, validate(LabelsForm, wanted))


@pytest.fixture
def seller(shop, signed_in):
    return signed_in(shop, "employee")


def fields(items, **more):
    return {"layout": "a4-3x8", "item[]": [str(item.id) for item in items], "shown[]": EVERYTHING} | more


def pages(pdf):
    return len(PdfReader(io.BytesIO(pdf)).pages)


def test_a_label_says_what_the_shop_wants_in_the_shops_language(counter):
    stones = (Stone("برلیان", 1, Decimal("0.45")),)
    ring = counter.takes_in("4.250", name="انگشتر", sku="R-77", barcode="2000012345", stones=stones)
    assert run(counter, ring, price="now").labels == (
        Label(
            counter.shop.name,
            "انگشتر",
            "R-77",
            ("۱۸ عیار", "۴٫۲۵۰\xa0گرم", "برلیان ۰٫۴۵ قیراط"),
            "۳۸٬۳۴۳٬۵۸۵\xa0تومان",
            "2000012345",
            "2000012345",
        ),
    )
    assert run(counter, ring, price="making").labels[0].price == "اجرت ۱۸٪"
    assert run(counter, ring, shown=["sku"]).labels == (Label(sku="R-77"),)


def test_what_has_no_price_now_gets_a_label_without_one(counter, clock):
    ring = counter.takes_in()
    clock.advance(timedelta(days=3))
    assert run(counter, ring, price="now").labels[0].price == ""


def test_a_making_charge_of_money_is_said_in_words(counter):
    coin = counter.takes_in("8.133", "2500000", making_kind=MakingKind.PER_PIECE)
    said = run(counter, coin, price="making").labels[0].price
    assert [word in said for word in ("اجرت", "هر قطعه", "۲٬۵۰۰٬۰۰۰")] == [True] * 3


def test_copies_stand_together_in_the_order_of_the_choice(counter):
    first, second = counter.takes_in(name="One"), counter.takes_in(name="Two")
    assert [label.name for label in run(counter, second, first, copies="2").labels] == ["Two", "Two", "One", "One"]
    coins = counter.takes_in(name="Coin", quantity=3)
    assert [label.name for label in run(counter, coins, first, stock="on").labels] == ["Coin"] * 3 + ["One"]


def test_another_shops_pieces_get_no_label(counter, open_counter, new_shop):
    theirs = open_counter(new_shop("AE"), "290").takes_in()
    ours = counter.takes_in(name="Ours")
    assert [label.name for label in run(counter, theirs, ours).labels] == ["Ours"]


def test_somebody_prints_labels(counter, seller):
    items = [counter.takes_in(name=f"Ring {n}") for n in range(3)]
    address = "/inventory/labels?" + "&".join(f"item={item.id}" for item in items)
    page = seller.get(address)
    assert page.status_code == 200
    assert page.text.count("data:image/png;base64,") == 1
    assert [f"Ring {n}" in page.text for n in range(3)] == [True] * 3
    looked = seller.post("/inventory/labels/preview", **fields(items, layout="50x25"))
    assert looked.text.count("data:image/png;base64,") == 3
    printed = seller.post("/inventory/labels/pdf", **fields(items, start="23"))
    assert (printed.headers["content-type"], pages(printed.content)) == ("application/pdf", 2)


def test_a_piece_leads_to_its_label(counter, seller):
    ring = counter.takes_in()
    assert f'href="/inventory/labels?item={ring.id}"' in seller.get(f"/inventory/{ring.id}").text


def test_without_pieces_the_way_to_the_stock_is_shown(seller):
    page = seller.get("/inventory/labels")
    assert (page.status_code, 'href="/inventory"' in page.text, "data:image" in page.text) == (200, True, False)


@pytest.mark.parametrize(
    "wrong", [{"layout": "a9"}, {"start": "25"}, {"start": "0"}, {"copies": "101"}, {"price": "twice"}, {"item[]": "x"}]
)
def test_what_cannot_be_printed_is_refused_with_the_pieces_still_chosen(counter, seller, wrong):
    ring = counter.takes_in(name="Still here")
    page = seller.post("/inventory/labels/pdf", **fields([ring], **wrong))
    assert page.status_code == 400
    if "item[]" not in wrong:
        assert "Still here" in page.text
        assert 'aria-invalid="true"' in page.text


def test_hundreds_of_labels_are_long_work_that_ends_in_a_file(counter, seller, deliver_all):
    coins = counter.takes_in(name="Coin", quantity=SOON + 1)
    answer = seller.post("/inventory/labels/pdf", **fields([coins], stock="on"))
    assert answer.status_code == 303
    deliver_all()
    done = seller.get(answer.headers["location"]).text
    [file] = set(re.findall(r"/inventory/labels/files/[0-9a-f-]{36}", done))
    printed = seller.get(file)
    assert (printed.headers["content-type"], pages(printed.content)) == ("application/pdf", 9)


def test_more_than_a_printer_takes_in_one_go_is_refused(counter, seller):
    coins = counter.takes_in(quantity=5_001)
    page = seller.post("/inventory/labels/pdf", **fields([coins], stock="on"))
    assert page.status_code == 400


def test_files_are_forgotten_after_a_week(counter, seller, clock, deliver_all):
    coins = counter.takes_in(quantity=SOON + 1)
    answer = seller.post("/inventory/labels/pdf", **fields([coins], stock="on"))
    deliver_all()
    file = re.findall(r"/inventory/labels/files/([0-9a-f-]{36})", seller.get(answer.headers["location"]).text)[0]
    with counter.work() as uow:
        forget_files(uow)
        assert queries.file(uow, file).startswith(b"%PDF")
    clock.advance(KEPT + timedelta(minutes=1))
    with counter.work() as uow:
        forget_files(uow)
        with pytest.raises(NotFound):
            queries.file(uow, file)


# What the shop prints usually


@pytest.fixture
def owner(shop, signed_in):
    return signed_in(shop, "owner")


OWN = {"own[page_width]": "۱۰۰", "own[page_height]": "60", "own[width]": "40", "own[height]": "20", "own[columns]": "2",
       "own[rows]": "2"}  # fmt: skip


def test_the_shop_chooses_what_stands_on_its_labels(counter, owner, seller):
    chosen = {"layout": "own", "shown[]": ["sku", "qr"], "price": "making", **OWN}
    looked = owner.post("/settings/labels/preview", **chosen)
    assert looked.text.count("data:image/png;base64,") == 1
    assert owner.post("/settings/labels", **chosen).status_code == 303
    assert 'value="100"' in owner.get("/settings/labels").text.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    ring = counter.takes_in()
    page = seller.get(f"/inventory/labels?item={ring.id}").text
    assert re.search(r'value="own" selected', page)
    assert re.findall(r'name="shown\[\]" value="(\w+)" checked', page) == ["sku", "qr"]


def test_measures_that_do_not_fit_are_refused_beside_their_field(owner):
    page = owner.post("/settings/labels", layout="own", **{**OWN, "own[columns]": "9"})
    assert page.status_code == 400
    assert re.search(r'name="own\[columns\]"[^>]*aria-invalid="true"', page.text)


def test_who_prints_labels_does_not_decide_how_they_look(seller):
    assert seller.get("/settings/labels").status_code == 403


def test_weights_are_those_of_the_metal_and_of_the_whole(counter):
    ring = counter.takes_in("4.250")
    assert ring.weighed.net == Weight.grams("4.250")
    assert run(counter, ring, shown=["net", "gross"]).labels[0].facts == ("۴٫۲۵۰\xa0گرم",)

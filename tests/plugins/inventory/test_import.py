"""A file comes in whole or not at all, and says before what is wrong with it."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest

from kernel.errors import BadInput, RuleBroken
from kernel.limits import LimitReached
from kernel.metal import Fineness
from kernel.work import WorkState
from plugins.branches.public import branches
from plugins.inventory import jobs, queries
from plugins.inventory.actions import import_file
from plugins.inventory.actions.add import add
from plugins.inventory.actions.export import export, template
from plugins.inventory.domain import imports as rules
from plugins.inventory.domain.errors import ImportHasBadRows, ImportNotReady, SomeTakenMeanwhile
from plugins.inventory.domain.imports import ImportState
from plugins.inventory.domain.item import Description, Kind, Making, MakingKind, Stone
from plugins.inventory.domain.search import NEWEST, Wanted
from plugins.inventory.domain.sheet import read, unused_columns
from plugins.inventory.public import find
from plugins.inventory.store import imports as store
from tests.plugins.inventory.conftest import a_ring

THREE = """sku,name,kind,category,metal,stamped,gross,net,making_kind,making_value,quantity,cost,stone,stone_carats
R-1,Ring Toranj,piece,Rings > Engraved,gold,750,4.350,4.250,percent,18,1,25000000,Ruby,0.35
R-2,Ring Yalda,,Rings,gold,18K,3.1,,per_gram,250000,,19000000,,
C-1,Coin Bahar,counted,Coins,gold,900,8.133,,none,,10,400000,,
"""


@pytest.fixture
def bring(uow, branch):
    """Bring a file and read it: `bring(text)`."""

    def brought(content, name="items.csv"):
        content = content.encode() if isinstance(content, str) else content
        return import_file.bring(uow, name, content, branch)

    return brought


@pytest.fixture
def enter(uow):
    def entered(this):
        import_file.confirm(uow, this.id)
        return import_file.enter(uow, this.id)

    return entered


def problems(uow, this):
    return [(bad.line, bad.column, bad.written) for bad in queries.imports.bad_rows(uow, this.id)]


def test_reading_a_file_changes_nothing_and_entering_it_brings_all_of_it(uow, bring, enter, heard):
    this = bring(THREE)
    assert (this.state, this.rows, this.good, this.bad) == (ImportState.CHECKED, 3, 3, 0)
    assert queries.find.count(uow, Wanted()) == 0
    done = enter(this)
    assert (done.state, done.good) == (ImportState.DONE, 3)
    (ring,) = find(uow, "R-1")
    assert (ring.name, ring.category_name, ring.on_hand, ring.cost, ring.net.mg, ring.making) == (
        "Ring Toranj", "Engraved", 1, 25_000_000, 4250, {"kind": "percent", "value": "18", "fineness": None},
    )  # fmt: skip
    assert [(stone.name, str(stone.carats)) for stone in ring.stones] == [("Ruby", "0.35")]
    (coins,) = find(uow, "bahar")
    assert (coins.kind, coins.on_hand, coins.cost, coins.fine.units) == (Kind.COUNTED, 10, 400_000, 8133 * 9000)
    assert [category.title for category in queries.categories.tree(uow)] == ["Coins", "Rings", "Rings › Engraved"]


def test_the_books_hear_of_a_file_once_per_metal(uow, bring, enter, heard):
    enter(bring(THREE + "S-1,Silver Cup,piece,,silver,925,100,,,,1,500,,\n"))
    told = [(event.metal, event.items, event.quantity, event.cost, event.fine, event.reason) for event in heard]
    fine = 4250 * 7500 + 3100 * 7500 + 10 * 8133 * 9000
    assert told == [
        ("gold", 3, 12, 25_000_000 + 19_000_000 + 4_000_000, fine, "imported"),
        ("silver", 1, 1, 500, 100_000 * 9250, "imported"),
    ]


def test_every_bad_row_is_shown_with_its_line_its_column_and_why(uow, bring, enter):
    this = bring(
        "sku,name,metal,stamped,gross,net,quantity,cost,kind,branch,making_kind,stone,stone_carats\n"
        "R-1,Ring,gold,750,4.350,5,1,1,,,,,\n"
        "\n"
        ",Ring,gold,750,4.350,,2,x,,,,,\n"
        "R-3,Ring,gold,1001,4.350,,1,1,box,,,,\n"
        "R-4,Ring,gold,750,4.350,,1,1,,Moon,,,\n"
        'R-5,"Ring\nof two lines",gold,750,4.350,,1,1,,,magic,Ruby,-1\n'
        "R-6,Ring,gold,750,4.350,,1,1,,,,,\n"
    )
    assert problems(uow, this) == [
        (2, "net", "5"),
        (4, "sku", ""),
        (4, "cost", "x"),
        (5, "kind", "box"),
        (5, "stamped", "1001"),
        (6, "branch", "Moon"),
        (7, "making_kind", "magic"),
        (7, "stone_carats", "-1"),
    ]
    assert (this.good, this.bad) == (1, 5)
    with pytest.raises(ImportHasBadRows, match="5 rows"):
        enter(this)


def test_rows_that_clash_with_each_other_or_with_the_stock_are_bad(uow, bring, take_in):
    take_in(sku="R-1", barcode="111")
    this = bring("sku,name,barcode\nR-1,A,\nR-2,B,111\nR-3,C,222\nR-3,D,222\nR-4,E,\n")
    assert problems(uow, this) == [
        (2, "sku", "R-1"),
        (3, "barcode", "111"),
        (4, "barcode", "222"),
        (4, "sku", "R-3"),
        (5, "barcode", "222"),
        (5, "sku", "R-3"),
    ]


def test_a_file_is_entered_once(bring, enter):
    this = bring(THREE)
    enter(this)
    with pytest.raises(ImportNotReady):
        enter(this)


def test_a_sku_taken_between_check_and_entering_stops_all_of_it(database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        branch = branches(uow)[0].id
        this = import_file.bring(uow, "items.csv", THREE.encode(), branch)
        add(uow, a_ring(branch, sku="R-2"))
    with pytest.raises(SomeTakenMeanwhile), database.for_shop(shop.id, actor) as uow:
        import_file.confirm(uow, this.id)
        import_file.enter(uow, this.id)
    with database.for_shop(shop.id, actor) as uow:
        assert [row.sku for row in queries.find.find(uow, Wanted()).rows] == ["R-2"]
        assert queries.imports.one(uow, this.id).state is ImportState.CHECKED


def test_a_file_beyond_the_plans_items_stays_outside(database, new_shop, actor):
    small = new_shop(plan="small")
    with database.for_shop(small.id, actor) as uow:
        this = import_file.bring(
            uow, "items.csv", f"{THREE}R-9,One too many,,,,,,,,,,,,\n".encode(), branches(uow)[0].id
        )
    with pytest.raises(LimitReached, match="3 items"), database.for_shop(small.id, actor) as uow:
        import_file.confirm(uow, this.id)
        import_file.enter(uow, this.id)
    with database.for_shop(small.id, actor) as uow:
        assert queries.find.count(uow, Wanted()) == 0
        assert queries.categories.tree(uow) == []


PERSIAN = """کد کالا;نام;عیار;وزن;وزن خالص;نوع اجرت;اجرت;تعداد;نوع;فلز;قیمت خرید
ک‌۱;انگشتر ترنج;۷۵۰;۴٫۳۵۰;۴/۲۵۰;درصد;۱۸;۱;تکی;طلا;۲۵٬۰۰۰٬۰۰۰
س-۱;سکه بهار;۹۰۰;۸٫۱۳۳;;بدون اجرت;;۱۰;شمارشی;طلا;۴۰۰٬۰۰۰
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_persian_headings_digits_and_words_are_understood(uow, bring, enter, encoding):
    this = bring(PERSIAN.encode(encoding))
    assert problems(uow, this) == []
    enter(this)
    (ring,) = find(uow, "ترنج")
    making = {"kind": "percent", "value": "18", "fineness": None}
    assert (ring.net.mg, ring.fineness, ring.cost, ring.making) == (4250, Fineness(7500), 25_000_000, making)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "SKU, Name"),
        (b"\x00\x01\x02", "text file"),
        ("sku,name\nR-1,آ".encode("cp1256"), "CSV UTF-8"),
        (b"PK\x03\x04\x9c\x8d", "CSV UTF-8"),
        (b"sku,price\nR-1,5", "Name"),
        (b"sku,name\n\n \n", "no rows"),
        (b"sku,name,code\nR-1,a,b", "twice"),
        (b'sku,name\nR-1,"' + b"x" * 200_000, "cannot be read"),
        (b"sku,name\n" + b"R,a\n" * 50_001, "At most 50000"),
    ],
)
def test_what_is_no_list_of_items_is_refused_with_a_sentence(uow, bring, content, sentence):
    with pytest.raises(BadInput) as refused:
        bring(content)
    assert sentence in refused.value.fields["file"]
    assert queries.imports.newest(uow) == []


def test_columns_we_do_not_know_are_left_out_and_named():
    text = "sku,colour,name,\nR-1,red,Ring,\n"
    sheet = read(text)
    assert (sheet.columns, unused_columns(text), dict(sheet.lines[0].cells)) == (
        ("sku", "name"), ["colour"], {"sku": "R-1", "name": "Ring"},
    )  # fmt: skip


def test_what_goes_out_comes_in_again(uow, branch, bring, enter, new_shop, database, actor, shop):
    description = Description(
        sku="=HYPERLINK(1)",
        name='@Ring "Toranj", large',
        craftsmanship="handmade",
        making=Making(MakingKind.PERCENT, Decimal(18)),
        barcode="-12",
        serial="+7",
        stones=(Stone("Ruby", 2, None, 1_000_000, "GIA", "7"),),
    )
    add(uow, a_ring(branch, description=description))
    text = export(uow, Wanted(), NEWEST)
    cells = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert (cells["SKU"], cells["Barcode"], cells["Name"]) == ("'=HYPERLINK(1)", "-12", '\'@Ring "Toranj", large')
    other = new_shop()
    with database.for_shop(other.id, actor) as theirs:
        this = import_file.bring(theirs, "stock.csv", text.encode(), branches(theirs)[0].id)
        assert problems(theirs, this) == []
        import_file.confirm(theirs, this.id)
        import_file.enter(theirs, this.id)
        (row,) = queries.find.find(theirs, Wanted()).rows
        assert queries.items.item(theirs, row.id).description == description


def test_the_template_can_be_brought_in_as_it_is(uow, bring):
    assert problems(uow, bring(template())) == []


def test_a_large_file_is_read_and_entered_by_jobs_with_progress(database, shop, actor, deliver_all, monkeypatch):
    monkeypatch.setattr(jobs, "ROWS_A_STEP", 40)
    monkeypatch.setattr(rules, "AT_ONCE", 99)
    rows = "".join(f"R-{n},Ring,gold,750,4.350\n" for n in range(100))
    with database.for_shop(shop.id, actor) as uow:
        content = f"sku,name,metal,stamped,gross\n{rows}".encode()
        this = import_file.bring(uow, "items.csv", content, branches(uow)[0].id)
        job = uow.begin_work(jobs.read_import, total=this.rows, import_id=str(this.id), rows=this.rows)
        store.follow(uow, this.id, job)
    deliver_all()
    with database.for_shop(shop.id, actor) as uow:
        read = queries.imports.work(uow, this.id)
        assert read is not None
        assert (read.state, read.done, read.total) == (WorkState.DONE, 100, 100)
        assert queries.imports.one(uow, this.id).can_enter
        import_file.confirm(uow, this.id)
        uow.enqueue(jobs.enter_import, import_id=str(this.id))
    deliver_all()
    with database.for_shop(shop.id, actor) as uow:
        assert queries.imports.one(uow, this.id).state is ImportState.DONE
        assert queries.find.count(uow, Wanted()) == 100


def test_a_file_comes_in_on_its_pages(signed_in, shop, database, actor):
    owner = signed_in(shop)
    owner.client.cookies.set("language", "en")
    with database.for_shop(shop.id, actor) as uow:
        branch = str(branches(uow)[0].id)

    def upload(content):
        proof = {"csrf_token": owner.token.csrf, "branch": branch}
        return owner.client.post("/inventory/imports", data=proof, files={"file": ("my.csv", content, "text/csv")})

    refused = upload(b"\xff\xff\xff")
    assert (refused.status_code, "CSV UTF-8" in refused.text) == (400, True)
    bad = upload(b"sku,name,gross\nR-1,Ring,-4\n")
    page = owner.get(bad.headers["location"])
    assert ("row cannot come in" in page.text, "This cannot be negative." in page.text) == (True, True)
    assert owner.post(f"{bad.headers['location']}/entering").status_code == 422
    assert "Columns that are not used" not in page.text
    odd = upload(b"sku,name,colour\nR-1,Ring,red\n")
    assert "Columns that are not used: colour." in owner.get(odd.headers["location"]).text
    good = upload(THREE.encode())
    assert "rows are fine" in owner.get(good.headers["location"]).text
    assert owner.post(f"{good.headers['location']}/entering").status_code == 303
    assert owner.post(f"{good.headers['location']}/entering").status_code == 409
    assert "items are in the stock" in owner.get(good.headers["location"]).text
    stock = owner.get("/inventory/export?state=all")
    assert (stock.headers["content-type"], stock.text.count("\r\n")) == ("text/csv; charset=utf-8", 4)
    assert owner.get("/inventory/imports/template").status_code == 200
    assert owner.get("/inventory/imports").status_code == 200


def test_files_that_nobody_entered_are_forgotten_after_a_month(uow, bring, clock):
    bring(THREE)
    assert store.forget_abandoned(uow, before=uow.now) == 0
    clock.at = clock.at.replace(month=8)
    assert store.forget_abandoned(uow, before=clock.now()) == 1
    assert queries.imports.newest(uow) == []


def test_a_large_file_is_followed_on_its_page_and_found_again_in_the_bell(signed_in, shop, deliver_all, monkeypatch):
    monkeypatch.setattr(rules, "AT_ONCE", 99)
    owner = signed_in(shop, "owner", "Sara")
    owner.client.cookies.set("language", "en")
    rows = "".join(f"R-{n},Ring,gold,750,4.350\n" for n in range(100))
    file = ("rings.csv", f"sku,name,metal,stamped,gross\n{rows}".encode(), "text/csv")
    [branch] = re.findall(r'<option value="([0-9a-f-]{36})"', owner.get("/inventory/imports").text)
    proof = {"csrf_token": owner.token.csrf, "branch": branch}
    at = owner.client.post("/inventory/imports", data=proof, files={"file": file}).headers["location"]
    assert ("Reading the file" in owner.get(at).text, "rings.csv" in owner.get("/bell").text) == (True, True)
    deliver_all()
    owner.post(f"{at}/entering")
    assert "Entering the items" in owner.get(at).text
    deliver_all()
    assert "items are in the stock." in owner.get(at).text
    assert "Sara" in owner.get("/tasks").text


def test_what_went_wrong_while_entering_leads_to_where_it_starts_again(
    signed_in, shop, database, actor, deliver_all, monkeypatch
):
    with database.for_shop(shop.id, actor) as uow:
        this = import_file.bring(uow, "rings.csv", THREE.encode(), branches(uow)[0].id)
    monkeypatch.setattr(rules, "AT_ONCE", 1)
    monkeypatch.setattr(store, "enter", lambda _uow, _id: (_ for _ in ()).throw(RuleBroken("The scale is off.")))
    owner = signed_in(shop, "owner", "Sara")
    owner.client.cookies.set("language", "en")
    owner.post(f"/inventory/imports/{this.id}/entering")
    deliver_all()
    page = owner.get(f"/inventory/imports/{this.id}").text
    assert ("This file did not come in" in page, "The scale is off." in page, 'href="/tasks/' in page) == (True,) * 3


@pytest.mark.parametrize(
    ("written", "is_investment"), [("yes", True), ("بله", True), ("1", True), ("no", False), ("", False)]
)
def test_bars_are_marked_as_investment_in_a_file_and_come_out_with_the_mark(uow, bring, enter, written, is_investment):
    enter(bring(f"sku,name,metal,stamped,gross,investment\nB-1,Bar,gold,995,10,{written}\n"))
    (bar,) = find(uow, "B-1")
    assert bar.investment is is_investment
    (row,) = csv.DictReader(io.StringIO(export(uow, Wanted(), NEWEST).removeprefix("\ufeff")))
    assert row["Investment metal"] == ("yes" if is_investment else "")

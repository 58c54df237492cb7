"""A shop's day in a real browser, in both languages: as somebody walks it, from the first press to the books."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import expect

from kernel.digits import shown
from tests.e2e.axe import violations
from tests.e2e.installation import PASSWORD, SHOPS, Installation
from tests.e2e.person import Person, amount, plain
from tests.e2e.tab import Tab
from tests.plugins.browser import App

Opening = Callable[..., AbstractContextManager[Person]]

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring as its owner types it."""

    sku: str
    name: str
    fineness: str
    gross: str
    making: str
    cost: str


RINGS = {
    "en": lambda n: Ring(f"E2E-{n}", f"Ring Azar {n}", "750", "4.250", "18", "1000"),
    "fa": lambda n: Ring(f"ت-{n}", f"انگشتر آذر {shown(str(n), 'fa')}", "۷۵۰", "۴٫۲۵۰", "۱۸", "۲۰٬۰۰۰٬۰۰۰"),
}


@pytest.fixture
def person(open_tab: Callable[..., AbstractContextManager[Tab]], language: str) -> Opening:
    @contextmanager
    def opened(role: str | None = "owner", **options: Any) -> Iterator[Person]:
        with open_tab(language, role, **options) as tab:
            yield Person(tab, language)

    return opened


def takes_in(owner: Person, branch: str | None = None) -> Ring:
    """A piece comes into the stock, of the first branch where none is said."""
    ring = RINGS[owner.language](next(_numbers))
    owner.opens("/inventory/new")
    owner.types({"sku": ring.sku, "name": ring.name, "stamped": ring.fineness, "gross": ring.gross, "cost": ring.cost})
    owner.field("making_kind").select_option("percent")
    owner.types({"making_value": ring.making})
    if branch is not None:
        owner.field("branch").select_option(label=branch)
    owner.presses("Add item")
    owner.is_at("/inventory/*")
    owner.sees(ring.name)
    return ring


def scans(seller: Person, ring: Ring, lines: int = 1) -> None:
    """As a scanner does: it types wherever the focus is, and presses Enter."""
    expect(seller.page.locator("[data-scan][data-htmx-powered]")).to_have_count(1)
    seller.page.locator("[data-scan]").press_sequentially(ring.sku)
    seller.page.keyboard.press("Enter")
    expect(seller.page.locator(".sale__line")).to_have_count(lines)


def total(seller: Person) -> Decimal:
    return amount(seller.page.locator(".facts__total dd").inner_text())


def sells(seller: Person) -> tuple[Ring, str]:
    """A ring, paid in cash at once; answers where the sale stands."""
    ring = takes_in(seller)
    seller.opens("/pos")
    scans(seller, ring)
    seller.presses("Pay")
    seller.presses("Cash")
    seller.presses("Complete")
    seller.presses("Open the sale")
    seller.is_at("/sales/*")
    return ring, seller.page.url


def test_somebody_new_is_invited_by_letter_and_comes_in(person: Opening, language: str, installation: Installation):
    address, name = f"new-{next(_numbers)}-{language}@shop.example", {"en": "Noor", "fa": "نور"}[language]
    with person() as owner:
        owner.opens("/users/new")
        owner.types({"name": name, "email": address})
        owner.presses("Send invitation")
        owner.is_at("/users/invitations")
        expect(owner.main.get_by_text(address)).to_be_visible()
    with person(role=None, axe=True) as newcomer:
        newcomer.opens(installation.link_in_letter(address))
        expect(newcomer.field("name")).to_have_value(name)
        assert violations(newcomer.page) == []
        newcomer.types({"password": PASSWORD + "-mine", "repeated": PASSWORD + "-mine"})
        newcomer.presses("Begin")
        newcomer.is_at("/")
        expect(newcomer.page.get_by_role("navigation").first).to_be_visible()
    with person(role=None) as again:
        again.opens("/login")
        with again.refused(400, 401, 403, 422):
            again.types({"email": address, "password": "not the one"})
            again.presses("Sign in")
            expect(again.page.get_by_role("alert")).to_be_visible()
        again.types({"password": PASSWORD + "-mine"})
        again.presses("Sign in")
        again.is_at("/")


def test_an_admin_opens_a_shop_and_its_owner_arrives(
    person: Opening, language: str, installation: Installation, new_admin: str
):
    n = next(_numbers)
    address, shop = f"owner-{n}-{language}@shop.example", {"en": f"Palm Gold {n}", "fa": f"طلای نخل {n}"}[language]
    with person(role=None) as admin:
        enters_for_the_first_time(admin, new_admin)
        admin.is_at("/platform")
        admin.opens("/platform/shops/new")
        admin.types({"name": shop, "slug": f"palm-{n}-{language}", "owner_name": "Noor", "owner_email": address})
        admin.field("market").select_option({"en": "AE", "fa": "IR"}[language])
        admin.presses("Open shop")
        admin.is_at("/platform/shops/*")
        admin.sees(shop)
    with person(role=None) as owner:
        accepts(owner, installation.link_in_letter(address))
        expect(owner.page.locator("body")).to_contain_text(shop)
        owner.opens("/users")
        owner.sees(address)


def enters_for_the_first_time(admin: Person, address: str) -> None:
    """A password is not enough for who runs the installation: they set up an app, and keep their codes."""
    admin.opens("/login")
    admin.types({"email": address, "password": PASSWORD})
    admin.presses("Sign in")
    admin.is_at("/login/app")
    seed = re.findall(r"[A-Z2-7]{32}", admin.main.inner_text())[0]
    admin.types({"code": App(seed).code(datetime.now(UTC))})
    admin.presses("Continue")
    admin.presses("I have kept them: go on")


def accepts(newcomer: Person, link: str) -> None:
    newcomer.opens(link)
    newcomer.types({"password": PASSWORD + "-mine", "repeated": PASSWORD + "-mine"})
    newcomer.presses("Begin")
    newcomer.is_at("/")


def test_who_works_in_one_branch_sells_there_and_sees_nothing_of_the_other(
    person: Opening, language: str, installation: Installation
):
    n = next(_numbers)
    address, branch = f"one-{n}-{language}@shop.example", {"en": "Zabeel", "fa": "یوسف‌آباد"}[language]
    with person() as owner:
        owner.opens("/branches/new")
        owner.types({"code": f"Z{n}", "name": branch})
        owner.presses("Open branch")
        owner.is_at("/branches/*")
        owner.presses("Add till")
        owner.types({"name": branch})
        owner.presses("Save")
        owner.is_at("/branches/*")
        there, elsewhere = takes_in(owner, branch), takes_in(owner)
        owner.opens("/users/new")
        owner.types({"name": "Noor", "email": address})
        owner.main.locator('[name=reach][value="chosen"]').check(force=True)
        owner.main.get_by_label(branch, exact=True).check()
        owner.presses("Send invitation")
        owner.is_at("/users/invitations")
    with person(role=None) as seller:
        accepts(seller, installation.link_in_letter(address))
        seller.opens("/inventory")
        seller.sees(there.name)
        expect(seller.main).not_to_contain_text(elsewhere.name)
        seller.opens(f"/inventory?text={elsewhere.sku}")
        expect(seller.main).not_to_contain_text(elsewhere.name)
        seller.opens("/pos")
        scans(seller, there)
        seller.presses("Pay")
        seller.presses("Cash")
        seller.presses("Complete")
        expect(seller.page.locator(".receipt")).to_contain_text(there.name)


def test_an_admin_looks_at_a_shop_as_its_owner_and_changes_nothing(person: Opening, language: str, new_admin: str):
    why = {"en": "the receipt does not print", "fa": "رسید چاپ نمی‌شود"}[language]
    with person(role=None) as admin:
        enters_for_the_first_time(admin, new_admin)
        admin.opens(f"/platform/shops?text={SHOPS[language]}")
        admin.main.locator("tbody a").first.click()
        admin.is_at("/platform/shops/*")
        admin.opens(admin.page.url + "/impersonation")
        owner = admin.field("user").locator("option", has_text=admin.word("Owner")).last
        admin.field("user").select_option(owner.get_attribute("value"))
        admin.types({"because": why})
        admin.presses("Begin")
        admin.is_at("/")
        band = admin.page.locator(".band[role=status]")
        admin.opens("/branches/new")
        expect(band).to_be_visible()
        admin.types({"code": "NO", "name": "Nowhere"})
        with admin.refused(403):
            admin.presses("Open branch")
            admin.sees(admin.word("You are only looking: nothing can be changed in somebody else’s account."))
        admin.opens("/branches")
        expect(admin.main).not_to_contain_text("Nowhere")
        band.get_by_role("button").click()
        admin.is_at("/platform/shops/*")
        expect(band).to_have_count(0)
    with person() as told:
        told.opens("/audit?action=impersonation.begin")
        told.sees("Ada")


def test_a_rate_is_set_and_prices_follow_it(person: Opening, language: str):
    with person() as owner:
        ring = takes_in(owner)
        before = sets_rate(owner, 2)
        asked = asked_for(person, ring)
        sets_rate(owner, 1 / Decimal(2))
        # A charge of so many per cent follows the rate, too.
        assert abs(asked_for(person, ring) * 2 - asked) <= 2 + asked / 1000
        assert in_use(owner) == before


def asked_for(person: Opening, ring: Ring) -> Decimal:
    """At a till that nobody began a sale at: what lies on the counter keeps its price for a while."""
    with person("employee") as seller:
        seller.opens("/pos")
        scans(seller, ring)
        return total(seller)


def sets_rate(owner: Person, times: Decimal | int) -> Decimal:
    """Anew for the metal that is sold at one; answers what it was."""
    was = in_use(owner)
    owner.main.get_by_role("row").filter(has_text=owner.word("In use")).get_by_role(
        "link", name=owner.word("Set"), exact=True
    ).first.click()
    owner.types({"value": f"{was * times:f}"})
    owner.presses("Set the rate")
    owner.is_at("/pricing")
    expect(owner.page.locator("#toasts")).to_contain_text(owner.word("The rate is set. Prices follow it from now on."))
    return was


def in_use(owner: Person) -> Decimal:
    owner.opens("/pricing")
    row = owner.main.get_by_role("row").filter(has_text=owner.word("In use")).first
    return amount(row.locator("td.number").first.inner_text())


def test_a_sale_with_old_gold_and_two_payments_is_in_the_books(person: Opening, language: str):
    with person() as owner:
        ring = takes_in(owner)
        owner.opens("/pos")
        owner.page.evaluate("window.stayed = true")
        scans(owner, ring)
        full = total(owner)
        owner.page.keyboard.press("F4")
        owner.types({"old_gold[0][weight]": {"en": "1.000", "fa": "۱٫۰۰۰"}[language], "old_gold[0][fineness]": "750"})
        owner.presses("Take in")
        expect(owner.page.locator(".sale__line")).to_have_count(2)
        due = total(owner)
        assert 0 < due < full
        owner.presses("Pay")
        part = (due / 2).quantize(due)
        owner.types({"pay_amount": str(part)})
        owner.presses("Card")
        expect(owner.page.locator(".pay__list li")).to_have_count(1)
        assert amount(owner.field("pay_amount").input_value()) == due - part
        owner.presses("Cash")
        owner.presses("Complete")
        receipt = owner.page.locator(".receipt")
        expect(receipt).to_contain_text(ring.name)
        assert owner.page.evaluate("window.stayed"), "a page was loaded during the sale"
        assert amount(receipt.locator(".receipt__total strong").nth(1).inner_text()) == due
        owner.presses("Open the sale")
        owner.is_at("/sales/*")
        number = owner.page.locator("h1").inner_text()
        owner.opens("/books")
        document = owner.main.get_by_role("row").filter(has_text=plain(number)).first
        expect(document).to_be_visible()
        document.get_by_role("link").first.click()
        owner.sees(plain(number))
        owner.opens(f"/inventory?text={ring.sku}")
        expect(owner.main).not_to_contain_text(ring.name)


def test_goods_come_back_for_money_and_for_other_goods(person: Opening, language: str):
    why = {"en": "too small", "fa": "کوچک بود"}[language]
    with person() as owner:
        _ring, sale = sells(owner)
        owner.presses("Goods come back")
        owner.types({"because": why})
        owner.presses("Take back and refund")
        owner.is_at("/refunds/*")
        expect(owner.page.locator(".receipt")).to_be_visible()
        owner.opens(sale)
        owner.sees(why)

        ring, _sale = sells(owner)
        other = takes_in(owner)
        owner.opens(_sale)
        owner.presses("Exchange")
        owner.types({"because": why})
        owner.presses("To the till")
        expect(owner.page.locator(".sale__line")).to_have_count(1)
        scans(owner, other, lines=2)
        assert total(owner) == 0
        owner.presses("Pay")
        owner.presses("Complete")
        expect(owner.page.locator(".receipt")).to_contain_text(other.name)
        owner.opens(f"/inventory?text={ring.sku}")
        owner.sees(ring.name)


def test_what_a_shop_decides_stands_on_its_next_receipt(person: Opening, language: str):
    thanks = {"en": "Come back within a fortnight.", "fa": "تا دو هفته می‌توانید پس بیاورید."}[language]
    with person() as owner:
        owner.opens("/settings/receipts")
        owner.types({f"footings[{language}]": thanks})
        owner.presses("Save")
        owner.is_at("/settings/receipts")
        expect(owner.field(f"footings[{language}]")).to_have_value(thanks)
        sells(owner)
        expect(owner.page.locator(".receipt")).to_contain_text(thanks)


def test_the_books_are_proved(person: Opening):
    with person() as owner:
        owner.opens("/books/proof")
        owner.presses("Prove now")
        # Done by the worker; its page goes on by itself.
        owner.is_at("/tasks/*")
        owner.presses("Show what came of it")
        owner.sees(owner.word("The books are proved"))


def test_a_list_is_asked_sorted_and_left_and_found_again(person: Opening, language: str):
    with person() as owner:
        owner.opens("/inventory")
        owner.page.evaluate("window.stayed = true")
        some = owner.page.locator("tbody tr").nth(2).locator("td").nth(1).inner_text()
        rows = owner.page.locator("tbody tr")
        many = rows.count()
        owner.field("text").press_sequentially(some)
        expect(rows).not_to_have_count(many)
        expect(rows.first).to_contain_text(some)
        owner.page.get_by_role("columnheader", name=owner.word("Net g")).get_by_role("link").click()
        owner.page.wait_for_url("**sort=net**")
        assert owner.page.evaluate("window.stayed"), "a page was loaded"
        weights = [amount(cell) for cell in owner.page.locator("tbody td.number:nth-child(5)").all_inner_texts()]
        assert weights == sorted(weights)
        address = owner.page.url
        rows.first.get_by_role("link").first.click()
        owner.is_at("/inventory/*")
        owner.page.go_back()
        assert owner.page.url == address
        expect(rows.first).to_contain_text(some)
        expect(owner.field("text")).to_have_value(some)


def test_pages_of_a_list_follow_each_other(person: Opening):
    with person() as owner:
        owner.opens("/sales")
        rows = owner.page.locator("tbody tr")
        first = rows.first.inner_text()
        owner.page.get_by_role("link", name=owner.word("Next page")).click()
        owner.page.wait_for_url("**page=2**")
        expect(rows.first).not_to_have_text(first)


def test_a_file_is_checked_and_comes_in(person: Opening, language: str, tmp_path):
    n = next(_numbers)
    heading, row = {
        "en": ("SKU,Name,Metal,Fineness,Gross weight g", f"IMP-{n},Bangle Layla,gold,750,8.100"),
        "fa": ("کد,نام,فلز,عیار,وزن", f"و-{n},النگوی لیلا,طلا,۷۵۰,۸٫۱۰۰"),
    }[language]
    file = tmp_path / "pieces.csv"
    file.write_text(f"{heading}\n{row}\n")
    with person() as owner:
        owner.opens("/inventory/imports")
        owner.field("file").set_input_files(file)
        owner.main.locator("button.button--primary").click()
        owner.is_at("/inventory/imports/*")
        owner.presses("Enter them into the stock")
        owner.presses("To the stock")
        owner.opens(f"/inventory?text={row.split(',')[0]}")
        owner.sees(row.split(",")[1])


def test_two_tills_cannot_sell_the_same_piece(person: Opening):
    with person() as one, person("employee") as other:
        ring = takes_in(one)
        for seller in (one, other):
            seller.opens("/pos")
            scans(seller, ring)
            seller.presses("Pay")
            seller.presses("Cash")
        one.presses("Complete")
        expect(one.page.locator(".receipt")).to_contain_text(ring.name)
        with other.refused(409):
            other.presses("Complete")
            expect(other.page.get_by_role("alert").first).to_contain_text(ring.name)
        expect(other.page.locator(".sale__line")).to_have_count(1)


def test_a_till_without_a_network_says_so_and_keeps_the_sale(person: Opening):
    with person() as seller:
        ring = takes_in(seller)
        seller.opens("/pos")
        scans(seller, ring)
        asked = total(seller)
        seller.tab.context.set_offline(True)
        seller.presses("Pay")
        expect(seller.page.locator("[data-offline]:visible, .toast:visible").first).to_be_visible()
        assert total(seller) == asked
        seller.tab.context.set_offline(False)
        seller.presses("Pay")
        expect(seller.field("pay_amount")).to_be_visible()
        seller.tab.told()


def test_language_and_look_are_remembered(person: Opening, language: str):
    other = {"en": "fa", "fa": "en"}[language]
    with person("manager") as manager:
        page = manager.page
        manager.opens("/inventory")
        page.locator("header details[data-menu] summary").last.click()
        page.locator('button[name=theme][value="dark"]').click()
        ground = "getComputedStyle(document.body).backgroundColor"
        assert page.evaluate(ground) == "rgb(18, 17, 13)"
        page.wait_for_timeout(300)
        page.reload()
        assert page.evaluate(ground) == "rgb(18, 17, 13)"
        page.locator("header details[data-menu] summary").last.click()
        page.locator(f'button[name=language][value="{other}"]').click()
        expect(page.locator("html")).to_have_attribute("lang", other)
        manager.opens("/sales")
        expect(page.locator("html")).to_have_attribute("dir", {"en": "ltr", "fa": "rtl"}[other])
        page.locator("header details[data-menu] summary").last.click()
        page.locator(f'button[name=language][value="{language}"]').click()
        expect(page.locator("html")).to_have_attribute("lang", language)

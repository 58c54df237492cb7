"""The pages and addresses of the books."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from kernel.ids import new_id
from kernel.tenancy import Shop
from tests.conftest import Statements
from tests.plugins.accounting.conftest import Books
from tests.plugins.accounting.test_booking import EXCHANGE, SALE, fresh, tell
from tests.plugins.browser import Browser

SignedIn = Callable[..., Browser]

PAGES = [
    "/books",
    "/books/accounts",
    "/books/trial-balance",
    "/books/proof",
    "/books/parts",
    "/books/accounts/new",
    "/books/journals/new",
]


@pytest.fixture
def signed_in(signed_in: SignedIn) -> SignedIn:
    """Everybody reads English here, so that figures can be looked for."""

    def enter(shop: Shop, role: str = "owner") -> Browser:
        browser = signed_in(shop, role)
        browser.client.cookies.set("language", "en")
        return browser

    return enter


@pytest.fixture
def traded(books: Books) -> Books:
    tell(books, fresh(SALE), fresh(EXCHANGE))
    return books


def journal_form(books: Books, **changes: str) -> dict[str, str]:
    cash, rent = books.account("paid.cash"), books.account("adjusted.other")
    return {
        "id": str(new_id()),
        "day": "2025-06-02",
        "memo": "Rent of June",
        "lines[0][account]": rent,
        "lines[0][unit]": "IRT",
        "lines[0][debit]": "۱٬۰۰۰٬۰۰۰",
        "lines[1][account]": cash,
        "lines[1][unit]": "IRT",
        "lines[1][credit]": "1000000",
        "lines[2][account]": "",
        "lines[2][debit]": "",
    } | changes


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_page_opens_on_empty_and_on_full_books(signed_in: SignedIn, books: Books, address, language):
    owner = signed_in(books.shop)
    owner.client.cookies.set("language", language)
    assert owner.get(address).status_code == 200
    tell(books, fresh(SALE), fresh(EXCHANGE))
    assert owner.get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_an_employee_sees_no_books(signed_in: SignedIn, shop: Shop, address):
    assert signed_in(shop, "employee").get(address).status_code == 403


@pytest.mark.parametrize("address", ["/books/journals/new", "/books/parts", "/books/accounts/new"])
def test_a_manager_sees_the_books_and_changes_nothing(signed_in: SignedIn, traded: Books, address):
    manager = signed_in(traded.shop, "manager")
    assert manager.get("/books").status_code == 200
    assert manager.get(address).status_code == 403
    assert manager.post("/books/journals", **journal_form(traded)).status_code == 403


def test_the_journal_of_a_sale_shows_both_units(signed_in: SignedIn, traded: Books):
    owner = signed_in(traded.shop)
    listed = owner.get("/books").text
    journal = re.search(r'href="(/books/journals/[0-9a-f-]{36})">1<', listed)
    assert journal is not None
    shown = owner.get(journal[1]).text
    for figure in ("30,000,000", "8,344,000", "29,750,000", "781,235", "415", "3.188"):
        assert figure in shown


def test_the_list_of_journals_is_narrowed_by_its_address(signed_in: SignedIn, traded: Books):
    owner = signed_in(traded.shop)
    assert owner.get("/books?kind=sale&number=2").text.count("/books/journals/0") == 1
    assert owner.get("/books?kind=refund").text.count("/books/journals/0") == 0
    assert owner.get("/books?since=1404/03/12&until=1404/03/12").text.count("/books/journals/0") == 2
    assert owner.get("/books?until=1404/03/11").text.count("/books/journals/0") == 0
    assert owner.get("/books?since=nonsense&number=۹۹").text.count("/books/journals/0") == 0


def test_the_books_leave_as_files_with_exactly_what_they_show(signed_in: SignedIn, traded: Books):
    owner = signed_in(traded.shop)
    stock = traded.account("inventory")

    def rows(address: str) -> list[list[str]]:
        answer = owner.get(address)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        return list(csv.reader(answer.text.removeprefix("\ufeff").splitlines()))

    assert [row[0] for row in rows("/books/export?kind=sale")] == ["Number", "2", "1"]
    ledger = rows(f"/books/accounts/{stock}/export?unit=XAU")
    assert [row[2] for row in ledger][:2] == ["Document", "Brought forward"]
    assert [row[6] for row in ledger][1:] == ["", "-3.1875", "-10.6875"]
    balance = rows("/books/trial-balance/export?period=this_year")
    assert balance[0][:4] == ["Code", "Account", "Opening (toman)", "Debit (toman)"]
    page = owner.get("/books/trial-balance?period=this_year").text
    assert len(balance) - 1 == page.count('href="/books/accounts/0')
    assert len(rows("/books/trial-balance/export?period=last_year")) == 1


def test_the_ledger_brings_forward_and_runs_on(signed_in: SignedIn, traded: Books):
    owner = signed_in(traded.shop)
    stock = traded.account("inventory")
    ledger = owner.get(f"/books/accounts/{stock}?unit=XAU").text
    assert "−3.188" in ledger
    assert "−10.688" in ledger
    later = owner.get(f"/books/accounts/{stock}?unit=XAU&since=1404/03/13&until=1404/03/20").text
    assert "−10.688" in later
    assert "−3.188" not in later


def test_the_trial_balance_stands_even_in_money_and_gold(signed_in: SignedIn, traded: Books):
    page = signed_in(traded.shop).get("/books/trial-balance").text
    foot = re.search(r"<tfoot>.*</tfoot>", page, re.S)
    assert foot is not None
    money, money_too, gold, gold_too = re.findall(r'<td class="number">([^<]+)</td>', foot[0])
    assert money == money_too
    assert gold == gold_too == "15.216"


def paper(answer) -> str:
    assert answer.headers["content-type"] == "application/pdf"
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def test_the_books_are_printed_below_the_shops_head(signed_in: SignedIn, traded: Books):
    owner = signed_in(traded.shop)
    balance = paper(owner.get("/books/trial-balance/pdf"))
    for words in (traded.shop.name, "Trial balance", "Opening", "15.216", "toman"):
        assert words in balance
    journal = re.search(r'href="(/books/journals/[0-9a-f-]{36})">1<', owner.get("/books").text)
    assert journal is not None
    printed = paper(owner.get(f"{journal[1]}/pdf"))
    for words in (traded.shop.name, "Journal 1", "Sale 1", "30,000,000", "3.188"):
        assert words in printed


def test_a_journal_is_posted_by_hand_once_and_reversed(signed_in: SignedIn, books: Books):
    owner = signed_in(books.shop)
    form = journal_form(books)
    first = owner.post("/books/journals", **form)
    again = owner.post("/books/journals", **form)
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    assert books.numbers() == [1]
    assert "Rent of June" in owner.get(first.headers["location"]).text
    asked = owner.get(f"{first.headers['location']}/reversal")
    assert asked.status_code == 200
    assert owner.post(f"{first.headers['location']}/reversal").status_code == 400
    reversal = owner.post(f"{first.headers['location']}/reversal", because="Paid last month")
    assert reversal.status_code == 303
    assert books.stands() == {}
    assert "Paid last month" in owner.get(reversal.headers["location"]).text
    assert owner.post(f"{first.headers['location']}/reversal", because="Again").status_code == 409


def test_a_journal_that_differs_comes_back_with_what_was_typed(signed_in: SignedIn, books: Books):
    answer = signed_in(books.shop).post("/books/journals", **journal_form(books, **{"lines[1][credit]": "999"}))
    assert answer.status_code == 422
    assert "differ by 999001 toman" in answer.text
    assert 'value="999"' in answer.text
    assert books.numbers() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"lines[0][debit]": "x"},
        {"lines[0][debit]": "-5"},
        {"lines[0][debit]": "1.5"},
        {"lines[0][debit]": "9" * 30},
        {"lines[0][debit]": "9007199254740992"},
        {"lines[0][debit]": "\x00"},
        {"lines[0][debit]": "", "lines[1][credit]": ""},
        {"lines[0][credit]": "5"},
        {"lines[0][unit]": "XAU", "lines[0][debit]": "4,250"},
        {"lines[0][unit]": "XXX"},
        {"lines[0][unit]": ""},
        {"lines[0][account]": "nobody"},
        {"lines[0][account]": str(new_id())},
        {"lines[1][account]": "", "lines[1][unit]": "", "lines[1][credit]": ""},
        {"day": "1404/13/40"},
        {"day": "1404/03/13"},
        {"day": ""},
        {"memo": ""},
        {"memo": "x" * 300},
        {"id": "1"},
        {"id": ""},
    ],
)
def test_nothing_typed_breaks_the_form_or_is_posted(signed_in: SignedIn, books: Books, changes):
    answer = signed_in(books.shop).post("/books/journals", **journal_form(books, **changes))
    assert answer.status_code in (400, 422)
    assert books.numbers() == []


def test_fine_gold_is_typed_in_grams(signed_in: SignedIn, books: Books):
    metal = {"lines[0][unit]": "XAU", "lines[0][debit]": "11.3166615", "lines[1][unit]": "XAU"}
    answer = signed_in(books.shop).post(
        "/books/journals", **journal_form(books, **metal, **{"lines[1][credit]": "۱۱٫۳۱۶۶۶۱۵"})
    )
    assert answer.status_code == 303
    assert books.stands() == {("adjusted.other", "XAU"): 113_166_615, ("paid.cash", "XAU"): -113_166_615}


def test_the_chart_is_edited(signed_in: SignedIn, books: Books):
    owner = signed_in(books.shop)
    added = owner.post("/books/accounts", code="۸۲۰۰", name="بیمه", kind="expense").headers["location"]
    assert "8200" in owner.get(added).text
    changed = owner.post(added, code="8201", name="بیمهٔ مغازه", kind="expense", is_active="on")
    assert changed.headers["location"] == added
    assert "بیمهٔ مغازه" in owner.get("/books/accounts").text
    assert owner.post("/books/accounts", code="8201", name="x", kind="expense").status_code == 409
    assert owner.post("/books/accounts", code="8202", name="x", kind="nonsense").status_code == 400
    account = added.rsplit("/", 1)[1]
    assert owner.post("/books/parts", role="rounding", account=account).status_code == 303
    assert owner.post("/books/parts", role="nonsense", account=account).status_code == 422
    assert owner.post(added, code="8201", name="x", kind="expense").status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        "/books/journals/{journal}",
        "/books/journals/{journal}/reversal",
        "/books/accounts/{account}",
        "/books/accounts/{account}/edit",
        "/api/v1/journals/{journal}",
    ],
)
def test_another_shops_books_are_not_there(signed_in: SignedIn, traded: Books, new_shop, address):
    owner, stranger = signed_in(traded.shop), signed_in(new_shop())
    journal = owner.send("GET", "/api/v1/journals").json()["journals"][0]["id"]
    path = address.format(journal=journal, account=traded.account("inventory"))
    assert (owner.get(path).status_code, stranger.get(path).status_code) == (200, 404)


def test_programs_page_through_journals(signed_in: SignedIn, books: Books):
    tell(books, *(fresh(SALE) for _ in range(5)))
    owner = signed_in(books.shop)
    seen, after = [], ""
    while True:
        answer = owner.send("GET", f"/api/v1/journals?limit=2&after={after}").json()
        seen += [one["number"] for one in answer["journals"]]
        after = answer["next"]
        if not after:
            break
    assert seen == [5, 4, 3, 2, 1]
    assert owner.send("GET", "/api/v1/journals?after=nonsense").status_code == 400
    assert owner.send("GET", "/api/v1/journals?limit=0").status_code == 400
    assert owner.send("GET", "/api/v1/journals?limit=1000").status_code == 400


def test_programs_read_the_trial_balance_in_both_units(signed_in: SignedIn, traded: Books):
    answer = signed_in(traded.shop).send("GET", "/api/v1/trial-balance?since=2025-06-01&until=2025-06-30").json()
    stock = {one["unit"]: one for one in answer["accounts"] if one["code"] == "1301"}
    assert {unit: one["closing"] for unit, one in stock.items()} == {"IRT": "-92000000", "XAU": "-10.6875000"}
    assert stock["XAU"]["credit"] == "10.6875000"


def test_programs_post_and_reverse(signed_in: SignedIn, books: Books):
    owner = signed_in(books.shop)
    accounts = {one["code"]: one["id"] for one in owner.send("GET", "/api/v1/accounts").json()["accounts"]}
    rent, cash = ({"account": accounts[code], "unit": "IRT"} for code in ("8102", "1101"))
    lines = [rent | {"debit": "500"}, cash | {"credit": "500"}]
    body = {"id": str(new_id()), "day": "2025-06-02", "memo": "Rent", "lines": lines}
    posted = owner.send("POST", "/api/v1/journals", body)
    assert (posted.status_code, [one["amount"] for one in posted.json()["entries"]]) == (201, ["500", "-500"])
    assert owner.send("POST", "/api/v1/journals", body | {"memo": "Other"}).status_code == 409
    address = f"/api/v1/journals/{posted.json()['id']}/reversal"
    reversal = owner.send("POST", address, {"because": "Twice"})
    assert (reversal.status_code, reversal.json()["reverses"]) == (201, posted.json()["id"])
    assert owner.send("POST", address, {"because": "Twice"}).status_code == 409
    crooked = {"id": str(new_id()), "lines": [rent | {"debit": "501"}, cash | {"credit": "500"}]}
    refused = owner.send("POST", "/api/v1/journals", body | crooked)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize(
    "address", ["/books", "/books/accounts", "/books/trial-balance", "/books/accounts/{stock}", "/api/v1/journals"]
)
def test_a_page_asks_as_often_for_many_as_for_one(signed_in: SignedIn, books: Books, statements: Statements, address):
    owner = signed_in(books.shop)
    path = address.format(stock=books.account("inventory"))
    tell(books, fresh(SALE))
    owner.get(path)
    with statements.counted() as one:
        owner.get(path)
    tell(books, fresh(SALE), fresh(EXCHANGE), fresh(SALE))
    with statements.counted() as many:
        owner.get(path)
    assert len(one) == len(many)

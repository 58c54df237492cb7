"""Items are found by what people type, by index, and only in their own shop."""

from __future__ import annotations

import re
from itertools import count as count_up
from itertools import product
from typing import Any

import pytest

from kernel.metal import Fineness, Metal, Weight
from plugins.branches.public import branches
from plugins.inventory.actions.adjust import adjust
from plugins.inventory.domain.item import Kind
from plugins.inventory.domain.reasons import Reason
from plugins.inventory.domain.search import NEWEST, Order, State, Wanted, sold_as
from plugins.inventory.domain.words import asked_for, words_of
from plugins.inventory.public import find as at_the_till
from plugins.inventory.queries import find as searching
from plugins.inventory.queries.find import count, find

BY_NAME = Order("name", descending=False)


def found(uow, **wanted):
    return [row.name for row in find(uow, Wanted(**wanted)).rows]


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Ring Toranj", "toranj"),
        ("Ring Toranj", "TOR ri"),
        ("Bague émaillée", "emaill"),
        ("انگشتر ترنج", "ترنج"),
        ("گردنبند يلدا", "یلدا"),  # typed on an Arabic keyboard, asked on a Persian one
        ("كيف طلا", "کیف"),
        ("نیم‌ست عروس", "ست"),
        ("النگو ۱۲", "12"),
        ("Bangle 12", "۱۲"),
    ],
)
def test_words_are_found_however_they_are_typed(uow, take_in, stored, typed):
    take_in(name=stored)
    take_in(name="Something else", sku="X")
    assert found(uow, text=typed) == [stored]


@pytest.mark.parametrize(
    "typed", ["R-1042", "r-10", "r1042", "1042", "۱۰۴۲", "6260", "S/77", "s77", "LOT9", "HU1D", "gia"]
)
def test_codes_are_found_whole_in_part_and_without_their_marks(uow, take_in, typed):
    take_in(sku="R-1042", barcode="62601234", serial="S/77", lot="LOT9", hallmark="HU1D22", name="Ring GIA")
    take_in(sku="X-2", name="Other")
    assert found(uow, text=typed) == ["Ring GIA"]


@pytest.mark.parametrize("typed", ["zzz", "ring zzz", "***", "%", "_", "' OR 1=1", "\\", "ring\U0010ffff"])
def test_what_is_not_there_is_not_found(uow, take_in, typed):
    take_in(name="Ring")
    assert found(uow, text=typed) in ([], ["Ring"] if asked_for(typed) == ("ring",) else [])


def test_words_follow_a_change_of_name():
    assert words_of("Ring Toranj", "R-1042") == " ring toranj r1042 r 1042 "
    assert asked_for("r-10 gold/ring ring") == ("r10", "gold", "ring")
    assert asked_for(" ".join("abcdefgh")) == tuple("abcdef")


def test_every_filter_narrows(uow, take_in, branch):
    take_in(name="Ring", net=Weight(4000))
    take_in(name="Half", stamped=Fineness(9167), gross=Weight(9000), net=Weight(9000))
    take_in(name="Cup", metal=Metal.SILVER, stamped=Fineness(9250))
    coins = take_in(name="Coin", kind=Kind.COUNTED, quantity=2, low_at=2)
    gone = take_in(name="Gone")
    adjust(uow, gone.id, 1, Reason.LOST)
    assert found(uow) == ["Coin", "Cup", "Half", "Ring"]
    assert found(uow, metal=Metal.SILVER) == ["Cup"]
    assert found(uow, finenesses=sold_as(22)) == ["Half"]
    assert found(uow, finenesses=(7500,), heaviest=Weight(4100)) == ["Ring"]
    assert found(uow, lightest=Weight(9000), heaviest=Weight(9000)) == ["Half"]
    assert found(uow, branch=branch, state=State.OUT) == ["Gone"]
    assert found(uow, state=State.LOW) == ["Coin"]
    assert found(uow, state=State.ALL) == ["Gone", "Coin", "Cup", "Half", "Ring"]
    assert [row.name for row in find(uow, Wanted(), BY_NAME).rows] == [
        "Coin",
        "Cup",
        "Half",
        "Ring",
    ]
    assert [row.net_mg for row in find(uow, Wanted(), Order("net")).rows] == [9000, 4250, 4250, 4000]
    assert coins.on_hand == 2


def test_persian_names_stand_in_the_order_of_the_persian_alphabet(uow, take_in):
    for name in ("گل", "بال", "پر", "آب", "کوه", "چنار"):
        take_in(name=name)
    rows = find(uow, Wanted(), BY_NAME).rows
    assert [row.name for row in rows] == ["آب", "بال", "پر", "چنار", "کوه", "گل"]


@pytest.fixture
def forget_statements():
    """The limits stand in the statements, and those are kept."""

    def forget():
        for kept in (searching._page_sql, searching._count_sql, searching._probe_sql):
            kept.cache_clear()

    yield forget
    forget()


def test_every_way_finds_the_same(uow, take_in, monkeypatch, forget_statements):
    """The three ways are about speed only: with limits so small that each is taken, all answer alike."""
    for number, (first, second) in enumerate(product(("Ring", "Chain", "Rings"), ("Toranj", "Yalda", "Roya"))):
        take_in(name=f"{first} {second} {number % 4}", net=Weight(4000 + number % 3))
    questions = ["", "ring", "ring toranj", "chain yalda 1", "ro", "2", "ring chain"]
    orders = [NEWEST, BY_NAME, Order("net"), Order("sku", descending=False)]

    def answers():
        for text, order in product(questions, orders):
            pages = [find(uow, Wanted(text), order, offset=offset, limit=2) for offset in range(0, 10, 2)]
            yield text, order.by, [row.name for page in pages for row in page.rows], [page.more for page in pages]
        for text in questions:
            yield text, count(uow, Wanted(text))

    plain = list(answers())
    rings = {f"Ring{s} {name}" for s, name in product(("", "s"), ("Toranj", "Yalda", "Roya"))}
    assert {name.rsplit(" ", 1)[0] for name in plain[4][2]} == rings
    for few, walk in ((0, 1), (0, 3), (1, 2), (3, 100), (100, 1)):
        monkeypatch.setattr(searching, "FEW", few)
        monkeypatch.setattr(searching, "LONGEST_WALK", walk)
        forget_statements()
        assert list(answers()) == plain


def test_counting_stops_where_it_would_cost_more_than_the_list(uow, take_in):
    for _number in range(3):
        take_in()
    assert [count(uow, Wanted(), most=most) for most in (1, 2, 3)] == [2, 3, 3]


def test_a_scan_finds_the_one_item_even_when_it_is_sold(uow, take_in):
    ring = take_in(sku="777", name="Ring")
    take_in(sku="X-1", barcode="777", name="Barcode is another's SKU")
    chain = take_in(sku="X-2", barcode="888", name="Chain 777")
    adjust(uow, chain.id, 1, Reason.LOST)
    assert [item.id for item in at_the_till(uow, " ۷۷۷ ")] == [ring.id]
    assert [(item.id, item.is_for_sale) for item in at_the_till(uow, "888")] == [(chain.id, False)]
    assert [item.name for item in at_the_till(uow, "another")] == ["Barcode is another's SKU"]
    assert at_the_till(uow, "chain") == []
    assert at_the_till(uow, " ") == []


# By index, as the application role


class Explained:
    """Notes how every question of a unit of work is planned: for its values, and once for all values."""

    def __init__(self, uow, monkeypatch):
        self.connection = uow.connection
        self.answer = uow.ask
        self.plans = []
        monkeypatch.setattr(uow, "ask", self.ask)

    def ask(self, sql, values):
        places = count_up(1)
        for_all = re.sub(r"%\(\w+\)s", lambda _name: f"${next(places)}", sql)
        driver = self.connection.connection.driver_connection
        for explanation in (
            driver.execute(f"EXPLAIN (FORMAT JSON) {sql}", values),
            driver.execute(f"EXPLAIN (FORMAT JSON, GENERIC_PLAN) {for_all}", prepare=False),
        ):
            self.plans.append(explanation.fetchone()[0][0]["Plan"])
        return self.answer(sql, values)


def nodes(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


@pytest.fixture
def filled(new_shop, database, actor, superuser):
    """Twenty shops with 400 items each, so that one shop's are few among all; answers one of the shops."""
    shops = [new_shop() for _number in range(20)]
    for shop in shops:
        with database.for_shop(shop.id, actor) as uow:
            branch = branches(uow)[0].id
        superuser.execute("BEGIN")
        superuser.execute("SELECT set_config('app.current_tenant', %s, true)", (str(shop.id),))
        superuser.execute(
            "INSERT INTO shop.items (id, sku, name, sort_name, words, kind, branch_id, craftsmanship, metal, stamped, "
            "gross_mg, net_mg, wastage_percent, serial, lot, hallmark, created_at, created_by, on_hand, worth) "
            "SELECT uuidv7(), 'P-' || n, 'Ring ' || n, 'ring ' || n, ' ring p' || n || ' m' || n || ' ', 'piece', %s, "
            "'', 'gold', CASE n %% 50 WHEN 0 THEN 3330 ELSE 7500 END, n, n, 0, '', '', '', now(), '', 1, 5 "
            "FROM generate_series(1, 400) AS n",
            (branch,),
        )
        superuser.execute("COMMIT")
    superuser.execute("VACUUM ANALYZE shop.items, shop.item_words")
    return shops[7]


QUESTIONS: dict[str, dict[str, Any]] = {
    "a rare word": {"text": "m17"},
    "a common word": {"text": "ring"},
    "a common and a rare word": {"text": "ring m17"},
    "a code": {"text": "p-39"},
    "everything": {},
    "a weight": {"lightest": Weight(100), "heaviest": Weight(102)},
    "a fineness": {"finenesses": (3330,)},
    "what runs low": {"state": State.LOW},
    "scrap": {"state": State.SCRAP},
}


def test_no_question_looks_at_another_shops_rows(filled, database, actor, monkeypatch):
    with database.for_shop(filled.id, actor, read_only=True) as uow:
        explained = Explained(uow, monkeypatch)
        orders = (NEWEST, BY_NAME, Order("net"), Order("sku"))
        for (question, asked), order in product(QUESTIONS.items(), orders):
            explained.plans.clear()
            find(uow, Wanted(**asked), order)
            count(uow, Wanted(**asked))
            assert explained.plans
            for plan in explained.plans:
                for node in nodes(plan):
                    assert node["Node Type"] != "Seq Scan", (question, node)
                    if "Index Name" in node:
                        assert "tenant_id = (InitPlan" in node["Index Cond"], (question, node)


def test_a_word_is_looked_up_in_the_index_and_not_filtered(filled, database, actor, monkeypatch):
    with database.for_shop(filled.id, actor, read_only=True) as uow:
        explained = Explained(uow, monkeypatch)
        assert [row.sku for row in find(uow, Wanted("m177")).rows] == ["P-177"]
        looked_up = [
            node for plan in explained.plans for node in nodes(plan) if node.get("Index Name") == "item_words_pkey"
        ]
        assert len(looked_up) == 4  # the probe and the page, each planned twice
        for node in looked_up:
            assert node["Node Type"] == "Index Only Scan"
            assert "word >= " in node["Index Cond"]
            assert "word < " in node["Index Cond"]
        assert "Filter" not in looked_up[0]

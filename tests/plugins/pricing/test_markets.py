"""The market files, and what a wrong one is told."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kernel.calendars import Calendar, first_weekday
from kernel.errors import NotFound
from kernel.metal import Fineness, Metal, WeightUnit
from kernel.money import Money
from plugins.pricing.domain.errors import TaxRateNotSet, TaxUnknownOn
from plugins.pricing.domain.market import CashAnswer, Quotation
from plugins.pricing.domain.terms import Component, Supply
from plugins.pricing.domain.titles import IN_MARKET_FILES
from plugins.pricing.public import CartLine, Piece, ShopChoices, market, market_codes, price_cart
from plugins.pricing.queries.markets import FOLDER, MarketFileBroken, read_market

TODAY = date(2026, 11, 20)


def test_the_markets_of_the_product():
    assert market_codes() == ("AE", "GB", "IN", "IR", "SA", "TR", "US")
    assert {code: market(code).currency for code in market_codes()} == {
        "AE": "AED", "GB": "GBP", "IN": "INR", "IR": "IRT", "SA": "SAR", "TR": "TRY", "US": "USD",
    }  # fmt: skip


def test_an_unknown_market_is_not_found():
    with pytest.raises(NotFound, match="no market “FR”"):
        market("FR")


def test_iran_counts_in_jalali_from_saturday_and_quotes_the_gram_at_750_and_the_mazaneh():
    iran = market("IR")
    assert (iran.calendar, iran.first_weekday) == (Calendar.JALALI, first_weekday(Calendar.JALALI))
    assert iran.quotations[:2] == (
        Quotation(Metal.GOLD, WeightUnit.GRAM, Fineness(7500)),
        Quotation(Metal.GOLD, WeightUnit.MESGHAL, Fineness(7050)),
    )
    assert iran.quotation(Metal.PLATINUM) is None


def test_a_day_before_the_first_known_rule_is_refused_and_not_free_of_tax():
    with pytest.raises(TaxUnknownOn, match="United Arab Emirates on 31 Dec 2017"):
        market("AE").terms(date(2017, 12, 31))
    assert market("AE").terms(date(2018, 1, 1)).taxes


def test_a_market_that_leaves_its_tax_to_the_shop_refuses_until_it_is_set():
    tag = CartLine("1", Piece(fixed_price=Money(10_000, "USD")))
    with pytest.raises(TaxRateNotSet, match="“Sales tax”"):
        price_cart(market("US"), [], [tag], on=TODAY)
    here = market("US").with_choices(ShopChoices(tax_rates={"Sales tax": Decimal("6.25")}))
    assert price_cart(here, [], [tag], on=TODAY).total == Money(10_625, "USD")


def test_a_shop_cannot_choose_the_rate_of_a_tax_that_the_law_sets():
    cheap = market("IR").with_choices(ShopChoices(tax_rates={"VAT": Decimal(0)}))
    assert cheap.terms(TODAY) == market("IR").terms(TODAY)


def test_a_relief_is_for_its_supply_and_fineness_only():
    terms = market("AE").terms(TODAY)
    rates = {
        (supply, fineness): [tax.rate for tax in terms.taxes_on(supply, Fineness(fineness))]
        for supply in (Supply.NEW, Supply.INVESTMENT)
        for fineness in (9940, 9950)
    }
    assert rates == {
        (Supply.NEW, 9940): [5], (Supply.NEW, 9950): [5],
        (Supply.INVESTMENT, 9940): [5], (Supply.INVESTMENT, 9950): [0],
    }  # fmt: skip
    assert [tax.rate for tax in terms.taxes_on(Supply.INVESTMENT, None)] == [5]


def test_stones_are_taxed_in_iran_where_the_shop_says_so():
    taxed = market("IR").with_choices(ShopChoices(taxed_too=frozenset({Component.STONES}))).terms(TODAY).taxes
    assert [tax.base for tax in taxed] == [{Component.MAKING, Component.PROFIT, Component.GOODS, Component.STONES}]


def test_cash_in_india():
    india = market("IN")
    answers = {
        rupees: [rule.answer for rule in india.cash_rules(Money(rupees * 100, "INR"), TODAY)]
        for rupees in (198_016, 199_999, 200_000, 200_001)
    }
    assert answers == {
        198_016: [],
        199_999: [],
        200_000: [CashAnswer.REFUSE],
        200_001: [CashAnswer.REFUSE, CashAnswer.IDENTIFY],
    }
    assert market("IR").cash_rules(Money(10**12, "IRT"), TODAY) == ()


def texts(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from texts(below, name)
    elif isinstance(value, list):
        for below in value:
            yield from texts(below, key)
    elif key in ("name", "because"):
        yield value


def test_every_text_of_the_market_files_is_marked_for_translation():
    written = {
        text for path in FOLDER.glob("*.toml") for text in texts(tomllib.loads(path.read_text(encoding="utf-8")))
    }
    assert written == set(IN_MARKET_FILES)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('currency = "AED"', 'currency = "XYZ"', r"AE.toml: currency = 'XYZ'; expected one of AED, "),
        ('name = "United Arab Emirates"\n', "", r"AE.toml: name is missing; expected a text"),
        ("rate = 5\n", "rate = 105\n", r"AE.toml \[\[tax\]\] 1: rate = 105; expected a percentage, or shop"),
        ("rate = 5\n", 'rate = "5"\n', r"AE.toml \[\[tax\]\] 1: rate = '5'; expected a percentage, or shop"),
        ("fineness_min = 995", "fineness_min = 1001", r"\[\[tax\]\] 2: fineness_min = 1001; expected thousandths"),
        ('supply = "investment"', 'supply = "gift"', r"\[\[tax\]\] 2: supply = 'gift'; expected one of new, invest"),
        ("from = 2018-01-01", "from = 2018", r"\[\[tax\]\] 1: from = 2018; expected a date"),
        ("rate = 0\n", 'rate = 0\ncolour = "red"\n', r"\[\[tax\]\] 2: unknown entries colour"),
        ('from = "everything"', 'from = ["work"]', r"AE.toml \[discount\]: from = \['work'\]; expected a list of comp"),
        ("total = { step = 0.01", "total = { step = 0.001", r"\[rounding\] \[total\]: step = Decimal\('0.001'\); exp"),
        ('carry = "rounded"', 'carry = "yes"', r"\[rounding\]: carry = 'yes'; expected rounded or exact"),
        ("less_percent = 2", "less_percent = -2", r"\[buyback\]: less_percent = -2; expected a percentage"),
        ('first_weekday = "monday"', 'first_weekday = "someday"', r"first_weekday = 'someday'; expected a day of the"),
        ('market = "AE"', 'market = "DU"', r"AE.toml: market = 'DU' belongs into DU.toml"),
        ("[profit]", "[profit", r"AE.toml: Expected ']' at the end of a table declaration"),
        (
            "from = 2018-01-01",
            "from = 2018-01-01\nuntil = 2017-01-01",
            r"until = .*; expected a day that is not before",
        ),
    ],
)
def test_a_broken_market_file_says_where_and_what(tmp_path: Path, was: str, becomes: str, said: str):
    text = (FOLDER / "AE.toml").read_text(encoding="utf-8")
    assert was in text
    broken = tmp_path / "AE.toml"
    broken.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(MarketFileBroken, match=said):
        read_market(broken)


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2025-03-25", "IR.toml: two rates of VAT hold on 2025-03-21"),
        ("2025-03-19", "VAT has no rate before 2025-03-21"),
    ],
)
def test_the_days_of_two_rates_meet(tmp_path: Path, until: str, said: str):
    text = (FOLDER / "IR.toml").read_text(encoding="utf-8")
    broken = tmp_path / "IR.toml"
    broken.write_text(text.replace("until = 2025-03-20", f"until = {until}"), encoding="utf-8")
    with pytest.raises(MarketFileBroken, match=said):
        read_market(broken)

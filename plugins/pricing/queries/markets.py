"""The market files: `markets/*.toml` read into profiles, or refused with the place and the reason."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from kernel.calendars import Calendar
from kernel.errors import NotFound
from kernel.i18n import _
from kernel.metal import Fineness, Metal, WeightUnit
from kernel.money import DECIMALS, Money, RoundingMode
from plugins.pricing.domain.market import CashAnswer, CashRule, MarketProfile, Quotation
from plugins.pricing.domain.terms import BuyBack, Component, Rounding, Supply, TaxRule

FOLDER = Path(__file__).parent.parent / "markets"
EVERYTHING, MARGIN, SHOPS_OWN = "everything", "margin", "shop"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Kind = TypeVar("Kind", bound=StrEnum)
Value = TypeVar("Value")


class MarketFileBroken(ValueError):
    """A market file says something it cannot mean; the message names the file, the entry and what is expected."""


@lru_cache
def market(code: str) -> MarketProfile:
    """The profile of a market that ships with the product. Raises NotFound."""
    if code not in codes():
        raise NotFound(
            _("There is no market “{code}”. Known are: {codes}.").format(code=code, codes=", ".join(codes()))
        )
    return read_market(FOLDER / f"{code}.toml")


@lru_cache
def codes() -> tuple[str, ...]:
    """The markets there are, by their two letters."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def read_market(path: Path) -> MarketProfile:
    """Read one file. Raises MarketFileBroken."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise MarketFileBroken(f"{path.name}: {fault}") from fault
    profile = _profile(_Entry(table, path.name))
    if profile.code != path.stem:
        raise MarketFileBroken(f"{path.name}: market = {profile.code!r} belongs into {profile.code}.toml")
    return profile


class _Entry:
    """A table of the file with its place in it. Every key is asked for by name; what nobody asked for is an error."""

    def __init__(self, table: object, place: str) -> None:
        if not isinstance(table, Mapping):
            raise MarketFileBroken(f"{place}: expected a table of entries")
        self._table, self.place = table, place
        self._asked: set[str] = set()

    def wrong(self, key: str, expected: str) -> MarketFileBroken:
        return MarketFileBroken(f"{self.place}: {key} = {self._table.get(key)!r}; expected {expected}")

    def has(self, key: str) -> bool:
        return key in self._table

    def read(self, key: str, expected: str, convert: Callable[[Any], Value]) -> Value:
        """The value of a key that must be there."""
        self._asked.add(key)
        if key not in self._table:
            raise MarketFileBroken(f"{self.place}: {key} is missing; expected {expected}")
        try:
            return convert(self._table[key])
        except (ValueError, TypeError, KeyError, InvalidOperation):
            raise self.wrong(key, expected) from None

    def get(self, key: str, expected: str, convert: Callable[[Any], Value], otherwise: Value) -> Value:
        return self.read(key, expected, convert) if self.has(key) else otherwise

    def entry(self, key: str) -> _Entry:
        return self.read(key, "a table", lambda table: _Entry(table, f"{self.place} [{key}]"))

    def entries(self, key: str) -> list[_Entry]:
        rows: list[Any] = self.get(key, "a list of tables", list, [])
        return [_Entry(row, f"{self.place} [[{key}]] {number}") for number, row in enumerate(rows, 1)]

    def done(self) -> None:
        if unknown := sorted(self._table.keys() - self._asked):
            raise MarketFileBroken(f"{self.place}: unknown entries {', '.join(unknown)}")


def _profile(top: _Entry) -> MarketProfile:
    currency = top.read("currency", f"one of {', '.join(DECIMALS)}", _one_of(tuple(DECIMALS)))
    profit, discount = top.entry("profit"), top.entry("discount")
    profile = MarketProfile(
        code=top.read("market", "a two-letter code", _text),
        name=top.read("name", "a text", _text),
        currency=currency,
        zone=top.read("zone", "a time zone such as Asia/Tehran", _text),
        language=top.read("language", "a language code", _text),
        calendar=top.read("calendar", _names(Calendar), Calendar),
        first_weekday=top.read("first_weekday", "a day of the week", WEEKDAYS.index),
        quotations=tuple(_quotation(row) for row in top.entries("quotation")),
        profit_percent=profit.read("percent", "a percentage", _percent),
        profit_on=profit.read("on", "a list of components", _components),
        taxes=tuple(_tax(row) for row in top.entries("tax")),
        rounding=_rounding(top.entry("rounding"), currency),
        buyback=_buyback(top.entry("buyback")),
        discount_from=discount.read("from", "a list of components, or everything", _discountable),
        fixed_includes_tax=top.read("fixed_price_includes_tax", "true or false", _truth),
        purity=tuple(_purity(row) for row in top.entries("purity")),
        taxed_by_choice=top.get("taxed_by_choice", "a list of components", _components, frozenset()),
        cash=tuple(_cash(row, currency) for row in top.entries("cash")),
    )
    profit.done()
    discount.done()
    top.done()
    if not profile.quotations:
        raise MarketFileBroken(f"{top.place}: [[quotation]] is missing; expected how the market quotes its metals")
    _check_dates(profile, top)
    return profile


def _quotation(row: _Entry) -> Quotation:
    quotation = Quotation(
        row.read("metal", _names(Metal), Metal),
        row.read("unit", _names(WeightUnit), WeightUnit),
        row.read("fineness", "thousandths such as 750", _fineness),
    )
    row.done()
    return quotation


def _tax(row: _Entry) -> TaxRule:
    base = row.read("base", "a list of components, everything, or margin", _base)
    rule = TaxRule(
        name=row.read("name", "a text", _text),
        rate=row.read("rate", "a percentage, or shop where each shop enters its own", _tax_rate),
        base=base or frozenset(),
        first_day=row.read("from", "a date", _day),
        last_day=row.get("until", "a date", _day, None),
        supply=row.get("supply", _names(Supply), Supply, None),
        fineness_min=row.get("fineness_min", "thousandths such as 995", _fineness, None),
        on_margin=base is None,
        because=row.get("because", "a text", _text, ""),
    )
    row.get("source", "a text", _text, "")
    row.done()
    if rule.last_day is not None and rule.last_day < rule.first_day:
        raise row.wrong("until", "a day that is not before `from`")
    return rule


def _rounding(entry: _Entry, currency: str) -> Rounding:
    modes = entry.entry("modes") if entry.has("modes") else None
    rounding = Rounding(
        *_step_and_mode(entry, "line", currency),
        *_step_and_mode(entry, "tax", currency),
        *_step_and_mode(entry, "total", currency),
        carry_rounded=entry.read("carry", "rounded or exact", _one_of(("rounded", "exact"))) == "rounded",
        modes=tuple((c, modes.read(c, _names(RoundingMode), RoundingMode)) for c in Component if modes.has(c))
        if modes
        else (),
    )
    if modes:
        modes.done()
    entry.done()
    return rounding


def _step_and_mode(entry: _Entry, name: str, currency: str) -> tuple[int, RoundingMode]:
    row = entry.entry(name)
    step = row.read("step", f"an amount of {currency} above zero", lambda major: _minor(major, currency))
    mode = row.read("mode", _names(RoundingMode), RoundingMode)
    row.done()
    return step, mode


def _buyback(entry: _Entry) -> BuyBack:
    def pair(row: _Entry) -> tuple[Fineness, Fineness]:
        tested = row.read("fineness", "thousandths such as 750", _fineness)
        paid = row.read("as", "thousandths not above the tested ones", _fineness)
        if paid > tested:
            raise row.wrong("as", "thousandths not above the tested ones")
        row.done()
        return tested, paid

    terms = BuyBack(
        tuple(pair(row) for row in entry.entries("paid")),
        entry.get("less_permille", "thousandths such as 10", lambda less: _scaled(less, 1), 0),
        entry.get("less_percent", "a percentage", _percent, Decimal(0)),
    )
    entry.done()
    return terms


def _purity(row: _Entry) -> tuple[Fineness, Fraction]:
    fineness = row.read("fineness", "thousandths such as 916", _fineness)
    share = row.read("counts_as", "a fraction such as 22/24", Fraction)
    if not 0 < share <= 1:
        raise row.wrong("counts_as", "a fraction above 0 and at most 1")
    row.done()
    return fineness, share


def _cash(row: _Entry, currency: str) -> CashRule:
    above = row.has("above")
    rule = CashRule(
        row.read("answer", _names(CashAnswer), CashAnswer),
        Money(row.read("above" if above else "at_least", "an amount", lambda major: _minor(major, currency)), currency),
        above,
        row.read("from", "a date", _day),
        row.get("until", "a date", _day, None),
        row.get("because", "a text", _text, ""),
    )
    row.done()
    return rule


def _check_dates(profile: MarketProfile, top: _Entry) -> None:
    """On no day may two rules of one tax say the same thing twice, and no day may fall between two rates."""
    alike: dict[object, list[TaxRule]] = {}
    for tax in profile.taxes:
        alike.setdefault((tax.name, tax.supply, tax.fineness_min), []).append(tax)
    for rules in alike.values():
        rules.sort(key=lambda rule: rule.first_day)
        for earlier, later in pairwise(rules):
            if earlier.last_day is None or earlier.last_day >= later.first_day:
                raise MarketFileBroken(f"{top.place}: two rates of {later.name} hold on {later.first_day}")
            if earlier.last_day + timedelta(days=1) != later.first_day:
                raise MarketFileBroken(f"{top.place}: {later.name} has no rate before {later.first_day}")


# One value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError
    return value


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError
    return number


def _percent(value: object) -> Decimal:
    percent = _number(value)
    if not 0 <= percent <= 100:
        raise ValueError
    return percent


def _tax_rate(value: object) -> Decimal | None:
    return None if value == SHOPS_OWN else _percent(value)


def _scaled(value: object, decimals: int) -> int:
    scaled = _number(value).scaleb(decimals)
    if scaled != scaled.to_integral_value() or scaled < 0:
        raise ValueError
    return int(scaled)


def _minor(value: object, currency: str) -> int:
    minor = _scaled(value, DECIMALS[currency])
    if minor == 0:
        raise ValueError
    return minor


def _fineness(value: object) -> Fineness:
    return Fineness(_scaled(value, 1))


def _components(value: object) -> frozenset[Component]:
    if not isinstance(value, list):
        raise TypeError
    return frozenset(Component(each) for each in value)


def _base(value: object) -> frozenset[Component] | None:
    """The components a tax is on; None for the margin."""
    if value == MARGIN:
        return None
    return frozenset(Component) if value == EVERYTHING else _components(value)


def _discountable(value: object) -> frozenset[Component]:
    return frozenset() if value == EVERYTHING else _components(value)


def _one_of(names: tuple[str, ...]) -> Callable[[object], str]:
    def convert(value: object) -> str:
        if value not in names:
            raise ValueError
        return str(value)

    return convert


def _names(kind: type[Kind]) -> str:
    return "one of " + ", ".join(kind)
